-- What the image makes in the database postgres, so that restoring a dump of the service's database needs no superuser.
-- Applied at each start as well, so that a volume of an older image has it too: dbtools/prepare.py.
CREATE EXTENSION IF NOT EXISTS pg_stat_statements SCHEMA public;

ALTER EXTENSION pg_stat_statements UPDATE
