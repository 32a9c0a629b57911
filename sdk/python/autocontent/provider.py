"""The class that a provider may derive from, in place of functions."""

from __future__ import annotations

from typing import Generic, TypeVar

from autocontent.items import Page
from autocontent.requests import Choice, Partial, Press, Request

Command = TypeVar("Command")


class Provider(Generic[Command]):
    """Finds content. ``Command`` is provider_toml's.

    One object of the class is made when the component is built, and each call sees it as it was then: what a call
    changes in it is never seen again.
    """

    def find(self, request: Request[Command]) -> Page:
        """Content for a command. Raises a :class:`~autocontent.Failure` where there is no answer."""
        raise NotImplementedError("the provider does not define find")

    def suggest(self, partial: Partial) -> list[Choice]:
        """Proposals for an option marked ``autocomplete``, while a member types it."""
        raise NotImplementedError("the provider does not define suggest")

    def act(self, press: Press[Command]) -> Page:
        """The answer to a button under one of the provider's items. Fails as :meth:`find` does."""
        raise NotImplementedError("the provider does not define act")
