"""Runs componentize-py with the arguments it is given, and tells an author what stops their modules.

componentize-py runs the modules once, to keep what they come to. An exception there arrives as a text among its own
frames, with the numbers that it gives to folders in place of their names.
"""

from __future__ import annotations

import os
import re
import sys


def main() -> int:
    os.environ.pop("RUST_BACKTRACE", None)
    from componentize_py import script

    try:
        script()
    except SystemExit as ended:
        return int(ended.code or 0)
    except BaseException as error:
        print(explained(str(error), _folders(sys.argv)), file=sys.stderr)
        return 1
    return 0


def explained(message: str, folders: list[str]) -> str:
    """The message without componentize-py's frames and this package's, and with the folders' names."""
    message = message.split("\n\nCaused by:")[0].split("\n\nStack backtrace:")[0].rstrip()
    lines = message.splitlines()
    kept: list[str] = []
    ours = False
    for line in lines:
        frame = re.match(r'  File "/([0-9]+)/([^"]+)"(.*)', line)
        if frame:
            ours = frame[2].startswith("autocontent/")
            number = int(frame[1])
            folder = folders[number] if number < len(folders) else ""
            line = f'  File "{os.path.join(folder, frame[2])}"{frame[3]}'
        elif not line.startswith("    "):
            ours = False
        if not ours:
            kept.append(line)
    return "\n".join(kept)


def _folders(arguments: list[str]) -> list[str]:
    """Those that modules are taken from, in the order of their numbers."""
    return [after for flag, after in zip(arguments, arguments[1:]) if flag == "-p"]


if __name__ == "__main__":
    sys.exit(main())
