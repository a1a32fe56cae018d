"""GitHub's own description of its REST API, against which requests and answers are held.

It comes from the npm package `@octokit/openapi`, by npm, and is kept, cut down to what is in use,
in the user's cache. Where it cannot be had, tests that need it are skipped and say so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import jsonschema_rs
import pytest
from tests.support import npm

Json = dict[str, Any]

VERSION: Final = "23.0.2"
DOTCOM: Final = "api.github.com"
ENTERPRISE: Final = "ghes-3.17"
USED: Final = {
    "/repos/{owner}/{repo}/check-runs": ("post",),
    "/repos/{owner}/{repo}/check-runs/{check_run_id}": ("patch",),
    "/repos/{owner}/{repo}/commits/{ref}/check-runs": ("get",),
    "/repos/{owner}/{repo}/pulls/{pull_number}": ("get",),
    "/repos/{owner}/{repo}/pulls/{pull_number}/reviews": ("get",),
    "/repos/{owner}/{repo}/issues/{issue_number}/timeline": ("get",),
    "/repos/{owner}/{repo}/commits/{commit_sha}/pulls": ("get",),
    "/repos/{owner}/{repo}/actions/runs/{run_id}/jobs": ("get",),
    "/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}": ("get",),
    "/repos/{owner}/{repo}/issues/{issue_number}/comments": ("get", "post"),
    "/repos/{owner}/{repo}/issues/comments/{comment_id}": ("patch",),
    "/repos/{owner}/{repo}/statuses/{sha}": ("post",),
    "/repos/{owner}/{repo}/collaborators/{username}/permission": ("get",),
    "/orgs/{org}/teams/{team_slug}/memberships/{username}": ("get",),
}
_REFERENCE: Final = "#/components/"


class Description:
    """What may be asked and answered, for the paths in use."""

    def __init__(self, document: Json) -> None:
        self._document = document
        self._validators: dict[str, jsonschema_rs.Validator] = {}

    def operation(self, method: str, path: str) -> tuple[str, Json] | None:
        """The name of the operation that answers a path, and what the description says of it."""
        for template, methods in self._document["paths"].items():
            pattern = re.sub(r"\{[a-z_]+\}", "[^/]+", template)
            if re.fullmatch(pattern, path) and method.lower() in methods:
                return f"{method.lower()} {template}", methods[method.lower()]
        return None

    def wrong_request(self, name: str, operation: Json, body: object) -> list[str]:
        """What is wrong with the body of a request."""
        schema = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if schema is None:
            return [] if body is None else [f"{name}: a body is not expected"]
        return self._wrong(f"{name} request", schema["schema"], body)

    def wrong_answer(self, name: str, operation: Json, status: int, body: object) -> list[str]:
        """What is wrong with an answer, of a status that the description has."""
        answer = operation["responses"].get(str(status))
        if answer is None:
            return []
        answer = self._resolved(answer)
        schema = answer.get("content", {}).get("application/json", {}).get("schema")
        return [] if schema is None else self._wrong(f"{name} {status}", schema, body)

    def example(self, name: str) -> Any:
        """An answer that the description itself gives as an example; a copy."""
        return json.loads(json.dumps(self._document["components"]["examples"][name]["value"]))

    def _resolved(self, node: Json) -> Json:
        if "$ref" not in node:
            return node
        found: Any = self._document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return dict(found)

    def _wrong(self, name: str, schema: Json, body: object) -> list[str]:
        validator = self._validators.get(name)
        if validator is None:
            whole = {"components": {"schemas": self._document["components"]["schemas"]}}
            validator = jsonschema_rs.Draft202012Validator({**whole, "allOf": [schema]})
            self._validators[name] = validator
        found = validator.iter_errors(body)
        return [f"{name} {list(each.instance_path)}: {each.message[:300]}" for each in found]


@cache
def description(name: str = DOTCOM) -> Description:
    """A description, from the cache or by npm. Skips the test where it cannot be had."""
    kept_as = f"{name}-{VERSION}-{len(USED)}"
    package = f"@octokit/openapi@{VERSION}"
    document, why = npm.data(package, f"generated/{name}.json", _pruned, kept_as=kept_as)
    if document is None:
        pytest.skip(f"GitHub's API description cannot be had: {why}")
    return Description(document)


def _pruned(document: Json) -> Json:
    """The paths in use and what they refer to, in the terms of JSON Schema."""
    paths = {
        path: {method: _schema(document["paths"][path][method]) for method in methods}
        for path, methods in USED.items()
    }
    components: Json = {"schemas": {}, "responses": {}, "examples": {}}
    waiting = set(_references(paths))
    while waiting:
        kind, _, name = waiting.pop().removeprefix(_REFERENCE).partition("/")
        if kind in components and name not in components[kind]:
            found = document["components"][kind][name]
            components[kind][name] = found if kind == "examples" else _schema(found)
            waiting |= set(_references(components[kind][name]))
    return {"paths": paths, "components": components}


def _references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str) and value.startswith(_REFERENCE):
                yield value
            else:
                yield from _references(value)
    elif isinstance(node, list):
        for each in node:
            yield from _references(each)


def _schema(node: Any) -> Any:
    """OpenAPI's `nullable` is a type of its own in JSON Schema; prose is left out."""
    if isinstance(node, list):
        return [_schema(each) for each in node]
    if not isinstance(node, dict):
        return node
    plain = {
        key: _schema(value)
        for key, value in node.items()
        if key != "nullable" and not (key == "description" and isinstance(value, str))
    }
    return {"anyOf": [plain, {"type": "null"}]} if node.get("nullable") is True else plain
