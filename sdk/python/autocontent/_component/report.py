"""Exceptions as lines for the log.

The standard library's tracebacks look for files, of which a component has none while it runs: the author's sources are
remembered when it is built.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Final

from autocontent import log
from autocontent._shape import words

_FRAMES: Final = 20
"""The innermost ones that are shown."""

_sources: Final[dict[str, list[str]]] = {}
_folder = ""


def remember_sources(main: ModuleType) -> None:
    """Keeps the lines of the modules in the folder of ``main``."""
    global _folder
    _folder = str(Path(main.__file__ or "").parent)
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if file and file.startswith(_folder + "/"):
            _sources[file] = Path(file).read_text("utf-8").splitlines()


def exception(error: BaseException) -> str:
    """Writes an exception with its traceback to the log, and returns it in one line."""
    seen: set[int] = set()
    cause: BaseException | None = error
    heading = ""
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        log.error(heading + _named(cause))
        for line in _frames(cause):
            log.error(line)
        heading = "caused by "
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    place = _innermost(error)
    return _named(error) + (f" ({place})" if place else "")


def _named(error: BaseException) -> str:
    message = words(error)
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def _frames(error: BaseException) -> list[str]:
    lines = []
    for file, line, function in _trace(error):
        source = _sources.get(file, [])
        text = f": {source[line - 1].strip()}" if line <= len(source) else ""
        lines.append(f"  at {shown(file)}:{line} in {function}{text}")
    left_out = len(lines) - _FRAMES
    return lines if left_out <= 0 else [f"  … {left_out} more", *lines[-_FRAMES:]]


def _innermost(error: BaseException) -> str:
    """The place in the author's own code where it came from."""
    own = [(file, line) for file, line, _ in _trace(error) if file in _sources]
    return f"{shown(own[-1][0])}:{own[-1][1]}" if own else ""


def _trace(error: BaseException) -> list[tuple[str, int, str]]:
    trace, frames = error.__traceback__, []
    while trace is not None:
        code = trace.tb_frame.f_code
        if "/autocontent/_component/" not in code.co_filename:
            frames.append((code.co_filename, trace.tb_lineno, code.co_name))
        trace = trace.tb_next
    return frames


def shown(file: str) -> str:
    """The file as the author knows it: componentize-py numbers the folders that it takes modules from."""
    if file.startswith(_folder + "/"):
        return "src" + file[len(_folder) :]
    return re.sub(r"^/[0-9]+/", "", file)
