"""`/bookfinder title:…` finds books by their title, in Open Library's catalogue (https://openlibrary.org/developers/api)."""

from __future__ import annotations

from typing import Any

# Made from provider.toml by each build.
import provider_toml
from autocontent import Audience, Field, Item, Link, Page, Request, Upstream, http
from autocontent.markdown import escape

KIND: provider_toml.Kind = "book"


def find(request: Request[provider_toml.Bookfinder]) -> Page:
    """Called in a fresh instance each time: what should be remembered goes into the cursor, or into storage."""
    # The cursor is the number of the next page, from 1.
    page = int(request.cursor or 1)
    # What goes wrong here is raised as a failure that the host knows, and need not be caught.
    found = http.get(
        "https://openlibrary.org/search.json",
        params={
            "q": request.command.title,
            "fields": "key,title,author_name,first_publish_year,cover_i",
            "limit": request.limit,
            "page": page,
        },
    ).json()
    # Some servers tell of a failure of theirs with status 200: what the answer lacks is no mistake of this provider's.
    if not isinstance(found, dict) or "docs" not in found:
        raise Upstream("openlibrary.org answered without docs")
    more = found.get("numFound", 0) > page * request.limit
    return Page(
        [item(book, request.audience) for book in found["docs"]],
        next=str(page + 1) if more else None,
    )


def item(book: dict[str, Any], audience: Audience) -> Item:
    """A book. What the catalogue does not know of it is left out."""
    authors, year, cover = book.get("author_name", []), book.get("first_publish_year"), book.get("cover_i")
    first_published = "Primeira edição" if audience.speaks("pt") else "First published"
    return Item(
        id=book["key"],  # such as /works/OL893415W
        kind=KIND,
        title=book["title"],
        text=escape(", ".join(authors)) or None,
        url=f"https://openlibrary.org{book['key']}",
        source=Link("Open Library", "https://openlibrary.org"),
        media=f"https://covers.openlibrary.org/b/id/{cover}-L.jpg" if cover else None,
        fields=[Field(first_published, str(year), inline=True)] if year else [],
    )
