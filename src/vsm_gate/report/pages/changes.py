"""The changes worth a page: what the gate saw in each, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator

from vsm_gate.report.notable import RECENT
from vsm_gate.report.pages.context import Site
from vsm_gate.web.folder import Page


def pages(site: Site) -> Iterator[tuple[str, Page]]:
    """The list of these changes, and a page for each."""
    newest = sorted(site.changes, key=lambda change: change.row["time"], reverse=True)
    # What has a reason comes before what is only recent; a pull request that was judged again for
    # the same reason stands there once.
    once = {change.same: change for change in reversed(newest)}
    listed = sorted(
        (change for change in newest if once[change.same] is change),
        key=lambda change: change.reasons == RECENT,
    )
    yield "changes.html", site.render("changes", "changes.html", changes=listed)
    for change in site.changes:
        yield change.path, site.render("change", change.path, change=change)
