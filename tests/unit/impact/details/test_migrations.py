"""Migrations that are programs or changelogs: Django, Alembic, Rails, Liquibase."""

from __future__ import annotations

from types import ModuleType

import pytest

from vsm_gate.impact.details import liquibase, python_migrations, rails
from vsm_gate.impact.details.contract import Finding, Unread, Versions

Told = tuple[str, int | None, str]


def told(kind: ModuleType, path: str, head: str, base: str | None = None) -> list[Told]:
    """Severity, line and the beginning of each finding."""
    assert kind.wants(path)
    found = list(kind.find(Versions(path, base, head)))
    assert [item for item in found if isinstance(item, Unread)] == []
    return [(item.severity, item.line, item.text.split(":")[0]) for item in found]


DJANGO = """\
from django.db import migrations, models
class Migration(migrations.Migration):
    operations = [
        migrations.RemoveField(model_name="user", name="email"),
        migrations.DeleteModel("Old"),
        migrations.RenameField("user", "a", "b"),
        migrations.CreateModel(name="Fresh", fields=[]),
        migrations.AddIndex("fresh", models.Index(fields=["a"])),
        migrations.AddIndex("user", models.Index(fields=["a"])),
        migrations.AlterField("user", "age", models.TextField()),
        migrations.RunPython(forwards, backwards),
        migrations.RunSQL("DROP TABLE x", "CREATE TABLE x (a int)"),
        migrations.RunSQL(sql=[("TRUNCATE y", None)]),
        migrations.RunSQL(STATEMENT),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Kept")]),
    ]
"""


def test_django() -> None:
    assert told(python_migrations, "app/migrations/0002_x.py", DJANGO) == [
        ("breaking", 4, "drops the column `user.email`"),
        ("breaking", 5, "drops the model `Old`"),
        ("breaking", 6, "renames the column `user.a` to `b`"),
        ("info", 7, "creates the model `Fresh`"),
        ("warning", 9, "builds an index on `user` while writes wait"),
        ("warning", 10, "changes the column `user.age`"),
        ("info", 11, "runs Python, which is not read"),
        ("breaking", 12, "drops the table `x`"),
        ("breaking", 13, "empties the table `y`"),
        ("info", 14, "runs SQL that is put together, and is not read"),
    ]


ALEMBIC = """\
from alembic import op
import sqlalchemy as sa
def upgrade():
    op.drop_column("t", "c")
    with op.batch_alter_table("b") as batch_op:
        batch_op.drop_column("d")
        batch_op.create_index("ix", ["a"])
        batch_op.alter_column("e", new_column_name="f", nullable=False)
    op.alter_column("t", "n", type_=sa.Text(), existing_nullable=True)
    op.add_column("t", sa.Column("n", sa.Text(), nullable=False))
    op.add_column("t", sa.Column("m", sa.Text(), nullable=False, server_default="x"))
    op.create_table("fresh", sa.Column("id"))
    op.create_index("i", "fresh", ["id"])
    op.create_index("j", "t", ["id"], postgresql_concurrently=True)
    op.create_foreign_key("fk", "t", "u", ["a"], ["b"])
    op.execute(sa.text("DELETE FROM t"))
    op.execute(f"DELETE FROM {table}")
def downgrade():
    op.drop_table("fresh")
"""


def test_alembic() -> None:
    assert told(python_migrations, "alembic/versions/1_x.py", ALEMBIC) == [
        ("breaking", 4, "drops the column `t.c`"),
        ("breaking", 6, "drops the column `b.d`"),
        ("warning", 7, "builds the index `ix` on `b` while writes wait"),
        ("breaking", 8, "renames the column `b.e` to `f`"),
        ("warning", 8, "makes `b.e` NOT NULL"),
        ("warning", 9, "changes the type of `t.n`"),
        ("breaking", 10, "adds `t.n` NOT NULL without a default"),
        ("info", 11, "adds the column `t.m`"),
        ("info", 12, "creates the table `fresh`"),
        ("warning", 15, "adds a constraint"),
        ("breaking", 16, "deletes every row of `t`"),
        ("info", 17, "runs SQL that is put together, and is not read"),
    ]


@pytest.mark.parametrize("text", ["def (", "x = '\0'", "(" * 500, "-" * 200_000 + "1"])
def test_python_that_cannot_be_read(text: str) -> None:
    (found,) = python_migrations.find(Versions("m/0001.py", None, text))
    assert isinstance(found, Unread)
    assert "it cannot be read as Python" in found.reason


def test_python_that_python_warns_of() -> None:
    text = 'PATTERN = "\\d"\nop.drop_table("t")\n'
    assert told(python_migrations, "m/0001.py", text) == [("breaking", 2, "drops the table `t`")]


