"""Objects that a superuser has put into the database by hand, which a restore, not a superuser, cannot make."""

from tasklib.core.project import Project
from tasklib.database import inventory

# Roles that every machine has are those of roles.sql and own.sql.
FOREIGN = """
WITH member AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e')
SELECT format('event trigger %I', evtname) FROM pg_event_trigger
UNION ALL SELECT format('extension %I', extname) FROM pg_extension WHERE NOT EXISTS (
    SELECT FROM pg_available_extension_versions WHERE name = extname AND version = extversion AND trusted)
UNION ALL SELECT format('routine %s', pg_proc.oid::regprocedure) FROM pg_proc
    JOIN pg_language ON pg_language.oid = prolang AND NOT lanpltrusted
    WHERE pg_proc.oid >= 16384 AND ('pg_proc'::regclass, pg_proc.oid) NOT IN (SELECT * FROM member)
UNION ALL SELECT format('operator class %I', opcname) FROM pg_opclass
    WHERE oid >= 16384 AND ('pg_opclass'::regclass, oid) NOT IN (SELECT * FROM member)
UNION ALL SELECT format('publication %I', pubname) FROM pg_publication WHERE puballtables
UNION ALL SELECT format('subscription %I', subname) FROM pg_subscription JOIN pg_database ON subdbid = pg_database.oid
    WHERE datname = current_database()
UNION ALL SELECT DISTINCT format('default privileges of role %I', rolname) FROM pg_default_acl
    JOIN pg_roles ON pg_roles.oid = defaclrole WHERE rolname <> 'owner'
UNION ALL SELECT DISTINCT format('rights of role %I', rolname) FROM pg_shdepend
    JOIN pg_roles ON pg_roles.oid = refobjid JOIN pg_database ON dbid = pg_database.oid
    WHERE refclassid = 'pg_authid'::regclass AND datname = current_database() AND pg_roles.oid >= 16384
    AND rolname NOT IN ('owner', 'migrator', 'app', 'readonly', 'backup')
    AND position(rolname IN pg_read_file('/etc/postgresql/own.sql')) = 0
"""


def warn(project: Project) -> None:
    """Say what a backup of the running database cannot bring to another machine. Raises Exit."""
    if names := inventory.rows(project.container("db"), FOREIGN):
        print(f"a restore will refuse this backup, because of {', '.join(names)} - remove that: docs/backup.md")
