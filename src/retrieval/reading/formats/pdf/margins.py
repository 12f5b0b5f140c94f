"""Sorts out what is printed around the text of a PDF: running heads, page numbers, watermarks.

Each is known by two signs: its place (at the edge of the page, or slanted) and its form (repeated, or a page number).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from retrieval.language import numerals
from retrieval.reading.formats.pdf.rows import Row
from retrieval.reading.lines import boilerplate

RUNNING_HEAD, PAGE_NUMBER, WATERMARK = "repeated page head", "page number", "watermark"
# Lines this far from the edges, as a share of the page's height, may be running heads.
_MARGIN = 0.13
# A running head or foot says the page: alone, as 第3页, as 3/12, behind a blank at its end, before one at its beginning.
_PAGE_NUMBER = re.compile(
    r"第?\s*\d{1,4}\s*(?:页|頁|/\s*\d{1,4})(?:\s*共\s*\d{1,4}\s*[页頁])?|^[\W_]*\d{1,4}[\W_]*$"
    r"|(?<=\s)[\W_]*\d{1,4}[\W_]*$|^[\W_]*\d{1,4}(?=\s)|第\s*[一二三四五六七八九十百]+\s*[页頁]"
)
# The number of an attachment is no page number.
NUMBERED = re.compile(r"\s*(?:附[件表录錄图圖]?|[图圖表])\s*\d")
# A title is printed larger than the common size by this; the head of the first page may be one.
_TITLE_HEIGHT = 1.15
# A slanted text that is printed once is a watermark from this size on.
_WATERMARK_HEIGHT = 1.5
_LONGEST_PAGE_NUMBER = 16


def sort_out(rows: Sequence[Row]) -> tuple[list[Row], list[tuple[Row, str]]]:
    """The rows of the text, and those around it, each with the reason why it was left out."""
    reasons = [*_reasons(rows)]
    return (
        [row for row, reason in zip(rows, reasons, strict=True) if not reason],
        [(row, reason) for row, reason in zip(rows, reasons, strict=True) if reason],
    )


def common_height(rows: Sequence[Row]) -> float:
    """The height of most rows, in points."""
    return Counter(round(row.height) for row in rows if not row.is_slanted).most_common(1)[0][0]


def _reasons(rows: Sequence[Row]) -> Iterator[str]:
    """For each row why it is left out; empty for a row of the text."""
    running = _running_heads(rows)
    slanted = Counter(row.text for row in rows if row.is_slanted)
    common = common_height(rows) if len(rows) > slanted.total() else 0.0
    first_seen: set[str] = set()
    for row in rows:
        shape = _shape(row)
        if row.is_slanted:
            yield WATERMARK if slanted[row.text] > 1 or row.height >= _WATERMARK_HEIGHT * common else ""
        elif (
            shape in running
            and _is_at_edge(row)
            and (shape in first_seen or not _is_title(row, common, rows))
        ):
            yield RUNNING_HEAD
        else:
            yield PAGE_NUMBER if _is_page_number(row) else ""
        first_seen.add(shape)


def _running_heads(rows: Sequence[Row]) -> set[str]:
    """The shapes of the rows that stand at the edge of several pages alike."""
    pages = len({row.page for row in rows})
    pages_of = Counter(shape for shape, _ in {(_shape(row), row.page) for row in rows if _is_at_edge(row)})
    fewest = 2 if pages <= 4 else max(3, pages // 4)
    return {shape for shape, count in pages_of.items() if count >= fewest}


def _is_title(row: Row, common: float, rows: Sequence[Row]) -> bool:
    """Whether the head of the first page is the title itself: in Chinese, large, not at the very edge."""
    return (
        row.page == rows[0].page
        and bool(re.search("[一-鿿]", _shape(row)))
        and row.top < row.page_height * 0.97
        and row.height >= _TITLE_HEIGHT * common
    )


def _is_page_number(row: Row) -> bool:
    return (
        _is_at_edge(row)
        and len(row.text) < _LONGEST_PAGE_NUMBER
        and bool(re.search(r"\d", numerals.half_width(row.text)))
        and boilerplate.is_boilerplate(row.text)
    )


def _is_at_edge(row: Row) -> bool:
    edge = _MARGIN * row.page_height
    return not row.is_slanted and (row.bottom > row.page_height - edge or row.top < edge)


def _shape(row: Row) -> str:
    """The text with its page number left out: equal for the running head of every page, and not for 附件1 and 附件2."""
    plain = numerals.half_width(row.text)
    return plain.strip() if NUMBERED.match(plain) else _PAGE_NUMBER.sub("#", plain).strip()
