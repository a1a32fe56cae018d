"""The teams of the simulated organisation, and what is planted in their data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

PRACTICE_WEEK: Final = 30


@dataclass(frozen=True, slots=True)
class Team:
    """A team, and how it works.

    `changes` a working day; `care` is the mean share of a patch that tests cover; `broken` the
    share of changes whose tests fail at first, `flaky` the share of runs that fail for no cause;
    `fails` the share of deployments that fail, `foresight` times as many where the gate warned;
    `cadence` the days between deployments, 0 for one a change; deployments of the component
    `risky` fail five times as often; with a `practice`, the team covers more from week 30 on;
    `review` is how many hours a change waits for its first review.
    """

    name: str
    peer_group: str
    methodology: str
    changes: float
    care: float
    components: tuple[str, ...]
    broken: float = 0.12
    flaky: float = 0.0
    fails: float = 0.05
    foresight: float = 1.0
    cadence: int = 0
    risky: str | None = None
    practice: bool = False
    review: float = 3.0


_BACKEND: Final = ("Backend services", "continuous")
_FRONT: Final = "Frontends"
_CORE: Final = ("Data and core", "staged")

TEAMS: Final = (
    Team("payments", *_BACKEND, 14, 0.86, ("checkout", "refunds"), fails=0.03, foresight=6),
    Team("ledger", *_BACKEND, 12, 0.62, ("booking", "statements"), fails=0.1, practice=True),
    Team("identity", *_BACKEND, 10, 0.90, ("login", "sessions"), fails=0.03, risky="sessions"),
    Team("search", *_BACKEND, 9, 0.80, ("index", "ranking"), fails=0.08),
    Team("web-shop", _FRONT, "continuous", 16, 0.76, ("shop",), cadence=1),
    Team("ios-app", _FRONT, "release-train", 11, 0.82, ("app",), flaky=0.18, cadence=14),
    Team("data-platform", *_CORE, 8, 0.72, ("warehouse", "ingest"), broken=0.18, cadence=28),
    Team("core-banking", *_CORE, 6, 0.68, ("accounts",), broken=0.16, cadence=28),
)

TRUTHS: Final[tuple[dict[str, object], ...]] = (
    {
        "team": "ledger",
        "truth": "improved",
        "week": PRACTICE_WEEK,
        "because": "patch coverage is enforced from that week on",
        "shown_by": "the gate score moves at the time at which `patch-coverage` became enforced",
    },
    {
        "team": "ios-app",
        "truth": "flaky suite",
        "because": "18 % of runs fail for no cause",
        "shown_by": "tests.rerun_flake_rate, waste.flaky, governance.false_block_rate",
    },
    {
        "team": "identity",
        "truth": "risky component",
        "component": "sessions",
        "because": "its deployments fail five times as often",
        "shown_by": "the failed deployments by component",
    },
    {
        "team": "payments",
        "truth": "the gate predicts failures",
        "because": "deployments with a flagged change fail six times as often",
        "shown_by": "deployments by the verdict on what they carried",
    },
    {
        "team": "search",
        "truth": "the gate does not predict failures",
        "because": "deployments fail whatever the verdict was",
        "shown_by": "deployments by the verdict on what they carried",
    },
)

# The same organisation with nothing planted in it.
PLAIN: Final = tuple(
    replace(team, flaky=0.0, foresight=1.0, risky=None, practice=False) for team in TEAMS
)
