-- The older database of the benchmark: `rows` characters and as many publishers, of which the first thousand are referenced.
DROP DATABASE IF EXISTS legacy WITH (FORCE);
CREATE DATABASE legacy;
-- The pod is thrown away; a role of its own could not log in (services/db/pg_hba.conf).
ALTER ROLE readonly PASSWORD 'legacy';
\connect legacy
CREATE TABLE publishers (id integer PRIMARY KEY, name varchar(255) NOT NULL, city varchar(255));
CREATE TABLE characters (
    id integer PRIMARY KEY, name varchar(255) NOT NULL, publisher_id integer, created_at timestamp NOT NULL
);
CREATE TABLE appearances (character_id integer NOT NULL, issue integer NOT NULL, PRIMARY KEY (character_id, issue));
CREATE TABLE aliases (id integer PRIMARY KEY, character_id integer NOT NULL, name varchar(255) NOT NULL);
INSERT INTO publishers SELECT n, 'Publisher ' || md5(n::text), 'City ' || n % 500 FROM generate_series(1, :rows) AS n;
INSERT INTO characters
    SELECT n, 'Hero ' || md5(n::text) || ' (Person ' || n || ')', 1 + n % 1000, timestamp '2001-01-01' + n * interval '1 minute'
    FROM generate_series(1, :rows) AS n;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO readonly;
VACUUM ANALYZE;
CHECKPOINT;
