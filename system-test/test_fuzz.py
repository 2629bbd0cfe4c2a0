"""Schemathesis asks what no person would: every operation, in sequences as well, with all its checks."""

import subprocess
import sys
from pathlib import Path

CONFIG = Path(__file__).with_name("schemathesis.toml")
SEED = "1"
# They would take away the token that all others need.
LEFT_OUT = ["token_destroy", "token_all_destroy"]


def test_every_case_is_answered_as_described(server, writer, tmp_path, pytestconfig):
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "--no-color"),
        *("run", str(server.base_url.join("/schema/")), "--checks", "all"),
        *("--header", f"Authorization: {writer.headers['Authorization']}"),
        *("--seed", SEED, "--max-examples", pytestconfig.getoption("cases"), "--generation-database", "none"),
        *(word for operation in LEFT_OUT for word in ("--exclude-operation-id", operation)),
    ]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    print(result.stdout[-20_000:])
    assert result.returncode == 0, result.stderr[-2_000:]
