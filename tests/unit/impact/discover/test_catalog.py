"""Backstage catalogs."""

from __future__ import annotations

import pytest

from vsm_gate.impact.discover import catalog
from vsm_gate.impact.discover.contract import Found, Trouble

PAYMENTS = """
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: payments
  labels: {acme.com/tier: "tier-1"}
spec:
  type: service
  lifecycle: production
  owner: group:default/pay
  system: money
  dependsOn: [component:ledger, 'component:books/journal', resource:default/db, ledger2]
  providesApis: [payments-api]
"""


def found(files: dict[str, str]) -> dict[str, Found]:
    items = list(catalog.find(files))
    assert not [item for item in items if isinstance(item, Trouble)]
    return {item.name: item for item in items if isinstance(item, Found)}


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("catalog-info.yaml", True),
        ("a/catalog-info.yml", True),
        ("a/catalog-info.prod.yaml", True),
        ("a/catalog-information.yaml", False),
        ("my-catalog-info.yaml", False),
    ],
)
def test_files(path: str, wanted: bool) -> None:
    assert catalog.wants(path) is wanted


def test_a_component() -> None:
    assert found({"services/pay/catalog-info.yaml": PAYMENTS}) == {
        "payments": Found(
            name="payments",
            source="services/pay/catalog-info.yaml",
            root="services/pay",
            owner="pay",
            tier=1,
            depends_on=("ledger", "books/journal", "ledger2"),
            strict=True,
        )
    }


def test_who_consumes_an_interface_depends_on_who_provides_it() -> None:
    shop = "kind: Component\nmetadata: {name: shop}\nspec: {consumesApis: ['api:payments-api', no]}"
    known = found({"a/catalog-info.yaml": shop, "b/catalog-info.yaml": PAYMENTS})
    assert known["shop"].depends_on == ("payments",)


def test_other_kinds_are_left_out() -> None:
    text = "kind: System\nmetadata: {name: a}\n---\nkind: Resource\nmetadata: {name: db}\n---\n"
    assert found({"catalog-info.yaml": text}) == {}


@pytest.mark.parametrize(
    ("location", "root"),
    [
        ("url:https://github.com/acme/mono/tree/main/services/pay/", "services/pay"),
        ("url:https://gitlab.com/a/b/c/-/tree/main/services/pay", "services/pay"),
        ("url:https://github.com/acme/mono/tree/main/", ""),
        ("dir:./code", "x/code"),
        ("dir:../../..", None),
        ("url:https://github.com/acme/mono", "x"),
    ],
)
def test_the_folder_is_where_the_source_is_said_to_be(location: str, root: str | None) -> None:
    text = (
        "kind: Component\nmetadata:\n  name: a\n"
        f"  annotations: {{backstage.io/source-location: '{location}'}}\n"
    )
    assert found({"x/catalog-info.yaml": text})["a"].root == root


def test_several_of_one_file_have_a_folder_only_where_they_say_so() -> None:
    text = "kind: Component\nmetadata: {name: a}\n---\nkind: Component\nmetadata: {name: b}\n"
    assert [item.root for item in found({"x/catalog-info.yaml": text}).values()] == [None, None]


def test_a_hidden_folder_speaks_for_the_one_above_it() -> None:
    text = "kind: Component\nmetadata: {name: a}\n"
    assert found({"x/.backstage/catalog-info.yaml": text})["a"].root == "x"


def test_names_of_another_namespace_keep_it() -> None:
    text = "kind: Component\nmetadata: {name: a, namespace: books}\nspec: {owner: user:jo}\n"
    (item,) = found({"catalog-info.yaml": text}).values()
    assert (item.name, item.owner, item.root) == ("books/a", "jo", "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("kind: [", "cannot be read"),
        ("a: !!python/object/apply:os.system [x]", "cannot be read"),
        ("[" * 200, "cannot be read"),
        ("kind: Component\nmetadata: {}\n", "has no name"),
        ("kind: Component\nmetadata: [a]\nspec: 7\n", "has no name"),
    ],
)
def test_what_cannot_be_read_is_a_value(text: str, reason: str) -> None:
    (trouble,) = catalog.find({"x/catalog-info.yaml": text})
    assert isinstance(trouble, Trouble)
    assert trouble.source == "x/catalog-info.yaml"
    assert reason in trouble.reason


def test_fields_of_another_type_say_nothing() -> None:
    text = (
        "kind: Component\nmetadata: {name: a, labels: 3, annotations: [x]}\n"
        "spec: {owner: {a: b}, dependsOn: component:b, tier: gold, providesApis: {x: y}}\n"
    )
    (item,) = found({"catalog-info.yaml": text}).values()
    assert (item.owner, item.tier, item.depends_on) == (None, None, ())
