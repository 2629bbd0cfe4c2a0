-- Takes away what roles.sql, rights.sql and own.sql do not give; applied before them at each start, when nobody can connect.
-- A DO block has no empty line, which would end the statement: dbtools/prepare.py.
SET search_path = pg_catalog;

-- Settings of roles and databases.
DO $$
DECLARE
  setting record;
BEGIN
  FOR setting IN SELECT setrole, setdatabase, rolname, datname FROM pg_db_role_setting
      LEFT JOIN pg_roles ON pg_roles.oid = setrole LEFT JOIN pg_database ON pg_database.oid = setdatabase LOOP
    EXECUTE CASE
      WHEN setting.setrole = 0 AND setting.setdatabase = 0 THEN 'ALTER ROLE ALL RESET ALL'
      WHEN setting.setrole = 0 THEN format('ALTER DATABASE %I RESET ALL', setting.datname)
      WHEN setting.setdatabase = 0 THEN format('ALTER ROLE %I RESET ALL', setting.rolname)
      ELSE format('ALTER ROLE %I IN DATABASE %I RESET ALL', setting.rolname, setting.datname)
    END;
  END LOOP;
END $$;

-- Attributes, passwords and memberships. The roles below 16384 are PostgreSQL's own.
ALTER ROLE postgres CONNECTION LIMIT -1 PASSWORD NULL VALID UNTIL 'infinity';

DO $$
DECLARE
  role text;
  link record;
BEGIN
  FOR role IN SELECT rolname FROM pg_roles WHERE oid >= 16384 LOOP
    EXECUTE format('ALTER ROLE %I NOSUPERUSER NOCREATEDB NOCREATEROLE INHERIT NOLOGIN NOREPLICATION NOBYPASSRLS '
      'CONNECTION LIMIT -1 PASSWORD NULL VALID UNTIL ''infinity''', role);
  END LOOP;
  FOR link IN SELECT roleid::regrole AS role, member::regrole, grantor::regrole FROM pg_auth_members
      WHERE roleid >= 16384 OR member >= 16384 OR member = 10 LOOP
    EXECUTE format('REVOKE %s FROM %s GRANTED BY %s CASCADE', link.role, link.member, link.grantor);
  END LOOP;
END $$;

-- Routines that no migration has made, and the rights of every role but the owner. Rights that a migration may have given or
-- taken stay as they are: to read and write rows for app, to read them for readonly, on what belongs to the owner.
DO $$
DECLARE
  routine regprocedure;
  role text;
  command text;
  kept text[];
  policies text[];
  new text[];
