"""The table of formats."""

from __future__ import annotations

from typing import Final, cast

from vsm_gate.impact.packages import (
    bun_lock,
    bundler,
    cargo_toml,
    composer,
    go,
    gradle,
    maven,
    mix,
    npm_lock,
    nuget,
    package_json,
    pipfile_lock,
    pnpm_lock,
    pub,
    pyproject,
    requirements,
    toml_locks,
    yarn_lock,
)
from vsm_gate.impact.packages.contract import Format

FORMATS: Final = cast(
    "tuple[Format, ...]",
    (
        package_json,
        npm_lock,
        pnpm_lock,
        yarn_lock,
        bun_lock,
        pyproject,
        requirements,
        pipfile_lock,
        cargo_toml,
        toml_locks,
        go,
        maven,
        gradle,
        bundler,
        composer,
        nuget,
        pub,
        mix,
    ),
)


def format_of(path: str) -> Format | None:
    """The format of a file; None where there is none."""
    return next((each for each in FORMATS if each.wants(path)), None)
