"""The built provider, with recordings in place of the network. `autocontent provider test` runs it."""

import pytest
from autocontent.testing import Harness, HarnessError


def test_a_book_has_its_author_year_cover_and_page(provider: Harness) -> None:
    book = provider.run("/bookfinder title:dune").item
    assert book["title"] == "Dune"
    assert book["text"] == "Frank Herbert"
    assert book["fields"][0]["value"] == "1965"
    assert book["url"] == "https://openlibrary.org/works/OL893415W"
    assert book["media"] == {"url": "https://covers.openlibrary.org/b/id/11481354-L.jpg"}


def test_members_read_it_in_their_language(provider: Harness) -> None:
    book = provider.run("/bookfinder title:dune", locale="pt-BR").item
    assert book["fields"][0]["name"] == "Primeira edição"


def test_a_request_that_was_not_recorded_is_an_error(provider: Harness) -> None:
    with pytest.raises(HarnessError, match="openlibrary.org"):
        provider.run("/bookfinder title:emma")
