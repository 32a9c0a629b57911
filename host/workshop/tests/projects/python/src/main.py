"""Does what it is told: each function whose name begins with ``do_`` is one thing."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.request import urlopen

import deeper
from autocontent import (
    Action,
    ActionStyle,
    Blob,
    Busy,
    Choice,
    Field,
    InvalidArgument,
    Item,
    Link,
    Misconfigured,
    NothingFound,
    Page,
    Partial,
    Press,
    Provider,
    Request,
    Upstream,
    http,
    log,
    settings,
    storage,
)
from provider_toml import Command, ProbeDo, ProbePickOne

BUILT = time.time()
SOURCE = open(__file__).read()
logging.warning("logged while the component is built")


class Finding(Provider[Command]):
    """What the provider is derived from, and is none."""

    def find(self, request: Request[Command]) -> Page:
        command = request.command
        if isinstance(command, ProbePickOne):
            return told(f"{command.colour} {command.member}")
        page: Page = getattr(sys.modules[__name__], f"do_{command.what}")(command)
        return page


class Probe(Finding):
    """What the component answers."""

    def suggest(self, partial: Partial) -> list[Choice]:
        if partial.typed == "fail":
            raise ValueError("no suggestions today")
        if partial.typed == "kinds":
            return [Choice("a", "text"), Choice("b", 7), Choice("c", 0.5), Choice("d", True)]
        if partial.typed == "misfit":
            return [Choice("a", 2**63)]
        choices = [Choice(label, label) for label in ("Amor", "Épica", "Tempo")]
        return Choice.matching(partial.typed, choices) + [Choice(f"{partial.option} {partial.options}", "options")]

    def act(self, press: Press[Command]) -> Page:
        if press.action == "fail":
            deeper.fail("seven")
        return told(f"{press.action} {press.item} {press.state} {press.request.command}")


def told(text: object) -> Page:
    return Page([Item(id="told", kind="probe", text=str(text))])


def do_echo(command: ProbeDo) -> Page:
    return told(f"{command.text!r} {command.from_}")


def do_whole(command: ProbeDo) -> Page:
    item = Item(
        id="whole",
        kind="probe",
        title="Title",
        text="çédille 😀",
        url="https://example.org/item",
        media=Blob("dot.gif", "image/gif", b"GIF89a\x00\xff"),
        thumbnail="https://example.org/small",
        author="Ada",
        source=Link("The Paper", "https://example.org/paper"),
        fields=[Field("Score", "97", inline=True), Field("Place", "1")],
        color=0xABCDEF,
        published=datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=1))),
        tags=["one", "two"],
        sensitive=True,
        actions=[Action("again", "Again"), Action("drop", "Drop", ActionStyle.DANGER)],
        state="state",
    )
    return Page(iter([item]), next="2", cache_for=timedelta(minutes=1))


class Day(date):
    """A date of the author's own."""


def do_clock(command: ProbeDo) -> Page:
    assert isinstance(Day(2026, 1, 1), Day) and isinstance(Day(2026, 1, 1), date)
    assert not isinstance(date(2026, 1, 1), Day) and not issubclass(datetime, Day)
    assert round(time.time() * 1000) == time.time_ns() // 1_000_000
    assert isinstance(datetime.now(), datetime) and isinstance(datetime.now(), date)
    assert isinstance(datetime.fromisoformat("2026-01-01"), datetime)
    assert datetime.now(timezone.utc) - timedelta(days=1) < datetime.now(timezone.utc)
    assert type(datetime.now() - timedelta(days=1)) is datetime
    assert time.monotonic() >= 0 and BUILT != time.time()
    stamp = datetime.strptime("2026-11-22", "%Y-%m-%d").replace(tzinfo=timezone.utc)
    shown = [
        time.time(),
        datetime.now(timezone.utc).isoformat(),
        datetime.now().isoformat(),
        date.today().isoformat(),
        time.strftime("%Y-%m-%d %H:%M"),
        time.gmtime().tm_year,
        stamp.timestamp(),
    ]
    return told(" | ".join(map(str, shown)))


