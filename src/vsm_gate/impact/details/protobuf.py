"""Protocol buffers: numbers that are taken again, types that change, names that are gone.

What is on the wire is told by numbers and types: those are `breaking`. A new name for the same
number and type breaks JSON and generated code, and is a `warning`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vsm_gate.impact.details.contract import Finding, Unread, Versions
from vsm_gate.impact.details.proto import Field, Method, Proto, parse

NAME: Final = "Protocol Buffers"
CLASS: Final = "interfaces"

# Types of which each reads what the other wrote, as the language guide lists them.
_ALIKE: Final = tuple(
    map(
        frozenset,
        (
            ("int32", "uint32", "int64", "uint64", "bool"),
            ("sint32", "sint64"),
            ("string", "bytes"),
            ("fixed32", "sfixed32"),
            ("fixed64", "sfixed64"),
        ),
    )
)


def wants(path: str) -> bool:
    """Files of the usual ending."""
    return path.endswith(".proto")


def find(file: Versions) -> Iterator[Finding | Unread]:
    """What breaks those who read or write by the base's description."""
    try:
        before, after = parse(file.base or ""), parse(file.head or "")
    except ValueError as problem:
        yield Unread(f"it cannot be read: {problem}")
        return
    if file.base is not None and file.head is not None and before.package != after.package:
        text = f"renames the package `{before.package}` to `{after.package}`"
        yield Finding(text, "breaking")
    found = [*_messages(before, after), *_enums(before, after), *_services(before, after)]
    yield from found
    if not found:
        yield Finding("nothing in it breaks who reads or writes by the base's description")


def _messages(before: Proto, after: Proto) -> Iterator[Finding]:
    for name, fields in before.messages.items():
        if name not in after.messages:
            yield Finding(f"removes the message `{name}`", "breaking")
            continue
        reserved = after.reserved.get(name, [])
        for number, old in fields.items():
            new = after.messages[name].get(number)
            if new is None:
                kept = any(number in numbers for numbers in reserved)
                text = f"removes `{name}.{old.name}`"
                if kept:
                    yield Finding(f"{text} and reserves its number {number}", "warning")
                else:
                    yield Finding(f"{text} and leaves its number {number} to be taken", "breaking")
            else:
                yield from _field(name, number, old, new)
        for number, new in after.messages[name].items():
            if number not in fields:
                yield from _new(name, number, new, before)


def _field(message: str, number: int, old: Field, new: Field) -> Iterator[Finding]:
    where = f"`{message}.{new.name}`"
    alike = any({old.type, new.type} <= group for group in _ALIKE)
    if old.type != new.type and old.name != new.name:
        text = f"takes the number {number} of `{message}.{old.name}` ({old.type}) for {where}"
        yield Finding(f"{text} ({new.type})", "breaking", new.line)
    elif old.type != new.type:
        text = f"changes the type of {where}: {old.type} → {new.type}"
        yield Finding(text, "warning" if alike else "breaking", new.line)
    elif old.name != new.name:
        yield Finding(f"renames `{message}.{old.name}` to {where}", "warning", new.line)
    if old.label != new.label:
        text = f"makes {where} {new.label or 'single'}, which was {old.label or 'single'}"
        yield Finding(text, "breaking", new.line)
    if old.oneof != new.oneof:
        yield Finding(f"moves {where} into or out of a oneof", "breaking", new.line)


def _new(message: str, number: int, new: Field, before: Proto) -> Iterator[Finding]:
    if any(number in numbers for numbers in before.reserved.get(message, [])):
        text = f"takes the reserved number {number} for `{message}.{new.name}`"
        yield Finding(text, "breaking", new.line)
    elif new.label == "required":
        yield Finding(f"asks for `{message}.{new.name}`", "breaking", new.line)
    else:
        yield Finding(f"adds `{message}.{new.name}`", "info", new.line)


def _enums(before: Proto, after: Proto) -> Iterator[Finding]:
    for name, values in before.enums.items():
        if name not in after.enums:
            yield Finding(f"removes the enum `{name}`", "breaking")
            continue
        for number, value in values.items():
            now = after.enums[name].get(number)
            if now is None:
                yield Finding(f"removes `{value}` of the enum `{name}`", "breaking")
            elif now != value:
                yield Finding(f"renames `{value}` of the enum `{name}` to `{now}`", "warning")


def _services(before: Proto, after: Proto) -> Iterator[Finding]:
    for name, methods in before.services.items():
        if name not in after.services:
            yield Finding(f"removes the service `{name}`", "breaking")
            continue
        for method, old in methods.items():
            new = after.services[name].get(method)
            if new is None:
                yield Finding(f"removes the method `{name}.{method}`", "breaking")
            else:
                yield from _method(f"`{name}.{method}`", old, new)


def _method(where: str, old: Method, new: Method) -> Iterator[Finding]:
    for what, before, after in (("takes", old.takes, new.takes), ("gives", old.gives, new.gives)):
        if before != after:
            text = f"changes what {where} {what}: {before} → {after}"
            yield Finding(text, "breaking", new.line)
