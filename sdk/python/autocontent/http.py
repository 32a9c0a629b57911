"""HTTP, to the hosts that provider.toml names and the operator granted. Secrets are added by the host on the way out.

::

    latest = http.get("https://example.org/latest", params={"lang": "en"}).json()

What goes wrong is raised as a :class:`~autocontent.Failure` that fits, so that it need not be caught.
"""

from __future__ import annotations

import json as _json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import accumulate
from typing import Any, Final
from urllib.parse import quote, urlencode

from autocontent import _host, _shape
from autocontent.failures import Busy, Failure, Internal, Misconfigured, Upstream


class HttpError(Failure):
    """No answer arrived: one of the classes below."""


class Denied(HttpError, Misconfigured):
    """Not granted, or not a public address."""


class InvalidRequest(HttpError, Internal):
    """The method, URL, headers or body can't be sent."""


class Timeout(HttpError, Upstream):
    """No answer in time."""


class TooLarge(HttpError, Upstream):
    """The answer is larger than the host takes."""


class Unreachable(HttpError, Upstream):
    """The server could not be resolved, connected to or understood."""


class Exhausted(HttpError, Internal):
    """The provider's own budget of requests is used up."""


@dataclass(frozen=True)
class Request:
    """A request to be sent with others, see :func:`fetch_all`."""

    url: str
    """Absolute, https."""
    method: str = "GET"
    """GET, HEAD, POST, PUT, PATCH or DELETE."""
    params: Mapping[str, object] = field(default_factory=dict)
    """Added to the URL's query; those that are None are left out. A fragment (``#…``) goes, as none is ever sent."""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | str | None = None
    json: Any = None
    """Sent as the body, with the content type of JSON, where it is not None."""
    timeout: timedelta | float | None = None
    """For the whole exchange, in seconds where it is a number. The host has a limit of its own and keeps the shorter."""


@dataclass(frozen=True)
class Response:
    """Whatever the server answered, errors such as 404 included."""

    status: int
    headers: dict[str, str]
    """By their names in lower case. What came several times is joined by commas."""
    body: bytes
    """Decompressed."""
    url: str
    """Where the last redirect ended."""

    @property
    def ok(self) -> bool:
        """Whether the status is one of success, 200 to 299."""
        return 200 <= self.status <= 299

    @property
    def text(self) -> str:
        """The body as text; what is not UTF-8 is replaced."""
        return self.body.decode("utf-8", "replace")

    def authorised(self, secret: str) -> Response:
        """This response, unless its status says that the server did not take the key, 401 or 403: then raises
        :class:`~autocontent.Misconfigured`, which tells the operator to fill in ``secret``, as provider.toml calls it."""
        if self.status not in (401, 403):
            return self
        raise Misconfigured(
            f"{self._place()} answered {self.status}: the secret `{secret}` is missing or wrong; fill it in with "
            "`autocontent provider secret`"
        )

    def raise_for_status(self) -> Response:
        """This response where it is one of success; else raises :class:`~autocontent.Busy` for 429, and for 503 with a
        Retry-After header, with that header's seconds, and :class:`~autocontent.Upstream` for the rest."""
        if self.ok:
            return self
        wait = self.headers.get("retry-after", "").strip()
        # A date may stand there as well; int() refuses what has thousands of digits.
        seconds = int(wait[:20]) if wait.isascii() and wait.isdecimal() else None
        if self.status == 429 or (self.status == 503 and seconds is not None):
            raise Busy(seconds)
        raise Upstream(f"{self._place()} answered {self.status}")

    def json(self, *, any_status: bool = False) -> Any:
        """What the body is as JSON. Raises as :meth:`raise_for_status` does, unless ``any_status`` is set, and
        :class:`~autocontent.Upstream` where it is no JSON."""
        if not any_status:
            self.raise_for_status()
        try:
            if _is_deep(self.body):
                raise ValueError(f"it is nested more than {_DEEPEST} deep")
            # Some servers put a byte-order mark before it.
            return _json.loads(self.body.decode("utf-8-sig"))
        except ValueError as error:
            raise Upstream(f"{self._place()} answered {self.status} with something else than JSON: {error}") from error

    def _place(self) -> str:
        """The URL without its query, which may say more about a member than the log should know."""
        return self.url.split("?")[0].split("#")[0]


