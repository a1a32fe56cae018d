"""Small reports, written for the test that needs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr


def junit(
    passed: Sequence[str] = (), failed: Mapping[str, str] | None = None, *, seconds: str = "0.010"
) -> str:
    """JUnit XML as pytest writes it. `failed` gives each failing test its message."""
    cases = [
        f"<testcase classname='tests.test_it' name={quoteattr(n)} time='{seconds}'/>"
        for n in passed
    ]
    cases += [
        f"<testcase classname='tests.test_it' name={quoteattr(name)} time='{seconds}'>"
        f"<failure message={quoteattr(message)}>{escape(message)}</failure></testcase>"
        for name, message in (failed or {}).items()
    ]
    return f"<testsuites><testsuite name='pytest'>{''.join(cases)}</testsuite></testsuites>"


def cobertura(files: Mapping[str, Mapping[int, int]], *, source: str = "") -> str:
    """Cobertura XML. `files` gives each path the hits of its coverable lines."""
    classes = "".join(
        f"<class name='x' filename={quoteattr(path)}><methods/><lines>"
        + "".join(f"<line number='{n}' hits='{hits}'/>" for n, hits in lines.items())
        + "</lines></class>"
        for path, lines in files.items()
    )
    sources = f"<sources><source>{escape(source)}</source></sources>" if source else ""
    return (
        f"<?xml version='1.0'?><coverage line-rate='0'>{sources}<packages><package name='.'>"
        f"<classes>{classes}</classes></package></packages></coverage>"
    )
