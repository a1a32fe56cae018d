"""Every figure and its formula."""

from __future__ import annotations

from collections.abc import Iterator

from vsm_gate.report.pages.context import Site


def pages(site: Site) -> Iterator[tuple[str, str]]:
    """The glossary."""
    yield "glossary.html", site.render("glossary", "glossary.html")
