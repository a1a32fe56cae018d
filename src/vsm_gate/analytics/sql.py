"""The `.sql` files of this package."""

from __future__ import annotations

from importlib.resources import files


def text(folder: str, name: str) -> str:
    """A `.sql` file."""
    return (files("vsm_gate.analytics") / folder / f"{name}.sql").read_text("utf-8")


def names(folder: str) -> list[str]:
    """The names of a folder's `.sql` files."""
    return sorted(
        item.name.removesuffix(".sql") for item in (files("vsm_gate.analytics") / folder).iterdir()
    )
