"""From the contract's shapes to the package's own, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any
from unicodedata import normalize

from wit_world.imports import items as contract_items
from wit_world.imports import requests as contract_requests

from autocontent import _shape, failures, items, requests

Commands = Mapping[str, tuple[type[Any], Mapping[str, str]]]
"""provider_toml.COMMANDS: for each full name the class, and its fields by the options' names."""


def request(request: Any, commands: Commands) -> requests.Request[Any]:
    """A request with its command as one of provider_toml's classes."""
    if request.command not in commands:
        raise failures.Internal(f"the component was built without the command {request.command!r}")
    command, fields = commands[request.command]
    # Python reads names in this form, as fields as everywhere.
    options = {normalize("NFKC", fields[argument.name]): argument.value.value for argument in request.arguments}
    trigger, activity = _trigger(request.trigger)
    return requests.Request(
        command=command(**options),
        audience=_audience(request.audience),
        limit=request.limit,
        cursor=request.cursor,
        trigger=trigger,
        activity=activity,
    )


def partial(partial: Any) -> requests.Partial:
    """What a member is typing."""
    options = {argument.name: argument.value.value for argument in partial.arguments}
    return requests.Partial(partial.command, partial.name, partial.typed, options, _audience(partial.audience))


def press(press: Any, commands: Commands) -> requests.Press[Any]:
    """A button that was pressed."""
    return requests.Press(press.action, press.item, press.state, request(press.request, commands))


def page(page: object, function: str) -> Any:
    """What the author answered."""
    if not isinstance(page, items.Page):
        raise TypeError(f"{function} must return a Page, and returned {_shown(page)}")
    return contract_items.Page(
        _shape.entries(page.items, "items", _item),
        _shape.optional(page.next, "next", _shape.text),
        _shape.optional(page.cache_for, "cache_for", _shape.seconds),
    )


def choices(choices: object) -> list[Any]:
    """Proposals for an option."""
    return _shape.entries(choices, "choices", _choice)


def failure(error: BaseException) -> Any | None:
    """The contract's failure, where the exception is one. It never raises another."""
    if isinstance(error, failures.NothingFound):
        return contract_items.Failure_NothingFound()
    if isinstance(error, failures.InvalidArgument):
        argument = contract_items.InvalidArgument(_shape.words(error.option), _shape.words(error.reason))
        return contract_items.Failure_InvalidArgument(argument)
    if isinstance(error, failures.Busy):
        return contract_items.Failure_Busy(_wait(error.seconds))
    if isinstance(error, failures.Upstream):
        return contract_items.Failure_Upstream(_shape.words(error))
    if isinstance(error, failures.Misconfigured):
        return contract_items.Failure_Misconfigured(_shape.words(error))
    if isinstance(error, failures.Internal):
        return internal(_shape.words(error))
    return None


def internal(message: str) -> Any:
    """The failure for a fault of the provider's own."""
    return contract_items.Failure_Internal(message)


def _wait(seconds: object) -> int | None:
    try:
        return _shape.optional(seconds, "seconds", _shape.seconds)
    except TypeError:
        return None


def _choice(choice: object, place: str) -> Any:
    if not isinstance(choice, requests.Choice):
        raise TypeError(f"suggest must return a list of Choice, and there was {_shown(choice)} in it")
    return contract_requests.Choice(_shape.text(choice.label, f"{place}.label"), _value(choice.value, f"{place}.value"))


def _value(value: object, place: str) -> Any:
    if isinstance(value, bool):
        return contract_requests.Value_Boolean(value)
    if isinstance(value, int):
        return contract_requests.Value_Integer(_shape.integer(value, place, -(2**63), 2**63 - 1))
    if isinstance(value, float):
        return contract_requests.Value_Number(value)
    return contract_requests.Value_Text(_shape.text(value, place))


def _audience(audience: Any) -> requests.Audience:
    place = requests.Place[audience.place.name]
    return requests.Audience(audience.user, audience.scope, place, audience.locale, audience.sensitive_allowed)


