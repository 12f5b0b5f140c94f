"""PDF files to lines: paragraphs joined over line ends and pages, running heads and page numbers left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pypdfium2 as pdfium

from retrieval.furniture import is_furniture
from retrieval.headings import bulletin_mark
from retrieval.joints import join
from retrieval.lines import Document, Kind, Line, unread
from retrieval.marks import opening_mark
from retrieval.numerals import half_width
from retrieval.types import Finding

MOST_PAGES = 2_000
# A page of a scan may carry a stamp or a page number; less than this a page is no text layer.
_FEWEST_CHARACTERS = 12
_ENDS = frozenset("。!?;:…”」)")
# Lines this far from the edges, as a share of the page's height, may be running heads.
_MARGIN = 0.13


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of print: where it lies on its page in points, from the left and from the bottom."""

    text: str
    page: int
    left: float
    right: float
    bottom: float
    top: float
    page_height: float

    @property
    def height(self) -> float:
        return max(self.top - self.bottom, 1.0)


def read_pdf(content: bytes, name: str) -> Document:
    """The paragraphs of a PDF with a text layer; a file without one, or with a password, is named and skipped."""
    try:
        pdf = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        locked = "assword" in str(error) or "ecurity" in str(error)
        return unread(
            name, "encrypted: save it without a password; skipped" if locked else "a damaged PDF; skipped"
        )
    try:
        return _read(pdf, name)
    finally:
        pdf.close()


def _read(pdf: pdfium.PdfDocument, name: str) -> Document:
    if len(pdf) > MOST_PAGES:
        return unread(name, f"more than {MOST_PAGES} pages; skipped")
    pages = [_rows(pdf, page) for page in range(len(pdf))]
    rows = [row for page in pages for row in page]
    if sum(len(row.text) for row in rows) < _FEWEST_CHARACTERS:
        return unread(name, "no text layer: a scan has to be read by OCR first; skipped")
    empty = [number for number, page in enumerate(pages, start=1) if sum(len(row.text) for row in page) < 2]
    findings = [Finding(name, None, f"page {number} has no text: a scan or a picture") for number in empty]
    title = (pdf.get_metadata_dict().get("Title") or "").strip()
    return Document(name, tuple(_paragraphs(_without_running_heads(rows))), tuple(findings), _usable(title))


def _usable(title: str) -> str:
    """A title a person gave, not the name of a file or of a template."""
    return title if len(re.findall("[一-鿿]", title)) >= 4 and len(title) <= 60 and "." not in title else ""


def _rows(pdf: pdfium.PdfDocument, number: int) -> list[_Row]:
    page = pdf[number]
    text_page = page.get_textpage()
    height = float(page.get_height())
    text = text_page.get_text_range()
    rows: list[_Row] = []
    cursor = 0
    for piece in re.split(r"(\r\n|\r|\n)", text):
        if piece.strip():
            row = _row(text_page, piece, cursor, (number, height))
            rows.append(row)
        cursor += len(piece)
    text_page.close()
    page.close()
    return _merged(rows)


def _row(text_page: pdfium.PdfTextPage, piece: str, cursor: int, page: tuple[int, float]) -> _Row:
    start = cursor + len(piece) - len(piece.lstrip())
    end = cursor + len(piece.rstrip()) - 1
    count = text_page.count_chars()
    left, bottom, _, top = text_page.get_charbox(min(start, count - 1), loose=True)
    _, low, right, high = text_page.get_charbox(min(max(end, start), count - 1), loose=True)
    text = piece.strip().replace("\ufffe", "").replace("\x02", "").replace("\xad", "")
    return _Row(text, page[0], left, max(right, left), min(bottom, low), max(top, high), page[1])


def _merged(rows: list[_Row]) -> list[_Row]:
    """Pieces of one printed line, which wide gaps divide, as one row."""
    merged: list[_Row] = []
    for row in rows:
        before = merged[-1] if merged else None
        if (
            before
            and abs(before.bottom - row.bottom) < 0.4 * row.height
            and 0 <= row.left - before.right < 40 * row.height
        ):
            gap = "" if row.left - before.right < 0.6 * row.height else " "
            merged[-1] = replace(
                before, text=f"{before.text}{gap}{row.text}", right=row.right, top=max(before.top, row.top)
            )
        else:
            merged.append(row)
    return merged


def _without_running_heads(rows: Sequence[_Row]) -> list[_Row]:
    """The rows without page numbers, and without what stands at the edge of several pages alike."""
    pages = len({row.page for row in rows})
    alike = Counter(key for key in {(_shape(row), row.page) for row in rows if _at_edge(row)})
    shapes = Counter(shape for shape, _ in alike)
    needed = 2 if pages <= 4 else max(3, pages // 4)
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
        if running and not (
            once and _shape(row) not in first_seen and row.height >= _common_height(rows) * 1.15
        ):
            continue
        first_seen.add(_shape(row))
        if not (
            _at_edge(row)
            and is_furniture(row.text)
            and re.search(r"\d", half_width(row.text))
            and len(row.text) < 16
        ):
            kept.append(row)
    return kept


def _common_height(rows: Sequence[_Row]) -> float:
    return Counter(round(row.height) for row in rows).most_common(1)[0][0]


def _at_edge(row: _Row) -> bool:
    return row.bottom > row.page_height * (1 - _MARGIN) or row.top < row.page_height * _MARGIN


def _shape(row: _Row) -> str:
    return re.sub(r"[\d\s一二三四五六七八九十·\-—]+", "#", half_width(row.text))


def _paragraphs(rows: Sequence[_Row]) -> Iterator[Line]:
    margins = _margins(rows)
    common = _common_height(rows) if rows else 1.0
    text = ""
    before: _Row | None = None
    first: _Row | None = None
    for row in rows:
        if before and _goes_on(
            before, row, margins[before.page, _column(before)], margins[row.page, _column(row)]
        ):
            text = join(text, row.text)
        else:
            if first:
                yield _line(text, first, common)
            text, first = row.text, row
        before = row
    if first:
        yield _line(text, first, common)


def _line(text: str, row: _Row, common: float) -> Line:
    large = (
        row.height >= common * 1.2 and len(text) <= 60 and not half_width(text).rstrip().endswith(("。", ";"))
    )
    return Line(None, text, Kind.HEADING if large and not bulletin_mark(text) else Kind.PARAGRAPH)


def _column(row: _Row) -> int:
    """Which column a row begins in, by steps of a quarter of a page of common width."""
    return int(max(row.left, 0) // 150)


def _margins(rows: Sequence[_Row]) -> dict[tuple[int, int], tuple[float, float]]:
    """The left and right edge of the rows of each column of each page."""
    margins: dict[tuple[int, int], tuple[float, float]] = {}
    for row in rows:
        key = (row.page, _column(row))
        left, right = margins.get(key, (row.left, row.right))
        margins[key] = (min(left, row.left), max(right, row.right))
    return margins


def _goes_on(before: _Row, row: _Row, edges: tuple[float, float], own: tuple[float, float]) -> bool:
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
    return not (indented and half_width(before.text[-1]) in _ENDS)


def _is_mark(text: str) -> bool:
    return opening_mark(text) is not None or bulletin_mark(text) is not None
