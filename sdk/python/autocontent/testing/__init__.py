"""Runs a built provider in the real sandbox, with production's limits, through the program ``autocontent``.

With pytest, ``tests/conftest.py`` says ``pytest_plugins = ["autocontent.testing.plugin"]``, and a test takes the fixture
``provider``::

    def test_finds_a_book(provider):
        answer = provider.run("/bookfinder title:dune")
        assert answer.item["title"] == "Dune"

The clock stands, randomness has a seed, storage is in memory, and recordings stand in for the network: a request that
none of them has is an error. With AUTOCONTENT_RECORD=1 in the environment the network is asked, and what it answers is
written into the first of them. Elsewhere, :class:`Harness` does the same.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, Literal, TypedDict

if TYPE_CHECKING:
    from typing_extensions import Unpack

Json = Any
"""What a text of JSON comes to."""

PlaceKind = Literal["guild", "dm", "private-channel"]
Scope = Literal["provider", "place", "member"]


class Who(TypedDict, total=False):
    """Who asks, and where. Members and guilds are numbered."""

    member: int
    """1 where left out."""
    place: PlaceKind
    """A guild where left out."""
    guild: int
    """1 where left out."""
    locale: str
    """The member's language; "en-US" where left out."""
    sensitive: bool
    """Whether age-restricted content may be shown there; False where left out."""
    moderator: bool
    """Whether the member may delete what others asked for; False where left out."""


class HarnessError(Exception):
    """The harness could not do what it was asked to; for instance there is no recording of a request."""


@dataclass(frozen=True)
class Answer:
    """What came of a command or a press."""

    reply: dict[str, Json]
    """What the member gets: ``kind``, ``message`` as Discord would be sent it, ``buttons`` and the like."""
    logs: list[dict[str, str]]
    """What the provider logged: ``level`` and ``message``."""
    fetches: list[dict[str, Json]]
    """What it fetched: ``method``, ``url``, and ``status`` or ``error``."""
    calls: list[dict[str, Json]]
    """How often it was asked, and what it answered each time, in the contract's words."""
    usage: dict[str, Json]
    """What all of that cost."""

    @property
    def item(self) -> dict[str, Json]:
        """The item that is shown. Where there is none, the error says what the member reads instead."""
        item: dict[str, Json] | None = self.reply.get("item")
        if item is None:
            raise AssertionError(f"no item is shown, but {self.notice or self.reply.get('kind')!r}; log: {self.logs}")
        return item

    @property
    def notice(self) -> str | None:
        """The host's own sentence to the member, where there is one."""
        return self.reply.get("notice")

    @property
    def private(self) -> bool:
        """Whether only the member sees it."""
        return bool(self.reply["private"])

    @property
    def labels(self) -> list[str]:
        """What stands on the buttons: a text, or an emoji."""
        return [button["label"] or button.get("emoji", "") for button in self.reply.get("buttons", [])]


class Harness:
    """One provider and the world that it runs in."""

    def __init__(
        self,
        component: str | Path = ".",
        *,
        recordings: Sequence[str | Path] | None = None,
        record: str | Path | None = None,
        now: datetime | None = None,
        seed: int = 0,
        settings: Mapping[str, Json] | None = None,
        grants: Sequence[str] = (),
        secrets: Mapping[str, str] | None = None,
    ) -> None:
        """``component`` is a file, or a project that was built.

        ``recordings`` are played in place of the network; without any, every request is an error. With ``record`` the
        network is asked, and what it answers is written to that file; AUTOCONTENT_RECORD=1 in the environment makes
        that of the first recording. ``now`` is what the clock tells, ``seed`` where randomness begins, and
        ``settings`` are what an operator would set. ``grants`` are what is granted beside what provider.toml asks for,
        such as ``["http:feeds.example.org"]``, where it takes further hosts. ``secrets`` are needed to record only.
        """
        if record is None and recordings and os.environ.get("AUTOCONTENT_RECORD") == "1":
            record = recordings[0]
        program = os.environ.get("AUTOCONTENT") or "autocontent"
        self._said = TemporaryFile()
        try:
            self._process = subprocess.Popen(
                [program, "provider", "harness"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said
            )
        except FileNotFoundError:
            raise HarnessError(
                f"there is no program {program!r}: put autocontent on PATH, or its path into the environment variable "
                "AUTOCONTENT"
            ) from None
        wanted: dict[str, Json] = {
            "component": str(component),
            "recordings": [str(file) for file in recordings or []] if record is None else None,
            "record": None if record is None else str(record),
            "now": None if now is None else now.isoformat(),
            "seed": seed,
            "settings": dict(settings or {}),
            "grants": list(grants),
            "secrets": dict(secrets or {}),
        }
        try:
            self.about: dict[str, Json] = self._ask("open", {key: one for key, one in wanted.items() if one is not None})
        except BaseException:
            self.close()
            raise

    def run(self, line: str, **who: Unpack[Who]) -> Answer:
        """Runs a command as a member would type it, such as ``/news topic:space``."""
        return _answer(self._ask("run", {"line": line, **who}))

    def press(self, button: str, **who: Unpack[Who]) -> Answer:
        """Presses a button of the last message, by its label; or of any, by its id."""
        return _answer(self._ask("press", {"button": button, **who}))

    def suggest(self, line: str, option: str, **who: Unpack[Who]) -> list[dict[str, Json]]:
        """The choices, each with ``label`` and ``value``, while a member types this option in this line."""
        choices: list[dict[str, Json]] = self._ask("suggest", {"line": line, "option": option, **who})["choices"]
        return choices

    def storage(self, scope: Scope, *, member: int = 1, guild: int = 1) -> dict[str, str]:
        """What the provider keeps there: texts by their keys, and what is no text in base64."""
        entries = self._ask("storage", {"scope": scope, "member": member, "guild": guild})["entries"]
        return {entry["key"]: entry.get("text", entry.get("base64", "")) for entry in entries}

    def advance(self, by: timedelta | float) -> None:
        """Moves the clock forward, by seconds where it is a number."""
        self._ask("advance", {"seconds": by.total_seconds() if isinstance(by, timedelta) else by})

    def unasked(self) -> list[str]:
        """The recorded requests that the provider never made."""
        requests: list[str] = self._ask("unasked", {})["requests"]
        return requests

    def close(self) -> None:
        """Ends it."""
        if self._process.stdin:
            try:
                self._process.stdin.close()
            except BrokenPipeError:
                pass
        if self._process.stdout:
            self._process.stdout.close()
        self._process.wait()
        self._said.close()

    def __enter__(self) -> Harness:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ask(self, request: str, fields: dict[str, Json]) -> Json:
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.write(json.dumps({request: fields}).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass
        line = self._process.stdout.readline()
        if not line:
            self._said.seek(0)
            said = self._said.read().decode(errors="replace").strip() or "it said nothing"
            raise HarnessError(f"the harness ended without an answer to {request!r}: {said}")
        answer = json.loads(line)
        if "error" in answer:
            raise HarnessError(answer["error"])
        return answer["ok"]


def _answer(ran: dict[str, Json]) -> Answer:
    return Answer(ran["reply"], ran["logs"], ran["fetches"], ran["calls"], ran["usage"])
