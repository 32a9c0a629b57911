"""The usual calls for time, randomness, logging and printing, led to the contract's.

While the component is built they do what they always do, as there is no host yet: what a module computes from them at
its top is the same in every call. What a component does not have while it runs (files, sockets, sleep, modules that were
not imported when it was built) is refused in words, where it would be a bare trap.
"""

from __future__ import annotations

import builtins
import calendar
import datetime
import importlib.abc
import io
import logging
import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

# Modules that the standard library imports only when it needs them.
import _strptime  # type: ignore[import-not-found]
import encodings.ascii
import encodings.cp1252
import encodings.idna
import encodings.latin_1
import encodings.utf_16
import encodings.utf_16_be
import encodings.utf_16_le
import encodings.utf_32
import encodings.utf_32_be
import encodings.utf_32_le
import encodings.utf_8_sig
import unicodedata

from autocontent import _host, log
from autocontent._shape import words

_calling = False


@contextmanager
def call() -> Iterator[None]:
    """Around each call of the host's. An instance serves one call only."""
    global _calling
    _calling = True
    random.seed(int.from_bytes(_host.system.random(32), "little"))
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()


def install() -> None:
    """Replaces the calls."""
    _install_clock()
    _install_dates()
    _install_randomness()
    _install_log()
    _install_refusals()


def refuse_event_loops() -> None:
    """Where the author's modules imported ``asyncio``, which is not done here as few need it."""
    if "asyncio" in sys.modules:
        what = "a provider has no event loop: autocontent.http.fetch_all sends requests at once"
        _replace(sys.modules["asyncio"], "run", _refuse(what))


def _install_clock() -> None:
    def milliseconds() -> int:
        now: int = _host.system.now()
        return now

    for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time"):
        _replace(time, name, lambda: milliseconds() / 1000)
        _replace(time, f"{name}_ns", lambda: milliseconds() * 1_000_000)
    # Without their last argument these four ask the operating system.
    gmtime, strftime = time.gmtime, time.strftime
    _replace(time, "gmtime", lambda seconds=None: gmtime(time.time() if seconds is None else seconds))
    _replace(time, "localtime", lambda seconds=None: gmtime(time.time() if seconds is None else seconds))
    _replace(time, "strftime", lambda format, at=None: strftime(format, time.gmtime() if at is None else at))
    asctime = time.asctime
    _replace(time, "asctime", lambda at=None: asctime(time.gmtime() if at is None else at))
    _replace(time, "ctime", lambda seconds=None: asctime(time.gmtime(seconds)))


def _install_dates() -> None:
    """``datetime.now`` and its like are built in and can't be replaced, so the classes are, by ones that differ in them
    alone; values of either pass for the other."""
    replaced: dict[type, type] = {}

    class Replacing(type):
        """Only what replaces a class takes all values of that class; a class that an author derives takes its own."""

        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, replaced[cls]) if cls in replaced else super().__instancecheck__(value)

        def __subclasscheck__(cls, other: type) -> bool:
            return issubclass(other, replaced[cls]) if cls in replaced else super().__subclasscheck__(other)

    class date(datetime.date, metaclass=Replacing):
        @classmethod
        def today(cls) -> Any:
            return cls.fromtimestamp(time.time())

    class datetime_(datetime.datetime, metaclass=Replacing):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> Any:
            return cls.fromtimestamp(time.time(), tz)

        @classmethod
        def today(cls) -> Any:
            return cls.fromtimestamp(time.time())

        @classmethod
        def utcnow(cls) -> Any:
            return cls.fromtimestamp(time.time(), datetime.timezone.utc).replace(tzinfo=None)

    for made, name in ((date, "date"), (datetime_, "datetime")):
        replaced[made] = getattr(datetime, name)
        made.__module__, made.__name__, made.__qualname__ = "datetime", name, name
        setattr(datetime, name, made)
    # It was imported above, with the classes as they were.
    setattr(_strptime, "datetime_date", date)
    setattr(calendar, "datetime", datetime)