def _trigger(trigger: Any) -> tuple[requests.Trigger, requests.Game | requests.Track | None]:
    if isinstance(trigger, contract_requests.Trigger_Activity):
        doing = trigger.value.value
        if isinstance(trigger.value, contract_requests.Activity_Game):
            return requests.Trigger.ACTIVITY, requests.Game(doing.name, doing.details)
        return requests.Trigger.ACTIVITY, requests.Track(doing.title, doing.artist, doing.album)
    if isinstance(trigger, contract_requests.Trigger_Schedule):
        return requests.Trigger.SCHEDULE, None
    if isinstance(trigger, contract_requests.Trigger_Preview):
        return requests.Trigger.PREVIEW, None
    return requests.Trigger.COMMAND, None


def _item(item: object, place: str) -> Any:
    if not isinstance(item, items.Item):
        raise TypeError(f"a page's items must be Item, and there was {_shown(item)} among them")

    def optional(name: str, read: Callable[[object, str], Any] = _shape.text) -> Any:
        return _shape.optional(getattr(item, name), f"{place}.{name}", read)

    return contract_items.Item(
        id=_shape.text(item.id, f"{place}.id"),
        kind=_shape.text(item.kind, f"{place}.kind"),
        title=optional("title"),
        text=optional("text"),
        url=optional("url"),
        media=optional("media", _media),
        thumbnail=optional("thumbnail"),
        author=optional("author", _link),
        source=optional("source", _link),
        fields=_shape.entries(item.fields, f"{place}.fields", _field),
        color=optional("color", _color),
        published=optional("published", _milliseconds),
        tags=_shape.entries(item.tags, f"{place}.tags", _shape.text),
        rating=contract_items.Rating.SENSITIVE if item.sensitive else contract_items.Rating.EVERYONE,
        actions=_shape.entries(item.actions, f"{place}.actions", _action),
        state=optional("state"),
    )


def _media(media: object, place: str) -> Any:
    if not isinstance(media, items.Blob):
        return contract_items.Media_Url(_shape.text(media, place))
    name, mime = _shape.text(media.file_name, f"{place}.file_name"), _shape.text(media.mime, f"{place}.mime")
    return contract_items.Media_Blob(contract_items.Blob(name, mime, _shape.data(media.data, f"{place}.data")))


def _link(link: object, place: str) -> Any:
    if not isinstance(link, items.Link):
        return contract_items.Link(_shape.text(link, place), None)
    label = _shape.text(link.label, f"{place}.label")
    return contract_items.Link(label, _shape.optional(link.url, f"{place}.url", _shape.text))


def _field(field: object, place: str) -> Any:
    if not isinstance(field, items.Field):
        raise _shape.misfit(place, "a Field", field)
    name, value = _shape.text(field.name, f"{place}.name"), _shape.text(field.value, f"{place}.value")
    return contract_items.Field(name, value, _shape.flag(field.inline, f"{place}.inline"))


def _action(action: object, place: str) -> Any:
    if not isinstance(action, items.Action):
        raise _shape.misfit(place, "an Action", action)
    if not isinstance(action.style, items.ActionStyle):
        raise _shape.misfit(f"{place}.style", "an ActionStyle", action.style)
    style = contract_items.ActionStyle[action.style.name]
    return contract_items.Action(_shape.text(action.id, f"{place}.id"), _shape.text(action.label, f"{place}.label"), style)


def _color(color: object, place: str) -> int:
    return _shape.integer(color, place, 0, 0xFFFFFF)


def _milliseconds(published: object, place: str) -> int | None:
    """None for what the contract can't say: a time before 1970."""
    if not isinstance(published, datetime):
        raise _shape.misfit(place, "a datetime", published)
    moment = published if published.tzinfo else published.replace(tzinfo=timezone.utc)
    milliseconds = int(moment.timestamp() * 1000)
    return milliseconds if milliseconds >= 0 else None


def _shown(value: object) -> str:
    return "nothing" if value is None else _shape.shown(value)
