"""A module of the author's own."""


def fail(text: str) -> int:
    """Fails two modules away from the call."""
    return int(text)
