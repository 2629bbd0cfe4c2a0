"""The front's readers are this machine and whoever may reach a name that the operator gave."""

import pytest

from exporter import front

ROUTES = """Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t0100580A\t0003\t0\t0\t100\t00000000\t0\t0\t0
eth0\t0000580A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
"""


def test_gateway_is_read_from_the_routes():
    assert front.gateways(ROUTES) == {"10.88.0.1"}


def test_pod_without_a_network_has_no_gateway():
    assert front.gateways(ROUTES.splitlines()[0]) == set()


def test_strangers_are_refused_by_default():
    assert "$is_stranger { default 1; 127.0.0.0/8 0; ::1 0; 10.88.0.1 0; }" in front.configuration([], ["10.88.0.1"])


def test_named_host_admits_all_addresses():
    text = front.configuration(["Metrics.example.org"], [])
    assert "$is_stranger { default 0;" in text
    assert '"metrics.example.org" 0;' in text


@pytest.mark.parametrize("word", ['a"; b', "a;", "{", "http://a"])
def test_name_with_other_characters_is_refused(word):
    with pytest.raises(SystemExit, match="METRICS_HOSTS"):
        front.hosts(word)
