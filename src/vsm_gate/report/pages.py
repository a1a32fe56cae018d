"""The pages of the site: which there are, and what each shows."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable
from importlib.resources import files
from typing import Any

import jinja2
from markupsafe import Markup

from vsm_gate.analytics.curves import CURVES, DIMENSIONS, VERSION
from vsm_gate.analytics.picture import Picture, Scope
from vsm_gate.analytics.warehouse import Row
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.report import badges, charts, formats, insight, slugs, sparks, text
from vsm_gate.report.site import Page


def plan(picture: Picture, records: Callable[[str], Iterable[Row]]) -> dict[str, Page]:
    """Path → content of every file of the site; `records` gives all check records of a team."""
    environment = _environment(picture)
    named: dict[str, str] = environment.globals["slugs"]  # type: ignore[assignment]
    pages: dict[str, Page] = {
        "index.html": _organisation(environment, picture),
        "glossary.html": environment.get_template("glossary.html.j2").render(
            root="", here="glossary"
        ),
        "report.json": formats.to_json(picture),
        "figures.csv": formats.to_csv(picture),
        "weeks.csv": formats.weeks_csv(picture.organisation.weeks),
    }
    for team, scope in picture.teams.items():
        stem = f"teams/{named[team]}"
        pages[f"{stem}.html"] = environment.get_template("team.html.j2").render(
            root="../",
            here=team,
            scope=scope,
            advice=insight.advice(scope),
            chart=_chart(scope),
            rows=picture.records.get(team, ()),
            total=picture.totals.get(team, 0),
            deployments=picture.deployments.get(team, ()),
        )
        score = scope.now.figures["quality.score"]
        pages[f"{stem}.badge.svg"] = badges.drawing(score)
        pages[f"{stem}.badge.json"] = badges.endpoint(score)
        pages[f"{stem}.records.csv"] = formats.records_csv(records(team))
        pages[f"{stem}.weeks.csv"] = formats.weeks_csv(scope.weeks)
    return pages


def _organisation(environment: jinja2.Environment, picture: Picture) -> str:
    teams = tuple(picture.teams.values())
    return environment.get_template("organisation.html.j2").render(
        root="",
        here="organisation",
        scope=picture.organisation,
        advice=insight.advice(picture.organisation, teams),
        movers=insight.movers(picture.teams),
        groups=_groups(picture),
        chart=_chart(picture.organisation),
        floor=charts.floor(week for team in teams for week in team.weeks),
    )


def _groups(picture: Picture) -> list[tuple[str, list[Scope]]]:
    """Teams by peer group, both by name: no order says who is better."""
    groups: dict[str, list[Scope]] = {}
    for scope in picture.teams.values():
        groups.setdefault(scope.peer_group or "", []).append(scope)
    return sorted(groups.items(), key=lambda pair: (not pair[0], pair[0]))


def _chart(scope: Scope) -> dict[str, Markup] | None:
    """The weekly chart for wide and narrow pages; None where no week has a change."""
    if not any(week.verdicts.changes for week in scope.weeks):
        return None
    return {
        "wide": charts.progress(scope.weeks, charts.WIDE),
        "narrow": charts.progress(scope.weeks, charts.NARROW),
    }


def _environment(picture: Picture) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("vsm_gate.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (files("vsm_gate.report") / "templates" / "style.css").read_text("utf-8")
    shared: dict[str, Any] = {
        "picture": picture,
        "slugs": slugs.slugs(picture.teams),
        "catalogue": CATALOGUE,
        "dimensions": DIMENSIONS,
        "curves": CURVES,
        "curves_version": VERSION,
        "text": text,
        "sparks": sparks,
        "insight": insight,
        "style": Markup(style),  # noqa: S704 (our own file)
        "style_digest": _digest(style),
    }
    environment.globals.update(shared)
    return environment


def _digest(style: str) -> str:
    """The style's digest, as a Content-Security-Policy names it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}"
