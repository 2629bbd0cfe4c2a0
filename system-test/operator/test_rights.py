"""Changes that somebody made to the roles of the database are undone by the next start."""

from support.commands import podman

# What an intruder, or a hand, may have left.
CHANGES = """
ALTER ROLE app SET statement_timeout = 0
ALTER ROLE app IN DATABASE service SET work_mem = '1GB'
ALTER ROLE ALL SET search_path = 'x'
ALTER ROLE postgres SET search_path = 'x'
ALTER DATABASE service SET search_path = 'x'
ALTER ROLE readonly SUPERUSER
ALTER ROLE app CREATEROLE CREATEDB REPLICATION BYPASSRLS CONNECTION LIMIT -1 VALID UNTIL '2000-01-01'
ALTER ROLE migrator INHERIT
ALTER ROLE owner LOGIN
CREATE ROLE intruder LOGIN SUPERUSER
GRANT owner TO app
GRANT owner TO readonly WITH ADMIN OPTION
GRANT pg_read_server_files, pg_execute_server_program TO app
GRANT app TO intruder
GRANT ALL ON public.auth_group TO app WITH GRANT OPTION
GRANT INSERT ON public.auth_group TO readonly
GRANT SELECT ON public.auth_group TO intruder, backup
GRANT UPDATE (name) ON public.auth_group TO readonly
GRANT SELECT (name) ON public.auth_group TO PUBLIC
GRANT SELECT ON public.users_user TO PUBLIC
GRANT UPDATE ON SEQUENCE public.users_user_id_seq TO app, PUBLIC
GRANT ALL ON public.django_migrations TO app
GRANT CREATE ON SCHEMA public TO app, PUBLIC
GRANT CREATE ON DATABASE service TO app, PUBLIC
GRANT SELECT ON pg_authid TO app, PUBLIC
GRANT SELECT (rolpassword) ON pg_authid TO PUBLIC
GRANT EXECUTE ON FUNCTION pg_read_file(text) TO app, PUBLIC
GRANT SET ON PARAMETER log_statement TO app
GRANT CREATE ON TABLESPACE pg_default TO app
ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT TRUNCATE ON TABLES TO app
ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT SELECT ON TABLES TO PUBLIC
ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA public GRANT ALL ON SEQUENCES TO readonly, PUBLIC
CREATE FUNCTION public.lower(text) RETURNS text LANGUAGE sql AS 'SELECT NULL'
CREATE FUNCTION public.x() RETURNS int SECURITY DEFINER LANGUAGE sql AS 'SELECT 1'
CREATE PROCEDURE public.y() LANGUAGE sql AS 'SELECT 1'
ALTER SCHEMA public OWNER TO app
ALTER TABLE public.auth_group OWNER TO app
""".strip().splitlines()
# A migration has taken a right, and given one: these stay.
KEPT = [
    "SET ROLE owner; REVOKE SELECT ON public.users_user FROM readonly",
    "SET ROLE owner; CREATE SCHEMA other; GRANT USAGE ON SCHEMA other TO app",
    "SET ROLE owner; CREATE TABLE other.t (a int); GRANT SELECT ON other.t TO app",
]
STATE = """
SELECT 'setting', setrole, setdatabase, setconfig::text FROM pg_db_role_setting
UNION ALL SELECT 'role', oid, connlimit, format('%s %s', rolname, attributes) FROM (SELECT oid, rolname,
    rolconnlimit AS connlimit, concat(rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication,
    rolbypassrls, coalesce(nullif(rolvaliduntil, 'infinity')::text, 'ever')) AS attributes FROM pg_roles) AS roles
    WHERE rolname <> 'intruder' OR attributes <> 'ftfffffever'
UNION ALL SELECT 'member', roleid, member, concat(admin_option, inherit_option, set_option) FROM pg_auth_members
UNION ALL SELECT 'default', defaclrole, 0, concat(defaclnamespace::regnamespace, defaclobjtype, entry)
    FROM pg_default_acl, unnest(defaclacl) AS entry
UNION ALL SELECT 'relation', oid, 0, entry::text FROM pg_class, unnest(relacl) AS entry
    WHERE entry::text NOT LIKE 'owner=%'
UNION ALL SELECT 'column', attrelid, attnum, entry::text FROM pg_attribute, unnest(attacl) AS entry
UNION ALL SELECT 'routine', oid, 0, entry::text FROM pg_proc, unnest(proacl) AS entry
UNION ALL SELECT 'own routine', 0, 0, oid::regprocedure::text FROM pg_proc WHERE oid >= 16384
UNION ALL SELECT 'schema', oid, 0, concat(nspowner::regrole, ' ', entry) FROM pg_namespace, unnest(nspacl) AS entry
UNION ALL SELECT 'database', oid, 0, entry::text FROM pg_database, unnest(datacl) AS entry
    WHERE datname <> 'test_service'
UNION ALL SELECT 'tablespace', oid, 0, entry::text FROM pg_tablespace, unnest(spcacl) AS entry
    WHERE entry::text NOT LIKE 'postgres=%'
UNION ALL SELECT 'parameter', oid, 0, entry::text FROM pg_parameter_acl, unnest(paracl) AS entry
"""


def psql(pod, *statements):
    words = [f"--command={statement}" for statement in statements]
    result = podman("exec", f"{pod.name}-db", "psql", "-qAt", "--set=ON_ERROR_STOP=1", "--dbname=service", *words)
    assert result.code == 0, result.output
    return {*result.output.splitlines()}


def test_change_by_hand_is_taken_away_by_the_next_start(running):
    psql(running, *KEPT)
    assert running.inv("restart").code == 0
    before = psql(running, STATE)
    psql(running, *CHANGES)
    assert len(psql(running, STATE) - before) >= len(CHANGES)
    assert running.inv("restart").code == 0
    assert psql(running, STATE) == before


def test_connections_without_a_login_end(running):
    source = (
        "import socket; sockets = [socket.create_connection(('127.0.0.1', 5432), 30) for _ in range(120)];"
        " print({each.recv(1) for each in sockets})"
    )
    assert "b''" in podman("exec", f"{running.name}-log", "python3", "-c", source).output
    assert running.get("/healthcheck/").status == 200
