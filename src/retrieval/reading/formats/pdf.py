"""Reads PDF files: joins paragraphs over line ends and pages, leaves out running heads and page numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from retrieval.language import numerals
from retrieval.reading import sandbox
from retrieval.reading.formats.pdf_text_lines import Row, read_pdf_text
from retrieval.reading.lines import (
    Document,
    Line,
    LineKind,
    boilerplate,
    bulletin_headings,
    line_joining,
    section_marks,
    unread,
)
from retrieval.types import Finding

SECONDS = 30
"""Of processor time for one file; 2,000 full pages take 3."""
# A page of a scan may carry a stamp or a page number; less than this a page is no text layer.
_FEWEST_CHARACTERS = 12
_ENDS = frozenset("。!?;:…”」)")
# Lines this far from the edges, as a share of the page's height, may be running heads.
_MARGIN = 0.13


def read_pdf(content: bytes, name: str) -> Document:
    """The paragraphs of a PDF with a text layer; a file without one, or with a password, is named and skipped."""
    try:
        printed = read_pdf_text(content, SECONDS)
    except sandbox.UnreadableFileError as error:
        return unread(name, f"{error}; skipped")
    rows = [row for page in printed.pages for row in page]
    if sum(len(row.text) for row in rows) < _FEWEST_CHARACTERS:
        return unread(name, "no text layer: a scan has to be read by OCR first; skipped")
    empty = [
        number for number, page in enumerate(printed.pages, start=1) if sum(len(row.text) for row in page) < 2
    ]
    findings = [Finding(name, None, f"page {number} has no text: a scan or a picture") for number in empty]
    lines = tuple(_paragraphs(_without_running_heads(rows)))
    return Document(name, lines, tuple(findings), _usable(printed.title))


def _usable(title: str) -> str:
    """A title a person gave, not the name of a file or of a template."""
    return title if len(re.findall("[一-鿿]", title)) >= 4 and len(title) <= 60 and "." not in title else ""


def _without_running_heads(rows: Sequence[Row]) -> list[Row]:
    """The rows without page numbers and without text that recurs at the edge of several pages."""
    pages = len({row.page for row in rows})
    alike = Counter(key for key in {(_shape(row), row.page) for row in rows if _at_edge(row)})
    shapes = Counter(shape for shape, _ in alike)
    needed = 2 if pages <= 4 else max(3, pages // 4)
    common = _common_height(rows)
    kept = []
    first_seen: set[str] = set()
    for row in rows:
        running = _at_edge(row) and pages > 1 and shapes[_shape(row)] >= needed
        # The head of the first page is often the title itself: it stays once.
        once = (
            running
            and bool(re.search("[一-鿿]", _shape(row)))
            and row.page == rows[0].page
            and row.top < row.page_height * 0.97
        )
        if running and not (once and _shape(row) not in first_seen and row.height >= common * 1.15):
            continue
        first_seen.add(_shape(row))
        if not (
            _at_edge(row)
            and boilerplate.is_boilerplate(row.text)
            and re.search(r"\d", numerals.half_width(row.text))
            and len(row.text) < 16
        ):
            kept.append(row)
    return kept


def _common_height(rows: Sequence[Row]) -> float:
    return Counter(round(row.height) for row in rows).most_common(1)[0][0]


def _at_edge(row: Row) -> bool:
    return row.bottom > row.page_height * (1 - _MARGIN) or row.top < row.page_height * _MARGIN


def _shape(row: Row) -> str:
    return re.sub(r"[\d\s一二三四五六七八九十·\-—]+", "#", numerals.half_width(row.text))


def _paragraphs(rows: Sequence[Row]) -> Iterator[Line]:
    margins = _margins(rows)
    common = _common_height(rows) if rows else 1.0
    together: list[Row] = []
    for row in rows:
        before = together[-1] if together else None
        if before and not _goes_on(
            before, row, margins[before.page, _column(before)], margins[row.page, _column(row)]
        ):
            yield _line(together, common)
            together = []
        together.append(row)
    if together:
        yield _line(together, common)


def _line(rows: Sequence[Row], common: float) -> Line:
    text = line_joining.join(*(row.text for row in rows))
    large = (
        rows[0].height >= common * 1.2
        and len(text) <= 60
        and not numerals.half_width(text).rstrip().endswith(("。", ";"))
    )
    return Line(
        None,
        text,
        LineKind.HEADING if large and not bulletin_headings.bulletin_mark(text) else LineKind.PARAGRAPH,
    )


def _column(row: Row) -> int:
    """The number of the column in which a row begins, in steps of a quarter of a common page width."""
    return int(max(row.left, 0) // 150)


def _margins(rows: Sequence[Row]) -> dict[tuple[int, int], tuple[float, float]]:
    """The left and right edge of the rows of each column of each page."""
    margins: dict[tuple[int, int], tuple[float, float]] = {}
    for row in rows:
        key = (row.page, _column(row))
        left, right = margins.get(key, (row.left, row.right))
        margins[key] = (min(left, row.left), max(right, row.right))
    return margins


def _goes_on(before: Row, row: Row, edges: tuple[float, float], own: tuple[float, float]) -> bool:
    """Whether a row goes on with the paragraph of the row before it."""
    size = row.height
    if abs(before.height - size) > 0.25 * size or _is_mark(row.text):
        return False
    full = before.right >= edges[1] - 1.6 * size
    indented = row.left - own[0] > 1.2 * size
    if not full or (indented and not before.left - edges[0] > 1.2 * size):
        return False
    same_place = before.page == row.page and _column(before) == _column(row)
    gap = before.bottom - row.top
    if same_place and gap > 1.3 * size:
        return False
    return not (indented and numerals.half_width(before.text[-1]) in _ENDS)


def _is_mark(text: str) -> bool:
    return section_marks.opening_mark(text) is not None or bulletin_headings.bulletin_mark(text) is not None
