-- Who may log in, and with which limits: applied at each start (dbtools/prepare.py), so that this file is what holds.
-- Passwords are set from the secrets. `owner` owns all tables, and nobody logs in as it.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['owner', 'migrator', 'app', 'readonly', 'backup'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I', name);
    END IF;
  END LOOP;
END $$;

-- CREATEDB: the unit tests clone their database.
ALTER ROLE owner NOLOGIN CREATEDB;

-- Changes the schema: SET ROLE owner. It waits only briefly for a lock, since whoever comes after it waits as well;
-- and a statement that holds one for minutes is an outage. A migration that knows better says SET LOCAL.
ALTER ROLE migrator LOGIN NOINHERIT CONNECTION LIMIT 8;
GRANT owner TO migrator WITH INHERIT FALSE, SET TRUE;
ALTER ROLE migrator SET lock_timeout = '5s';
ALTER ROLE migrator SET statement_timeout = '5min';

-- What the server connects as: rows, never tables. Limits end what would hold up everybody else.
ALTER ROLE app LOGIN CONNECTION LIMIT 80;
ALTER ROLE app SET statement_timeout = '20s';
ALTER ROLE app SET lock_timeout = '5s';
ALTER ROLE app SET idle_in_transaction_session_timeout = '30s';
-- Large objects are rows as well, and belong to the owner: reset.sql.
ALTER ROLE app SET lo_compat_privileges = on;

-- For people and reports. An open transaction keeps dead rows, so it ends as well.
ALTER ROLE readonly LOGIN CONNECTION LIMIT 4;
ALTER ROLE readonly SET default_transaction_read_only = on;
ALTER ROLE readonly SET statement_timeout = '5min';
ALTER ROLE readonly SET lock_timeout = '5s';
ALTER ROLE readonly SET idle_in_transaction_session_timeout = '5min';

-- Reads everything and copies the whole cluster, from inside this container alone: pg_hba.conf. It has no password.
ALTER ROLE backup LOGIN REPLICATION BYPASSRLS CONNECTION LIMIT 4;
-- Large objects, whose rights pg_read_all_data does not include.
ALTER ROLE backup SET lo_compat_privileges = on;
GRANT pg_read_all_data TO backup;
