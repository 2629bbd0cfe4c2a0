"""Run the container that a file describes: python3 -m supervisor CONFIG."""

import signal

# Before anything else is loaded: the kernel drops what its first process neither blocks nor handles, so that a stop
# would be lost.
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD})

import sys
import tomllib
from pathlib import Path

from supervisor import run

if __name__ == "__main__":
    sys.exit(run.main(tomllib.loads(Path(sys.argv[1]).read_text())))
