"""Descriptions of interfaces: what breaks whoever relies on them."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest
import yaml

from vsm_gate.impact.details import graphql_schema, openapi, protobuf
from vsm_gate.impact.details.contract import Finding, Unread, Versions

PATHS = {openapi: "api/openapi.yaml", graphql_schema: "api.graphql", protobuf: "api.proto"}


def told(kind: ModuleType, base: str | None, head: str | None, *severities: str) -> list[str]:
    """What is found, of these severities, else what breaks."""
    assert kind.wants(PATHS[kind])
    found = list(kind.find(Versions(PATHS[kind], base, head)))
    assert [item for item in found if isinstance(item, Unread)] == []
    wanted = severities or ("breaking",)
    return [item.text for item in found if item.severity in wanted]


def unread(kind: ModuleType, base: str | None, head: str | None) -> str:
    (found,) = kind.find(Versions(PATHS[kind], base, head))
    assert isinstance(found, Unread)
    return found.reason


def api(get: str = "responses: {}", more: str = "", schemas: str = "{}") -> str:
    """A description with one operation."""
    text = f"openapi: 3.0.0\npaths:\n  /users/{{id}}:\n    get: {{{get}}}\n{more}"
    return f"{text}components: {{schemas: {schemas}}}\n"


def answer(schema: str) -> str:
    return f"responses: {{200: {{content: {{application/json: {{schema: {schema}}}}}}}}}"


def body(schema: str) -> str:
    return f"requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}"


GET = "`GET /users/{id}`"
ANSWER = f"the answer 200 of {GET}"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (api(more="  /gone: {get: {}}\n"), api(), ["removes the path `/gone`"]),
        (
            api(more="    put: {}\n"),
            api(more="    post: {}\n"),
            ["removes `PUT /users/{id}`"],
        ),
        (
            api("responses: {200: {}, 404: {}}"),
            api("responses: {201: {}}"),
            [f"removes {ANSWER}"],
        ),
        (
            api("parameters: [{in: query, name: q}]"),
            api("parameters: [{in: query, name: q, required: true}]"),
            [f"makes the query parameter `q` of {GET} required"],
        ),
        (
            api(),
            api("parameters: [{in: header, name: x, required: true}, {in: query, name: y}]"),
            [f"asks for the header parameter `x` of {GET}, which is new"],
        ),
        (
            api("parameters: [{in: query, name: q, schema: {type: string, enum: [a, b]}}]"),
            api("parameters: [{in: query, name: q, schema: {type: string, enum: [a, c]}}]"),
            [f"the query parameter `q` of {GET} no longer takes `b`"],
        ),
        (
            api("requestBody: {content: {a/b: {}, c/d: {}}}"),
            api("requestBody: {required: true, content: {a/b: {}}}"),
            [f"makes the body of {GET} required", f"the body of {GET} is no longer `c/d`"],
        ),
        (
            api(body("{properties: {a: {type: string}}}")),
            api(body("{required: [b], properties: {a: {type: integer}}}")),
            [
                f"asks for `b` in the body of {GET}",
                f"changes the type of `a` of the body of {GET}: string → integer",
            ],
        ),
        (
            api(answer("{required: [a], properties: {a: {}, b: {}}}")),
            api(answer("{properties: {a: {}}}")),
            [f"no longer promises `a` of {ANSWER}", f"removes `b` of {ANSWER}"],
        ),
        (
            api(answer("{type: array, items: {properties: {a: {type: number}}}}")),
            api(answer("{type: array, items: {properties: {a: {type: [number, 'null']}}}}")),
            [f"changes the type of `a` of an entry of {ANSWER}: number → null or number"],
        ),
        (
            api(answer("{$ref: '#/components/schemas/U'}"), schemas="{U: {properties: {a: {}}}}"),
            api(answer("{$ref: '#/components/schemas/U'}"), schemas="{U: {properties: {}}}"),
            [f"removes `a` of {ANSWER}"],
        ),
        (
            api(answer("{allOf: [{properties: {a: {}}}, {properties: {b: {}}}]}")),
            api(answer("{properties: {b: {}}}")),
            [f"removes `a` of {ANSWER}"],
        ),
        (api(), api("security: [{key: []}]"), [f"{GET} asks for authentication"]),
    ],
)
def test_openapi_breaks(before: str, after: str, expected: list[str]) -> None:
    assert sorted(told(openapi, before, after)) == sorted(expected)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (api(), api().replace("{id}", "{user}")),
        (api(), api("parameters: [{in: query, name: q}]")),
        (api(), api("responses: {200: {}}", more="  /new: {get: {}}\n")),
        (api(answer("{type: number}")), api(answer("{type: integer}"))),
        (api(body("{type: integer}")), api(body("{type: number}"))),
        (api(body("{required: [a]}")), api(body("{}"))),
        (api(answer("{}")), api(answer("{required: [a]}"))),
        (api(body("{enum: [a]}")), api(body("{enum: [a, b]}"))),
        (api("security: [{key: []}]"), api("security: [{key: []}]")),
    ],
)
def test_openapi_stays_whole(before: str, after: str) -> None:
    assert told(openapi, before, after) == []


def test_openapi_that_refers_to_itself() -> None:
    loop = "{U: {properties: {next: {$ref: '#/components/schemas/U'}, a: {}}}}"
    after = loop.replace(", a: {}", "")
    found = told(
        openapi,
        api(answer("{$ref: '#/components/schemas/U'}"), schemas=loop),
        api(answer("{$ref: '#/components/schemas/U'}"), schemas=after),
    )
    assert found == [f"removes `a` of {ANSWER}"]


def test_swagger_2() -> None:
    before = {
        "swagger": "2.0",
        "paths": {
            "/a": {
                "post": {
                    "parameters": [
                        {"in": "body", "name": "x", "schema": {"properties": {"a": {}}}},
                        {"in": "query", "name": "q", "type": "string"},
                    ],
                    "responses": {"200": {"schema": {"properties": {"b": {}}}}},
                }
            }
        },
    }
    after = yaml.safe_load(yaml.safe_dump(before))
    post = after["paths"]["/a"]["post"]
    post["parameters"][0]["schema"]["required"] = ["c"]
    post["parameters"][1]["type"] = "integer"
    post["responses"]["200"]["schema"]["properties"] = {}
    assert told(openapi, yaml.safe_dump(before), yaml.safe_dump(after)) == [
        "asks for `c` in the body of `POST /a`",
        "changes the type of the query parameter `q` of `POST /a`: string → integer",
        "removes `b` of the answer 200 of `POST /a`",
    ]


def test_openapi_new_gone_and_something_else() -> None:
    assert told(openapi, None, api(), "info") == ["describes 1 operation for the first time"]
    assert told(openapi, api(), None) == ["removes the whole description"]
    assert "no OpenAPI" in told(openapi, None, "asyncapi: 2.0.0\n", "info")[0]
    assert told(openapi, api(), api(more="    put: {}\n"), "info") == [
        "adds 1 operation: `PUT /users/{id}`"
    ]


def test_openapi_that_cannot_be_read_or_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vsm_gate.impact.details.schemas._MOST", 500)
    assert "cannot be read" in unread(openapi, api(), "a: [b")
    wide = f"{{properties: {{{', '.join(f'p{n}: {{type: string}}' for n in range(501))}}}}}"
    assert "too large or too deep" in unread(openapi, api(answer(wide)), api(answer(wide)))
    merged = "a0: &a0 {x: 1}\n" + "".join(
        f"a{n}: &a{n}\n  <<: [{', '.join([f'*a{n - 1}'] * 9)}]\n  k{n}: 1\n" for n in range(1, 30)
    )
    assert "merges more keys" in unread(openapi, api(), api() + merged)


@pytest.mark.parametrize(
    ("before", "after", "breaking", "warning"),
    [
        ("type Query {a: Int b: Int}", "type Query {a: Int}", ["Field Query.b was removed"], []),
        (
            "type Query {a: Int}",
            "type Query {a(x: Int!): String}",
            [
                "Field Query.a changed type from Int to String",
                "A required argument Query.a(x:) was added",
            ],
            [],
        ),
        ("enum E {A}", "enum E {A B}", [], ["Enum value E.B was added"]),
        (
            "extend type Query {a: Elsewhere b: Other}",
            "extend type Query {a: Elsewhere}",
            ["Field Query.b was removed"],
            [],
        ),
        ("type T implements Elsewhere {a: Int}", "type T implements Elsewhere {a: Int}", [], []),
    ],
)
def test_graphql(before: str, after: str, breaking: list[str], warning: list[str]) -> None:
    assert sorted(told(graphql_schema, before, after)) == sorted(breaking)
    assert told(graphql_schema, before, after, "warning") == warning


def test_graphql_new_gone_and_operations() -> None:
    assert told(graphql_schema, None, "type Query {a: Int}") == []
    assert "Query was removed" in told(graphql_schema, "type Query {a: Int}", None)
    assert "no schema" in told(graphql_schema, None, "query Q {a}", "info")[0]


def test_graphql_that_cannot_be_read() -> None:
    assert "cannot be compared" in unread(graphql_schema, None, "type {")
    deep = "type T {a: " + "[" * 50_000
    assert "cannot be compared" in unread(graphql_schema, None, deep)
    long = "type T {" + " a: Int" * 100_000 + "}"
    assert "cannot be compared" in unread(graphql_schema, None, long)


def test_graphql_without_its_library_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "graphql", None)
    assert "install `vsm-gate[api]`" in unread(graphql_schema, None, "type Query {a: Int}")


def proto(message: str, more: str = "") -> str:
    return f'syntax = "proto3";\npackage a;\nmessage M {{ {message} }}\n{more}'


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("int32 a = 1;", "", ["removes `M.a` and leaves its number 1 to be taken"]),
        ("int32 a = 1;", "bool b = 1;", ["takes the number 1 of `M.a` (int32) for `M.b` (bool)"]),
        ("int32 a = 1;", "string a = 1;", ["changes the type of `M.a`: int32 → string"]),
        ("repeated int32 a = 1;", "int32 a = 1;", ["makes `M.a` single, which was repeated"]),
        ("reserved 2 to 4;", "int32 a = 3;", ["takes the reserved number 3 for `M.a`"]),
        ("reserved 9 to max;", "int32 a = 99;", ["takes the reserved number 99 for `M.a`"]),
        ("", "required int32 a = 1;", ["asks for `M.a`"]),
        ("oneof o { int32 a = 1; }", "int32 a = 1;", ["moves `M.a` into or out of a oneof"]),
        ("message N { int32 a = 1; }", "", ["removes the message `M.N`"]),
        ("enum E { A = 0; B = 1; }", "enum E { A = 0; }", ["removes `B` of the enum `M.E`"]),
        ("map<string, int32> a = 1;", "map<string, string> a = 1;", [
            "changes the type of `M.a`: map<string,int32> → map<string,string>"]),
    ],
)  # fmt: skip
def test_protobuf_breaks(before: str, after: str, expected: list[str]) -> None:
    assert told(protobuf, proto(before), proto(after)) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("int32 a = 1;", "reserved 1;", ["removes `M.a` and reserves its number 1"]),
        ("int32 a = 1;", "int32 b = 1;", ["renames `M.a` to `M.b`"]),
        ("int32 a = 1;", "int64 a = 1;", ["changes the type of `M.a`: int32 → int64"]),
        ("int32 a = 1;", 'optional .int32 a = 0x1 [deprecated = true, json_name = "]"];', []),
        ("// int32 a = 1;\n /* int32 b = 2; */", "", []),
        ('option (x) = { a: "}" b: 1 };', "", []),
    ],
)
def test_protobuf_warns(before: str, after: str, expected: list[str]) -> None:
    assert told(protobuf, proto(before), proto(after)) == []
    assert told(protobuf, proto(before), proto(after), "warning") == expected


def test_protobuf_services() -> None:
    before = "service S { rpc Get(M) returns (M) { option (x) = {a: 1}; } rpc Old(M) returns (M); }"
    after = "service S { rpc Get(stream M) returns (M) {} }"
    assert told(protobuf, proto("", before), proto("", after)) == [
        "changes what `S.Get` takes: M → stream M",
        "removes the method `S.Old`",
    ]
    assert told(protobuf, proto("", before), proto("")) == ["removes the service `S`"]


def test_protobuf_package_and_lines() -> None:
    renamed = proto("").replace("package a", "package b")
    assert told(protobuf, proto(""), renamed) == ["renames the package `a` to `b`"]
    found = protobuf.find(Versions("a.proto", proto("int32 a = 1;"), proto("\nint64 a = 1;")))
    assert [item.line for item in found if isinstance(item, Finding)] == [4]


@pytest.mark.parametrize(
    "text",
    ["message M {", "}", "message M { int32 a; int32 b = x; }", "/* never", "message M { " * 200],
)
def test_protobuf_that_cannot_be_read(text: str) -> None:
    assert "it cannot be read" in unread(protobuf, None, text)
