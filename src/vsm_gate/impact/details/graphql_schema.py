"""GraphQL schemas, compared by graphql-core where it is installed (`vsm-gate[api]`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from vsm_gate.impact.details.contract import Finding, Unread, Versions

if TYPE_CHECKING:
    from graphql import DocumentNode, GraphQLSchema

NAME: Final = "GraphQL"
CLASS: Final = "interfaces"

_MOST: Final = 200_000  # tokens
_NOTHING: Final = "scalar Nothing_"  # a document must not be empty
_BUILT_IN: Final = frozenset({"Int", "Float", "String", "Boolean", "ID"})
_KINDS: Final = {
    "object_type_extension": "type",
    "interface_type_extension": "interface",
    "input_object_type_extension": "input",
    "enum_type_extension": "enum",
    "union_type_extension": "union",
    "scalar_type_extension": "scalar",
}


def wants(path: str) -> bool:
    """Files of the usual endings."""
    return path.endswith((".graphql", ".graphqls", ".gql"))


def find(file: Versions) -> Iterator[Finding | Unread]:
    """What breaks queries that work today, and what may."""
    try:
        import graphql
    except ImportError:
        yield Unread("graphql-core is not installed: install `vsm-gate[api]`")
        return
    try:
        sides = [
            graphql.parse(text or _NOTHING, max_tokens=_MOST) for text in (file.base, file.head)
        ]
        if any(map(_has_operations, sides)):
            yield Finding("it holds operations and no schema: nothing is compared")
            return
        before, after = _schemas(*sides)
        broken = graphql.find_breaking_changes(before, after)
        risky = graphql.find_dangerous_changes(before, after)
    except (graphql.GraphQLError, TypeError, ValueError, RecursionError) as problem:
        said = "it is nested too deeply" if isinstance(problem, RecursionError) else str(problem)
        yield Unread(f"it cannot be compared: {said.splitlines()[0][:200]}")
        return
    lost = [change.description for change in broken]
    for text in lost:
        if not text.startswith("Standard scalar"):
            yield Finding(text.rstrip("."), "breaking")
    for text in (change.description for change in risky):
        yield Finding(text.rstrip("."), "warning")
    if not broken and not risky:
        yield Finding("nothing in it breaks a query that works today")


def _has_operations(document: DocumentNode) -> bool:
    from graphql import ExecutableDefinitionNode

    return any(isinstance(each, ExecutableDefinitionNode) for each in document.definitions)


def _schemas(base: DocumentNode, head: DocumentNode) -> Iterator[GraphQLSchema]:
    """The schemas of a file, in which what other files declare stands for itself, as a scalar.

    A type that is only extended is declared here, without anything in it.
    """
    from graphql import build_ast_schema, concat_ast, parse

    declared = [_declared(document) for document in (base, head)]
    named = _named(base) | _named(head)
    extended = {**_extended(base), **_extended(head)}
    elsewhere = (named | extended.keys()) - declared[0] - declared[1] - _BUILT_IN
    for document, own in zip((base, head), declared, strict=True):
        lacking = sorted(
            elsewhere | (_named(document) | _extended(document).keys()) - own - _BUILT_IN
        )
        stubs = "\n".join(f"{extended.get(name, 'scalar')} {name}" for name in lacking)
        whole = concat_ast([document, parse(stubs or _NOTHING)])
        yield build_ast_schema(whole, assume_valid=True, assume_valid_sdl=True)


def _declared(document: DocumentNode) -> set[str]:
    from graphql import TypeDefinitionNode

    types = (each for each in document.definitions if isinstance(each, TypeDefinitionNode))
    return {each.name.value for each in types}


def _extended(document: DocumentNode) -> dict[str, str]:
    """The types that a document extends, with the word that declares one of their kind."""
    from graphql import TypeExtensionNode

    types = (each for each in document.definitions if isinstance(each, TypeExtensionNode))
    return {each.name.value: _KINDS[each.kind] for each in types}


def _named(document: DocumentNode) -> set[str]:
    """Every type that a document refers to."""
    from graphql import NamedTypeNode, Visitor, visit

    found: set[str] = set()

    class Names(Visitor):
        def enter_named_type(self, node: NamedTypeNode, *_: object) -> None:
            found.add(node.name.value)

    visit(document, Names())
    return found
