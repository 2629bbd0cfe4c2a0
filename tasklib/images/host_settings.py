"""The package settings of this machine, as files that a build may read and no layer keeps.

A mirror, a proxy and a company's certificate authority are honoured inside builds through them.
"""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from tasklib.core import shell
from tasklib.core.project import BUILD

# Debian, Ubuntu; Fedora, RHEL; openSUSE.
CA_BUNDLES = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem"]
CA_VARIABLES = ["PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"]
ARCHIVE = "http://deb.debian.org"
SOURCES = Path("containers/base/debian.sources")


def secrets() -> dict[str, Path]:
    """Write the settings into files and return them by the id under which the Containerfiles mount them."""
    folder = BUILD / "host"
    # `apt-get indextargets` says it in other words, but reads all lists of packages first: 2 s.
    downloads = _output(["apt-get", "--print-uris", "update"])
    return {
        "apt": shell.write(folder / "apt.conf", apt_settings()),
        "sources": shell.write(folder / "debian.sources", debian_sources(SOURCES.read_text(), apt_uris(downloads))),
        "pip": shell.write(folder / "pip.conf", pip_settings(pip_values())),
        "ca": shell.write(folder / "ca.crt", ca_bundle(os.environ)),
        "npm": shell.write(folder / "npm-registry", npm_registry(os.environ)),
    }


def npm_registry(environment: Mapping[str, str]) -> str:
    """The URL of npm's registry on this machine; empty if neither a variable nor npm itself names one."""
    named = [environment.get(name, "") for name in ("npm_config_registry", "NPM_CONFIG_REGISTRY")]
    return next(filter(None, named), "") or _output(["npm", "config", "get", "registry"]).strip()


def ca_bundle(environment: Mapping[str, str]) -> str:
    """The certificates that this machine trusts; empty if it names none."""
    candidates = [*(environment.get(name, "") for name in CA_VARIABLES), *CA_BUNDLES]
    return next((Path(path).read_text() for path in candidates if path and Path(path).is_file()), "")


def apt_settings() -> str:
    """apt's proxies; empty without apt."""
    dump = _output(["apt-config", "dump", "Acquire"])
    return "".join(f"{line}\n" for line in dump.splitlines() if "Proxy" in line.split(" ")[0])


def apt_uris(listing: str) -> set[str]:
    """The archives that this machine's own apt reads, from what it would download; none without apt."""
    return set(re.findall(r"^'(\S+?)/dists/", listing, flags=re.MULTILINE))


def debian_sources(text: str, uris: Iterable[str]) -> str:
    """apt's source list for Debian 13, with the machine's own mirrors where it has some."""
    mirrors = {uri.rpartition("/")[2]: uri for uri in uris}
    for name in ["debian", "debian-security"]:
        text = text.replace(f"URIs: {ARCHIVE}/{name}\n", f"URIs: {mirrors.get(name, f'{ARCHIVE}/{name}')}\n")
    return text


def pip_values() -> dict[str, str]:
    """The settings of pip on this machine by option, from its files and its environment."""
    lines = _output([sys.executable, "-m", "pip", "config", "list"]).splitlines()
    pairs = (line.partition("=") for line in lines)
    # pip prints the values as Python's literals; one of several lines holds "\n".
    return {key.rpartition(".")[2]: ast.literal_eval(value) for key, _, value in pairs if value}


def pip_settings(values: Mapping[str, str]) -> str:
    """pip's settings inside a build: the indexes and the proxy of this machine, but nothing on its disk."""
    lines = ["[global]", "cert = /run/secrets/ca", "disable-pip-version-check = true", "root-user-action = ignore"]
    for option in ["index-url", "extra-index-url", "trusted-host", "proxy"]:
        words = [word for word in values.get(option, "").split() if not word.startswith("file:")]
        lines += [f"{option} = {' '.join(words)}"] if words else []
    return "\n".join(lines) + "\n"


def _output(words: list[str]) -> str:
    try:
        return subprocess.run(words, capture_output=True, text=True, check=False).stdout
    except FileNotFoundError:
        return ""