def do_random(command: ProbeDo) -> Page:
    assert len(os.urandom(10_000)) == 10_000
    numbers = [random.random(), random.choice(range(1000))]
    return told([*numbers, secrets.token_hex(4), str(uuid.uuid4()), os.urandom(2).hex()])


def do_log(command: ProbeDo) -> Page:
    print("printed", 1, end="")
    print(" at once\nand again")
    print("to standard error", file=sys.stderr)
    logging.debug("not shown")
    logging.info("informed of %s", "something")
    logging.getLogger("library").warning("warned")
    try:
        deeper.fail("x")
    except ValueError:
        logging.exception("went wrong")
    logging.warning("%d books", "many")
    for write in (log.trace, log.debug, log.info, log.warn, log.error):
        write("half \ud800")
    print("without an end", end="")
    return told("logged")


def do_fail(command: ProbeDo) -> Page:
    try:
        deeper.fail(command.text or "x")
    except ValueError as error:
        raise KeyError("no such number") from error
    return told("never")


def do_none(command: ProbeDo) -> Page:
    return None  # type: ignore[return-value]


def do_recurse(command: ProbeDo) -> Page:
    return do_recurse(command)


ATTEMPTS: dict[str, Callable[[], object]] = {
    "file": lambda: open("/etc/passwd"),
    "folder": lambda: os.listdir("/"),
    "sleep": lambda: time.sleep(1),
    "connection": lambda: socket.create_connection(("example.org", 80)),
    "socket": lambda: socket.socket(),
    "module": lambda: __import__("wave"),
    "stat": lambda: os.stat("/"),
    "exists": lambda: os.path.exists("/etc"),
    "pid": lambda: os.getpid(),
    "environment": lambda: os.environ.get("HOME"),
    "cwd": lambda: os.getcwd(),
    "input": lambda: input(),
    "path": lambda: Path("/etc/passwd").read_text(),
    "is_file": lambda: Path("/etc/passwd").is_file(),
    "exit": lambda: sys.exit(1),
    "thread": lambda: Thread(target=print).start(),
    "process": lambda: subprocess.run(["true"]),
    "url": lambda: urlopen("https://example.org"),
    "temporary": lambda: tempfile.mkdtemp(),
    "asyncio": lambda: asyncio.run(asyncio.sleep(0)),
}


def do_refused(command: ProbeDo) -> Page:
    try:
        return told(f"did it: {ATTEMPTS[command.text or '']()!r}")
    except Exception as error:
        return told(f"{type(error).__name__}: {error}")


def do_failures(command: ProbeDo) -> Page:
    kinds = {
        "nothing": NothingFound(),
        "argument": InvalidArgument("text", "must be shorter"),
        "busy": Busy(30),
        "long": Busy(2**40),
        "odd busy": Busy("soon"),  # type: ignore[arg-type]
        "odd argument": InvalidArgument(WRONG, WRONG),
        "unspeakable": Unspeakable(),
        "upstream": Upstream("down"),
        "misconfigured": Misconfigured("no key"),
    }
    raise kinds[command.text or ""]


def do_http(command: ProbeDo) -> Page:
    assert command.text
    return told(http.get(f"https://example.org/{command.text}", params={"q": "a b", "none": None}).json())


def do_odd(command: ProbeDo) -> Page:
    """JSON that not every parser takes."""
    if command.text == "deep":
        return told(len(http.get("https://example.org/deep").json()))
    answer = http.get("https://example.org/odd#top", params={"q": "a b"}).json()
    return Page([Item(id="odd", kind="probe", title=answer["title"])])


def do_key(command: ProbeDo) -> Page:
    return told(http.get(f"https://example.org/{command.text}").authorised("api-key").status)


