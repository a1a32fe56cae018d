"""A catalog of twenty components, against a table that was checked by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.support import cli
from tests.support.repository import Repository

# Component → what it depends on. `api:x` is an interface that it consumes; who provides it follows.
NEEDS = {
    "web": ["gateway"],
    "gateway": ["accounts", "catalog", "cart"],
    "admin": ["accounts", "reports", "nowhere"],
    "accounts": ["identity"],
    "identity": ["vault"],
    "vault": [],
    "catalog": ["search", "media"],
    "search": ["indexer"],
    "indexer": ["catalog"],
    "media": ["storage"],
    "storage": [],
    "cart": ["pricing", "stock"],
    "pricing": ["api:rates"],
    "currency": [],
    "stock": ["events"],
    "orders": ["cart", "payments"],
    "payments": ["ledger", "vault"],
    "ledger": ["events"],
    "events": [],
    "reports": ["api:entries", "events"],
}
PROVIDES = {"currency": "rates", "ledger": "entries"}
TIERS = {"vault": 1, "payments": 1, "gateway": 2}
# Those that one file at the root declares, with a place of their own.
AT_ROOT = ("vault", "events")

# What is changed → what is reached. By hand, from the table above.
REACHED = {
    "web": "web",
    "reports": "admin reports",
    "search": "catalog gateway indexer search web",
    "ledger": "admin ledger orders payments reports",
    "currency": "cart currency gateway orders pricing web",
    "storage": "catalog gateway indexer media search storage web",
    "vault": "accounts admin gateway identity orders payments vault web",
    "events": "admin cart events gateway ledger orders payments reports stock web",
    "identity media": "accounts admin catalog gateway identity indexer media search web",
}


def entity(name: str) -> str:
    """An entity as Backstage reads it."""
    needs = [each for each in NEEDS[name] if not each.startswith("api:")]
    uses = [each.removeprefix("api:") for each in NEEDS[name] if each.startswith("api:")]
    lines = ["apiVersion: backstage.io/v1alpha1", "kind: Component", "metadata:"]
    lines += [f"  name: {name}"]
    if name in TIERS:
        lines += ["  labels:", f"    acme.example/tier: tier-{TIERS[name]}"]
    if name in AT_ROOT:
        lines += ["  annotations:", f"    backstage.io/source-location: dir:services/{name}"]
    lines += ["spec:", "  type: service", "  lifecycle: production", f"  owner: group:{name}-team"]
    lines += [f"  dependsOn: {json.dumps([f'component:default/{each}' for each in needs])}"]
    lines += [f"  consumesApis: {json.dumps(uses)}"]
    if name in PROVIDES:
        lines += [f"  providesApis: [{PROVIDES[name]}]"]
    return "\n".join(lines) + "\n"


@pytest.fixture
def catalog(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "catalog")
    repository.write("catalog-info.yaml", "---\n".join(map(entity, AT_ROOT)))
    for name in NEEDS:
        repository.write(f"services/{name}/main.go", "package main\n")
        if name not in AT_ROOT:
            repository.write(f"services/{name}/catalog-info.yaml", entity(name))
    repository.commit("The base")
    return repository.branch("feature")


@pytest.mark.parametrize("changed", REACHED)
def test_what_is_reached_is_what_the_table_says(catalog: Repository, changed: str) -> None:
    for name in changed.split():
        catalog.write(f"services/{name}/main.go", "package changed\n")
    catalog.commit("A change")
    done = cli.run(
        *("check", "--no-history", "--format", "json"),
        folder=catalog.path,
        environment=catalog.environment,
    )
    impact = json.loads(done.stdout)["impact"]
    assert impact["total"] == len(NEEDS) == 20
    assert impact["components"] == changed.split()
    assert impact["reached"] == REACHED[changed].split()
    tiers = [TIERS[name] for name in REACHED[changed].split() if name in TIERS]
    assert impact["tier"] == min(tiers, default=None)
    assert impact["owners"] == [f"{name}-team" for name in changed.split()]


def test_what_is_wrong_in_it_is_named(catalog: Repository) -> None:
    catalog.write("copy/catalog-info.yaml", entity("web")).commit("A copy")
    done = cli.run("components", folder=catalog.path, environment=catalog.environment)
    assert "component `admin` depends on `nowhere`, which is not known" in done.stdout
    assert "components depend on one another: `catalog`, `indexer`, `search`" in done.stdout
    assert "`web` is the name of two components, in copy/catalog-info.yaml and in" in done.stdout
