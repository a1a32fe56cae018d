"""What SQL does, by the form of its statements."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsm_gate.impact.details import sql
from vsm_gate.impact.details.contract import Finding, Unread, Versions
from vsm_gate.impact.details.sql_effects import effects


def texts(script: str, *severities: str) -> list[str]:
    """What a script does, of these severities, else all of it."""
    found = [item for item in effects(script) if isinstance(item, Finding)]
    return [item.text for item in found if not severities or item.severity in severities]


@pytest.mark.parametrize(
    ("statement", "severity", "text"),
    [
        ("DROP TABLE IF EXISTS public.users CASCADE", "breaking", "drops the table `public.users`"),
        ('drop table "my users"', "breaking", "drops the table `my_users`"),
        ("DROP SCHEMA old", "breaking", "drops the schema `old`"),
        ("DROP MATERIALIZED VIEW v", "breaking", "drops the materialized view `v`"),
        ("DROP INDEX i", "warning", "drops the index `i`"),
        ("DROP INDEX CONCURRENTLY i", "info", "drops the index `i`"),
        ("DROP TRIGGER tr ON t", "warning", "drops the trigger `tr`"),
        ("TRUNCATE ONLY t", "breaking", "empties the table `t`"),
        ("DELETE FROM t", "breaking", "deletes every row of `t`"),
        ("DELETE FROM t WHERE id = 1", "warning", "deletes rows of `t`"),
        ("UPDATE t SET a = 1", "warning", "rewrites every row of `t`"),
        ("UPDATE t AS x SET a = 1 WHERE b", "warning", "rewrites rows of `t`"),
        ("RENAME TABLE a TO b", "breaking", "renames the table `a` to `b`"),
        ("EXEC sp_rename 'a', 'b'", "breaking", "renames something (sp_rename)"),
        ("VACUUM FULL t", "warning", "rewrites `t` while it is locked"),
        ("LOCK TABLE t", "warning", "locks the table `t`"),
        ("REINDEX TABLE t", "warning", "builds the indexes of `t` anew while writes wait"),
        ("CREATE TABLE t (id int)", "info", "creates the table `t`"),
        ("CREATE UNIQUE INDEX i ON t (a)", "warning", "builds the index `i` on `t` while writes"),
        ("CREATE INDEX ON t (a)", "warning", "builds the index `(unnamed)` on `t`"),
    ],
)
def test_a_statement(statement: str, severity: str, text: str) -> None:
    (found,) = effects(statement)
    assert isinstance(found, Finding)
    assert (found.severity, found.line) == (severity, 1)
    assert found.text.startswith(text)


@pytest.mark.parametrize(
    ("action", "severity", "text"),
    [
        ("DROP COLUMN IF EXISTS a", "breaking", "drops the column `t.a`"),
        ("DROP a", "breaking", "drops the column `t.a`"),
        ("DROP PARTITION p", "breaking", "drops the partition `p` of `t`"),
        ("DROP CONSTRAINT c", "info", "drops the constraint or index `c` of `t`"),
        ("DROP PRIMARY KEY", "warning", "drops the primary key of `t`"),
        ("RENAME TO u", "breaking", "renames the table `t` to `u`"),
        ("RENAME COLUMN a TO b", "breaking", "renames the column `t.a` to `b`"),
        ("RENAME a TO b", "breaking", "renames the column `t.a` to `b`"),
        ("RENAME CONSTRAINT a TO b", "info", "renames `a` of `t`"),
        ("CHANGE a b int", "breaking", "renames the column `t.a` to `b`"),
        ("CHANGE a a int", "warning", "changes the type of `t.a`"),
        ("MODIFY COLUMN a int", "warning", "changes the type of `t.a`"),
        ("ALTER a TYPE bigint USING a::bigint", "warning", "changes the type of `t.a`"),
        ("ALTER COLUMN a SET DATA TYPE bigint", "warning", "changes the type of `t.a`"),
        ("ALTER COLUMN a nvarchar(9)", "warning", "changes the type of `t.a`"),
        ("ALTER COLUMN a SET NOT NULL", "warning", "makes `t.a` NOT NULL"),
        ("ADD COLUMN a int NOT NULL", "breaking", "adds `t.a` NOT NULL without a default"),
        ("ADD a int NOT NULL DEFAULT 0", "info", "adds the column `t.a`"),
        ("ADD a bigserial NOT NULL", "info", "adds the column `t.a`"),
        ("ADD COLUMN IF NOT EXISTS a int", "info", "adds the column `t.a`"),
        ("ADD CONSTRAINT c UNIQUE (a)", "warning", "builds a unique index on `t`"),
        ("ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u", "warning", "adds a constraint"),
        ("ADD INDEX i (a)", "warning", "builds an index on `t` while writes wait"),
        ("SET TABLESPACE x", "warning", "rewrites `t` while it is locked"),
        ("DETACH PARTITION p", "warning", "attaches or detaches a partition of `t`"),
        ("DISABLE ROW LEVEL SECURITY", "warning", "switches triggers or row security of `t` off"),
    ],
)
def test_a_change_of_a_table(action: str, severity: str, text: str) -> None:
    (found,) = effects(f"ALTER TABLE ONLY t {action}")
    assert isinstance(found, Finding)
    assert found.severity == severity
    assert found.text.startswith(text)


@pytest.mark.parametrize(
    "harmless",
    [
        "SELECT 'DROP TABLE t'",
        "-- DROP TABLE t",
        "# DROP TABLE t",
        "/* DROP TABLE t; */ SELECT 1",
        "INSERT INTO t VALUES ('it''s; DROP TABLE t')",
        "COMMENT ON TABLE t IS $$DROP TABLE t; $$",
        "CREATE FUNCTION f() RETURNS void AS $x$ BEGIN DROP TABLE t; END $x$ LANGUAGE plpgsql",
        "CREATE PROCEDURE p() BEGIN IF 1 THEN DELETE FROM t; END IF; DELETE FROM t; END;",
        "CREATE PROCEDURE p() BEGIN CASE x WHEN 1 THEN DROP TABLE t; END CASE; END;",
        "CREATE OR REPLACE TRIGGER x BEFORE INSERT ON t BEGIN DELETE FROM t; END;",
        "CREATE INDEX CONCURRENTLY i ON t (a)",
        "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID",
        "ALTER TABLE t ADD CONSTRAINT c PRIMARY KEY USING INDEX i",
        "ALTER TABLE t ALTER COLUMN a DROP NOT NULL, ALTER a SET DEFAULT 3",
        "GRANT DELETE ON t TO x",
    ],
)
def test_what_does_no_harm(harmless: str) -> None:
    assert list(effects(harmless)) == []


def test_a_new_table_has_no_rows_to_wait_for() -> None:
    script = (
        "CREATE TABLE Fresh (id int); CREATE INDEX i ON fresh (id); "
        "ALTER TABLE fresh ADD a int NOT NULL, DROP COLUMN id; CREATE INDEX j ON other (a);"
    )
    assert texts(script) == [
        "creates the table `Fresh`",
        "drops the column `fresh.id`",
        "builds the index `j` on `other` while writes wait",
    ]


def test_several_things_that_one_statement_drops() -> None:
    assert texts("DROP TABLE IF EXISTS a, b.c , d CASCADE; TRUNCATE e,f") == [
        "drops the table `a`",
        "drops the table `b.c`",
        "drops the table `d`",
        "empties the table `e`",
        "empties the table `f`",
    ]


def test_lines_and_several_actions_in_one_statement() -> None:
    script = "SELECT 1;\n\nALTER TABLE t\n  DROP a,\n  ADD b numeric(3, 2) NOT NULL;\nDROP TABLE u"
    found = [item for item in effects(script) if isinstance(item, Finding)]
    assert [(item.line, item.text.split(" NOT")[0]) for item in found] == [
        (3, "drops the column `t.a`"),
        (3, "adds `t.b`"),
        (6, "drops the table `u`"),
    ]


def test_a_block_that_runs_is_read() -> None:
    script = "DO $$\nBEGIN\n  IF EXISTS (SELECT 1) THEN\n    DROP TABLE t;\n  END IF;\nEND $$;"
    (found,) = effects(script)
    assert found == Finding("drops the table `t`", "breaking", 4)


def test_what_undoes_a_migration_is_left_out() -> None:
    for mark in ("-- +goose Down", "-- migrate:down", "-- +migrate Down"):
        assert texts(f"CREATE TABLE t (a int);\n{mark}\nDROP TABLE t;") == ["creates the table `t`"]


def test_batches_of_transact_sql() -> None:
    assert texts("SELECT 1\nGO\nDROP TABLE t\ngo\n") == ["drops the table `t`"]


def test_both_readings_of_a_backslash_before_a_quote() -> None:
    hidden_from_one = r"SELECT 'a\'; DROP TABLE t; SELECT '"
    hidden_from_other = r"SELECT 'a\''; DROP TABLE u; SELECT ''"
    assert texts(hidden_from_one) == ["drops the table `t`"]
    assert "drops the table `u`" in texts(hidden_from_other)


@pytest.mark.parametrize(
    "script",
    ["DROP TABLE t; SELECT 'a", "DROP TABLE t; /* a", "DROP TABLE t; $x$ a", 'DROP TABLE t; "a'],
)
def test_what_is_never_closed_ends_the_reading_and_is_said(script: str) -> None:
    found = list(effects(script))
    assert found[0] == Finding("drops the table `t`", "breaking", 1)
    assert isinstance(found[1], Unread)
    assert "what begins in line 1 with" in found[1].reason


def test_a_routine_that_never_ends_hides_nothing_in_silence() -> None:
    (found,) = effects("CREATE PROCEDURE p() BEGIN SELECT 1; DROP TABLE t;")
    assert isinstance(found, Unread)
    assert "the routine that begins in line 1 is never closed" in found.reason


@given(st.text(alphabet="'\"`$/*-;()\\\n abDROPTABLE[]#", max_size=80))
def test_anything_can_be_read(script: str) -> None:
    for item in effects(script):
        assert isinstance(item, Finding | Unread)


def find(path: str, base: str | None, head: str | None) -> list[str]:
    items = sql.find(Versions(path, base, head))
    return [item.text if isinstance(item, Finding) else item.reason for item in items]


def test_an_edited_migration_says_what_is_new_in_it() -> None:
    found = find("db/V1__a.sql", "DROP TABLE a;", "DROP TABLE a; DROP TABLE b;")
    assert found == [
        "edits a migration: databases that ran it do not run it again",
        "drops the table `b`",
    ]
    assert find("db/V1__a.sql", "DROP TABLE a;", None) == [
        "deletes a migration: databases that ran it keep what it did"
    ]


def test_a_migration_that_only_moves_does_nothing_new() -> None:
    assert find("db/V2__a.sql", "DROP TABLE a;", "DROP TABLE a;") == []


def test_a_script_that_runs_again_may_be_edited() -> None:
    assert find("db/R__views.sql", "SELECT 1;", "DROP VIEW v;") == ["drops the view `v`"]


@pytest.mark.parametrize("name", ["3.down.sql", "down.sql", "U2__undo.sql", "x_rollback.sql"])
def test_a_script_that_undoes(name: str) -> None:
    assert find(f"db/{name}", None, "DROP TABLE t;") == [
        "undoes another migration: what it does is not counted"
    ]
