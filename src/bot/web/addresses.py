"""The addresses of the pages: of a server, or of files in a folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import quote, urlencode

Script = Literal["", "hans", "hant"]
"""As in the source, or converted to Simplified or to Traditional characters."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Target:
    """A page of a bulletin, and what is shown on it."""

    slug: str
    part: int = 0
    """Counts from 1; 0 is the bulletin itself: all of it, or the list of its parts."""
    page: int = 1
    """Of a long list of parts."""
    script: Script = ""
    passage_id: str = ""
    """The passage to scroll to."""
    span: Span | None = None
    """The words of the passage to mark."""
    is_successor: bool = False
    """Whether the passage came in the place of the one that was asked for."""


class Addresses(Protocol):
    """The address of each page."""

    def index(self, collection: str = "", page: int = 1) -> str: ...

    def bulletin(self, target: Target) -> str: ...

    def picture(self, passage_id: str) -> str: ...

    def static(self, name: str) -> str: ...


@dataclass(frozen=True, slots=True)
class ServerAddresses:
    """Addresses below a path of the server, which is empty or begins with a slash."""

    base: str = ""

    def index(self, collection: str = "", page: int = 1) -> str:
        path = f"{self.base}/c/{collection}" if collection else f"{self.base}/"
        return f"{path}?page={page}" if page > 1 else path

    def bulletin(self, target: Target) -> str:
        path = f"{self.base}/b/{quote(target.slug)}" + (f"/{target.part}" if target.part else "")
        span = f"{target.span[0]}-{target.span[1]}" if target.span else ""
        given = {
            "page": str(target.page) if target.page > 1 else "",
            "script": target.script,
            "p": target.passage_id if target.span or target.is_successor else "",
            "q": span,
            "successor": "1" if target.is_successor else "",
        }
        query = urlencode({name: value for name, value in given.items() if value})
        return path + (f"?{query}" if query else "") + _fragment(target)

    def passage(self, passage_id: str, span: Span | None = None) -> str:
        """The address that leads to a passage wherever it stands."""
        return f"{self.base}/p/{passage_id}" + (f"?q={span[0]}-{span[1]}" if span else "")

    def picture(self, passage_id: str) -> str:
        return f"{self.base}/picture/{passage_id}.jpg"

    def static(self, name: str) -> str:
        return f"{self.base}/static/{name}"


@dataclass(frozen=True, slots=True)
class FileAddresses:
    """Addresses of files relative to one of them, from which `root` leads to the top of the folder."""

    root: str = ""

    def index(self, collection: str = "", page: int = 1) -> str:
        return self.root + index_file(collection, page)

    def bulletin(self, target: Target) -> str:
        return self.root + quote(bulletin_file(target)) + _fragment(target)

    def picture(self, passage_id: str) -> str:
        return f"{self.root}picture/{passage_id}.jpg"

    def static(self, name: str) -> str:
        return f"{self.root}static/{name}"


def index_file(collection: str, page: int) -> str:
    """The name of the file of an index page, such as index.html, index.2.html and collection-0a1b2c3d.html."""
    name = f"collection-{collection}" if collection else "index"
    return f"{name}.{page}.html" if page > 1 else f"{name}.html"


def bulletin_file(target: Target) -> str:
    """The name of the file of a bulletin's page, such as b/篇3.html, b/篇3.2.hans.html and b/篇3.page2.html."""
    parts = (
        target.slug,
        str(target.part) if target.part else "",
        f"page{target.page}" if target.page > 1 else "",
        target.script,
        "html",
    )
    return "b/" + ".".join(filter(None, parts))


def _fragment(target: Target) -> str:
    return f"#p_{target.passage_id}" if target.passage_id else ""
