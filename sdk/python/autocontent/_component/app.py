"""The component's exports. The module is run once, when the component is built; each call starts from what it left."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from autocontent._component import ambient

# Before the author's modules take their own copies of what is replaced.
ambient.install()

import main
import provider_toml

from autocontent import _host
from autocontent._component import report, wire
from autocontent.provider import Provider
from autocontent.requests import Choice

report.remember_sources(main)
ambient.refuse_event_loops()


def _author() -> Any:
    """Who defines ``find``: the module, or an object of its class."""
    if hasattr(main, "find"):
        return main
    for value in vars(main).values():
        if isinstance(value, type) and issubclass(value, Provider) and value is not Provider:
            return value()
    raise TypeError("src/main.py defines neither a function find nor a class derived from Provider")


_AUTHOR = _author()


class Content:
    """``content``"""

    def find(self, request: Any) -> Any:
        return _answer("find", lambda: wire.request(request, provider_toml.COMMANDS))


class Suggestions:
    """``suggestions``"""

    def suggest(self, partial: Any) -> list[Any]:
        with ambient.call():
            try:
                choices: Iterable[Choice] = _AUTHOR.suggest(wire.partial(partial))
                return [wire.choice(choice) for choice in choices]
            except BaseException as error:
                report.exception(error)
                return []


class Actions:
    """``actions``"""

    def act(self, press: Any) -> Any:
        return _answer("act", lambda: wire.press(press, provider_toml.COMMANDS))


def _answer(function: str, asked: Callable[[], Any]) -> Any:
    with ambient.call():
        try:
            return wire.page(getattr(_AUTHOR, function)(asked()), function)
        except BaseException as error:
            failure = wire.failure(error)
            if failure is None:
                failure = wire.internal(report.exception(error))
    # Outside of the context manager, which would set its traceback: it takes no changes.
    raise _host.Err(failure)
