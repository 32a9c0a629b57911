"""Write content providers for Autocontent in Python.

A provider describes itself in provider.toml, and src/main.py answers its commands::

    from autocontent import Item, Page, Request
    from provider_toml import Greeting


    def find(request: Request[Greeting]) -> Page:
        name = request.command.name
        return Page([Item(id=name, kind="greeting", title=f"Hello, {name}")])

``provider_toml`` is made from provider.toml by each build: a class for each command, whose fields are its options.

Where provider.toml marks an option ``autocomplete``, define ``suggest(partial)`` too, and where items have buttons,
``act(press)``. Instead of functions, a class derived from :class:`Provider` can have them as methods.

What else is here: :mod:`~autocontent.http`, :mod:`~autocontent.storage`, :mod:`~autocontent.settings` and
:mod:`~autocontent.log` ask the host for things, :mod:`~autocontent.markdown` writes text that Discord shows as it is
meant, and :mod:`autocontent.testing` runs the built provider from pytest.
"""

from autocontent import http, log, markdown, settings, storage
from autocontent.failures import Busy, Failure, Internal, InvalidArgument, Misconfigured, NothingFound, Upstream
from autocontent.items import Action, ActionStyle, Blob, Field, Item, Link, Page
from autocontent.provider import Provider
from autocontent.requests import (
    Attachment,
    Audience,
    Channel,
    Choice,
    Game,
    Partial,
    Place,
    Press,
    Request,
    Role,
    Track,
    Trigger,
    User,
    Value,
)

__all__ = [
    "Action",
    "ActionStyle",
    "Attachment",
    "Audience",
    "Blob",
    "Busy",
    "Channel",
    "Choice",
    "Failure",
    "Field",
    "Game",
    "Internal",
    "InvalidArgument",
    "Item",
    "Link",
    "Misconfigured",
    "NothingFound",
    "Page",
    "Partial",
    "Place",
    "Press",
    "Provider",
    "Request",
    "Role",
    "Track",
    "Trigger",
    "Upstream",
    "User",
    "Value",
    "http",
    "log",
    "markdown",
    "settings",
    "storage",
]