def do_post(command: ProbeDo) -> Page:
    answer = http.post("https://example.org/post", json={"é": [1]}, headers={"X-One": "1"}, timeout=1.5)
    both = http.fetch_all(["https://example.org/1", http.Request("https://example.org/timeout", "HEAD")])
    return told(f"{answer.status} {[type(one).__name__ for one in both]}")


def do_storage(command: ProbeDo) -> Page:
    assert storage.member.get("seen") is None
    storage.member.set_json("seen", ["é", 1], ttl=timedelta(days=1))
    storage.provider.set("text", "plain")
    said: list[object] = [storage.member.get_json("seen"), storage.provider.get("text"), storage.place.increment("count", 5)]
    storage.provider.delete("text")
    said += [storage.provider.get("text"), storage.member.keys("se")]
    try:
        storage.member.set("big", b"x" * 70_000)
    except storage.TooLarge as error:
        said.append(error)
    return told(said)


def do_settings(command: ProbeDo) -> Page:
    said: list[object] = [settings.text("text"), settings.integer("integer"), settings.texts("texts")]
    try:
        settings.boolean("text")
    except TypeError as error:
        said += [settings.number("none"), error]
    return told(said)


WRONG: Any = 5
BYTES: Any = bytearray(b"ab")


def item(**fields: Any) -> Page:
    return Page([Item(**{"id": "misfit", "kind": "probe", **fields})])


MISFITS: dict[str, Callable[[], Any]] = {
    "id": lambda: item(id=WRONG),
    "kind": lambda: item(kind=None),
    "title": lambda: item(title=WRONG),
    "url": lambda: item(url=b"https://example.org"),
    "media": lambda: item(media=WRONG),
    "data": lambda: item(media=Blob("a.txt", "text/plain", WRONG)),
    "author": lambda: item(author=Link("Ada", WRONG)),
    "fields": lambda: item(fields=[Field("Place", "1"), Field("Year", WRONG)]),
    "inline": lambda: item(fields=[Field("Year", "1965", WRONG)]),
    "no field": lambda: item(fields=[("Year", "1965")]),
    "color": lambda: item(color=-1),
    "published": lambda: item(published="today"),
    "tags": lambda: item(tags="one"),
    "action": lambda: item(actions=[Action("again", WRONG)]),
    "style": lambda: item(actions=[Action("again", "Again", WRONG)]),
    "state": lambda: item(state={}),
    "next": lambda: Page([], next=WRONG),
    "cache_for": lambda: Page([], cache_for=timedelta(seconds=-5)),
    "items": lambda: Page(WRONG),
    "value": lambda: storage.member.set("n", WRONG),
    "key": lambda: storage.member.get(WRONG),
    "ttl": lambda: storage.member.set("n", "1", ttl=-1),
    "by": lambda: storage.member.increment("n", 2**63),
    "after": lambda: storage.member.keys(after=WRONG),
    "limit": lambda: storage.member.keys(limit=-1),
    "setting": lambda: settings.get(WRONG),
    "header": lambda: http.get("https://example.org", headers={"X": WRONG}),
    "url of a request": lambda: http.get(WRONG),
    "body": lambda: http.post("https://example.org", body=WRONG),
}


def do_misfit(command: ProbeDo) -> Page:
    page: Page = MISFITS[command.text or ""]()
    return page


def do_taken(command: ProbeDo) -> Page:
    """What is odd and yet can be had."""
    storage.member.set("half", BYTES, ttl=0.5)
    http.post("https://example.org/\ud800", json="\ud800", params={"q": "\ud800"}, headers={"X": "\ud800"})
    return item(
        title="half \ud800",
        media=Blob("a.bin", "text/plain", BYTES),
        tags=(tag for tag in ["one"]),
        published=datetime(1969, 7, 20),
    )


class Unspeakable(Upstream):
    """Can't be shown."""

    def __str__(self) -> str:
        return WRONG  # type: ignore[no-any-return]


def do_large(command: ProbeDo) -> Page:
    return Page([Item(id=str(number), kind="probe", text="é" * 1000) for number in range(command.from_ or 0)])
