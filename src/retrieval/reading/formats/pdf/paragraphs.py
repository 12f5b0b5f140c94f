"""Rows of a PDF to lines of a document: paragraphs joined over line ends, columns and pages."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from retrieval.language import Pattern, numerals
from retrieval.reading.formats.pdf.margins import NUMBERED, common_height
from retrieval.reading.formats.pdf.rows import Row
from retrieval.reading.lines import (
    Line,
    LineKind,
    bulletin_headings,
    line_joining,
    section_marks,
    table_lines,
)
from retrieval.types import Recognition

_ENDS = frozenset("。!?;:…”」)")
_ENDS_CLAUSE = re.compile(r"[,\uff0c。;\uff1b]")
_COMMAS = frozenset(",\uff0c、")
# A note at the foot of a page is printed at most so large, as a share of the common size, and opens with its sign.
_NOTE_HEIGHT = 0.9
_NOTE_SIGN = re.compile(r"\s*(?:\d{1,3}|[①-⑳*※†]|[\[〔(（]\d{1,3}[\]〕)）]|注\s*[:：\d])")
# The date below a signature, away from the left margin.
_DATE_LINE = Pattern(
    re.compile(
        r"^(?:[12]\d{3}|[一二三四五六七八九〇○零0]{4})\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日\s*$"
    ),
    "2023年11月9日",
    "2023年11月9日起",
)
# A heading is printed larger than the common size by this, and is no longer than this.
_HEADING_HEIGHT, _LONGEST_HEADING = 1.2, 60
# In heights of the print: how far from the right margin a full line ends, how far an indented one begins, how far
# apart the lines of a paragraph lie, how unequal in size they are.
_SHORT, _INDENT, _LEADING, _UNEQUAL = 1.6, 1.2, 1.3, 0.25
# Lines are ragged where fewer than this share of those that a line at the left margin follows reach the right margin, in
# a text with at least so many indented lines.
_FULL_LINES, _FEWEST_INDENTED = 0.7, 2

_Edges = tuple[float, float]
"""The left and right margin of a column."""
_Column = tuple[int, int]
"""The page and the block."""


def paragraphs_of(rows: Sequence[Row], *, may_be_ragged: bool = False) -> Iterator[Line]:
    """The paragraphs in the order of reading; a note at the foot of a page comes behind the paragraph it interrupts.

    In a text whose lines are ragged, if it may be, a line at the left margin goes on from the one before however short
    that is: paragraphs are told by their indents.
    """
    common = common_height(rows)
    body, notes = _foot_notes(rows, common)
    yield from _notes(notes.get(0, ()), common)
    end = 0
    for paragraph in _joined(body, may_be_ragged=may_be_ragged):
        yield from _lines(paragraph, common)
        start, end = end, end + len(paragraph)
        for position in range(start + 1, end + 1):
            yield from _notes(notes.get(position, ()), common)


def _foot_notes(rows: Sequence[Row], common: float) -> tuple[list[Row], dict[int, list[Row]]]:
    """The rows of the text, and the notes by the number of rows of the text before them.

    Notes are rows of smaller print at the end of a column or page, the first of which opens with the sign of a note.
    """
    body: list[Row] = []
    notes: dict[int, list[Row]] = {}
    sizes = {
        page: max(row.height for row in part) for page, part in itertools.groupby(rows, lambda row: row.page)
    }
    for (page, _), part in itertools.groupby(rows, _column):
        column = list(part)
        small = [*itertools.takewhile(lambda row: row.height < _NOTE_HEIGHT * common, reversed(column))]
        first = next((row for row in reversed(small) if _NOTE_SIGN.match(row.text)), None)
        start = column.index(first) if first and sizes[page] >= _NOTE_HEIGHT * common else len(column)
        body.extend(column[:start])
        if start < len(column):
            notes.setdefault(len(body), []).extend(column[start:])
    return body, notes


def _notes(rows: Sequence[Row], common: float) -> Iterator[Line]:
    numbers = itertools.accumulate(bool(_NOTE_SIGN.match(row.text)) for row in rows)
    for _, part in itertools.groupby(zip(numbers, rows, strict=True), lambda pair: pair[0]):
        yield from _lines([row for _, row in part], common)


def _lines(rows: Sequence[Row], common: float) -> Iterator[Line]:
    recognized = _recognition(rows)
    if rows[0].cells:
        merged = {
            (number, column): side
            for number, row in enumerate(rows)
            for column, side in enumerate(row.merged)
            if side
        }
        for line in table_lines([row.cells for row in rows], merged=merged):
            yield replace(line, recognized=recognized)
        return
    text = line_joining.join(*(row.text for row in rows))
    is_heading = (
        rows[0].height >= common * _HEADING_HEIGHT
        and len(text) <= _LONGEST_HEADING
        and not numerals.half_width(text).rstrip().endswith(("。", ";"))
        and not bulletin_headings.bulletin_mark(text)
        and not _DATE_LINE.regex.match(numerals.half_width(text))
    )
    kind = LineKind.HEADING if is_heading else LineKind.PARAGRAPH
    yield Line(None, text, kind, recognized=recognized)


def _recognition(rows: Sequence[Row]) -> Recognition | None:
    """The recognition of a paragraph: the lowest score and all regions of its rows; None for printed text."""
    parts = [row.recognized for row in rows if row.recognized]
    if not parts:
        return None
    regions = tuple(region for part in parts for region in part.regions)
    return Recognition(min(part.score for part in parts), parts[0].source, regions)


def _joined(rows: Sequence[Row], *, may_be_ragged: bool) -> Iterator[list[Row]]:
    """The rows of each paragraph."""
    margins = _margins(rows)
    is_ragged = may_be_ragged and _is_ragged(rows, margins)
    paragraph: list[Row] = []
    for row in rows:
        own = margins[_column(row)]
        if paragraph and not (
            _goes_on(paragraph[-1], row, margins[_column(paragraph[-1])], own)
            or _goes_on_over_page(paragraph, row, own)
            or (is_ragged and _is_continued(paragraph, row, own))
        ):
            yield paragraph
            paragraph = []
        paragraph.append(row)
    if paragraph:
        yield paragraph


def _is_ragged(rows: Sequence[Row], margins: dict[_Column, _Edges]) -> bool:
    """Whether paragraphs begin with an indent and lines end at any distance from the right margin."""
    text = [row for row in rows if not row.cells]
    indented = sum(row.left - margins[_column(row)][0] > _INDENT * row.height for row in text)
    continued = [
        before
        for before, row in itertools.pairwise(text)
        if _column(before) == _column(row)
        and _is_alike(before, row)
        and row.left - margins[_column(row)][0] <= _INDENT * row.height
        and not _opens(row.text)
    ]
    full = sum(row.right >= margins[_column(row)][1] - _SHORT * row.height for row in continued)
    return indented >= _FEWEST_INDENTED and full < _FULL_LINES * len(continued)


def _column(row: Row) -> _Column:
    return row.page, row.block


def _margins(rows: Sequence[Row]) -> dict[_Column, _Edges]:
    """The left and right edge of the lines of each column of each page; of its tables where it has no lines."""
    margins: dict[_Column, _Edges] = {}
    for row in sorted(rows, key=lambda row: bool(row.cells)):
        left, right = margins.get(_column(row), (row.left, row.right))
        if not row.cells or _column(row) not in margins:
            margins[_column(row)] = (min(left, row.left), max(right, row.right))
    return margins


def _goes_on(before: Row, row: Row, edges: _Edges, own: _Edges) -> bool:
    """Whether a row goes on with the paragraph of the row before it. `edges` and `own` are the margins of the two."""
    if before.cells or row.cells:
        return bool(before.cells and row.cells) and _column(before) == _column(row)
    size = row.height
    if not _is_alike(before, row) or _opens(row.text) or _is_heading_below(before, row):
        return False
    was_indented, is_indented = before.left - edges[0] > _INDENT * size, row.left - own[0] > _INDENT * size
    if before.right < edges[1] - _SHORT * size or (is_indented and not was_indented):
        return False
    if is_indented and _DATE_LINE.regex.match(numerals.half_width(row.text)):
        return False
    if _column(before) == _column(row) and before.bottom - row.top > _LEADING * size:
        return False
    return not (is_indented and numerals.half_width(before.text[-1]) in _ENDS)


def _is_heading_below(before: Row, row: Row) -> bool:
    """Whether a row in larger print follows the end of a sentence."""
    return row.height >= _HEADING_HEIGHT * before.height and numerals.half_width(before.text[-1]) in _ENDS


def _goes_on_over_page(paragraph: Sequence[Row], row: Row, own: _Edges) -> bool:
    """Whether the first row of a page goes on with a sentence that the page before left open."""
    before = paragraph[-1]
    return (
        before.page == row.page - 1
        and not (before.cells or row.cells)
        and any(not _COMMAS.isdisjoint(part.text) for part in paragraph)
        and numerals.half_width(before.text[-1]) not in _ENDS
        and _is_alike(before, row)
        and row.left - own[0] <= _INDENT * row.height
        and not _opens(row.text)
    )


def _is_continued(paragraph: Sequence[Row], row: Row, own: _Edges) -> bool:
    """Whether a row at the left margin goes on from one that ended early, in a text of ragged lines."""
    before = paragraph[-1]
    is_heading = len(paragraph) == 1 and _opens(before.text) and not _ENDS_CLAUSE.search(before.text)
    return (
        not (before.cells or row.cells or is_heading)
        and _is_alike(before, row)
        and row.left - own[0] <= _INDENT * row.height
        and not _opens(row.text)
        and (_column(before) != _column(row) or before.bottom - row.top <= _LEADING * row.height)
    )


def _is_alike(before: Row, row: Row) -> bool:
    """Whether two rows may be of one paragraph: printed in one direction and in one size."""
    unequal = abs(before.height - row.height)
    return before.direction == row.direction and not row.is_slanted and unequal <= _UNEQUAL * row.height


def _opens(text: str) -> bool:
    """Whether a row begins with a mark that opens a section, a bulletin or an attachment."""
    marks = section_marks.opening_mark(text), bulletin_headings.bulletin_mark(text), NUMBERED.match(text)
    return any(mark is not None for mark in marks)
