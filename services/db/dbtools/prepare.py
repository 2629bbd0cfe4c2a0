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
CONFIG = Path("/etc/postgresql")
# Applied at each start, so that a volume of an older image gets the roles, rights and extensions of this one.
# reset.sql needs the roles, and takes away what roles.sql has given them.
RIGHTS = ["roles.sql", "reset.sql", "roles.sql", "rights.sql", "own.sql"]
EXTENSIONS = ["extensions.sql"]


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
        return f"no database in {data}: the volume was not filled from the image - fill it: inv fresh --yes"
    if (found := version.read_text().strip()) != MAJOR:
        return f"the data is of PostgreSQL {found}, this image has {MAJOR} - carry it over with: inv db.upgrade"
    passwords = sorted(SECRETS.glob("db-*/password"))
    if not passwords:
        return f"no secret {SECRETS}/db-*/password - make them with: inv up"
    archive.prepare()
    return run("service", RIGHTS, [password_statement(file) for file in passwords]) or run("postgres", EXTENSIONS)


def run(database: str, files: list[str], statements: list[str] | None = None) -> str | None:
    """Run files and statements in a database before the server listens; return what is wrong, or None.

    Nobody can connect without the passwords.
    """
    statements = [*((CONFIG / file).read_text() for file in files), *(statements or [])]
    # With -j a statement ends with a semicolon and an empty line.
    command = ["postgres", "--single", "-j", "-c", f"config_file={CONFIG}/postgresql.conf", database]
    result = subprocess.run(command, input=";\n\n".join(statements), capture_output=True, text=True, check=False)
    failed = result.returncode or re.search("^(.* )?(ERROR|FATAL|PANIC): ", result.stderr, re.MULTILINE)
    return f"{', '.join(files)} not applied: {result.stderr}" if failed else None


if __name__ == "__main__":
    sys.exit(main())
