"""Where results can be shown in a workflow, as a command line names it."""

from __future__ import annotations

from typing import Any, Final

import click

from vsm_gate.publish.check_run import CheckRun
from vsm_gate.publish.comment import Comment
from vsm_gate.publish.status import CommitStatus

OF_FORGE: Final = (CheckRun.publisher, Comment.publisher, CommitStatus.publisher)
SURFACES: Final = ("summary", "annotations", "outputs", *OF_FORGE)


class Surfaces(click.ParamType[frozenset[str]]):
    """A list of surfaces, separated by commas or blanks."""

    name = "surfaces"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> frozenset[str]:
        """Split it; an unknown surface is a mistake."""
        words = frozenset(str(value).replace(",", " ").split())
        for word in sorted(words.difference(SURFACES)):
            self.fail(f"unknown surface {word!r}; there are {', '.join(SURFACES)}", param, ctx)
        return words
