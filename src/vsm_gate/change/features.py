"""How large and how scattered a change is: the features that need nothing but its diff.

Size and diffusion as in Kamei et al., IEEE TSE 39(6), 2013; entropy as in Hassan, ICSE 2009.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from typing import Final

from vsm_gate.change.paths import is_documentation, is_test
from vsm_gate.model.change import Change, FileChange

_EXACT: Final = Context(prec=30)
_SHOWN: Final = Decimal("1e-12")


@dataclass(frozen=True, slots=True)
class ChangeFeatures:
    """Features of one change. Lines of binary files count as none.

    `files`, `lines_added` (LA), `lines_deleted` (LD); `directories` (ND) and `subsystems` (NS, top
    folders; files at the root are one) with a changed file; `entropy` of the changed lines over
    the files, 0 (all in one file) to 1 (evenly spread), None where no line changed; `test_lines`
    of all `lines`, added and deleted; `source_added` and `source_deleted` are those outside tests
    and documentation.
    """

    files: int
    lines_added: int
    lines_deleted: int
    directories: int
    subsystems: int
    entropy: Fraction | None
    test_lines: int
    source_added: int
    source_deleted: int

    @property
    def lines(self) -> int:
        """Lines added and deleted."""
        return self.lines_added + self.lines_deleted


def features(change: Change) -> ChangeFeatures:
    """The features of a change that follow from its diff alone."""
    return features_of(change.files)


def features_of(files: Sequence[FileChange]) -> ChangeFeatures:
    """The features of a change of these files."""
    source = [file for file in files if not (is_test(file.path) or is_documentation(file.path))]
    return ChangeFeatures(
        files=len(files),
        lines_added=sum(file.added for file in files),
        lines_deleted=sum(file.deleted for file in files),
        directories=len({file.path.rpartition("/")[0] for file in files}),
        subsystems=len({_subsystem(file.path) for file in files}),
        entropy=entropy([file.added + file.deleted for file in files]),
        test_lines=sum(file.added + file.deleted for file in files if is_test(file.path)),
        source_added=sum(file.added for file in source),
        source_deleted=sum(file.deleted for file in source),
    )


def entropy(lines: Sequence[int]) -> Fraction | None:
    """Normalised Shannon entropy −Σ pₖ log₂ pₖ ÷ log₂ n over n files with `lines` changed lines.

    Files without changed lines are left out. One file has entropy 0, none have None. Rounded to
    12 decimals, the same on every machine.
    """
    sizes = Counter(size for size in lines if size > 0)
    count, total = sizes.total(), sum(size * files for size, files in sizes.items())
    if count <= 1:
        return Fraction(0) if count else None
    spread = _EXACT.ln(Decimal(total)) - sum(
        _EXACT.divide(_EXACT.multiply(size * files, _EXACT.ln(size)), total)
        for size, files in sizes.items()
    )
    return Fraction(_EXACT.divide(spread, _EXACT.ln(count)).quantize(_SHOWN))


def _subsystem(path: str) -> str:
    top, slash, _ = path.partition("/")
    return top if slash else ""
