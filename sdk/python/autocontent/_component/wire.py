"""From the contract's shapes to the package's own, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta, timezone
from typing import Any
from unicodedata import normalize

from wit_world.imports import items as contract_items
from wit_world.imports import requests as contract_requests

from autocontent import failures, items, requests

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
    cache_for = page.cache_for
    if isinstance(cache_for, timedelta):
        cache_for = int(cache_for.total_seconds())
    return contract_items.Page([_item(one) for one in page.items], page.next, cache_for)


def choice(choice: object) -> Any:
    """A proposal for an option."""
    if not isinstance(choice, requests.Choice):
        raise TypeError(f"suggest must return a list of Choice, and there was {_shown(choice)} in it")
    value = choice.value
    if isinstance(value, bool):
        return contract_requests.Choice(choice.label, contract_requests.Value_Boolean(value))
    if isinstance(value, int):
        return contract_requests.Choice(choice.label, contract_requests.Value_Integer(value))
    if isinstance(value, float):
        return contract_requests.Choice(choice.label, contract_requests.Value_Number(value))
    return contract_requests.Choice(choice.label, contract_requests.Value_Text(value))


def failure(error: BaseException) -> Any | None:
    """The contract's failure, where the exception is one."""
    if isinstance(error, failures.NothingFound):
        return contract_items.Failure_NothingFound()
    if isinstance(error, failures.InvalidArgument):
        return contract_items.Failure_InvalidArgument(contract_items.InvalidArgument(error.option, error.reason))
    if isinstance(error, failures.Busy):
        return contract_items.Failure_Busy(error.seconds)
    if isinstance(error, failures.Upstream):
        return contract_items.Failure_Upstream(str(error))
    if isinstance(error, failures.Misconfigured):
        return contract_items.Failure_Misconfigured(str(error))
    if isinstance(error, failures.Internal):
        return internal(str(error))
    return None


def internal(message: str) -> Any:
    """The failure for a fault of the provider's own."""
    return contract_items.Failure_Internal(message)


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


def _item(item: object) -> Any:
    if not isinstance(item, items.Item):
        raise TypeError(f"a page's items must be Item, and there was {_shown(item)} among them")
    rating = contract_items.Rating.SENSITIVE if item.sensitive else contract_items.Rating.EVERYONE
    return contract_items.Item(
        id=item.id,
        kind=item.kind,
        title=item.title,
        text=item.text,
        url=item.url,
        media=_media(item.media),
        thumbnail=item.thumbnail,
        author=_link(item.author),
        source=_link(item.source),
        fields=[contract_items.Field(field.name, field.value, field.inline) for field in item.fields],
        color=item.color,
        published=_milliseconds(item),
        tags=list(item.tags),
        rating=rating,
        actions=[_action(action) for action in item.actions],
        state=item.state,
    )


def _media(media: str | items.Blob | None) -> Any:
    if media is None:
        return None
    if isinstance(media, str):
        return contract_items.Media_Url(media)
    return contract_items.Media_Blob(contract_items.Blob(media.file_name, media.mime, media.data))


def _link(link: str | items.Link | None) -> Any:
    if link is None:
        return None
    return contract_items.Link(link, None) if isinstance(link, str) else contract_items.Link(link.label, link.url)


def _action(action: items.Action) -> Any:
    return contract_items.Action(action.id, action.label, contract_items.ActionStyle[action.style.name])


def _milliseconds(item: items.Item) -> int | None:
    if item.published is None:
        return None
    published = item.published if item.published.tzinfo else item.published.replace(tzinfo=timezone.utc)
    # Nothing was published before 1970 that a host could show as such.
    return max(0, int(published.timestamp() * 1000))


def _shown(value: object) -> str:
    return "nothing" if value is None else f"{type(value).__name__}: {value!r:.80}"
