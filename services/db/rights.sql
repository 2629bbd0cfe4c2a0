-- What each role may do in one database: applied at each start, as roles.sql.
DO $$
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO app, migrator, readonly, backup', current_database());
END $$;
-- The others are for those who make and copy databases.
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE postgres TO migrator, backup;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO owner;
-- Tables that are older than the role; once, since a migration may take a right away again.
DO $$
BEGIN
  IF NOT has_schema_privilege('readonly', 'public', 'USAGE') THEN
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO readonly;
  END IF;
END $$;
GRANT USAGE ON SCHEMA public TO app, readonly;

-- Tables that migrations make as owner.
ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO app;
ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT USAGE, SELECT ON SEQUENCES TO app;
ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT SELECT ON TABLES TO readonly;

-- What has been migrated is the migrator's to say: the server would believe it.
DO $$
BEGIN
  IF to_regclass('public.django_migrations') IS NOT NULL THEN
    REVOKE ALL ON public.django_migrations FROM app;
    GRANT SELECT ON public.django_migrations TO app;
  END IF;
END $$;
