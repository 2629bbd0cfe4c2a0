"""Faults of a pod file are found before anything starts, each with its place."""

import copy
from pathlib import Path

import pytest
import yaml
from invoke import Exit

from tasklib.core import manifest
from tasklib.core.manifest_faults import faults
from tasklib.core.services import POD_FILE

POD = yaml.safe_load(POD_FILE.read_text())


def changed(path, value):
    """pod.yaml with another value at a path of keys and numbers."""
    document = copy.deepcopy(POD)
    *parents, last = path
    part = document
    for key in parents:
        part = part[key]
    part[last] = value
    return document


@pytest.mark.parametrize("file", [POD_FILE, *Path().glob("services/*/pod.yaml")], ids=str)
def test_own_files_have_no_fault(file):
    assert faults(yaml.safe_load(file.read_text())) == []


@pytest.mark.parametrize(
    ("document", "fault"),
    [(None, "it holds nothing instead of a pod"), ([], "it holds a list instead of a pod"), ("a", "it holds a text")],
    ids=["empty", "list", "text"],
)
def test_other_yaml_is_not_a_pod(document, fault):
    assert faults(document)[0].startswith(fault)


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (["kind"], "Deployment", "kind is 'Deployment' instead of 'Pod'"),
        (["metadata"], None, "metadata.name is missing"),
        (["metadata", "name"], "a b", "metadata.name is 'a b' instead of a name of lower case letters"),
        (["spec"], [], "spec is a list instead of a mapping"),
        (["spec", "terminationGracePeriodSeconds"], "30s", "spec.terminationGracePeriodSeconds is '30s' instead of"),
        (["spec", "containers"], [], "spec.containers is missing or empty"),
        (["spec", "containers"], "server", "spec.containers is a text instead of a list"),
        (["spec", "containers", 0], "server", "spec.containers[0] is a text instead of a mapping"),
        (["spec", "containers", 0, "name"], "db", "db is the name of a container twice"),
        (["spec", "containers", 0, "name"], 5, "spec.containers[0].name is 5 instead of a name of"),
        (["spec", "containers", 0, "image"], None, "spec.containers[0].image is nothing instead of a text"),
        (["spec", "containers", 0, "ports"], 8080, "spec.containers[0].ports is a number instead of a list"),
        (["spec", "containers", 0, "ports", 0, "hostPort"], "80", "hostPort is '80' instead of a number from 1 to"),
        (["spec", "containers", 0, "ports", 0, "hostPort"], 70000, "hostPort is 70000 instead of a number from 1 to"),
        (["spec", "containers", 0, "ports", 0, "hostPort"], 9090, "9090 is a hostPort twice"),
        (["spec", "containers", 0, "env", 0], "A=1", "spec.containers[0].env[0] has no name"),
        (["spec", "volumes", 0], {"emptyDir": {}}, "spec.volumes[0] has no name"),
        (["spec", "volumes", 0, "persistentVolumeClaim"], {}, "spec.volumes[0].persistentVolumeClaim has no claimName"),
        (["spec", "volumes", 4, "secret"], "x", "spec.volumes[4].secret has no secretName"),
        (["spec", "restartPolicy"], "Alway", "'Alway' instead of one of: Always, OnFailure, Never"),
        (["spec", "containers", 0, "ports", 0, "protocol"], "http", "'http' instead of one of: TCP, UDP, SCTP"),
        (["spec", "restartPolice"], "Always", "spec.restartPolice is unknown - did you mean restartPolicy?"),
        (["spec", "containers", 0, "livenesProbe"], {}, "livenesProbe is unknown - did you mean livenessProbe"),
        (["spec", "containers", 0, "flavour"], 1, "spec.containers[0].flavour is unknown - remove it"),
        (["spec", "containers", 0, "args"], "a b", "spec.containers[0].args is 'a b' instead of a list"),
        (["spec", "containers", 0, "args"], [8080], "spec.containers[0].args[0] is 8080 instead of a text"),
        (["spec", "containers", 0, "env", 0, "value"], True, "env[0].value is True instead of a text"),
        (["spec", "containers", 0, "resources", "limits", "memory"], "5 MB", "memory is '5 MB' instead of an amount"),
        (["spec", "containers", 0, "resources", "limits"], ["1"], "resources.limits is a list instead of a mapping"),
        (["spec", "containers", 0, "livenessProbe", "periodSeconds"], "10s", "is '10s' instead of a whole"),
        (["spec", "containers", 0, "securityContext", "runAsUser"], "server", "is 'server' instead of a whole"),
        (["spec", "containers", 0, "volumeMounts", 0, "name"], "x", "[0].name is 'x', which is not the name"),
        (["spec", "volumes", 0, "emptyDirs"], {}, "spec.volumes[0].emptyDirs is unknown - did you mean emptyDir?"),
    ],
)
def test_fault_is_named_with_its_place(path, value, fault):
    assert [found for found in faults(changed(path, value)) if fault in found]


def test_all_faults_are_named_at_once(tmp_path):
    document = changed(["kind"], "Job") | {"metadata": {}}
    (tmp_path / "pod.yaml").write_text(yaml.safe_dump(document))
    with pytest.raises(Exit) as end:
        manifest.read(tmp_path / "pod.yaml")
    assert [line.partition(" - ")[2].split(":")[0] for line in end.value.message.splitlines()] == [
        "compare it with"
    ] * 2
