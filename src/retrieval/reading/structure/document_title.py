"""The title of a document: given by its format, or its first line, whole and without the name of the site."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from retrieval.language import Pattern, fold, numerals
from retrieval.reading.lines import (
    Document,
    Line,
    LineKind,
    boilerplate,
    bulletin_headings,
    line_joining,
    section_marks,
)
from retrieval.reading.structure.bulletin_splitter import split_bulletins
from retrieval.reading.structure.headings import is_broken_title

_SITE_SEPARATOR = Pattern(
    re.compile(r"\s*(?:[_|丨–—]|\s-\s|-(?=[^-]{2,20}(?:网|站|网站|频道|平台|政府)$))\s*"),
    "工作简报-某某文明网",
    "2023-05-06",
)
_SITE = Pattern(
    re.compile(r"^[^\s,。:《》]{2,14}(?:网|网站|门户网|门户网站|门户|频道|平台)$"),
    "昌吉文明网",
    "昌吉文明网上线",
)
"""A whole `<title>` of this form names the site and not the text."""
LONGEST_TITLE = 80


def title_of(document: Document, lines: Sequence[Line]) -> str:
    """The title that the format gives, else the first line if it has the shape of a title, else an empty text."""
    given = _without_site(document.title)
    first = lines[0] if lines else None
    if given:
        longer = (
            first is not None
            and _may_be_title(first)
            and boilerplate.same(given) in boilerplate.same(first.text)
        )
        return first.text.strip() if first and longer else given
    if first is None or not _may_be_title(first):
        return ""
    mark = bulletin_headings.bulletin_mark(first.text)
    begins_bulletin = mark is not None and (
        mark.kind == "article" or any(part.mark for part in split_bulletins(lines))
    )
    return "" if begins_bulletin else first.text.strip()


def with_whole_title(lines: list[Line]) -> list[Line]:
    """The lines with a title that is broken over the first two of them in one line."""
    if len(lines) < 2 or not all(map(_may_be_title, lines[:2])) or section_marks.opening_mark(lines[1].text):
        return lines
    first, second, *others = lines
    if not is_broken_title(first.text, second.text):
        return lines
    return [replace(first, text=line_joining.join(first.text.strip(), second.text.strip())), *others]


def _may_be_title(line: Line) -> bool:
    plain = numerals.half_width(line.text)
    return (
        len(plain) <= LONGEST_TITLE
        and not re.search(r"[。!?;:,]$|。", plain)
        and line.kind in (LineKind.HEADING, LineKind.PARAGRAPH)
    )


def _without_site(title: str) -> str:
    """<title> without the name of the site: 工作簡報_某某文明網 → 工作簡報."""
    parts = [part.strip() for part in _SITE_SEPARATOR.regex.split(title.strip()) if part and part.strip()]
    return parts[0] if parts and not _SITE.regex.match(fold(parts[0])) else ""


def is_title(line: Line, title: str) -> bool:
    """Whether the line says the title again."""
    return (
        bool(title)
        and len(line.text) <= LONGEST_TITLE + 20
        and boilerplate.same(line.text) == boilerplate.same(title)
        and bool(boilerplate.same(title))
    )
