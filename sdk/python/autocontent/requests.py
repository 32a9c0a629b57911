"""What is asked, by whom, and what they may see."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Generic, NewType, TypeVar, Union
from unicodedata import category, normalize

User = NewType("User", str)
"""A member, by a pseudonym: the same at each call of this provider and of no use to another."""
Channel = NewType("Channel", str)
"""A channel, by a pseudonym like a :data:`User`'s."""
Role = NewType("Role", str)
"""A role, by a pseudonym like a :data:`User`'s."""
Attachment = NewType("Attachment", str)
"""The URL of a file that the member uploaded, valid for the length of this call."""

Value = Union[str, int, float, bool]
"""The value of an option. Members, channels, roles and attachments are text."""

Command = TypeVar("Command")


class Place(Enum):
    """Where the answer will be shown."""

    GUILD = "guild"
    BOT_DM = "bot-dm"
    PRIVATE_CHANNEL = "private-channel"


@dataclass(frozen=True)
class Audience:
    """Who sees the answer. The ids are pseudonyms, made for this provider alone."""

    user: str
    """The member who asks."""
    scope: str
    """The guild, or the DM, in which the command was used."""
    place: Place
    locale: str
    """The member's own, such as ``"pt-BR"``."""
    sensitive_allowed: bool
    """Whether age-restricted content may be shown here."""

    def speaks(self, language: str) -> bool:
        """Whether the member's language is ``language``: "pt" for both "pt-BR" and "pt-PT"."""
        return self.locale.replace("_", "-").split("-")[0].lower() == language.lower()


@dataclass(frozen=True)
class Game:
    """A game as the member's status names it."""

    name: str
    details: str | None = None
    """What the game itself says is going on, such as a map or a mode."""


@dataclass(frozen=True)
class Track:
    """A piece of music as the member's player names it."""

    title: str
    artist: str
    album: str | None = None


class Trigger(Enum):
    """Why the host asks."""

    COMMAND = "command"
    """A member ran the command, or pressed a button that stands for it."""
    ACTIVITY = "activity"
    """A member who opted in plays or listens; :attr:`Request.activity` says what."""
    SCHEDULE = "schedule"
    """A subscription's time has come."""
    PREVIEW = "preview"
    """An operator looks at the provider."""


@dataclass(frozen=True)
class Request(Generic[Command]):
    """Asks for content."""

    command: Command
    """One of provider_toml's classes, with the options as fields."""
    audience: Audience
    limit: int
    """How many items the host can use. More are dropped."""
    cursor: str | None
    """:attr:`Page.next` of an earlier answer to the same command and options."""
    trigger: Trigger
    activity: Game | Track | None
    """What the member is doing, where that is the trigger."""


@dataclass(frozen=True)
class Partial:
    """An option that a member is typing."""

    command: str
    """The command's full name, "news" or "news top"."""
    option: str
    """Which option, by its name in provider.toml."""
    typed: str
    """What stands there so far; may be empty."""
    options: dict[str, Value]
    """The options filled in before this one; they may be incomplete."""
    audience: Audience


@dataclass(frozen=True)
class Press(Generic[Command]):
    """A member pressed a button that the provider put under an item."""

    action: str
    """:attr:`Action.id`"""
    item: str
    """:attr:`Item.id`"""
    state: str | None
    """:attr:`Item.state`"""
    request: Request[Command]
    """The request that brought the item. Its audience is the one who pressed."""


@dataclass(frozen=True)
class Choice:
    """A proposal for the option being typed. At most 25 are shown."""

    label: str
    """What the member reads; 1 to 100 characters."""
    value: Value
    """What arrives if it is taken: of the option's kind, at most 100 characters."""

    @staticmethod
    def matching(typed: str, choices: Iterable[Choice]) -> list[Choice]:
        """Those of ``choices`` that fit what is typed: first the ones whose label begins with it, then the ones that
        have it further in, each in the order given, 25 in all. Case and accents don't matter."""
        typed = _folded(typed.strip())
        fitting = [(_folded(choice.label).find(typed), choice) for choice in choices]
        beginning = [choice for at, choice in fitting if at == 0]
        within = [choice for at, choice in fitting if at > 0]
        return (beginning + within)[:25]


def _folded(text: str) -> str:
    """In lower case and without accents."""
    return "".join(letter for letter in normalize("NFD", text) if category(letter)[0] != "M").casefold()
