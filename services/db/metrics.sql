-- The metrics of the database in Prometheus' text format: dbtools/export_metrics.py runs this file every few seconds.
-- A query prints lines of NAME{LABEL="VALUE"} NUMBER. A label has few values, so it never holds a user's text.
\echo '# TYPE postgres_connections gauge'
SELECT format('postgres_connections{state="%s"} %s', name, count(pid))
FROM unnest(ARRAY['active', 'idle', 'idle in transaction', 'other']) AS name
LEFT JOIN pg_stat_activity ON backend_type = 'client backend' AND pid <> pg_backend_pid()
  AND name = CASE WHEN state IN ('active', 'idle', 'idle in transaction') THEN state ELSE 'other' END
GROUP BY name ORDER BY name;
\echo '# TYPE postgres_connections_limit gauge'
SELECT format('postgres_connections_limit %s', current_setting('max_connections'));
\echo '# TYPE postgres_longest_transaction_seconds gauge'
SELECT format('postgres_longest_transaction_seconds %s', coalesce(extract(epoch FROM max(now() - xact_start)), 0))
FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid();
\echo '# TYPE postgres_waiting_for_locks gauge'
SELECT format('postgres_waiting_for_locks %s', count(*)) FROM pg_stat_activity WHERE wait_event_type = 'Lock';

\echo '# TYPE postgres_database_bytes gauge'
SELECT format('postgres_database_bytes{database="%s"} %s', datname, pg_database_size(oid))
FROM pg_database WHERE datallowconn AND NOT datistemplate;
\echo '# TYPE postgres_transactions_total counter'
SELECT format('postgres_transactions_total{end="commit"} %s', xact_commit) FROM pg_stat_database WHERE datname = 'service'
UNION ALL
SELECT format('postgres_transactions_total{end="rollback"} %s', xact_rollback)
FROM pg_stat_database WHERE datname = 'service';
\echo '# TYPE postgres_rows_total counter'
SELECT format('postgres_rows_total{what="%s"} %s', what, amount)
FROM pg_stat_database, LATERAL (VALUES ('returned', tup_returned), ('inserted', tup_inserted),
                                       ('updated', tup_updated), ('deleted', tup_deleted)) AS one(what, amount)
WHERE datname = 'service';
\echo '# TYPE postgres_blocks_total counter'
SELECT format('postgres_blocks_total{from="%s"} %s', place, amount)
FROM pg_stat_database, LATERAL (VALUES ('memory', blks_hit), ('disk', blks_read)) AS one(place, amount)
WHERE datname = 'service';
\echo '# TYPE postgres_deadlocks_total counter'
SELECT format('postgres_deadlocks_total %s', deadlocks) FROM pg_stat_database WHERE datname = 'service';
\echo '# TYPE postgres_temporary_bytes_total counter'
SELECT format('postgres_temporary_bytes_total %s', temp_bytes) FROM pg_stat_database WHERE datname = 'service';

\echo '# TYPE postgres_checkpoints_total counter'
SELECT format('postgres_checkpoints_total{cause="%s"} %s', cause, amount)
FROM pg_stat_checkpointer, LATERAL (VALUES ('time', num_timed), ('demand', num_requested)) AS one(cause, amount);
\echo '# TYPE postgres_wal_bytes_total counter'
SELECT format('postgres_wal_bytes_total %s', wal_bytes) FROM pg_stat_wal;
\echo '# TYPE postgres_archived_total counter'
SELECT format('postgres_archived_total{end="done"} %s', archived_count) FROM pg_stat_archiver
UNION ALL
SELECT format('postgres_archived_total{end="failed"} %s', failed_count) FROM pg_stat_archiver;
-- At 2 billion PostgreSQL refuses writes: routine vacuuming keeps it below 200 million.
\echo '# TYPE postgres_oldest_transaction_age gauge'
SELECT format('postgres_oldest_transaction_age %s', max(age(datfrozenxid))) FROM pg_database;

-- `inv db.backup` writes its time into the comment on the database: tasklib/database/backup.py.
\echo '# TYPE pod_backup_timestamp_seconds gauge'
SELECT format('pod_backup_timestamp_seconds %s', extract(epoch FROM noted[1]::timestamptz))
FROM pg_database, regexp_match(shobj_description(oid, 'pg_database'), '^backup (\d{4}-\S+)$') AS noted
WHERE datname = 'service' AND noted IS NOT NULL;

SELECT count(*) > 0 AS statements, max(extnamespace::regnamespace::text) AS schema
FROM pg_extension WHERE extname = 'pg_stat_statements' \gset
\if :statements
-- The ten statements that have taken the most time, by their ids; psql shows their text.
\echo '# TYPE postgres_statement_seconds_total counter'
SELECT format('postgres_statement_seconds_total{id="%s"} %s', queryid, sum(total_exec_time) / 1000)
FROM :schema.pg_stat_statements WHERE queryid IS NOT NULL GROUP BY queryid ORDER BY sum(total_exec_time) DESC LIMIT 10;
\echo '# TYPE postgres_statement_calls_total counter'
SELECT format('postgres_statement_calls_total{id="%s"} %s', queryid, sum(calls))
FROM :schema.pg_stat_statements WHERE queryid IS NOT NULL GROUP BY queryid ORDER BY sum(total_exec_time) DESC LIMIT 10;
\endif
