"""The keys that a pod file may have, and the kinds of their values: a mistyped key would be ignored in silence."""

import re
from collections.abc import Iterator
from typing import Any

from tasklib.core.services import nearest

# As Kubernetes writes amounts: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
QUANTITY = re.compile(r"([0-9]+(?:\.[0-9]+)?)(e[0-9]+|[EPTGMK]i|[EPTGMkm])?")
TEXT, FLAG, WHOLE, AMOUNT, ANY = "a text", "true or false", "a whole number", "an amount such as 128Mi", "anything"
KINDS = {dict: "a mapping", list: "a list", str: TEXT, bool: FLAG, int: WHOLE, float: "a number", type(None): "nothing"}


def keys(shape: Any, names: str) -> dict[str, Any]:
    """The same shape for each of some keys."""
    return dict.fromkeys(names.split(), shape)


AMOUNTS = keys(AMOUNT, "cpu memory ephemeral-storage hugepages-2Mi hugepages-1Gi")
PROBE = {
    "exec": {"command": [TEXT]},
    **keys(ANY, "httpGet tcpSocket grpc"),
    **keys(WHOLE, "initialDelaySeconds periodSeconds timeoutSeconds successThreshold failureThreshold"),
    **keys(WHOLE, "terminationGracePeriodSeconds"),
}
SECURITY = {
    **keys(WHOLE, "runAsUser runAsGroup"),
    **keys(FLAG, "runAsNonRoot readOnlyRootFilesystem privileged allowPrivilegeEscalation"),
    "capabilities": {"add": [TEXT], "drop": [TEXT]},
    **keys(ANY, "seLinuxOptions seccompProfile appArmorProfile procMount windowsOptions"),
}
CONTAINER = {
    **keys(TEXT, "name image workingDir terminationMessagePath terminationMessagePolicy restartPolicy"),
    "imagePullPolicy": ("Always", "IfNotPresent", "Never"),
    **keys([TEXT], "command args"),
    **keys(FLAG, "stdin stdinOnce tty"),
    "env": [{"name": TEXT, "value": TEXT, "valueFrom": ANY}],
    "ports": [
        {**keys(WHOLE, "containerPort hostPort"), **keys(TEXT, "hostIP name"), "protocol": ("TCP", "UDP", "SCTP")}
    ],
    "volumeMounts": [
        {**keys(TEXT, "name mountPath subPath subPathExpr mountPropagation recursiveReadOnly"), "readOnly": FLAG}
    ],
    **keys(PROBE, "startupProbe livenessProbe readinessProbe"),
    "securityContext": SECURITY,
    "resources": {"requests": AMOUNTS, "limits": AMOUNTS, "claims": ANY},
    **keys(ANY, "envFrom lifecycle resizePolicy volumeDevices"),
}
VOLUME = {
    "name": TEXT,
    "emptyDir": {"medium": TEXT, "sizeLimit": AMOUNT},
    "secret": {"secretName": TEXT, "defaultMode": WHOLE, "optional": FLAG, "items": ANY},
    "persistentVolumeClaim": {"claimName": TEXT, "readOnly": FLAG},
    **keys(ANY, "configMap hostPath image projected downwardAPI csi ephemeral nfs iscsi fc rbd cephfs"),
}
SPEC = {
    "containers": [CONTAINER],
    "initContainers": [CONTAINER],
    "volumes": [VOLUME],
    "terminationGracePeriodSeconds": WHOLE,
    **keys(FLAG, "automountServiceAccountToken enableServiceLinks hostIPC hostNetwork hostPID hostUsers"),
    **keys(FLAG, "setHostnameAsFQDN shareProcessNamespace"),
    "restartPolicy": ("Always", "OnFailure", "Never"),
    **keys(TEXT, "hostname subdomain dnsPolicy nodeName serviceAccountName serviceAccount"),
    **keys(TEXT, "schedulerName priorityClassName runtimeClassName preemptionPolicy"),
    **keys(ANY, "securityContext affinity nodeSelector tolerations hostAliases dnsConfig imagePullSecrets os overhead"),
    **keys(ANY, "activeDeadlineSeconds ephemeralContainers priority readinessGates resourceClaims resources"),
    **keys(ANY, "schedulingGates topologySpreadConstraints"),
}
POD = {"apiVersion": TEXT, "kind": TEXT, "metadata": ANY, "spec": SPEC, "status": ANY}


def misfits(value: Any, shape: Any = POD, place: str = "") -> Iterator[str]:
    """A line for each key that no pod has, and for each value of another kind than its key's; null is no value."""
    if value is None or shape == ANY:
        return
    if isinstance(shape, dict) and isinstance(value, dict):
        for key, item in value.items():
            inner = f"{place}.{key}".lstrip(".")
            if key in shape:
                yield from misfits(item, shape[key], inner)
            else:
                yield f"{inner} is unknown{nearest(str(key), shape, 'remove it')}"
    elif isinstance(shape, list) and isinstance(value, list):
        for number, item in enumerate(value):
            yield from misfits(item, shape[0], f"{place}[{number}]")
    elif not fits(value, shape):
        yield f"{place} is {kind(value)} instead of {wanted(shape)}"


def wanted(shape: Any) -> str:
    """A shape in words."""
    if isinstance(shape, tuple):
        return f"one of: {', '.join(shape)}"
    return shape if isinstance(shape, str) else KINDS[type(shape)]


def fits(value: Any, shape: Any) -> bool:
    """Whether a value is of a simple kind, or one of the choices."""
    if isinstance(shape, tuple):
        return value in shape
    if shape == AMOUNT:
        return type(value) in (int, float) or (isinstance(value, str) and QUANTITY.fullmatch(value) is not None)
    return isinstance(shape, str) and KINDS.get(type(value)) == shape


def kind(value: Any) -> str:
    """The name of a value's kind in YAML, or the value itself where its kind does not tell what is wrong."""
    return repr(value) if isinstance(value, (str, int, float)) else KINDS.get(type(value), "a time")
