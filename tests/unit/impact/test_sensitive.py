"""Sensitive files by class."""

from __future__ import annotations

import pytest

from vsm_gate.impact.sensitive import CLASSES, classify


@pytest.mark.parametrize(
    ("path", "classes"),
    [
        ("shop/migrations/0007_drop.py", ["migrations"]),
        ("db/migrate/2024_add.rb", ["migrations"]),
        ("src/main/resources/V12__add_column.sql", ["migrations"]),
        ("infra/main.tf", ["infrastructure"]),
        ("deploy/chart/Chart.yaml", ["infrastructure"]),
        ("Dockerfile", ["infrastructure"]),
        ("api/Dockerfile.prod", ["infrastructure"]),
        (".github/workflows/ci.yml", ["pipelines"]),
        (".gitlab-ci.yml", ["pipelines"]),
        (".vsm-gate.yaml", ["pipelines"]),
        ("scorecards/team.yaml", ["pipelines"]),
        (".github/CODEOWNERS", ["pipelines"]),
        ("api/openapi.yaml", ["interfaces"]),
        ("proto/shop.proto", ["interfaces"]),
        ("web/package.json", ["dependencies"]),
        ("requirements-dev.txt", ["dependencies"]),
        ("uv.lock", ["dependencies"]),
        ("src/auth/login.py", ["authentication"]),
        ("src/oauth2/token.go", ["authentication"]),
        ("config/flags.yaml", ["feature flags"]),
        ("src/auth/migrations/1.py", ["migrations", "authentication"]),
        ("src/author.py", []),
        ("docs/authors/a.md", []),
        ("src/a.py", []),
        ("README.md", []),
    ],
)
def test_default_classes(path: str, classes: list[str]) -> None:
    assert list(classify([path])) == classes


def test_classes_come_in_the_order_of_the_table_and_files_sorted() -> None:
    found = classify(["uv.lock", "z.tf", "a.tf", "z.tf", "m/migrations/x"])
    assert list(found.items()) == [
        ("migrations", ("m/migrations/x",)),
        ("infrastructure", ("a.tf", "z.tf")),
        ("dependencies", ("uv.lock",)),
    ]


def test_every_class_has_patterns_and_none_twice() -> None:
    for patterns in CLASSES.values():
        assert patterns
        assert len(set(patterns)) == len(patterns)
