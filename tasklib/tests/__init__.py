"""Tests of the tasks: none of them needs Podman."""
