"""The `.sql` files in another engine's words (SQLGlot), so that they answer the same there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import sqlglot
from sqlglot import exp


def translated(text: str, dialect: str, parameters: Sequence[str] = ()) -> str:
    """A query for `postgres` or `spark`; `$1` becomes the first parameter, as a text."""
    query = _parsed(text, dialect).copy()
    for found in list(query.find_all(exp.Placeholder)):
        place = int(found.name) - 1
        found.replace(exp.Literal.string(parameters[place].replace("\0", "")))
    # Every name is quoted: what is a word of one language is a name in another.
    return query.sql(dialect=dialect, identify=True, comments=False)


@cache
def _parsed(text: str, dialect: str) -> exp.Expr:
    query = sqlglot.parse_one(text, read="duckdb")
    return query.transform(_for_spark) if dialect == "spark" else query


def _for_spark(node: exp.Expr) -> exp.Expr:
    """What Spark says otherwise, and SQLGlot would say only nearly so.

    Its exact percentile is `PERCENTILE(x, p)`, and it takes no seconds out of an interval.
    """
    if isinstance(node, exp.WithinGroup) and isinstance(node.this, exp.PercentileCont):
        ordered = node.expression.expressions[0]
        return exp.Anonymous(this="PERCENTILE", expressions=[ordered.this, node.this.this])
    if isinstance(node, exp.Extract) and node.name.upper() == "EPOCH":
        difference = node.expression.unnest()
        if isinstance(difference, exp.Sub):
            micros = exp.Sub(this=_micros(difference.left), expression=_micros(difference.right))
            return exp.Div(this=exp.paren(micros), expression=exp.Literal.number("1e6"))
    return node


def _micros(time: exp.Expr) -> exp.Expr:
    moment = exp.cast(time.copy(), "timestamptz")
    return exp.Anonymous(this="UNIX_MICROS", expressions=[moment])
