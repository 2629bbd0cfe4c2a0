"""The working directory that all tests of the tasks share. None of them needs Podman."""

import os
from pathlib import Path

# Paths in tasklib are relative to the top of the repository, as in the commands that a person pastes.
os.chdir(Path(__file__).parents[1])
