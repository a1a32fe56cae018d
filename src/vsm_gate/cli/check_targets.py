"""Where the results of a check go."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

from vsm_gate.cli.check_inputs import Flags, Inputs
from vsm_gate.cli.surfaces import OF_FORGE
from vsm_gate.cli.workflow import in_workflow, new_guard, token_of
from vsm_gate.errors import UsageError
from vsm_gate.git import Git
from vsm_gate.publish.console import Style
from vsm_gate.publish.dsse import Signer
from vsm_gate.publish.plan import Targets


def targets_of(inputs: Inputs) -> Targets:
    """What the flags say, and in a workflow what the runner offers. Raises `UsageError`."""
    flags, surroundings = inputs.flags, inputs.surroundings
    obeyed = in_workflow(surroundings)

    def wanted(surface: str) -> bool:
        return obeyed and (flags.publish is None or surface in flags.publish)

    def offered(surface: str, variable: str) -> Path | None:
        place = surroundings.get(variable)
        return Path(place) if place and wanted(surface) else None

    return Targets(
        style=Style(
            colour=sys.stdout.isatty() and "NO_COLOR" not in surroundings,
            unicode=surroundings.get("TERM") != "linux",
        ),
        guard=new_guard(),
        summary=flags.summary or offered("summary", "GITHUB_STEP_SUMMARY"),
        annotations=flags.annotations or wanted("annotations"),
        obeyed=obeyed,
        json=flags.json_file,
        files=_files(flags),
        bundle=flags.bundle or _own_bundle(inputs.git),
        keep_bundle=flags.bundle is not None,
        outputs=offered("outputs", "GITHUB_OUTPUT"),
        forge=_surfaces_of_forge(flags, surroundings),
        required=frozenset({"history"} if inputs.config.history.required else ()),
        signer=_signer(flags),
    )


def _signer(flags: Flags) -> Signer | None:
    """The key that attestations are signed with. Raises `UsageError` before anything is judged."""
    if flags.attest_key is None:
        return None
    if flags.attest is None:
        raise UsageError("--attest-key signs nothing without --attest FILE")
    try:
        pem = flags.attest_key.read_bytes()
    except OSError as problem:
        raise UsageError(f"{flags.attest_key} cannot be read: {problem.strerror}") from None
    return Signer.load(str(flags.attest_key), pem)


def _files(flags: Flags) -> dict[str, Path]:
    """The files for other systems that are asked for, by their names."""
    given = {
        "sarif": flags.sarif,
        "code-quality": flags.code_quality,
        "junit": flags.junit,
        "dotenv": flags.dotenv,
        "attestation": flags.attest,
    }
    return {name: path for name, path in given.items() if path is not None}


def _surfaces_of_forge(flags: Flags, surroundings: Mapping[str, str]) -> frozenset[str]:
    """What the forge's API is asked for: in a workflow what is named, with a token everything."""
    if not in_workflow(surroundings):
        return frozenset()
    if flags.publish is not None:
        return flags.publish.intersection(OF_FORGE)
    return frozenset(OF_FORGE) if token_of(surroundings) else frozenset()


def _own_bundle(git: Git) -> Path:
    """A bundle that nobody asked for lies with git's own files until the record is safe."""
    folder = Path(git.text("rev-parse", "--absolute-git-dir"))
    return folder / f"vsm-gate-{secrets.token_hex(4)}.json"
