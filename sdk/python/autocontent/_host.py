"""The contract's imports, which componentize-py adds to the component that it makes, and which are only there."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class _Absent:
    """Stands where the host would be, in an editor or a plain test."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(
            "the host is there only for a built provider: test it with the fixture of autocontent.testing"
        )


class _NoResult(Exception):
    """No result is of this class outside of a component."""


# Under names that a type checker does not look for, as it would not find them.
http: Any = _Absent()
log: Any = _Absent()
settings: Any = _Absent()
storage: Any = _Absent()
system: Any = _Absent()
Ok: Any = _NoResult
Err: Any = _NoResult

try:
    http = import_module("wit_world.imports.http")
    log = import_module("wit_world.imports.log")
    settings = import_module("wit_world.imports.settings")
    storage = import_module("wit_world.imports.storage")
    system = import_module("wit_world.imports.system")
    Ok = import_module("componentize_py_types").Ok
    Err = import_module("componentize_py_types").Err
except ImportError:
    pass
