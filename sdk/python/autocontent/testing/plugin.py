"""The fixture ``provider`` for pytest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autocontent.testing import Harness

_MARK = "provider(recordings=…, now=…, seed=…, settings=…, grants=…): how the fixture `provider` is set up, see Harness"


def pytest_configure(config: pytest.Config) -> None:
    """Makes the mark known."""
    config.addinivalue_line("markers", _MARK)


@pytest.fixture
def provider(request: pytest.FixtureRequest) -> Iterator[Harness]:
    """The project's component, as it was built last, with all of `recordings/` in place of the network. The mark
    ``provider`` sets it up otherwise::

        @pytest.mark.provider(recordings=["recordings/empty.json"], settings={"country": "br"})
        def test_nothing_is_found(provider): ...
    """
    folder = request.config.rootpath
    mark = request.node.get_closest_marker("provider")
    options = dict(mark.kwargs) if mark else {}
    if "record" not in options:
        options.setdefault("recordings", sorted(folder.glob("recordings/*.json")))
        options["recordings"] = [folder / file for file in options["recordings"]]
    with Harness(folder, **options) as harness:
        yield harness
