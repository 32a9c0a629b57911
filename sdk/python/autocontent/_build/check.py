"""Looks at an author's sources without running them: ``check.py FOLDER``.

What can't be compiled is told with file and line. Else the answer, on standard output, is a JSON object: which of the
contract's functions ``main.py`` defines, at its top or in a provider's class.
"""

from __future__ import annotations

import ast
import json
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path

FUNCTIONS = ("find", "suggest", "act")


def main() -> int:
    folder = Path(sys.argv[1])
    # What editors keep beside a file that is open begins with a dot.
    sources = (path for path in folder.rglob("*.py") if not path.name.startswith("."))
    trees = {path: _parsed(path) for path in sorted(sources)}
    main_file = folder / "main.py"
    if main_file not in trees:
        print(f"there is no {main_file}: the build begins from it", file=sys.stderr)
        return 1
    if None in trees.values():
        return 1
    json.dump({"functions": _functions(trees[main_file])}, sys.stdout)
    return 0


def _parsed(path: Path) -> ast.Module | None:
    try:
        tree = ast.parse(path.read_bytes(), str(path))
        # Finds what parsing alone does not, such as `return` outside of a function.
        compile(tree, str(path), "exec", dont_inherit=True)
        return tree
    except (SyntaxError, ValueError) as error:
        lines = traceback.format_exception_only(type(error), error)
        place = f"{path}:{error.lineno}: " if isinstance(error, SyntaxError) and error.lineno else f"{path}: "
        # Its first line names the place as Python does.
        rest = lines[1:] if isinstance(error, SyntaxError) else lines
        print(place + lines[-1].strip() + "\n" + "".join(rest[:-1]).rstrip(), file=sys.stderr)
        return None


def _functions(tree: ast.Module | None) -> list[str]:
    body = tree.body if tree else []
    defined = set(_names(body))
    if "find" not in defined:
        defined = set(_methods(body))
    return [name for name in FUNCTIONS if name in defined]


def _methods(body: Iterable[ast.stmt]) -> Iterable[str]:
    """Those of classes that derive from ``Provider``, or have ``find``; what a base from elsewhere is, isn't looked at."""
    providers = {"Provider"}
    for node in body:
        if isinstance(node, ast.ClassDef):
            methods = list(_names(node.body))
            if "find" in methods or not providers.isdisjoint(map(_name, node.bases)):
                providers.add(node.name)
                yield from methods


def _name(base: ast.expr) -> str | None:
    """The last word of ``Provider``, ``Provider[Command]``, ``autocontent.Provider`` and the like."""
    if isinstance(base, ast.Subscript):
        base = base.value
    return getattr(base, "attr", getattr(base, "id", None))


def _names(body: Iterable[ast.stmt]) -> Iterable[str]:
    """What these statements define, import or assign."""
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (name.asname or name.name for name in node.names)
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            yield node.target.id


if __name__ == "__main__":
    sys.exit(main())
