"""Writing text that Discord shows as it is meant."""

from __future__ import annotations

import re

_ANYWHERE = re.compile(r"([\\*_~`|\[\]<])")
_LINE_MARK = re.compile(r"^( *)([#>+-])", re.MULTILINE)
_LINE_NUMBER = re.compile(r"^( *[0-9]+)\.", re.MULTILINE)


def escape(text: str) -> str:
    """``text`` with every character escaped that Discord's Markdown would take as its own."""
    text = _ANYWHERE.sub(r"\\\1", text)
    text = _LINE_MARK.sub(r"\1\\\2", text)
    return _LINE_NUMBER.sub(r"\1\\.", text)


def block_quote(text: str) -> str:
    """``text``, escaped, as a block quote: every line set off."""
    return "\n".join(f"> {escape(line)}" for line in text.splitlines())
