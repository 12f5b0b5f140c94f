"""Glyphs of a page to its rows in the order in which a person reads them."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from retrieval.reading.formats.pdf.blocks import blocks_of
from retrieval.reading.formats.pdf.glyphs import Glyphs, Mask
from retrieval.reading.formats.pdf.lines import Line, RuledTable, Side, lines_of
from retrieval.reading.formats.pdf.ruled_tables import ruled_tables
from retrieval.types import Recognition

# Text is vertical where at least so many glyphs stand closer to the next one below than to the next one beside, and
# at least this share of all. In heights of the glyphs: gaps in a vertical column are smaller, between columns larger.
_FEWEST_VERTICAL, _VERTICAL_SHARE = 12, 0.6
_CLOSE, _APART = 0.35, 0.35
_SENTENCE_END = re.compile(r"[。!?;！？；][”」』’》)）]*$")

SLANTED = -1

Size = tuple[float, float]
"""Width and height of a page in points."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of print: where it lies on its page in points, from the left and from the bottom."""

    text: str
    page: int
    left: float
    right: float
    bottom: float
    top: float
    page_height: float
    block: int = 0
    """Rows of one column of one page have one number; it counts on in the order of reading."""
    direction: int = 0
    """By how many right angles its base line is turned to the left on the page; -1 if it is slanted or across the text.

    Rows are turned upright; of a slanted one the box is not known, only the height.
    """
    cells: tuple[str, ...] = ()
    """The cells of a row of a table; empty for a line of text."""
    merged: tuple[Side | None, ...] = ()
    """For each cell of a ruled table the side of the cell that it repeats."""
    recognized: Recognition | None = None
    """Set where the row was read from a picture."""

    @property
    def height(self) -> float:
        return max(self.top - self.bottom, 1.0)

    @property
    def is_slanted(self) -> bool:
        return self.direction == SLANTED


def page_rows(glyphs: Glyphs, page: int, size: Size, rules: Glyphs | None = None) -> list[Row]:
    """The rows of a page in the order of reading; `rules` are the lines drawn on it."""
    tables, glyphs = ruled_tables(glyphs, rules) if rules else ([], glyphs)
    vertical = _is_vertical(glyphs)
    lines = _with_tables(lines_of(glyphs[~vertical]), tables)
    rows = _rows_of(lines, page, size)
    if not vertical.any():
        return rows
    # Turned by a right angle, columns from right to left are lines from top to bottom.
    turned = _rows_of(lines_of(glyphs[vertical].turned(3, size)), page, (size[1], size[0]))
    top = glyphs[vertical].boxes[:, 3].max()
    above = [row for row in rows if row.bottom > top]
    return in_order(above, turned, [row for row in rows if row.bottom <= top])


def in_order(*parts: list[Row]) -> list[Row]:
    """The rows of the parts of a page, read one after the other, with the numbers of their blocks counted on."""
    rows: list[Row] = []
    for part in parts:
        first = rows[-1].block + 1 if rows else 0
        rows.extend(replace(row, block=row.block + first) for row in part)
    return rows


def _with_tables(lines: list[Line], tables: list[RuledTable]) -> list[Line]:
    """The lines and, each as a line of one segment, the tables, from top to bottom."""
    return (
        sorted([*lines, *([table.segment] for table in tables)], key=_top, reverse=True) if tables else lines
    )


def _top(line: Line) -> float:
    return max(segment.top - segment.height / 2 for segment in line)


def _rows_of(page_lines: list[Line], page: int, size: Size) -> list[Row]:
    rows: list[Row] = []
    for block, (lines, is_table) in enumerate(blocks_of(page_lines)):
        place = Row("", page, 0, 0, 0, 0, size[1], block)
        columns = _columns_of(lines) if is_table else []
        for line in lines:
            rows.extend([_table_row(line, columns, place)] if is_table else _text_rows(line, place))
    return rows


