"""Sorts out what is printed around the text of a PDF: running heads, page numbers, watermarks.

Each is known by two signs: its place (at the edge of the page, or slanted) and its form (repeated, or a page number).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from retrieval.language import numerals
from retrieval.reading.formats.pdf.rows import Row
from retrieval.reading.lines import boilerplate
from retrieval.types import LeftOutReason

# Lines this far from the edges, as a share of the page's height, may be running heads.
_MARGIN = 0.13
# A running head or foot says the page: alone, as 第3页, as 3/12.
_PAGE_NUMBER = re.compile(
    r"第?\s*\d{1,4}\s*(?:页|頁|/\s*\d{1,4})(?:\s*共\s*\d{1,4}\s*[页頁])?|^[\W_]*\d{1,4}[\W_]*$"
    r"|第\s*[一二三四五六七八九十百]+\s*[页頁]"
)
# Behind a blank at its end or before one at its beginning a number may be the page's: if it counts on with the pages.
_NUMBER = re.compile(r"(?<=\s)[\W_]*(\d{1,4})[\W_]*$|^[\W_]*(\d{1,4})(?=\s)")
_OFFSET = "\x00"
# The number of an attachment is no page number.
NUMBERED = re.compile(r"\s*(?:附[件表录錄图圖]?|[图圖表])\s*\d")
# A title is printed larger than the common size by this; the head of the first page may be one.
_TITLE_HEIGHT = 1.15
# A slanted text that is printed once is a watermark from this size on.
_WATERMARK_HEIGHT = 1.5
_LONGEST_PAGE_NUMBER = 16
# A head that is printed once is smaller than the common size by this, this far above the text, and no longer.
_HEAD_HEIGHT, _HEAD_GAP, _LONGEST_HEAD = 0.85, 1.0, 40
_NOT_IN_HEAD = re.compile(r"[\d\uff10-\uff19。！!？?；;：:]|^\s*附")


def sort_out(rows: Sequence[Row]) -> tuple[list[Row], list[tuple[Row, LeftOutReason]]]:
    """The rows of the text, and those around it, each with the reason why it was left out."""
    reasons = [*_reasons(rows)]
    return (
        [row for row, reason in zip(rows, reasons, strict=True) if not reason],
        [(row, reason) for row, reason in zip(rows, reasons, strict=True) if reason],
    )


def common_height(rows: Sequence[Row]) -> float:
    """The height of most rows in points; 0 where there are none."""
    heights = Counter(round(row.height) for row in rows if not row.is_slanted)
    return max(heights, key=lambda height: heights[height], default=0)


def _reasons(rows: Sequence[Row]) -> Iterator[LeftOutReason | None]:
    """For each row why it is left out; None for a row of the text."""
    slanted = Counter(row.text for row in rows if row.is_slanted)
    common = common_height(rows)
    running = _running_heads(rows, common)
    lone = {id(row) for row in _lone_heads(rows, common)}
    titles: set[str] = set()
    for row in rows:
        shapes = _shapes(row, common)
        if row.is_slanted or (row.text in slanted and row.height >= _WATERMARK_HEIGHT * common):
            yield (
                LeftOutReason.WATERMARK
                if not row.is_slanted or slanted[row.text] > 1 or row.height >= _WATERMARK_HEIGHT * common
                else None
            )
        elif (shapes & running and (shapes & titles or not _is_title(row, rows[0].page, common))) or id(
            row
        ) in lone:
            yield LeftOutReason.PAGE_HEAD
        else:
            titles |= shapes
            yield LeftOutReason.PAGE_NUMBER if _is_page_number(row) else None


def _running_heads(rows: Sequence[Row], common: float) -> set[str]:
    """The shapes of the rows that stand at the edge of several pages alike."""
    count = len({row.page for row in rows})
    pages: defaultdict[str, set[int]] = defaultdict(set)
    for row in rows:
        for shape in _shapes(row, common):
            pages[shape].add(row.page)
    for shape in _only_in_tables(rows, common):
        pages.pop(shape)
    fewest = 2 if count <= 4 else max(3, count // 4)
    # Two of four pages may be numbered alike by chance.
    fewest_numbered = max(fewest, min(count, 4) // 2 + 1)
    return {
        shape
        for shape, numbers in pages.items()
        if len(numbers) >= (fewest_numbered if _OFFSET in shape else fewest)
    }


def _only_in_tables(rows: Sequence[Row], common: float) -> set[str]:
    """The shapes that only rows of tables have, as headings that a table repeats on each page."""
    inside: set[str] = set()
    outside: set[str] = set()
    for row, below in itertools.zip_longest(rows, rows[1:]):
        is_inside = (
            below is not None
            and bool(row.cells)
            and len(row.cells) == len(below.cells)
            and (row.page, row.block) == (below.page, below.block)
        )
        (inside if is_inside else outside).update(_shapes(row, common))
    return inside - outside


def _lone_heads(rows: Sequence[Row], common: float) -> Iterator[Row]:
    """The uppermost row of each page, where it is a head although it is printed on no other page.

    It is at the edge, in smaller print than the text, and apart from it; a number may be the paper's and stays.
    """
    for _, page in itertools.groupby(rows, lambda row: row.page):
        upright = sorted((row for row in page if not row.direction), key=lambda row: -row.top)
        for head, below in itertools.pairwise(upright[:2]):
            is_apart = head.bottom - below.top > _HEAD_GAP * head.height
            is_plain = len(head.text) <= _LONGEST_HEAD and not _NOT_IN_HEAD.search(head.text)
            if _is_at_edge(head) and head.height < _HEAD_HEIGHT * common and is_apart and is_plain:
                yield head


def _is_title(row: Row, first_page: int, common: float) -> bool:
    """Whether the head of the first page is the title itself: in Chinese, large, not at the very edge."""
    return (
        row.page == first_page
        and bool(re.search("[一-鿿]", row.text))
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


def _shapes(row: Row, common: float) -> set[str]:
    """The shapes by which a row at the edge of a page may equal running heads of other pages; empty for other rows.

    The text, and the text without its page number. 附件1 and 附件2 share none, nor do large heads as 案例 1 and 案例 2.
    """
    if not _is_at_edge(row):
        return set()
    plain = numerals.half_width(row.text).strip()
    if NUMBERED.match(plain):
        return {plain}
    shapes = {plain, _PAGE_NUMBER.sub("#", plain)}
    number = _NUMBER.search(plain)
    if number and row.height < _TITLE_HEIGHT * common:
        offset = int(number[1] or number[2]) - row.page
        shapes.add(f"{plain[: number.start()]}{_OFFSET}{offset}{plain[number.end() :]}")
    return shapes
