"""PDF files to lines: paragraphs joined over line ends and pages, running heads and page numbers left out."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from retrieval.language import numerals
from retrieval.reading import sandbox
from retrieval.reading.formats.pdf_layout import Row
from retrieval.reading.formats.pdf_text_lines import read_pdf_text
from retrieval.reading.lines import (
    Document,
    Line,
    LineKind,
    boilerplate,
    bulletin_headings,
    line_joining,
    section_marks,
    table_lines,
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
# Where a running head or foot says the page: alone, at its end behind a blank, at its beginning before one, 第3页, 3/12.
_PAGE_NUMBER = re.compile(
    r"第?\s*\d{1,4}\s*(?:页|頁|/\s*\d{1,4})(?:\s*共\s*\d{1,4}\s*[页頁])?|^[\W_]*\d{1,4}[\W_]*$|(?<=\s)[\W_]*\d{1,4}[\W_]*$|^[\W_]*\d{1,4}(?=\s)"
    r"|第\s*[一二三四五六七八九十百]+\s*[页頁]"
)
# The number of an attachment is no page number.
_NUMBERED = re.compile(r"\s*(?:附[件表录錄图圖]?|[图圖表])\s*\d")
# A note at the foot of a page is printed at most so large, as a share of the common size, and opens with its sign.
_NOTE_HEIGHT = 0.9
_NOTE_SIGN = re.compile(r"\s*(?:\d{1,3}|[①-⑳*※†]|[\[〔(（]\d{1,3}[\]〕)）]|注\s*[:：\d])")


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
    """The rows without page numbers, and without what stands at the edge of several pages alike."""
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
    """The text with its page number left out: equal for the running head of every page, and not for 附件1 and 附件2."""
    plain = numerals.half_width(row.text)
    return plain.strip() if _NUMBERED.match(plain) else _PAGE_NUMBER.sub("#", plain).strip()


def _paragraphs(rows: Sequence[Row]) -> Iterator[Line]:
    """The paragraphs in the order of reading; a note at the foot of a page comes behind the paragraph that it stands in."""
    margins = _margins(rows)
    common = _common_height(rows) if rows else 1.0
    notes = _foot_notes(rows, common)
    together: list[Row] = []
    waiting: list[Row] = []
    for row in rows:
        if row in notes:
            waiting.append(row)
            continue
        if together and not (
            _goes_on(together[-1], row, margins[_place(together[-1])], margins[_place(row)])
            or _goes_on_over_page(together, row, margins[_place(row)])
        ):
            yield from _lines(together, common)
            yield from _notes(waiting, common)
            together, waiting = [], []
        together.append(row)
    yield from _lines(together, common)
    yield from _notes(waiting, common)


def _foot_notes(rows: Sequence[Row], common: float) -> set[Row]:
    """Rows of smaller print below all others of their page, the first of which opens with the sign of a note."""
    notes: set[Row] = set()
    for _, of_page in itertools.groupby(rows, key=lambda row: row.page):
        page = list(of_page)
        small = list(itertools.takewhile(lambda row: row.height < _NOTE_HEIGHT * common, reversed(page)))[
            ::-1
        ]
        first = next((index for index, row in enumerate(small) if _NOTE_SIGN.match(row.text)), None)
        if first is not None and len(small) - first < len(page):
            notes.update(small[first:])
    return notes


def _notes(rows: Sequence[Row], common: float) -> Iterator[Line]:
    together: list[Row] = []
    for row in rows:
        if together and _NOTE_SIGN.match(row.text):
            yield from _lines(together, common)
            together = []
        together.append(row)
    yield from _lines(together, common)


def _lines(rows: list[Row], common: float) -> Iterator[Line]:
    if rows and rows[0].cells:
        yield from table_lines([row.cells for row in rows])
    elif rows:
        yield _line(rows, common)


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


def _place(row: Row) -> tuple[int, int]:
    return row.page, row.block


def _margins(rows: Sequence[Row]) -> dict[tuple[int, int], tuple[float, float]]:
    """The left and right edge of the rows of each column of each page."""
    margins: dict[tuple[int, int], tuple[float, float]] = {}
    for row in rows:
        left, right = margins.get(_place(row), (row.left, row.right))
        margins[_place(row)] = (min(left, row.left), max(right, row.right))
    return margins


def _goes_on(before: Row, row: Row, edges: tuple[float, float], own: tuple[float, float]) -> bool:
    """Whether a row goes on with the paragraph of the row before it. `edges` and `own` are the margins of the two."""
    if before.cells or row.cells:
        return bool(before.cells and row.cells) and _place(before) == _place(row)
    size = row.height
    if abs(before.height - size) > 0.25 * size or _is_mark(row.text):
        return False
    full = before.right >= edges[1] - 1.6 * size
    indented = row.left - own[0] > 1.2 * size
    if not full or (indented and not before.left - edges[0] > 1.2 * size):
        return False
    if _place(before) == _place(row) and before.bottom - row.top > 1.3 * size:
        return False
    return not (indented and numerals.half_width(before.text[-1]) in _ENDS)


def _goes_on_over_page(together: Sequence[Row], row: Row, own: tuple[float, float]) -> bool:
    """Whether the first row of a page goes on with a sentence that the page before left open."""
    before, size = together[-1], row.height
    return (
        before.page == row.page - 1
        and not before.cells
        and not row.cells
        and any(mark in "".join(part.text for part in together) for mark in ",\uff0c、")
        and numerals.half_width(before.text[-1]) not in _ENDS
        and abs(before.height - size) <= 0.25 * size
        and row.left - own[0] <= 1.2 * size
        and not _is_mark(row.text)
    )


def _is_mark(text: str) -> bool:
    marks = section_marks.opening_mark(text), bulletin_headings.bulletin_mark(text), _NUMBERED.match(text)
    return any(mark is not None for mark in marks)
