"""Scorecards in another repository, which may not be there when it is asked for."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.support.repository import Repository

from vsm_gate.collect.change import find_change
from vsm_gate.collect.elsewhere import Elsewhere
from vsm_gate.collect.policy import PolicyFiles
from vsm_gate.errors import ConfigurationError
from vsm_gate.git import Git
from vsm_gate.model.change import Context
from vsm_gate.scorecards.reference import SourceError

CARD = """\
schema: vsm-gate/scorecard/v1
objectives:
  green: {metric: tests.failed, pass: "== 0"}
"""
DIGEST = hashlib.sha256(CARD.encode()).hexdigest()
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def shared(tmp_path: Path) -> Repository:
    found = Repository(tmp_path / "shared").write("org.yaml", CARD)
    found.commit("The organisation's")
    found.git("tag", "v1")
    return found


def pin(shared: Repository, more: str = "&cached=7d", digest: str = DIGEST) -> str:
    return f"git+{shared.path.as_uri()}@v1#path=org.yaml&sha256={digest}{more}"


def elsewhere(shared: Repository, now: datetime = NOW, **environment: str) -> Elsewhere:
    cache = {"XDG_CACHE_HOME": str(shared.path.parent / "cache"), **environment}
    return Elsewhere(Git(shared.path.parent, {**shared.environment, **cache}), now)


def take_away(shared: Repository) -> None:
    shared.path.rename(shared.path.with_name("gone"))


def test_the_commit_that_was_read_is_told(shared: Repository) -> None:
    found = elsewhere(shared).read(pin(shared))

    assert (found.text, found.cached) == (CARD, False)
    assert found.note == f"at commit {shared.git('rev-parse', 'HEAD')[:10]}"


def test_a_copy_stands_in_while_the_repository_cannot_be_reached(shared: Repository) -> None:
    commit = shared.git("rev-parse", "HEAD")
    elsewhere(shared, NOW - timedelta(days=3)).read(pin(shared))
    take_away(shared)

    found = elsewhere(shared).read(pin(shared))

    assert (found.text, found.cached) == (CARD, True)
    assert found.note.startswith(
        f"the copy of commit {commit[:10]} that was kept on 2026-11-19T12:00:00Z, 3 days old, "
        f"since {shared.path.as_uri()} cannot be reached (git fetch failed: "
    )


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(days=-1), "0 days old"),
        (timedelta(hours=23), "0 days old"),
        (timedelta(days=1), "1 day old"),
        (timedelta(days=7), "7 days old"),
    ],
)
def test_how_old_a_copy_is(shared: Repository, age: timedelta, said: str) -> None:
    elsewhere(shared, NOW - age).read(pin(shared))
    take_away(shared)

    assert said in elsewhere(shared).read(pin(shared)).note


def refusal(shared: Repository, reference: str, **environment: str) -> str:
    with pytest.raises(SourceError) as caught:
        elsewhere(shared, NOW, **environment).read(reference)
    return str(caught.value)


def test_a_copy_that_is_too_old_is_refused(shared: Repository) -> None:
    elsewhere(shared, NOW - timedelta(days=7, seconds=1)).read(pin(shared))
    take_away(shared)

    assert "the copy kept of it is 7 days old: 7 are allowed" in refusal(shared, pin(shared))
    longer = pin(shared, "&cached=8d")
    assert elsewhere(shared).read(longer).cached


def test_without_leave_no_copy_is_used(shared: Repository) -> None:
    elsewhere(shared).read(pin(shared))
    take_away(shared)

    assert "add `&cached=7d`" in refusal(shared, pin(shared, ""))


def test_where_no_copy_was_kept_that_is_said(shared: Repository) -> None:
    elsewhere(shared).read(pin(shared, ""))
    take_away(shared)

    assert "no copy of it is kept here" in refusal(shared, pin(shared))
    assert "no copy of it is kept here" in refusal(shared, pin(shared), XDG_CACHE_HOME="", HOME="")


def test_a_ref_that_is_gone_is_no_repository_that_cannot_be_reached(shared: Repository) -> None:
    elsewhere(shared).read(pin(shared))
    shared.git("tag", "--delete", "v1")

    assert refusal(shared, pin(shared)) == f"{shared.path.as_uri()} has no v1"
    commit = "1" * 40
    assert refusal(shared, pin(shared).replace("@v1", f"@{commit}")).endswith(f"has no {commit}")


def test_a_commit_may_be_named(shared: Repository) -> None:
    commit = shared.git("rev-parse", "HEAD")
    assert elsewhere(shared).read(pin(shared).replace("@v1", f"@{commit}")).text == CARD


def test_a_file_that_changed_is_never_replaced_by_its_copy(shared: Repository) -> None:
    elsewhere(shared).read(pin(shared))
    shared.write("org.yaml", CARD.replace("== 0", "<= 9")).commit()
    shared.git("tag", "--force", "v1")

    assert f"{DIGEST} was pinned" in refusal(shared, pin(shared))


@pytest.mark.parametrize(
    "changed",
    [
        {"text": CARD.replace("== 0", "<= 9")},
        {"schema": "vsm-gate/policy-copy/v2"},
        {"fetched": "yesterday"},
        {"fetched": None},
    ],
)
def test_a_copy_that_somebody_changed_is_not_used(
    shared: Repository, changed: dict[str, object]
) -> None:
    elsewhere(shared).read(pin(shared))
    (copy,) = (shared.path.parent / "cache").rglob("*.json")
    copy.write_text(json.dumps({**json.loads(copy.read_text("utf-8")), **changed}), "utf-8")
    take_away(shared)

    assert any(
        said in refusal(shared, pin(shared)) for said in ("was pinned", "no copy of it is kept")
    )


def test_a_copy_that_cannot_be_kept_is_said_and_harms_nothing(shared: Repository) -> None:
    (shared.path.parent / "cache").write_text("a file\n", "utf-8")

    assert "; no copy of it could be kept: " in elsewhere(shared).read(pin(shared)).note
    homeless = elsewhere(shared, XDG_CACHE_HOME="", HOME="").read(pin(shared))
    assert homeless.note.endswith("neither HOME nor XDG_CACHE_HOME is set")


def test_a_check_says_that_a_copy_judged_it(shared: Repository, tmp_path: Path) -> None:
    team = f"schema: vsm-gate/scorecard/v1\nteam: pay\nextends: {pin(shared)}\n"
    project = Repository(tmp_path / "project").write("team.yaml", team)
    project.commit("The base")
    project.branch("feature").write("a").commit()
    git = Git(project.path, elsewhere(shared).git.environment)
    change = find_change(git, Context("acme/pay", base_ref="main"))

    def governing() -> PolicyFiles:
        return PolicyFiles.governing(git, Context("acme/pay"), change, NOW)

    first = governing()
    _, source = first.scorecard("team.yaml")
    assert first.notes == []
    assert "copy" not in source

    take_away(shared)
    second = governing()
    _, source = second.scorecard("team.yaml")
    (note,) = second.notes
    assert f"{pin(shared)} is the copy of commit " in note
    assert source.endswith(note)


def test_a_mistake_in_what_is_extended_has_its_place(shared: Repository, tmp_path: Path) -> None:
    team = f"schema: vsm-gate/scorecard/v1\nteam: pay\nextends: {pin(shared, digest='0' * 64)}\n"
    project = Repository(tmp_path / "project").write("team.yaml", team)
    project.commit("The base")
    change = find_change(project.client, Context("acme/pay", default_branch=True))
    files = PolicyFiles.governing(
        project.client, Context("acme/pay", default_branch=True), change, NOW
    )
    with pytest.raises(ConfigurationError) as caught:
        files.scorecard("team.yaml")
    (mistake,) = caught.value.mistakes
    assert mistake.where == "team.yaml:3:1"
