"""Why there is no answer: raise one of these in ``find`` or ``act``.

The member reads it in words of the host's own; only :class:`InvalidArgument` adds the provider's. Any other exception
reaches the log with its traceback, and becomes :class:`Internal`.
"""

from __future__ import annotations


class Failure(Exception):
    """Any of them."""


class NothingFound(Failure):
    """The request was fine, but there is no content for it."""


class InvalidArgument(Failure):
    """A value that provider.toml allows and the provider can't use."""

    def __init__(self, option: str, reason: str) -> None:
        """``option`` is its name in provider.toml; ``reason`` tells the member in a few words what would be right."""
        super().__init__(f"{option}: {reason}")
        self.option = option
        self.reason = reason


class Busy(Failure):
    """The upstream asks to wait."""

    def __init__(self, seconds: int | None = None) -> None:
        """``seconds``: for how long, where it says."""
        super().__init__("the upstream asks to wait" + (f" {seconds} s" if seconds else ""))
        self.seconds = seconds


class Upstream(Failure):
    """The upstream failed. The message goes to the log and the operator, not to the member."""


class Misconfigured(Failure):
    """The operator must change something, such as a missing secret. The message is for them."""


class Internal(Failure):
    """A fault of the provider's own. The message goes to the log and the operator."""
