"""Lines for the operator. A call may write 100 of 2 KiB; the host counts and drops what is more.

The standard module ``logging`` and ``print`` end here too.
"""

from __future__ import annotations

from autocontent import _host


def trace(message: object) -> None:
    """Writes what only the author wants to read."""
    _write("TRACE", message)


def debug(message: object) -> None:
    """Writes what helps to find a fault."""
    _write("DEBUG", message)


def info(message: object) -> None:
    """Writes what happened as it should."""
    _write("INFO", message)


def warn(message: object) -> None:
    """Writes what went wrong without harm."""
    _write("WARN", message)


def error(message: object) -> None:
    """Writes what went wrong."""
    _write("ERROR", message)


def _write(level: str, message: object) -> None:
    # Half a surrogate pair can't be written as UTF-8.
    line = str(message).encode("utf-8", "replace").decode()
    _host.log.write(getattr(_host.log.Level, level), line)
