"""What all pages share: the picture, the tables behind it, names of files, and the templates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import jinja2
from markupsafe import Markup

from vsm_gate.analytics import splits
from vsm_gate.analytics.curves import DIMENSIONS
from vsm_gate.analytics.efficacy import Efficacy, efficacy
from vsm_gate.analytics.picture import Moment, Picture, Scope
from vsm_gate.analytics.warehouse import Row, Warehouse
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.report import charts, components, insight, newest, slugs, sparks, text, value_stream
from vsm_gate.report.components import Component
from vsm_gate.report.findings import Findings, find
from vsm_gate.report.newest import Newest
from vsm_gate.report.notable import Change, notable
from vsm_gate.web.environment import environment

# The parts of the one script of every page, in this order.
SCRIPTS: Final = ("script", "chosen", "compare", "start")
# The pages that stand in every page's navigation: name → (path, title).
_PLACES: Final = (
    ("organisation", "index.html", "Organisation"),
    ("compare", "compare.html", "Compare"),
    ("waste", "waste.html", "Waste"),
    ("stream", "stream.html", "Value stream"),
    ("components", "components.html", "Components"),
    ("changes", "changes.html", "Changes"),
    ("governance", "governance.html", "Governance"),
    ("glossary", "glossary.html", "Glossary"),
)


@dataclass(frozen=True, slots=True)
class Site:
    """The picture and the warehouse that it was drawn from.

    `slugs` says which file a team has, `changes` which changes have a page; `records` and
    `deployments` are the newest of each team. A `Future` may still be in the making.
    """

    picture: Picture
    warehouse: Warehouse
    templates: jinja2.Environment
    slugs: dict[str, str]
    changes: tuple[Change, ...]
    components: tuple[Component, ...]
    records: Future[Mapping[str, Newest]]
    deployments: Mapping[str, tuple[Row, ...]]
    findings: Findings
    efficacy: Future[Mapping[str | None, Efficacy]]
    weekly: Mapping[str | None, Future[charts.Sizes | None]]

    def chart(self, scope: Scope) -> charts.Sizes | None:
        """The weekly chart of a team or of the organisation; None where no week has a change."""
        return self.weekly[scope.team].result()

    def render(self, template: str, path: str, **context: Any) -> str:
        """A page from its template; `path` is where it stands in the site."""
        root = "../" * path.count("/")
        here = path.partition("/")[0].removesuffix(".html").replace("index", "organisation")
        return self.templates.get_template(f"{template}.html.j2").render(
            root=root, here=here, **context
        )


def prepare(picture: Picture, warehouse: Warehouse, beside: Executor) -> Site:
    """The site of a picture; what takes long in queries or in Vega is made `beside` the rest."""
    findings = beside.submit(find, warehouse, picture)
    told = beside.submit(efficacy, warehouse)
    records = beside.submit(newest.records, warehouse)
    scopes = (picture.organisation, *picture.teams.values())
    weekly = {scope.team: beside.submit(charts.of, scope) for scope in scopes}
    names = slugs.slugs(picture.teams)
    changes = notable(warehouse.query("views", "notable"))
    templates = _environment(picture, names)
    templates.globals["paths"] = {change.row["id"]: change.path for change in changes}
    return Site(
        picture=picture,
        warehouse=warehouse,
        templates=templates,
        slugs=names,
        changes=changes,
        components=components.find(picture, warehouse),
        records=records,
        deployments=newest.deployments(warehouse),
        findings=findings.result(),
        efficacy=told,
        weekly=weekly,
    )


def moments(scope: Scope) -> tuple[tuple[str, Moment], ...]:
    """The three periods that a reader chooses from, the one shown first in front."""
    return (("now", scope.now), ("before", scope.before), ("whole", scope.period))


def groups(picture: Picture) -> list[tuple[str, list[Scope]]]:
    """Teams by peer group, both by name: no order says who is better."""
    found: dict[str, list[Scope]] = {}
    for scope in picture.teams.values():
        found.setdefault(scope.peer_group or "", []).append(scope)
    return sorted(found.items(), key=lambda pair: (not pair[0], pair[0]))


def embedded(data: Any) -> Markup:
    """JSON for a `<script type="application/json">`: nothing in it ends the element."""
    text_ = json.dumps(data, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    for sign in "<>&":
        text_ = text_.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text_)  # noqa: S704 (no sign is left that HTML reads)


def _environment(picture: Picture, names: dict[str, str]) -> jinja2.Environment:
    return environment(
        "vsm_gate.report",
        style=_asset("style.css"),
        script="".join(_asset(f"{name}.js") for name in SCRIPTS),
        picture=picture,
        most_records=newest.RECORDS,
        slugs=names,
        places=_PLACES,
        catalogue=CATALOGUE,
        dimensions=DIMENSIONS,
        curves=picture.curves.lines,
        curves_version=picture.curves.version,
        text=text,
        sparks=sparks,
        insight=insight,
        splits=splits,
        value_stream=value_stream,
        moments=moments,
        groups=groups(picture),
        embedded=embedded,
    )


def _asset(name: str) -> str:
    return (files("vsm_gate.report") / "templates" / name).read_text("utf-8")
