"""The operator's settings, as provider.toml's ``[[setting]]`` tables describe them: their value, else the default there,
else None."""

from __future__ import annotations

from typing import TypeVar, Union, cast

from autocontent import _host, _shape

Value = Union[str, int, float, bool, list[str]]

Kind = TypeVar("Kind")


def get(name: str) -> Value | None:
    """The value of a setting of any kind."""
    value = _host.settings.get(_shape.text(name, "the name of a setting"))
    return None if value is None else cast(Value, value.value)


def text(name: str) -> str | None:
    """A setting of kind text."""
    return _of_kind(name, str, "text")


def integer(name: str) -> int | None:
    """A setting of kind integer."""
    return _of_kind(name, int, "integer")


def number(name: str) -> float | None:
    """A setting of kind number."""
    return _of_kind(name, float, "number")


def boolean(name: str) -> bool | None:
    """A setting of kind boolean."""
    return _of_kind(name, bool, "boolean")


def texts(name: str) -> list[str] | None:
    """A setting that is a list of texts."""
    return cast("list[str] | None", _of_kind(name, list, "texts"))


def _of_kind(name: str, kind: type[Kind], word: str) -> Kind | None:
    value = get(name)
    if value is None or type(value) is kind:
        return value
    raise TypeError(f"the setting {name!r} has the value {value!r}, which is not of kind {word}: see provider.toml")
