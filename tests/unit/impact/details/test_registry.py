"""Which reader reads which sensitive file, and the order of what they find."""

from __future__ import annotations

import pytest

from vsm_gate.impact.details.contract import Versions
from vsm_gate.impact.details.registry import READERS, details, wanted
from vsm_gate.impact.sensitive import CLASSES
from vsm_gate.model.impact import Detail


def test_every_reader_is_of_a_class_that_there_is() -> None:
    assert {reader.CLASS for reader in READERS} <= CLASSES.keys()
    assert len({reader.NAME for reader in READERS}) == len(READERS)


def test_only_classes_with_readers_are_read() -> None:
    sensitive = {"migrations": ("a.sql",), "pipelines": ("b.yml",), "interfaces": ("c.proto",)}
    assert wanted(sensitive) == {"a.sql": "migrations", "c.proto": "interfaces"}


def test_the_worst_comes_first_and_once() -> None:
    script = "CREATE TABLE t (a int); DROP TABLE b;\nDROP TABLE a; DROP TABLE a;\nUPDATE t SET a=1"
    found = details({"migrations": ("m.sql",)}, [Versions("m.sql", None, script)])
    assert [(each.severity, each.line, each.finding) for each in found] == [
        ("breaking", 1, "drops the table `b`"),
        ("breaking", 2, "drops the table `a`"),
        ("warning", 3, "rewrites every row of `t`"),
        ("info", 1, "creates the table `t`"),
    ]


def test_a_file_that_is_not_read_is_not_passed_over() -> None:
    found = details({"interfaces": ("a.proto",)}, [("a.proto", "it is larger than 4 MB")])
    assert found == (
        Detail(
            "interfaces",
            "a.proto",
            "what it does is not known: it is larger than 4 MB",
            "warning",
            read=False,
        ),
    )


@pytest.mark.parametrize(
    ("name", "path"),
    [("interfaces", "a.avsc"), ("migrations", "a.js"), ("dependencies", "Gemfile")],
)
def test_a_file_that_no_reader_knows_is_said_to_be_unread(name: str, path: str) -> None:
    (found,) = details({name: (path,)}, [Versions(path, "a", "b")])
    assert found.severity == "info"
    assert "no reader knows files of this kind" in found.finding


def test_an_empty_file_does_nothing() -> None:
    assert details({"migrations": ("m/__init__.py",)}, [Versions("m/__init__.py", None, "")]) == ()
