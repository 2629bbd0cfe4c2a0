"""Real output of PostgreSQL, and the fields that are parsed from it."""

import json

import pytest

from supervisor import dialects

P = "[87] app@service "
# The lines of an event, its level, its message and whatever else it tells but for role and database.
CORPUS = {
    "log": (["[1] LOG:  database system is ready to accept connections"],
            "INFO", "database system is ready to accept connections", {}),
    "before-the-configuration": (['FATAL:  could not open file "/x": No such file or directory'],
                                 "ERROR", 'could not open file "/x": No such file or directory', {}),
    "crash": (["[1] LOG:  server process (PID 87) was terminated by signal 9: Killed",
               "[1] DETAIL:  Failed process was running: UPDATE t SET a = 'secret'"],
              "ERROR", "server process (PID 87) was terminated by signal 9: Killed",
              {"detail": "Failed process was running: UPDATE t SET a = '?'"}),
    "panic": (["[1] PANIC:  could not write to file"], "CRITICAL", "could not write to file", {}),
    "warning": (["[9] WARNING:  out of shared memory"], "WARNING", "out of shared memory", {}),
    "debug": (["[9] DEBUG1:  x"], "DEBUG", "x", {}),
    "slow": ([P + "LOG:  duration: 1104.126 ms  statement: /*request_id=a-1*/ select E'sec", "\tret', pg_sleep(1.1)"],
             "INFO", "duration: 1104.126 ms  statement: select '?', pg_sleep(1.1)",
             {"duration_ms": 1104.126, "request_id": "a-1", "statement": "select '?', pg_sleep(1.1)"}),
    "cursor": ([P + 'LOG:  duration: 1.5 ms  statement: DECLARE "c1" NO SCROLL CURSOR FOR /*request_id=a*/ SELECT 1'],
               "INFO", 'duration: 1.5 ms  statement: DECLARE "c1" NO SCROLL CURSOR FOR   SELECT 1',
               {"duration_ms": 1.5, "request_id": "a", "statement": 'DECLARE "c1" NO SCROLL CURSOR FOR   SELECT 1'}),
    "prepared": ([P + "LOG:  duration: 1.5 ms  execute <unnamed>: SELECT $1"],
                 "INFO", "duration: 1.5 ms  execute <unnamed>: SELECT $1",
                 {"duration_ms": 1.5, "statement": "SELECT $1"}),
    "value": ([P + 'ERROR:  invalid input syntax for type integer: "sec"ret" at character 8',
               P + "STATEMENT:  select 'sec\"ret'::int"],
              "ERROR", 'invalid input syntax for type integer: "?" at character 8', {"statement": "select '?'::int"}),
    "quoted": ([P + 'ERROR:  value "secret" is out of range for type integer'],
               "ERROR", 'value "?" is out of range for type integer', {}),
    "cut-string": ([P + "ERROR:  unterminated quoted string at or near \"'secret\"", P + "STATEMENT:  select 'secret"],
                   "ERROR", 'unterminated quoted string at or near "?"', {"statement": "select '?'"}),
    "name": ([P + 'ERROR:  column "nosuch" does not exist at character 8',
              P + 'HINT:  Perhaps you meant to reference the column "t.such".'],
             "ERROR", 'column "nosuch" does not exist at character 8',
             {"hint": 'Perhaps you meant to reference the column "t.such".'}),
    "row": ([P + 'ERROR:  null value in column "a" of relation "t" violates not-null constraint',
             P + "DETAIL:  Failing row contains (1, secret, null)."],
            "ERROR", 'null value in column "a" of relation "t" violates not-null constraint', {}),
    "key": ([P + 'ERROR:  duplicate key value violates unique constraint "u"',
             P + "DETAIL:  Key (lower(name))=(secret (x)) already exists."],
            "ERROR", 'duplicate key value violates unique constraint "u"',
            {"detail": "Key (lower(name))=(?) already exists."}),
    "json": ([P + "ERROR:  invalid input syntax for type json", P + 'DETAIL:  Token "secret" is invalid.',
              P + 'CONTEXT:  JSON data, line 1: {"a": secret...'],
             "ERROR", "invalid input syntax for type json", {}),
    "deadlock": ([P + "ERROR:  deadlock detected",
                  P + "DETAIL:  Process 87 waits for ShareLock on transaction 7; blocked by process 88.",
                  "\tProcess 88 waits for ExclusiveLock on advisory lock [5,0,1,1]; blocked by process 87.",
                  "\tProcess 87: UPDATE t SET a = 'secret", "\tProcess 88: UPDATE t SET a = 'secret'",
                  P + "HINT:  See server log for query details.",
                  P + 'CONTEXT:  while locking tuple (0,1) in relation "t"'],
                 "ERROR", "deadlock detected",
                 {"detail": "Process 87 waits for ShareLock on transaction 7; blocked by process 88.\n"
                            "Process 88 waits for ExclusiveLock on advisory lock [5,0,1,1]; blocked by process 87.",
                  "hint": "See server log for query details.", "context": 'while locking tuple (0,1) in relation "t"'}),
    "split": ([P + "LOG:  duration: 1.5 ms  statement: SELECT 'sec", dialects.CONTINUED + "ret', 1"],
              "INFO", "duration: 1.5 ms  statement: SELECT '?', 1",
              {"duration_ms": 1.5, "statement": "SELECT '?', 1"}),
}  # fmt: skip
STATEMENTS = {
    "SELECT 'secret'": "SELECT '?'",
    "SELECT 'it''s secret', 1": "SELECT '?''?', 1",
    "SELECT E'a\\'secret', 1": "SELECT '?', 1",
    "SELECT e'secret\\": "SELECT '?'",
    "a LIKE'secret\\' AND b": "a LIKE'?' AND b",
    "SELECT $$secret'$$, 'secret'": "SELECT '?', '?'",
    "SELECT $a$secret $$ ' $a$, $1": "SELECT '?', $1",
    "SELECT \"it's\" -- secret's": 'SELECT "it\'s"',
    "SELECT 1 /* secret' */ + '2'": "SELECT 1   + '?'",
    "SELECT 'secret": "SELECT '?'",
    "ALTER ROLE app PASSWORD 'secret'": "ALTER ROLE app PASSWORD '?'",
}


@pytest.mark.parametrize(("lines", "level", "message", "more"), CORPUS.values(), ids=CORPUS)
def test_event_has_the_form(lines, level, message, more):
    origin = {"role": "app", "database": "service"} if lines[0].startswith(P) else {}
    told = json.loads(dialects.line(**dialects.fields("postgres", lines)))
    assert told == {"level": level, "logger": "postgres", "message": message, **origin, **more}


@pytest.mark.parametrize(("statement", "shown"), STATEMENTS.items())
def test_statement_has_no_strings(statement, shown):
    fields = dialects.fields("postgres", [f"{P}LOG:  statement: {statement}"])
    assert fields["statement"] == shown


def test_message_has_the_beginning_of_a_long_statement():
    fields = dialects.fields("postgres", [f"{P}LOG:  statement: SELECT {'1' * 9999}"])
    assert (len(fields["message"]) < 300, len(fields["statement"])) == (True, 10006)


@pytest.mark.parametrize("rest", ["\tsecret'", "... secret'"])
def test_rest_without_its_event_is_not_told(rest):
    assert dialects.fields("postgres", [rest])["message"] == dialects.CONTINUED


def test_id_within_a_string_is_none():
    fields = dialects.fields("postgres", [f"{P}LOG:  statement: SELECT '/*request_id=forged*/'"])
    assert fields["request_id"] is None
