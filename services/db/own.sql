-- Yours: further roles, settings and rights, applied at each start after roles.sql and rights.sql, so a statement has to work
-- a second time. A DO block must not hold an empty line. What is neither here nor there is taken away: reset.sql.
-- A file /run/secrets/db-ROLE/password gives a role its password, and a line in pg_hba.conf lets it in. Example:
--   DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'report') THEN CREATE ROLE report; END IF; END $$;
--   ALTER ROLE report LOGIN CONNECTION LIMIT 2;
--   GRANT SELECT ON public.tweet_tweet TO report;
SELECT