RAILS = """\
class Change < ActiveRecord::Migration[7.1]
  def up
    # drop_table :commented
    drop_table :users
    remove_column :a, :b, :string
    rename_column(:a, :c, :d)
    change_column :a, :e, :text
    change_column_null :a, :f, false
    change_table :z do |t|
      t.remove :foo
      t.string :bar
    end
    create_table :fresh do |t|
      t.string :name, null: false
    end
    add_index :fresh, :name
    add_column :u, :c, :string, null: false
    add_column :u, :d, :string, null: false, default: ""
    add_index :u, :c,
      algorithm: :concurrently
    add_index :u, :d
    execute <<~SQL
      ALTER TABLE x
        DROP COLUMN y;
    SQL
    execute "DELETE FROM t"
    execute "DELETE FROM #{t}"
    reversible do |dir|
      dir.down do
        drop_table :reverted
      end
    end
  end

  def down
    drop_table :never
  end
end
"""


def test_rails() -> None:
    assert sorted(told(rails, "db/migrate/1_x.rb", RAILS), key=lambda each: each[1] or 0) == [
        ("breaking", 4, "drops the table `users`"),
        ("breaking", 5, "drops the column `a.b`"),
        ("breaking", 6, "renames the column `a.c` to `d`"),
        ("warning", 7, "changes the type of `a.e`"),
        ("warning", 8, "makes `a.f` NOT NULL"),
        ("breaking", 10, "drops the column `z.foo`"),
        ("info", 13, "creates the table `fresh`"),
        ("breaking", 17, "adds `u.c` NOT NULL without a default"),
        ("info", 18, "adds the column `u.d`"),
        ("warning", 21, "builds an index on `u` while writes wait"),
        ("breaking", 23, "drops the column `x.y`"),
        ("breaking", 26, "deletes every row of `t`"),
        ("info", 27, "runs SQL that is put together, and is not read"),
    ]
    assert not rails.wants("db/schema.rb")


CHANGELOG = """\
<?xml version="1.0"?>
<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog">
  <changeSet id="1" author="a"><dropTable tableName="old"/></changeSet>
  <changeSet id="2" author="a">
    <dropColumn tableName="t" columnName="c"/>
    <sql>
TRUNCATE z</sql>
    <createIndex indexName="i" tableName="t"/>
    <rollback><dropTable tableName="never"/><sql>DROP TABLE never</sql></rollback>
  </changeSet>
</databaseChangeLog>
"""
DATA = """\
databaseChangeLog:
- changeSet:
    id: 1
    changes:
    - renameColumn: {tableName: a, oldColumnName: b, newColumnName: c}
    - sql: {sql: drop table b}
    - sql: drop table d
    - unknown: {a: b}
    rollback:
    - dropTable: {tableName: never}
"""


def test_liquibase_in_xml_tells_what_was_appended() -> None:
    path = "db/changelog/db.changelog-1.xml"
    whole = told(liquibase, path, CHANGELOG)
    assert whole == [
        ("breaking", 3, "drops the table `old`"),
        ("breaking", 5, "drops the column `t.c`"),
        ("breaking", 7, "empties the table `z`"),
        ("warning", 8, "builds the index `i` on `t` while writes wait"),
    ]
    base = CHANGELOG[: CHANGELOG.index('  <changeSet id="2"')] + "</databaseChangeLog>"
    assert told(liquibase, path, CHANGELOG, base) == whole[1:]


def test_liquibase_in_yaml_and_json() -> None:
    expected: list[Told] = [
        ("breaking", None, "renames the column `a.b` to `c`"),
        ("breaking", None, "drops the table `b`"),
        ("breaking", None, "drops the table `d`"),
    ]
    assert told(liquibase, "db/changelog/a.yaml", DATA) == expected
    text = '{"databaseChangeLog": [{"changeSet": {"changes": [{"dropTable": {}}]}}]}'
    assert told(liquibase, "db/changelog/a.json", text) == [
        ("breaking", None, "drops the table `?`")
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.xml", "<databaseChangeLog>"),
        ("a.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        ("a.yaml", "a: [b"),
        ("a.json", "["),
    ],
)
def test_changelogs_that_cannot_be_read(path: str, text: str) -> None:
    (found,) = liquibase.find(Versions(path, None, text))
    assert isinstance(found, Unread)


def test_a_changelog_that_is_gone() -> None:
    (found,) = liquibase.find(Versions("a.xml", CHANGELOG, None))
    assert isinstance(found, Finding)
    assert found.severity == "warning"