def get(
    url: str,
    *,
    params: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: timedelta | float | None = None,
) -> Response:
    """Sends a GET request. Raises an :class:`HttpError` where no answer arrives."""
    return fetch(Request(url, params=params or {}, headers=headers or {}, timeout=timeout))


def post(
    url: str,
    *,
    json: Any = None,
    body: bytes | str | None = None,
    params: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: timedelta | float | None = None,
) -> Response:
    """Sends a POST request. Raises an :class:`HttpError` where no answer arrives."""
    return fetch(Request(url, "POST", params or {}, headers or {}, body, json, timeout))


def fetch(request: Request) -> Response:
    """Sends a request. Raises an :class:`HttpError` where no answer arrives."""
    try:
        return _response(_host.http.fetch(_wire(request)))
    except _host.Err as error:
        raise _error(error.value) from None


def fetch_all(requests: Iterable[Request | str]) -> list[Response | HttpError]:
    """Sends all requests at once; a text is a GET request of that URL. The answers stand in the order of the requests;
    where one did not arrive stands why, to be raised or not."""
    wire = [_wire(Request(request) if isinstance(request, str) else request) for request in requests]
    results = _host.http.fetch_all(wire)
    return [_response(one.value) if isinstance(one, _host.Ok) else _error(one.value) for one in results]


def _wire(request: Request) -> Any:
    """The request as the contract has it."""
    method = getattr(_host.http.Method, request.method.upper(), None)
    if method is None:
        raise InvalidRequest(f"there is no method {request.method!r}; use GET, HEAD, POST, PUT, PATCH or DELETE")
    headers = [_header(name, value) for name, value in request.headers.items()]
    body = _shape.optional(request.body, "an HTTP request's body", _shape.body)
    if request.json is not None:
        body = _shape.body(_json.dumps(request.json, ensure_ascii=False), "JSON")
        if not any(name.lower() == "content-type" for name in request.headers):
            headers.append(_header("Content-Type", "application/json"))
    timeout = request.timeout.total_seconds() if isinstance(request.timeout, timedelta) else request.timeout
    timeout_ms = None if timeout is None else max(0, min(int(timeout * 1000), 2**32 - 1))
    return _host.http.Request(method, _url(request), headers, body, timeout_ms)


_DEEPEST: Final = 500
"""How deep JSON may be nested: its parser uses up the stack, which ends a call without a word."""
_STRING: Final = re.compile(rb'"[^"\\]*(?:\\.?[^"\\]*)*(?:"|\Z)', re.DOTALL)
_NO_BRACKETS: Final = bytes(byte for byte in range(256) if byte not in b"[]{}")


def _is_deep(json: bytes) -> bool:
    if json.count(b"[") + json.count(b"{") <= _DEEPEST:
        return False
    brackets = _STRING.sub(b"", json).translate(None, _NO_BRACKETS)
    depths = accumulate(1 if bracket in b"[{" else -1 for bracket in brackets)
    return max(depths, default=0) > _DEEPEST


def _header(name: object, value: object) -> Any:
    place = f"the header {name!r} of an HTTP request"
    return _host.http.Header(_shape.text(name, place), _shape.text(value, place))


def _url(request: Request) -> str:
    url = _shape.text(request.url, "an HTTP request's URL")
    params = {name: value for name, value in request.params.items() if value is not None}
    if not params:
        return url
    url = url.split("#")[0]
    return url + ("&" if "?" in url else "?") + urlencode(params, doseq=True, errors="replace", quote_via=quote)


def _response(response: Any) -> Response:
    headers: dict[str, str] = {}
    for header in response.headers:
        before = headers.get(header.name)
        headers[header.name] = header.value if before is None else f"{before}, {header.value}"
    return Response(response.status, headers, response.body, response.url)


def _error(error: Any) -> HttpError:
    kind = type(error).__name__
    if kind == "Error_Denied":
        return Denied(f"the host refused an HTTP request: {error.value}")
    if kind == "Error_InvalidRequest":
        return InvalidRequest(f"an HTTP request could not be sent: {error.value}")
    if kind == "Error_Timeout":
        return Timeout("no answer in time")
    if kind == "Error_TooLarge":
        return TooLarge("the answer is larger than the host takes")
    if kind == "Error_Unreachable":
        return Unreachable(f"no answer: {error.value}")
    return Exhausted("more HTTP requests than one call may make")
