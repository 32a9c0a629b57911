"""The component's exports. The module is run once, when the component is built; each call starts from what it left."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autocontent._component import ambient

# Before the author's modules take their own copies of what is replaced.
ambient.install()

import main
import provider_toml

from autocontent import _host
from autocontent._component import report, wire
from autocontent.provider import Provider

report.remember_sources(main)
ambient.refuse_event_loops()


def _author() -> Any:
    """Who defines ``find``: the module, or an object of its class that no other of its classes is derived from."""
    if hasattr(main, "find"):
        return main
    own = [one for one in vars(main).values() if isinstance(one, type) and one.__module__ == main.__name__]
    classes = [one for one in dict.fromkeys(own) if issubclass(one, Provider)]
    last = [one for one in classes if not any(issubclass(other, one) for other in classes if other is not one)]
    if not last:
        raise TypeError("src/main.py defines neither a function find nor a class derived from Provider")
    if len(last) > 1:
        names = " and ".join(one.__name__ for one in last)
        raise TypeError(f"src/main.py defines several classes derived from Provider, {names}: leave one there")
    return last[0]()


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
                return wire.choices(_AUTHOR.suggest(wire.partial(partial)))
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
            failure = wire.failure(error) or wire.internal(report.exception(error))
    # Outside of the context manager, which would set its traceback: it takes no changes.
    raise _host.Err(failure)
