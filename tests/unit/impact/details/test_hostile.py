"""Whatever a sensitive file holds, it is read, or said to be unread: nothing ends the run."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from vsm_gate.impact.details.contract import Finding, Unread, Versions
from vsm_gate.impact.details.registry import READERS

SAMPLES = {
    "m/1.sql": "ALTER TABLE t DROP a, ADD b int NOT NULL; DO $$ BEGIN DROP TABLE x; END $$;",
    "m/0001.py": (
        "def upgrade():\n    op.drop_column('t', 'c')\n    with op.batch_alter_table('b') as x:\n"
        "        x.create_index('i', ['a'])\n    op.execute('DROP TABLE t')\n"
        "    op.add_column('t', sa.Column('n', nullable=False))\n"
    ),
    "m/1.rb": "remove_column :a, :b\nexecute <<~SQL\n  DROP TABLE x;\nSQL\ndef down\nend\n",
    "m/1.xml": '<a><changeSet><dropTable tableName="t"/><sql>DROP TABLE x</sql></changeSet></a>',
    "m/1.yaml": "databaseChangeLog:\n- changeSet: {changes: [{dropTable: {tableName: t}}]}\n",
    "openapi.yaml": (
        "openapi: 3.0.0\npaths:\n  /a/{b}:\n    get:\n      parameters: [{in: query, name: q}]\n"
        "      requestBody: {content: {a/b: {schema: {$ref: '#/components/schemas/S'}}}}\n"
        "      responses: {200: {content: {a/b: {schema: {type: array, items: {enum: [a]}}}}}}\n"
        "components: {schemas: {S: {allOf: [{required: [a], properties: {a: {}}}]}}}\n"
    ),
    "api.json": '{"swagger": "2.0", "paths": {"/a": {"get": {"parameters": [{"in": "body"}]}}}}',
    "a.graphql": "type Query { a(x: Int = 3): [B!]! } extend type B { c: D } enum E { F G }",
    "odd.proto": "oneof o { int32 a = 1; } rpc A(B) returns (C); reserved 1; int32 c = 1;",
    "a.proto": (
        'syntax = "proto3"; message M { oneof o { int32 a = 1; } map<string, int32> b = 2;\n'
        "reserved 3 to 5, 9; enum E { A = 0; } } service S { rpc G(M) returns (stream M) {} }"
    ),
    "package.json": '{"dependencies": {"a": "^1.0"}, "workspaces": ["x"]}',
    "package-lock.json": '{"packages": {"node_modules/a": {"version": "1.0.0"}}}',
    "pnpm-lock.yaml": "lockfileVersion: '9.0'\npackages:\n\n  a@1.0.0:\n    x: y\n",
    "yarn.lock": '# yarn lockfile v1\n\n"a@^1.0", b@2:\n  version "1.0.1"\n',
    "pyproject.toml": '[project]\ndependencies = ["a>=1"]\n[tool.poetry.dependencies]\nb = "^1"\n',
    "requirements.txt": "a==1.0 \\\n  --hash=sha256:0\nb>=2; python_version > '3'\n",
    "Cargo.toml": '[dependencies]\na = {version = "1", package = "b"}\n[target.x]\nc = "1"\n',
    "uv.lock": '[[package]]\nname = "a"\nversion = "1.0"\n',
    "go.mod": "module m\nrequire (\n\ta.b/c v1.0.0 // indirect\n)\n",
    "pom.xml": "<project><parent><artifactId>a</artifactId><version>1</version></parent></project>",
    "libs.versions.toml": '[versions]\na = "1"\n[libraries]\nb = {id = "c:d", version.ref = "a"}\n',
    "composer.lock": '{"packages": [{"name": "a", "version": "1"}], "packages-dev": []}',
    "packages.lock.json": '{"dependencies": {"net": {"a": {"resolved": "1.0"}}}}',
    "pubspec.lock": "packages:\n  a:\n    version: '1.0'\n",
}


def spoilt(text: str, dice: random.Random) -> Iterator[str]:
    """The text with parts of it cut out, doubled, exchanged or put in another place."""
    signs = "{}[]()<>:;,'\"`$#/\\\n \t=-*&!|%@~^é\0\u2028" + text
    for _ in range(60):
        parts = list(text)
        for _ in range(dice.randint(1, 4)):
            at, end = sorted(dice.choices(range(len(parts) + 1), k=2))
            how = dice.randrange(4)
            if how == 0:
                del parts[at : at + dice.randint(1, 12)]
            elif how == 1:
                parts[at:at] = parts[at : min(end, at + 20)]
            elif how == 2:
                parts.insert(at, dice.choice(signs))
            else:
                parts = parts[at:] + parts[:at]
        yield "".join(parts)


@pytest.mark.parametrize("path", SAMPLES)
def test_spoilt_files(path: str) -> None:
    readers = [reader for reader in READERS if reader.wants(path)]
    assert readers
    dice = random.Random(path)
    for text in spoilt(SAMPLES[path], dice):
        for reader in readers:
            for versions in ((SAMPLES[path], text), (text, SAMPLES[path]), (None, text)):
                for item in reader.find(Versions(path, *versions)):
                    assert isinstance(item, Finding | Unread)
