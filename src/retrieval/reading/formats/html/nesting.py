"""The element tree of a page, and of one that nests deeper than the parser reads without losing the rest."""

from __future__ import annotations

from html.parser import HTMLParser

from lxml import html
from lxml.etree import ParserError, _Element

# The parser stops at 2,048 open elements and drops all that follows; no page of an office comes near.
_DEEPEST = 500
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
_RAW = frozenset(("script", "style"))


def parse_page(source: bytes) -> tuple[_Element | None, bool]:
    """The root of a page in UTF-8, None for an empty one, and whether it nests deeper than is read.

    Of such a page the elements below the deepest level are gone and their text is kept, line by line.
    """
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(source, parser=parser) if source.strip() else None
    except ParserError:  # a page that ends inside its first declaration
        return None, False
    if not _is_cut(parser):
        return root, False
    return html.document_fromstring(_shallow(source.decode("utf-8", "replace")).encode(), parser=parser), True


def parse_fragment(source: str) -> _Element:
    """A `div` around a part of a page, comments included, as shallow as `parse_page` makes it; raises ParserError."""
    parser = html.HTMLParser(huge_tree=True)
    fragment: _Element = html.fragment_fromstring(source, create_parent="div", parser=parser)
    if _is_cut(parser):
        fragment = html.fragment_fromstring(_shallow(source), create_parent="div", parser=parser)
    return fragment


def _is_cut(parser: html.HTMLParser) -> bool:
    return any("depth" in error.message for error in parser.error_log)


def _shallow(source: str) -> str:
    filtered = _ShallowFilter()
    filtered.feed(source)
    filtered.close()
    return "".join(filtered.parts)


class _ShallowFilter(HTMLParser):
    """Copies a page without the tags below the deepest level; each becomes a line break."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in _VOID or tag in _RAW:
            self.parts.append(self.get_starttag_text() or "")
            return
        self._depth += 1
        self.parts.append((self.get_starttag_text() or "") if self._depth <= _DEEPEST else "<br>")

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.parts.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if tag not in _RAW:
            is_deep = self._depth > _DEEPEST
            self._depth = max(self._depth - 1, 0)
            if is_deep:
                self.parts.append("<br>")
                return
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_entityref(self, name: str) -> None:
        self.parts.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.parts.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.parts.append(f"<!--{data}-->")
