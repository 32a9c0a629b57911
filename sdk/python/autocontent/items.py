"""What to answer with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum


@dataclass
class Link:
    """A name, and a page to go to where there is one."""

    label: str
    url: str | None = None


@dataclass
class Blob:
    """A file that the provider made or fetched."""

    file_name: str
    """With an extension, which decides how it is shown."""
    mime: str
    """Media type, such as ``"image/png"``."""
    data: bytes


@dataclass
class Field:
    """A named value shown beside the text."""

    name: str
    value: str
    inline: bool = False
    """Whether it may share a line with its neighbours."""


class ActionStyle(Enum):
    """How a button stands out; Discord chooses the colour."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    SUCCESS = "success"
    DANGER = "danger"


@dataclass
class Action:
    """A button under the item; pressing it calls ``act``."""

    id: str
    """Unique within the item; 1 to 32 characters."""
    label: str
    """1 to 80 characters."""
    style: ActionStyle = ActionStyle.SECONDARY


@dataclass
class Item:
    """One piece of content. What is too long for the place where it is shown is cut there."""

    id: str
    """Stable for the same content, so that the host can avoid repeats; 1 to 128 characters."""
    kind: str
    """One of provider.toml's kinds."""
    title: str | None = None
    """Plain text."""
    text: str | None = None
    """Discord-flavoured Markdown, see :mod:`autocontent.markdown`."""
    url: str | None = None
    """The content's own page; https."""
    media: str | Blob | None = None
    """The picture, video or sound: its public https address, or a file that is uploaded."""
    thumbnail: str | None = None
    """Address of a small picture beside the text; https."""
    author: str | Link | None = None
    """Who made it."""
    source: str | Link | None = None
    """Where it comes from."""
    fields: list[Field] = field(default_factory=list)
    """At most 25."""
    color: int | None = None
    """0xRRGGBB"""
    published: datetime | None = None
    """Where it has no time zone, it is taken for UTC. A time before 1970 is left out."""
    tags: list[str] = field(default_factory=list)
    """What it is about."""
    sensitive: bool = False
    """Whether it is age-restricted. Unless the request allowed it, the host drops such items."""
    actions: list[Action] = field(default_factory=list)
    """At most 5 buttons, in the order shown."""
    state: str | None = None
    """Returned to ``act`` when a button is pressed; at most 1 KiB."""


@dataclass
class Page:
    """An answer."""

    items: Iterable[Item] = ()
    """Best first. None mean the same as :class:`~autocontent.NothingFound`."""
    next: str | None = None
    """A cursor under which more can be had for the same command and options."""
    cache_for: timedelta | float | None = None
    """How long the host may answer from its memory, in seconds where it is a number. Everybody who asks the same gets
    the same page: leave it out where the answer depends on who asks, or should differ each time."""
