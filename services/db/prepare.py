"""Make the cluster ready to start: check its version, set the passwords of the roles from the secrets.

Each file /run/secrets/db-ROLE/password holds the password of one role.
"""

import base64
import hashlib
import hmac
import os
import subprocess
import sys
from pathlib import Path

MAJOR = "17"
ITERATIONS = 4096  # PostgreSQL's default, scram_iterations
SECRETS = Path("/run/secrets")


def scram_verifier(password: str, salt: bytes) -> str:
    """What PostgreSQL stores of a password, so that the password itself is in no statement: RFC 5803."""
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    stored_key = hashlib.sha256(client_key).digest()
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    first, stored, server = (base64.b64encode(part).decode() for part in (salt, stored_key, server_key))
    return f"SCRAM-SHA-256${ITERATIONS}:{first}${stored}:{server}"


def password_statement(file: Path) -> str:
    """Return the SQL that gives a role the password in its file."""
    verifier = scram_verifier(file.read_text().strip(), os.urandom(16))
    return f"ALTER ROLE {file.parent.name.removeprefix('db-')} PASSWORD '{verifier}'"


def main() -> str | None:
    """Return what is wrong, or None."""
    version = Path(os.environ["PGDATA"], "PG_VERSION")
    if not version.exists():
        return f"no database in {version.parent}: the volume was not filled from the image - inv fresh"
    if (found := version.read_text().strip()) != MAJOR:
        return f"the data is of PostgreSQL {found}, this image has {MAJOR} - run the image that made the data"
    passwords = sorted(SECRETS.glob("db-*/password"))
    if not passwords:
        return f"no secret {SECRETS}/db-*/password - make them with: inv up"
    statements = [password_statement(file) for file in passwords]
    # Before the server listens, as nobody can connect without the passwords.
    command = ["postgres", "--single", "-j", "-c", "config_file=/etc/postgresql/postgresql.conf", "postgres"]
    result = subprocess.run(command, input=";\n".join(statements), capture_output=True, text=True, check=False)
    return None if result.returncode == 0 and "ERROR" not in result.stderr else f"passwords not set: {result.stderr}"


if __name__ == "__main__":
    sys.exit(main())
