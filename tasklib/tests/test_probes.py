"""Each container has a probe that restarts it when it is stuck, and another that gives it time to start."""

import pytest

from tasklib.core.project import Project
from tasklib.core.services import SERVICES

CONTAINERS = Project("shop", graph=True).manifest.containers
MINUTES = 300  # seconds


@pytest.mark.parametrize("service", SERVICES)
def test_slow_start_is_not_a_failure(service):
    startup, liveness = (CONTAINERS[service][probe] for probe in ["startupProbe", "livenessProbe"])
    assert startup["exec"] == liveness["exec"]
    assert startup["periodSeconds"] * startup["failureThreshold"] >= MINUTES
