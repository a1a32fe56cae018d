"""The components: what each cost in production, and the changes behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from vsm_gate.analytics.warehouse import Row
from vsm_gate.report import components, tables
from vsm_gate.report.pages.context import Site
from vsm_gate.web.folder import Page


def pages(site: Site) -> Iterator[tuple[str, Page]]:
    """All components in one table, and a page for each of the busiest."""
    found = site.components
    changes, failures = (
        _by_component(site, "component_changes"),
        _by_component(site, "component_failures"),
    )
    yield "components.html", site.render("components", "components.html", components=found)
    yield "components.csv", tables.components_csv(found)
    for component in found:
        if component.path:
            key = component.team, component.name
            yield (
                component.path,
                site.render(
                    "component",
                    component.path,
                    component=component,
                    team=site.picture.teams.get(component.team),
                    changes=changes.get(key, ()),
                    failures=failures.get(key, ()),
                ),
            )


def _by_component(site: Site, view: str) -> dict[components.Key, list[Row]]:
    found: dict[components.Key, list[Row]] = defaultdict(list)
    for row in site.warehouse.query("views", view):
        found[row["team"], row["component"]].append(row)
    return found
