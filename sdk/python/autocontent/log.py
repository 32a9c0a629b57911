"""Lines for the operator. A call may write 100 of 2 KiB; the host counts and drops what is more.

The standard module ``logging`` and ``print`` end here too.
"""

from __future__ import annotations

from autocontent import _host, _shape


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
    _host.log.write(getattr(_host.log.Level, level), _shape.text(str(message), "a line of the log"))
