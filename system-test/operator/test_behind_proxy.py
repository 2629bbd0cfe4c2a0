"""Behind a proxy that ends TLS: one that proxies.conf names is believed."""

import pytest

from support.commands import podman
from support.pods import start

CLIENT = "203.0.113.9"
FORWARDED = {"X-Forwarded-For": CLIENT, "X-Forwarded-Proto": "https"}
# Where a request of this machine may seem to come from, by the kind of network.
HERE = ["127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"]


@pytest.fixture
def proxied(copy):
    """A pod that answers by TLS alone, and takes this machine for its proxy."""
    lines = "".join(f"set_real_ip_from {network};\n" for network in HERE)
    copy.replace("services/server/nginx/proxies.conf", "real_ip_header", f"{lines}real_ip_header")
    copy.patch_image("server", "services/server/nginx/proxies.conf", "/etc/nginx/proxies.conf")
    copy.set_variables(DJANGO_SSL_REDIRECT="true")
    start(copy)
    return copy


def test_client_of_the_proxy_is_answered_by_tls(proxied, eventually):
    answer = proxied.get("/schema/", **FORWARDED)
    assert (answer.status, answer.headers["Strict-Transport-Security"][:8]) == (200, "max-age=")
    eventually(lambda: f'"remote":"{CLIENT}"' in podman("logs", f"{proxied.name}-server").output)


def test_client_without_tls_is_sent_there(proxied):
    answer = proxied.get("/schema/", **{"X-Forwarded-For": CLIENT, "X-Forwarded-Proto": "http"})
    assert (answer.status, answer.headers["Location"][:8]) == (308, "https://")