def _columns_of(lines: Sequence[Line]) -> list[tuple[float, float]]:
    """The left and right edges of the columns of a table: those of the cells that lie below one another."""
    columns: list[tuple[float, float]] = []
    for left, right in sorted((segment.left, segment.right) for line in lines for segment in line):
        if columns and left < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(right, columns[-1][1]))
        else:
            columns.append((left, right))
    return columns


def _is_vertical(glyphs: Glyphs) -> Mask:
    """True for the glyphs of vertical columns; for none where the page has not enough of them."""
    none = np.zeros(len(glyphs), dtype=bool)
    visible = np.flatnonzero(~glyphs.is_blank)
    if len(visible) < _FEWEST_VERTICAL:
        return none
    drawn = glyphs[visible]
    # Quick: in horizontal text most glyphs are drawn right behind the one before, at its height.
    level = np.abs(np.diff(drawn.middle)) < 0.1 * drawn.height[1:]
    close = np.abs(drawn.left[1:] - drawn.right[:-1]) < _CLOSE * drawn.height[1:]
    if np.mean(level & close) > 1 - _VERTICAL_SHARE:
        return none
    beside, below = _gaps_beside(drawn), _gaps_beside(drawn.turned(3, (0.0, 0.0)))
    stands = (below < _CLOSE * drawn.height) & (beside > np.maximum(below, 0) + 0.1 * drawn.height)
    if stands.sum() < max(_FEWEST_VERTICAL, _VERTICAL_SHARE * len(visible)):
        return none
    lies = (beside < 0.1 * drawn.height) & (below > _APART * drawn.height)
    none[visible[~lies]] = True
    return none


def _gaps_beside(glyphs: Glyphs) -> np.ndarray:
    """For each glyph the gap to the nearest one to the left or to the right at its height; infinite where there is none."""
    row = np.round(glyphs.middle / (0.5 * np.median(glyphs.height)))
    order = np.lexsort((glyphs.left, row))
    gap = np.where(np.diff(row[order]) == 0, glyphs.left[order][1:] - glyphs.right[order][:-1], np.inf)
    gaps = np.full(len(glyphs), np.inf)
    gaps[order[1:]] = gap
    gaps[order[:-1]] = np.minimum(gaps[order[:-1]], gap)
    return gaps


def _table_row(line: Line, columns: Sequence[tuple[float, float]], place: Row) -> Row:
    """A row with a cell for each column; with as many as it has texts where two of them share a column."""
    row = _row(line, place)
    numbers = [bisect.bisect(columns, (segment.left, float("inf"))) - 1 for segment in line]
    if len({*numbers}) < len(line):
        return replace(row, cells=tuple(segment.text for segment in line))
    texts = dict(zip(numbers, line, strict=True))
    return replace(
        row, cells=tuple(texts[number].text if number in texts else "" for number in range(len(columns)))
    )


def _ruled_rows(table: RuledTable, place: Row) -> Iterator[Row]:
    left, _, right, _ = table.box
    for cells, merged, text, top in zip(table.rows, table.merged, table.texts, table.tops, strict=True):
        row = replace(place, text=text, left=left, right=right, bottom=top - table.height, top=top)
        yield replace(row, cells=cells, merged=merged)


def _text_rows(line: Line, place: Row) -> Iterator[Row]:
    """The rows of one line: one, or more where a new paragraph begins within it (「…。　　又…」) or for a table."""
    if line[0].table:
        yield from _ruled_rows(line[0].table, place)
        return
    begins = [False, *(bool(_SENTENCE_END.search(segment.text)) for segment in line[:-1])]
    for _, part in itertools.groupby(
        zip(itertools.accumulate(begins), line, strict=True), lambda pair: pair[0]
    ):
        yield _row([segment for _, segment in part], place)


def _row(segments: Line, place: Row) -> Row:
    return replace(
        place,
        text=" ".join(segment.text for segment in segments),
        left=segments[0].left,
        right=max(segment.right for segment in segments),
        bottom=min(segment.bottom for segment in segments),
        top=max(segment.top for segment in segments),
    )
