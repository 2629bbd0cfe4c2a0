-- Who may log in. Passwords are set at each start from the secrets: prepare.py.
-- Owns all tables; nobody logs in as it. CREATEDB: the unit tests clone their database.
CREATE ROLE owner NOLOGIN CREATEDB;
-- Changes the schema: SET ROLE owner.
CREATE ROLE migrator LOGIN NOINHERIT IN ROLE owner;
-- What the server connects as: rows, never tables. Limits end what would hold up everybody else.
CREATE ROLE app LOGIN CONNECTION LIMIT 80;
ALTER ROLE app SET statement_timeout = '20s';
ALTER ROLE app SET lock_timeout = '5s';
ALTER ROLE app SET idle_in_transaction_session_timeout = '30s';
