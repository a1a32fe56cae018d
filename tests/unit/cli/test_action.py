"""The action's inputs, and the command line that they become."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from tests.support.repository import Repository

from vsm_gate.cli import action, check, surfaces
from vsm_gate.cli.main import group
from vsm_gate.errors import UsageError
from vsm_gate.git import Git

ROOT = Path(__file__).parents[3]
DOCUMENT: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS: list[dict[str, Any]] = DOCUMENT["runs"]["steps"]

# Inputs that are no option of the command, and what reads them.
OTHERS = {"command", "token", "working-directory", "args"}


def environment(folder: Path, **inputs: str) -> dict[str, str]:
    named = {name.replace("_", "-"): value for name, value in inputs.items()}
    return {
        "RUNNER_TEMP": str(folder),
        **{action.variable(name): value for name, value in named.items()},
    }


def given(folder: Path, **inputs: str) -> list[str]:
    """The command line, without the options that ask for results."""
    words = action.command_line(environment(folder, **inputs))
    return [word for word in words if not word.startswith(("--json=", "--bundle="))]


def test_every_input_is_read_and_no_other() -> None:
    assert set(DOCUMENT["inputs"]) == OTHERS | set(action.OPTIONS)
    [carried] = [step["env"] for step in STEPS if "env" in step]
    expected = {action.variable(name): f"${{{{ inputs.{name} }}}}" for name in DOCUMENT["inputs"]}
    assert carried == {
        "VSM_GATE_PYTHON": "${{ steps.install.outputs.python }}",
        "VSM_GATE_MATRIX": "${{ toJSON(matrix) }}",
        **expected,
    }


def test_every_option_that_an_input_becomes_is_the_commands() -> None:
    options = {option: each for each in check.command.params for option in each.opts}
    for name, option in action.OPTIONS.items():
        assert options[option].multiple == (name in action.LINES)
    assert set(action.RESULTS.values()) <= set(options)
    assert set(group.list_commands(click.Context(group))) >= action.ANNOTATING


def test_outputs_are_those_of_the_step() -> None:
    for name, output in DOCUMENT["outputs"].items():
        assert output["value"] == f"${{{{ steps.gate.outputs.{name} }}}}"


def test_surfaces_are_named() -> None:
    for surface in surfaces.SURFACES:
        assert f"`{surface}`" in DOCUMENT["inputs"]["publish"]["description"]


def test_no_expression_reaches_a_shell() -> None:
    for step in STEPS:
        assert "${{" not in step["run"]


def test_inputs_become_options(tmp_path: Path) -> None:
    assert given(tmp_path) == ["check"]
    words = given(
        tmp_path,
        command="check",
        team=" the team\n",
        tests="a/*.xml\n\n  --b c.xml \n",
        coverage="-rf",
        history_repository="--upload-pack=x",
        args="--now '2026-11-22 09:00Z' \"$(id)\"",
    )
    assert words == [
        "check",
        "--team=the team",
        "--tests=a/*.xml",
        "--tests=--b c.xml",
        "--coverage=-rf",
        "--history-remote=--upload-pack=x",
        "--now",
        "2026-11-22 09:00Z",
        "$(id)",
    ]


def test_results_are_new_files_in_the_jobs_own_folder(tmp_path: Path) -> None:
    first, second = (action.command_line(environment(tmp_path)) for _ in range(2))
    places = [Path(word.partition("=")[2]) for word in (*first[1:], *second[1:])]
    assert [place.name for place in places] == ["result.json", "bundle.json"] * 2
    assert len(set(places)) == 4
    assert all(place.parents[1] == tmp_path for place in places)


def test_an_input_that_the_command_lacks_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="`tests` means nothing to `vsm-gate scorecard lint`"):
        given(tmp_path, command="scorecard lint", tests="a.xml")
    assert given(tmp_path, command="scorecard lint", args="a.yaml")[:2] == ["scorecard", "lint"]


@pytest.mark.parametrize("command", ["chekc", "scorecard lnit"])
def test_an_unknown_command_is_a_mistake_that_says_what_there_is(
    tmp_path: Path, command: str
) -> None:
    with pytest.raises(UsageError, match=f"`{command}` is no command") as caught:
        given(tmp_path, command=command)
    assert caught.value.hint is not None
    assert "check" in caught.value.hint or "lint" in caught.value.hint


def test_words_that_cannot_be_split_are_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="`args` cannot be split"):
        given(tmp_path, args="it's")


def test_the_token_is_a_header_for_the_forge_alone(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "checkout")
    inputs = {
        **environment(tmp_path, token="secret"),
        "GITHUB_SERVER_URL": "https://forge.example",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.editor",
        "GIT_CONFIG_VALUE_0": "false",
    }
    settings = action.credentials(inputs, repository.client)
    expected = "AUTHORIZATION: basic " + base64.b64encode(b"x-access-token:secret").decode()

    git = Git(repository.path, {**repository.environment, **inputs, **settings})

    def header(url: str) -> str:
        return git.text("config", "--get-urlmatch", "http.extraheader", url, check=False)

    assert header("https://forge.example/acme/payments.git") == expected
    assert header("https://elsewhere.example/acme/payments.git") == ""
    assert header("https://forge.example.evil.example/") == ""
    assert git.text("config", "core.editor") == "false"
    assert not [word for word in action.command_line(inputs) if "secret" in word]


def test_credentials_of_the_checkout_come_first(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "checkout")
    repository.git("config", "http.https://forge.example/.extraheader", "AUTHORIZATION: basic x")
    inputs = environment(tmp_path, token="secret")
    inputs["GITHUB_SERVER_URL"] = "https://forge.example"
    assert action.credentials(inputs, repository.client) == {}


@pytest.mark.parametrize("missing", ["VSM_GATE_TOKEN", "GITHUB_SERVER_URL"])
def test_without_a_token_or_a_forge_there_are_no_credentials(tmp_path: Path, missing: str) -> None:
    repository = Repository(tmp_path / "checkout")
    inputs = environment(tmp_path, token="secret")
    inputs["GITHUB_SERVER_URL"] = "https://forge.example"
    del inputs[missing]
    assert action.credentials(inputs, repository.client) == {}
