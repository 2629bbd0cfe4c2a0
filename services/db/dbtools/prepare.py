"""Prepare the cluster for its start: check its version, and set the rights and passwords of the roles.

Each file /run/secrets/db-ROLE/password holds the password of one role.
"""

import base64
import hashlib
import hmac
import os
import re
import subprocess
import sys
from pathlib import Path

from dbtools import archive, volume

MAJOR = "17"
ITERATIONS = 4096  # PostgreSQL's default, scram_iterations
SECRETS = Path("/run/secrets")
# Applied at each start, so that a volume of an older image gets the roles and rights of this one.
RIGHTS = [Path("/etc/postgresql", name) for name in ("reset.sql", "roles.sql", "rights.sql", "own.sql")]


def scram_verifier(password: str, salt: bytes) -> str:
    """The verifier that PostgreSQL stores for a password, so that no statement holds the password itself: RFC 5803."""
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    stored_key = hashlib.sha256(client_key).digest()
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    first, stored, server = (base64.b64encode(part).decode() for part in (salt, stored_key, server_key))
    return f"SCRAM-SHA-256${ITERATIONS}:{first}${stored}:{server}"


def password_statement(file: Path) -> str:
    """The SQL that sets the password of a role from its file."""
    verifier = scram_verifier(file.read_text().strip(), os.urandom(16))
    return f"ALTER ROLE {file.parent.name.removeprefix('db-')} PASSWORD '{verifier}'"


def main() -> str | None:
    """Prepare the cluster; return what is wrong, or None."""
    data = Path(os.environ["PGDATA"])
    volume.undo(data)
    version = data / "PG_VERSION"
    if not version.exists():
        return f"no database in {data}: the volume was not filled from the image - inv fresh"
    if (found := version.read_text().strip()) != MAJOR:
        return f"the data is of PostgreSQL {found}, this image has {MAJOR} - carry it over with: inv db.upgrade"
    passwords = sorted(SECRETS.glob("db-*/password"))
    if not passwords:
        return f"no secret {SECRETS}/db-*/password - make them with: inv up"
    archive.prepare()
    # With -j a statement ends with a semicolon and an empty line.
    statements = [*(file.read_text() for file in RIGHTS), *map(password_statement, passwords)]
    # Before the server listens, because nobody can connect without the passwords.
    command = ["postgres", "--single", "-j", "-c", "config_file=/etc/postgresql/postgresql.conf", "service"]
    result = subprocess.run(command, input=";\n\n".join(statements), capture_output=True, text=True, check=False)
    failed = result.returncode or re.search("^(.* )?(ERROR|FATAL|PANIC): ", result.stderr, re.MULTILINE)
    return f"roles and passwords not set: {result.stderr}" if failed else None


if __name__ == "__main__":
    sys.exit(main())