def _install_randomness() -> None:
    def urandom(size: int) -> bytes:
        """The contract gives at most 4 KiB at once."""
        parts = [_host.system.random(min(4096, size - at)) for at in range(0, size, 4096)]
        return b"".join(parts)

    _replace(os, "urandom", urandom)
    # What `random.SystemRandom` and so `secrets` took over.
    setattr(random, "_urandom", os.urandom)


class _Lines(io.TextIOBase):
    """A stream whose lines go to the log."""

    def __init__(self, write: Callable[[object], None], before: Any) -> None:
        self._write_line, self._before, self._rest = write, before, ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not _calling:
            return int(self._before.write(text))
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            self._write_line(line)
        return len(text)

    def flush(self) -> None:
        if _calling and self._rest:
            self._write_line(self._rest)
            self._rest = ""


class _Log(logging.Handler):
    """Writes what ``logging`` is told, with the traceback of an exception."""

    def emit(self, record: logging.LogRecord) -> None:
        from autocontent._component import report

        try:
            message = record.getMessage()
        except Exception as error:
            # The usual way to tell of it looks for files, which would end the call.
            place = f"{report.shown(record.pathname)}:{record.lineno}"
            message = f"{words(record.msg)} (its values don't fit it, at {place}: {words(error)})"
        if record.name != "root":
            message = f"{record.name}: {message}"
        if not _calling:
            # The host is not there yet.
            print(message, file=sys.stderr)
            return
        if record.levelno >= logging.ERROR:
            log.error(message)
        elif record.levelno >= logging.WARNING:
            log.warn(message)
        elif record.levelno >= logging.INFO:
            log.info(message)
        else:
            log.debug(message)
        if record.exc_info and record.exc_info[1] is not None:
            report.exception(record.exc_info[1])


def _install_log() -> None:
    sys.stdout = _Lines(log.info, sys.stdout)
    sys.stderr = _Lines(log.warn, sys.stderr)
    logging.basicConfig(level=logging.INFO, handlers=[_Log()])
    # They look for the caller in files, threads and processes.
    logging.logThreads = logging.logMultiprocessing = logging.logProcesses = logging.logAsyncioTasks = False  # type: ignore[attr-defined]


def _install_refusals() -> None:
    no_files = "a provider has no files while it runs: read them at the top of a module, when the component is built"
    no_sockets = "a provider has no sockets: ask autocontent.http"
    _replace(builtins, "open", _refuse(no_files))
    _replace(io, "open", _refuse(no_files))
    _replace(builtins, "input", _refuse("nobody types into a provider: members fill in the options of its commands"))
    for name in ("access", "listdir", "lstat", "mkdir", "open", "remove", "rename", "rmdir", "scandir", "stat", "unlink"):
        _replace(os, name, _refuse(no_files))
    _replace(time, "sleep", _refuse("a provider can't sleep: each call has little time, and the host waits for it"))
    try:
        import socket
    except ImportError:
        pass
    else:
        for name in ("socket", "create_connection", "getaddrinfo"):
            setattr(socket, name, _refuse(no_sockets))
    # Behind what is built in, before what is looked for in files.
    sys.meta_path.insert(2, _Imports())


def _refuse(what: str) -> Callable[..., NoReturn]:
    def refused(*_: Any, **__: Any) -> NoReturn:
        raise OSError(what)

    return refused


class _Imports(importlib.abc.MetaPathFinder):
    def find_spec(self, name: str, path: Sequence[str] | None, target: Any = None) -> None:
        if _calling:
            raise ModuleNotFoundError(
                f"the module {name!r} was not imported when the component was built: import it at the top of a module",
                name=name,
            )


def _replace(module: Any, name: str, during_calls: Callable[..., Any]) -> None:
    before = getattr(module, name, None)
    if before is None:
        return

    def replaced(*arguments: Any, **named: Any) -> Any:
        return (during_calls if _calling else before)(*arguments, **named)

    replaced.__name__, replaced.__doc__ = name, getattr(before, "__doc__", None)
    setattr(module, name, replaced)
