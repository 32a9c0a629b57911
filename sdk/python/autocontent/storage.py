"""Small durable data, up to the quota that provider.toml asks for: :data:`provider` is the whole provider's,
:data:`place` that of the guild or DM being served, :data:`member` that of the member.

::

    seen = storage.member.get_json("seen", [])
    storage.member.set_json("seen", [*seen, item.id], ttl=timedelta(days=30))

What goes wrong is raised as a :class:`~autocontent.Failure` that fits.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, TypeVar

from autocontent import _host, _shape
from autocontent.failures import Failure, Internal, Misconfigured

Answer = TypeVar("Answer")


class StorageError(Failure):
    """One of the classes below."""


class Full(StorageError, Misconfigured):
    """The quota is used up."""


class TooLarge(StorageError, Internal):
    """The key is empty or over 256 bytes, the value over 64 KiB, or a counter is none or beyond 64 bits."""


class Unavailable(StorageError, Internal):
    """Not granted, or the host's database can't be reached, or this call has used it too often."""


class Storage:
    """The entries of one scope."""

    def __init__(self, scope: str) -> None:
        self._scope = scope

    def get(self, key: str) -> bytes | None:
        """The value under a key, if there is one."""
        value: bytes | None = _ask(lambda: _host.storage.get(self._wire(), _key(key)))
        return value

    def set(self, key: str, value: bytes | str, *, ttl: timedelta | float | None = None) -> None:
        """Sets the value under a key, for good or for ``ttl`` (seconds where it is a number)."""
        data = _shape.body(value, "what the storage keeps")
        seconds = _shape.optional(ttl, "ttl", _shape.seconds)
        _ask(lambda: _host.storage.set(self._wire(), _key(key), data, seconds))

    def get_json(self, key: str, default: Any = None) -> Any:
        """The value under a key, read as JSON; ``default`` where there is none."""
        value = self.get(key)
        return default if value is None else json.loads(value)

    def set_json(self, key: str, value: Any, *, ttl: timedelta | float | None = None) -> None:
        """Sets the value under a key to something as JSON."""
        self.set(key, json.dumps(value, ensure_ascii=False, separators=(",", ":")), ttl=ttl)

    def delete(self, key: str) -> None:
        """Removes a key; also where there is none."""
        _ask(lambda: _host.storage.delete(self._wire(), _key(key)))

    def increment(self, key: str, by: int = 1) -> int:
        """Adds to a counter in one step, and returns its new value. A missing key counts from 0, and one that is there
        keeps its time to live."""
        by = _shape.integer(by, "by", -(2**63), 2**63 - 1)
        total: int = _ask(lambda: _host.storage.increment(self._wire(), _key(key), by))
        return total

    def keys(self, prefix: str = "", *, after: str | None = None, limit: int = 1000) -> list[str]:
        """At most ``limit`` keys, and at most 1,000, that begin with ``prefix``, in byte order from behind ``after``."""
        prefix, after = _key(prefix), _shape.optional(after, "after", _shape.text)
        limit = _shape.integer(limit, "limit", 0, _shape.MOST)
        keys: list[str] = _ask(lambda: _host.storage.keys(self._wire(), prefix, after, limit))
        return keys

    def _wire(self) -> Any:
        return getattr(_host.storage.Scope, self._scope)


provider: Final = Storage("PROVIDER")
"""The whole provider's."""
place: Final = Storage("PLACE")
"""That of the guild or DM being served; erased with the guild's data."""
member: Final = Storage("MEMBER")
"""That of the member being served; erased with the member's data."""


def _key(key: object) -> str:
    return _shape.text(key, "a key of the storage")


def _ask(question: Callable[[], Answer]) -> Answer:
    try:
        return question()
    except _host.Err as error:
        kind = type(error.value).__name__
        if kind == "Error_Full":
            raise Full("the provider's storage quota is used up") from None
        if kind == "Error_TooLarge":
            raise TooLarge("a storage key, value or number is beyond what the contract allows") from None
        raise Unavailable("the host's storage is unavailable") from None
