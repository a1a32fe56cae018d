"""Addresses of the forge's pages, for what a reader may want to open."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from vsm_gate.publish.result import CheckResult

_ADDRESS: Final = re.compile(r"https://[^\s<>()\[\]\\]+")
_PAGE: Final = re.compile(r"(?:[\w-][\w.-]*/)*[\w-][\w.-]*\.(?:md|rst|adoc|txt|html)")


def blob(result: CheckResult, path: str, lines: range | None = None) -> str:
    """A file at the head of the change, at its lines; empty where no forge is known.

    The head is named by its hash, so that the lines stay those that were judged.
    """
    base = repository(result)
    if not base:
        return ""
    # a file's name may have bytes that are no text
    where = quote(path, safe="/", errors="surrogatepass")
    return f"{base}/blob/{result.change.head}/{where}{_anchor(lines)}"


def page(result: CheckResult, text: str) -> str:
    """The page that a policy names as a remedy, by its address or its path; empty for a sentence.

    A path is of this repository, and so only where the policy is.
    """
    if _ADDRESS.fullmatch(text):
        return quote(text, safe=":/?#&=%+,;@~!$'*.-_", errors="surrogatepass")
    here = not result.policy.source.startswith(("git+", "vsm-gate:"))
    return blob(result, text) if here and _PAGE.fullmatch(text) else ""


def run(result: CheckResult) -> str:
    """The attempt of the workflow's run, where the summary is; empty where there is none."""
    base, context = repository(result), result.context
    if not base or not context.run.isdecimal():
        return ""
    return f"{base}/actions/runs/{context.run}/attempts/{context.attempt}"


def repository(result: CheckResult) -> str:
    """The repository; empty where no forge is known."""
    server = result.context.server_url.rstrip("/")
    if not server.startswith(("https://", "http://")):
        return ""
    return f"{server}/{quote(result.context.repository, safe='/')}"


def _anchor(lines: range | None) -> str:
    if not lines:
        return ""
    last = lines.stop - 1
    return f"#L{lines.start}" if last == lines.start else f"#L{lines.start}-L{last}"
