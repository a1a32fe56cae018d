"""Where policies are read from, with real repositories."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.support.repository import Repository

from vsm_gate.collect.change import find_change
from vsm_gate.collect.policy import PolicyFiles
from vsm_gate.errors import ConfigurationError, UsageError
from vsm_gate.model.change import Context

NOW = datetime(2026, 11, 22, tzinfo=UTC)
CARD = """\
schema: vsm-gate/scorecard/v1
objectives:
  green: {metric: tests.failed, pass: "== 0"}
"""


def files(
    repository: Repository, *, default_branch: bool = False, base: str = "main"
) -> PolicyFiles:
    context = Context("acme/pay", default_branch=default_branch, base_ref=base)
    change = find_change(repository.client, context)
    return PolicyFiles.governing(repository.client, context, change, NOW)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    found = Repository(tmp_path / "project").write("card.yaml", CARD)
    found.commit("The base")
    return found


def test_a_proposal_is_judged_by_its_base(repository: Repository) -> None:
    repository.branch("feature").write("card.yaml", CARD.replace("== 0", "<= 9")).commit()
    found = files(repository)
    policy, source = found.scorecard("card.yaml")
    assert policy.objectives[0].passes.text == "== 0"
    assert source.startswith("card.yaml at ")
    assert found.notes == ["this change edits card.yaml; it was judged by the version of its base"]


def test_on_the_default_branch_the_checkout_counts(repository: Repository) -> None:
    repository.write("other.txt").commit()
    repository.write("card.yaml", CARD.replace("== 0", "<= 9"))
    policy, _ = files(repository, default_branch=True, base="HEAD~1").scorecard("card.yaml")
    assert policy.objectives[0].passes.text == "<= 9"


def test_what_the_base_lacks_is_read_from_the_change_and_said(repository: Repository) -> None:
    repository.branch("feature").write("new.yaml", CARD).commit()
    found = files(repository)
    found.scorecard("new.yaml")
    assert found.notes == [
        "new.yaml is not in the base of this change yet: it was read from the change"
    ]


def test_scorecards_extend_one_another_by_path(repository: Repository) -> None:
    team = CARD.replace("objectives:", "extends: ../card.yaml\nobjectives:").replace("green", "own")
    repository.branch("feature").write("teams/pay.yaml", team).commit()
    policy, _ = files(repository).scorecard("teams/pay.yaml")
    assert [objective.id for objective in policy.objectives] == ["green", "own"]


def test_the_shipped_scorecard_is_the_default(repository: Repository) -> None:
    repository.branch("feature").write("a").commit()
    policy, source = files(repository).scorecard(None)
    assert source == "vsm-gate:baseline"
    assert any(objective.metric == "tests.failed" for objective in policy.objectives)


def test_a_scorecard_of_another_repository_is_pinned(
    repository: Repository, tmp_path: Path
) -> None:
    shared = Repository(tmp_path / "shared").write("org.yaml", CARD)
    shared.commit("The organisation's")
    shared.git("tag", "v1")
    digest = hashlib.sha256(CARD.encode()).hexdigest()
    at = f"git+{shared.path.as_uri()}@v1#path=org.yaml&sha256="
    repository.branch("feature").write("a").commit()
    policy, _ = files(repository).scorecard(f"{at}{digest}")
    assert policy.objectives[0].id == "green"
    extending = f"schema: vsm-gate/scorecard/v1\nextends: {at}{'0' * 64}\n"
    repository.write("team.yaml", extending).commit()
    with pytest.raises(ConfigurationError) as caught:
        files(repository).scorecard("team.yaml")
    assert "was pinned" in caught.value.mistakes[0].message
    with pytest.raises(UsageError, match="was pinned"):
        files(repository).scorecard(f"{at}{'0' * 64}")


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("none.yaml", "does not exist"),
        ("../outside.yaml", "lies outside the repository"),
        ("latin.yaml", "latin.yaml:2: it is not UTF-8 text"),
        ("vsm-gate:none", "no scorecard called `none` ships"),
        (
            "vsm-gate:vsm-gate",
            "there are baseline, continuous-delivery, library, regulated, release-train, staged",
        ),
        ("vsm-gate:../x", "vsm-gate:baseline"),
        ("git+https://example.com/x", "it names no ref"),
        ("card.yaml/below", "does not exist"),
    ],
)
def test_what_cannot_be_read_is_said(repository: Repository, reference: str, says: str) -> None:
    (repository.path.parent / "outside.yaml").write_text(CARD, "utf-8")
    repository.branch("feature").write("latin.yaml", "a: b\nc: \xe9".encode("latin-1")).commit()
    with pytest.raises(UsageError) as caught:
        files(repository).scorecard(reference)
    assert says in f"{caught.value.message} {caught.value.hint}"


def test_a_link_out_of_the_repository_is_not_followed(repository: Repository) -> None:
    (repository.path.parent / "outside.yaml").write_text(CARD, "utf-8")
    repository.branch("feature").link("link.yaml", "../outside.yaml").commit()
    with pytest.raises(UsageError):
        files(repository).scorecard("link.yaml")


def test_codeowners_of_the_base(repository: Repository) -> None:
    repository.write(".github/CODEOWNERS", "* @acme/pay\n").commit()
    repository.branch("feature").write(".github/CODEOWNERS", "* @mallory\n").commit()
    owners = files(repository).codeowners()
    assert owners is not None
    assert owners.owners_of("a.py") == ("@acme/pay",)


def test_only_the_command_line_reaches_outside(repository: Repository, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text(CARD, "utf-8")
    repository.write("card.yaml", f"{CARD}extends: {outside}\n").commit()
    found = files(repository)
    with pytest.raises(UsageError, match="outside the repository"):
        found.scorecard(str(outside))
    with pytest.raises(ConfigurationError) as caught:
        found.scorecard("card.yaml")
    assert "outside the repository" in caught.value.mistakes[0].message
    assert found.scorecard(str(outside), from_command_line=True)[1] == str(outside)


def test_a_scorecard_outside_may_extend_its_neighbours(
    repository: Repository, tmp_path: Path
) -> None:
    (tmp_path / "organisation.yaml").write_text(CARD, "utf-8")
    team = tmp_path / "team.yaml"
    team.write_text(
        "schema: vsm-gate/scorecard/v1\nteam: pay\nextends: organisation.yaml\n", "utf-8"
    )
    policy, _ = files(repository).scorecard(str(team), from_command_line=True)
    assert [each.id for each in policy.objectives] == ["green"]
