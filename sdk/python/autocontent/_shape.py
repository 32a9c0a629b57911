"""Checks of values before they reach the contract: a component ends without a word where one does not fit it. A place is
how an author would write it: ``items[0].title``."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeVar

Read = TypeVar("Read")

MOST = 2**32 - 1
"""Of what the contract counts in 32 bits."""


def misfit(place: str, expected: str, value: object) -> TypeError:
    """The error for a value that is not what stands in its place."""
    return TypeError(f"{place} must be {expected}, not {'None' if value is None else shown(value)}")


def shown(value: object) -> str:
    """A value as a message has it."""
    return f"{type(value).__name__}: {value!r:.80}"


def words(value: object) -> str:
    """Any value as text, for messages: what can't be shown raises nothing."""
    try:
        return text(str(value), "a message")
    except Exception:
        return f"something of the class {type(value).__name__} that can't be shown"


def text(value: object, place: str) -> str:
    """A text that the contract can carry: half a surrogate pair can't be written as UTF-8."""
    if not isinstance(value, str):
        raise misfit(place, "a text", value)
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace").decode()
    return value


def data(value: object, place: str, expected: str = "bytes") -> bytes:
    """Bytes of whatever kind."""
    if not isinstance(value, (bytes, bytearray, memoryview)):
        raise misfit(place, expected, value)
    return bytes(value)


def body(value: object, place: str) -> bytes:
    """Bytes of whatever kind, or a text's."""
    return value.encode("utf-8", "replace") if isinstance(value, str) else data(value, place, "a text or bytes")


def flag(value: object, place: str) -> bool:
    """True or False."""
    if not isinstance(value, bool):
        raise misfit(place, "True or False", value)
    return value


def integer(value: object, place: str, least: int, most: int) -> int:
    """A whole number within bounds."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise misfit(place, f"a whole number from {least} to {most}", value)
    return int(value)


def seconds(value: object, place: str) -> int:
    """Whole seconds, upwards, of a number or a timedelta."""
    number = value.total_seconds() if isinstance(value, timedelta) else value
    if not isinstance(number, (int, float)) or isinstance(number, bool) or not 0 <= number < math.inf:
        raise misfit(place, "a timedelta or a number of seconds, and not below 0", value)
    return min(math.ceil(number), MOST)


def entries(value: object, place: str, read: Callable[[object, str], Read]) -> list[Read]:
    """Each of a list's, or of what else can be gone through."""
    if not isinstance(value, Iterable) or isinstance(value, (str, bytes)):
        raise misfit(place, "a list", value)
    return [read(one, f"{place}[{at}]") for at, one in enumerate(value)]


def optional(value: object, place: str, read: Callable[[object, str], Read]) -> Read | None:
    """What is read, where there is something."""
    return None if value is None else read(value, place)
