"""Holds the JSON of a dashboard against the types of Grafana's foundation SDK."""

import enum
import json
import types
import typing
from collections.abc import Iterator

from grafana_foundation_sdk.cog import plugins
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

# What a Prometheus annotation says; the SDK has no field for it.
UNTYPED = {"step", "titleFormat", "textFormat"}


def mismatches(dashboard: dict) -> list[str]:
    """The path and the value of each field that the SDK does not know or that is not of its type; it reads panels by their kind."""
    plugins.register_default_plugins()
    return list(_read(dashboard, Dashboard, ""))


def _read(given, hint, path) -> Iterator[str]:
    try:
        read = hint.from_json(given)
    except (AttributeError, KeyError, TypeError, ValueError) as failure:
        yield f"{path or '.'}: the type {hint.__name__} cannot read it: {failure}"
        return
    yield from _unknown(given, json.loads(JSONEncoder().encode(read)), path)
    yield from _wrong(read, hint, path)


def _unknown(given, written, path) -> Iterator[str]:
    """What reading with the SDK's types loses: from_json ignores a field that it does not know."""
    match given, written:
        case dict(), dict():
            for name, value in given.items():
                if name in written:
                    yield from _unknown(value, written[name], f"{path}.{name}")
                elif not (name in UNTYPED and path.startswith(".annotations.")):
                    yield f"{path}.{name}: unknown field: {value!r}"
        case list(), list():
            for position, (one, other) in enumerate(zip(given, written, strict=True)):
                yield from _unknown(one, other, f"{path}[{position}]")
        case _:
            if given != written:
                yield f"{path}: {given!r} is read as {written!r}"


def _wrong(value, hint, path) -> Iterator[str]:
    """Values that are not of their type: from_json takes any."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        # The class of a value says which of several it is meant to be.
        meant = [part for part in parts if type(value) is part] or [part for part in parts if part is not type(None)]
        yield from min((list(_wrong(value, part, path)) for part in meant), key=len)
    elif origin is list and isinstance(value, list):
        for position, one in enumerate(value):
            yield from _wrong(one, parts[0], f"{path}[{position}]")
    elif origin is dict and isinstance(value, dict):
        for name, one in value.items():
            yield from _wrong(one, parts[1], f"{path}.{name}")
    elif origin is typing.Literal:
        if value not in parts:
            yield f"{path}: {value!r} is not one of {parts}"
    elif isinstance(hint, type) and issubclass(hint, enum.Enum):
        if value not in list(hint):
            yield f"{path}: {value!r} is not one of {[member.value for member in hint]}"
    elif isinstance(value, dict) and hasattr(hint, "from_json"):
        # The SDK leaves some lists of objects unread.
        yield from _read(value, hint, path)
    elif not _is(value, hint):
        yield f"{path}: {value!r} is not of type {getattr(hint, '__name__', hint)}"
    elif hasattr(value, "to_json") and not isinstance(value, type):
        for name, inner in typing.get_type_hints(type(value)).items():
            yield from _wrong(getattr(value, name), inner, f"{path}.{name}")


def _is(value, hint):
    if hint in (object, typing.Any):
        return True
    if hint in (int, float):
        return isinstance(value, (int, float) if hint is float else int) and not isinstance(value, bool)
    return isinstance(value, typing.get_origin(hint) or hint)