BEGIN
  FOR routine IN SELECT oid FROM pg_proc
      WHERE pronamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
      AND proowner <> (SELECT oid FROM pg_roles WHERE rolname = 'owner')
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e') LOOP
    EXECUTE format('DROP ROUTINE %s CASCADE', routine);
  END LOOP;
  -- What another role owns becomes the owner's, with the rights of what a migration makes.
  SELECT array_agg(format(CASE WHEN relkind = 'S' THEN 'GRANT USAGE, SELECT ON SEQUENCE %1$s TO app'
    ELSE 'GRANT SELECT, INSERT, UPDATE, DELETE ON %1$s TO app; GRANT SELECT ON %1$s TO readonly' END, oid::regclass)) INTO new
  FROM pg_class WHERE relkind IN ('r', 'p', 'S') AND relowner >= 16384
    AND relowner <> (SELECT oid FROM pg_roles WHERE rolname = 'owner');
  FOR role IN SELECT rolname FROM pg_roles WHERE oid >= 16384 AND rolname <> 'owner' LOOP
    EXECUTE format('REASSIGN OWNED BY %I TO owner', role);
  END LOOP;
  WITH objects(owner, acl, name, kind) AS (
    SELECT relowner, relacl, oid::regclass::text, CASE relkind WHEN 'S' THEN 'ON SEQUENCE' ELSE 'ON TABLE' END FROM pg_class
    UNION ALL SELECT nspowner, nspacl, quote_ident(nspname), 'ON SCHEMA' FROM pg_namespace
    UNION ALL SELECT proowner, proacl, oid::regprocedure::text, 'ON ROUTINE' FROM pg_proc
    UNION ALL SELECT relowner, attacl, attrelid::regclass::text, format('(%I) ON TABLE', attname)
      FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE attacl IS NOT NULL
  )
  SELECT array_agg(format('GRANT %s %s %s TO %I', privilege_type, kind, name, rolname)) INTO kept
  FROM objects, aclexplode(acl) AS entry JOIN pg_roles ON pg_roles.oid = entry.grantee
  WHERE owner = (SELECT oid FROM pg_roles WHERE rolname = 'owner')
    AND (rolname = 'app' AND privilege_type IN ('SELECT', 'USAGE', 'EXECUTE')
      OR rolname = 'app' AND privilege_type IN ('INSERT', 'UPDATE', 'DELETE') AND kind LIKE '%ON TABLE'
      OR rolname = 'readonly' AND (privilege_type IN ('SELECT', 'EXECUTE') OR privilege_type = 'USAGE' AND kind = 'ON SCHEMA'));
  -- Policies of row-level security belong to tables, and yet they go with what a role owns.
  SELECT array_agg(concat(format('DROP POLICY IF EXISTS %1$I ON %2$I.%3$I; CREATE POLICY %1$I ON %2$I.%3$I AS %4$s '
      'FOR %5$s TO ', policyname, schemaname, tablename, permissive, cmd),
    (SELECT string_agg(quote_ident(name), ', ') FROM unnest(roles) AS name),
    ' USING (' || qual || ')', ' WITH CHECK (' || with_check || ')')) INTO policies
  FROM pg_policies WHERE roles && ARRAY(SELECT rolname FROM pg_roles WHERE oid >= 16384 AND rolname <> 'owner');
  FOR role IN SELECT rolname FROM pg_roles WHERE oid >= 16384 AND rolname <> 'owner' LOOP
    EXECUTE format('DROP OWNED BY %I', role);
  END LOOP;
  FOREACH command IN ARRAY coalesce(kept, '{}') || coalesce(new, '{}') || coalesce(policies, '{}') LOOP
    EXECUTE command;
  END LOOP;
END $$;

-- What everybody may do: as initdb leaves it for PostgreSQL's own tables and routines, and nothing with the rest.
DO $$
DECLARE
  command text;
BEGIN
  FOR command IN
    WITH objects(class, object, part, acl, kind, name) AS (
      SELECT 'pg_class'::regclass, oid, 0, relacl, CASE relkind WHEN 'S' THEN 'ON SEQUENCE' ELSE 'ON TABLE' END,
        oid::regclass::text FROM pg_class
      UNION ALL SELECT 'pg_namespace'::regclass, oid, 0, nspacl, 'ON SCHEMA', quote_ident(nspname) FROM pg_namespace
      UNION ALL SELECT 'pg_proc'::regclass, oid, 0, proacl, 'ON ROUTINE', oid::regprocedure::text FROM pg_proc WHERE oid < 16384
      UNION ALL SELECT 'pg_class'::regclass, attrelid, attnum, attacl, format('(%I) ON TABLE', attname),
        attrelid::regclass::text FROM pg_attribute WHERE attacl IS NOT NULL
    )
    SELECT format('REVOKE %s %s %s FROM PUBLIC CASCADE', given.privilege_type, kind, name)
    FROM objects, aclexplode(acl) AS given WHERE given.grantee = 0 AND NOT EXISTS (
      SELECT FROM pg_init_privs, aclexplode(initprivs) AS initial WHERE classoid = class AND objoid = object
      AND objsubid = part AND initial.grantee = 0 AND initial.privilege_type = given.privilege_type)
  LOOP
    EXECUTE command;
  END LOOP;
END $$;

ALTER DEFAULT PRIVILEGES FOR ROLE owner REVOKE ALL ON TABLES FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE owner REVOKE ALL ON SEQUENCES FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE owner REVOKE ALL ON SCHEMAS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA public REVOKE ALL ON TABLES FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE owner IN SCHEMA public REVOKE ALL ON SEQUENCES FROM PUBLIC
