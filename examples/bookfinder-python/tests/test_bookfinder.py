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


def test_another_book_is_another_one(provider: Harness) -> None:
    first = provider.run("/bookfinder title:dune").item
    provider.advance(60)
    assert provider.press("🔁").item["id"] != first["id"]


def test_the_cursor_leads_to_more_books(provider: Harness) -> None:
    titles = [provider.run("/bookfinder title:dune").item["title"]]
    for _ in range(3):
        provider.advance(60)
        titles.append(provider.press("🔁").item["title"])
    assert titles[-1] == "Dune Messiah", "the only one on the second page"


def test_a_title_that_no_book_has_brings_a_notice(provider: Harness) -> None:
    assert provider.run("/bookfinder title:xyzzyx").reply["code"] == "nothing_found"


@pytest.mark.parametrize(
    ("title", "kind", "told"),
    [
        ("too often", "busy", "30"),
        ("out of order", "upstream", "answered 500"),
        ("no json", "upstream", "something else than JSON"),
        ("asleep", "upstream", "no answer in time"),
    ],
)
def test_what_goes_wrong_at_the_catalogue_is_told_apart(provider: Harness, title: str, kind: str, told: str) -> None:
    answer = provider.run(f'/bookfinder title:"{title}"')
    assert told in str(answer.calls[0]["answer"]["failure"][kind])


def test_members_read_it_in_their_language(provider: Harness) -> None:
    book = provider.run("/bookfinder title:dune", locale="pt-BR").item
    assert book["fields"][0]["name"] == "Primeira edição"


def test_a_request_that_was_not_recorded_is_an_error(provider: Harness) -> None:
    with pytest.raises(HarnessError, match="openlibrary.org"):
        provider.run("/bookfinder title:emma")
