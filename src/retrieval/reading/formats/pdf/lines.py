"""Glyphs to lines of print: where a line is divided, and where it has blanks.

Works on arrays with one number a glyph, sorted by line and from left to right; Python loops run over lines only.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from retrieval.reading.formats.pdf.baselines import (
    SMALL,
    is_double,
    line_numbers,
    medians,
    sizes_of,
    starts_of,
)
from retrieval.reading.formats.pdf.glyphs import Glyphs, Indices, Mask, Numbers

# All in heights of the glyphs. A wider gap divides a line into segments: cells, or columns of text.
_SEGMENT_GAP = 1.5
# A gap as wide as this between Latin letters or digits is a blank; between others it needs more. A blank that the
# file draws counts from the third on.
_LATIN_BLANK, _BLANK, _DRAWN_BLANK = 0.18, 0.6, 0.1
_LATIN = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.,:;%&'-+/()@")
# A letter-spaced title: so many characters, so far apart, so equally.
_LONGEST_TITLE, _NARROWEST_SPACE, _WIDEST_SPACE, _UNEQUAL_SPACES = 16, 0.3, 4.0, 0.5
# Rows of one table are printed in sizes that differ by less than this share.
_UNEQUAL_ROWS = 0.15

Side = Literal["above", "left"]


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table that is ruled with lines."""

    rows: tuple[tuple[str, ...], ...]
    """As many cells in each row as there are columns; a cell that spans several places is repeated in each."""
    merged: tuple[tuple[Side | None, ...], ...]
    """For each cell of each row the side of the cell that it repeats."""
    texts: tuple[str, ...]
    """Of each row, each cell once."""
    tops: tuple[float, ...]
    """The upper edge of each row, in points."""
    box: tuple[float, float, float, float]
    """Left, bottom, right, top."""
    height: float
    """Of its glyphs, at the median."""

    @property
    def segment(self) -> Segment:
        """A segment that stands for the table among the lines of the page."""
        left, bottom, right, top = self.box
        return Segment("", left, right, bottom, top, self.height, 1, self)


@dataclass(frozen=True, slots=True)
class Segment:
    """Part of a line of print without a wide gap, with its box in points."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    height: float
    """Of its glyphs, at the median."""
    size: int
    """The number of its glyphs."""
    table: RuledTable | None = None
    """The table that it stands for."""

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


Line = list[Segment]
"""Segments from left to right; never empty."""


def lines_of(glyphs: Glyphs) -> list[Line]:
    """The lines from top to bottom, each from left to right; a letter-spaced title is one segment."""
    blank = glyphs.is_blank
    visible = glyphs[~blank]
    if not len(visible):
        return []
    numbers = line_numbers(visible)
    order = np.lexsort((visible.left, numbers))
    visible, numbers = visible[order], numbers[order]
    single = ~is_double(visible, numbers)
    print_ = _Print(visible[single], numbers[single], glyphs[blank])
    return [list(line) for line in print_.lines()]


class _Print:
    """The visible glyphs of a page, sorted by line and from left to right."""

    def __init__(self, glyphs: Glyphs, lines: Indices, blanks: Glyphs) -> None:
        self._glyphs, self._blanks = glyphs, blanks
        self._line_starts = starts_of(lines)
        self._line_of = np.cumsum(_marks(len(glyphs), self._line_starts)) - 1
        self._gaps = _gaps(glyphs, self._line_of)
        self._is_long = np.fromiter(map(len, glyphs.texts), dtype=np.intp, count=len(glyphs)) > 1
        self._is_ascii = np.fromiter(map(str.isascii, glyphs.texts), dtype=bool, count=len(glyphs))

    def lines(self) -> Iterator[Line]:
        starts = self._segment_starts()
        segments = self._segments(starts)
        for _, line in itertools.groupby(
            zip(self._line_of[starts].tolist(), segments, strict=True), lambda pair: pair[0]
        ):
            yield [segment for _, segment in line]

    def _segment_starts(self) -> Indices:
        height = medians(self._glyphs.height, self._line_starts)
        begins = self._gaps > _SEGMENT_GAP * height[self._line_of]
        begins[self._line_starts] = True
        titles = self._is_letter_spaced(self._line_starts, height)
        starts = np.flatnonzero(begins)
        for line in np.flatnonzero(titles).tolist():
            neighbours = [
                near for near in (line - 1, line + 1) if 0 <= near < len(titles) and not titles[near]
            ]
            if not any(self._is_row_beside(starts, line, near) for near in neighbours):
                begins[self._line_of == line] = False
        begins[self._line_starts] = True
        return np.flatnonzero(begins)

    def _is_row_beside(self, starts: Indices, line: int, other: int) -> bool:
        """Whether two lines are rows of one table: as many segments of one size, one below the other."""
        cells, others = (starts[self._line_of[starts] == number] for number in (line, other))
        if len(cells) != len(others) or len(cells) < 2:
            return False
        ends = (self._segment_ends(starts, cells), self._segment_ends(starts, others))
        left, height = self._glyphs.left, self._glyphs.height[cells]
        alike = np.abs(self._glyphs.height[others] - height) < _UNEQUAL_ROWS * height
        return bool((alike & (left[cells] < ends[1] + height) & (left[others] < ends[0] + height)).all())

    def _segment_ends(self, starts: Indices, cells: Indices) -> Numbers:
        after = np.append(starts, len(self._glyphs))[np.searchsorted(starts, cells) + 1]
        ends: Numbers = self._glyphs.right[after - 1]
        return ends

    def _is_letter_spaced(self, starts: Indices, height: Numbers) -> Mask:
        """True for groups of glyphs that are a title whose characters stand apart at about equal distances (通　知)."""
        inner = ~_marks(len(self._glyphs), starts)
        narrowest = np.minimum.reduceat(np.where(inner, self._gaps, np.inf), starts)
        widest = np.maximum.reduceat(np.where(inner, self._gaps, -np.inf), starts)
        size = sizes_of(starts, len(self._glyphs))
        return (
            (size > 1)
            & (size <= _LONGEST_TITLE)
            & ~np.logical_or.reduceat(self._is_long | self._is_ascii, starts)
            & (narrowest > _NARROWEST_SPACE * height)
            & (widest < _WIDEST_SPACE * height)
            & (widest - narrowest < _UNEQUAL_SPACES * height)
        )

    def _segments(self, starts: Indices) -> list[Segment]:
        glyphs = self._glyphs
        height = medians(glyphs.height, starts)
        body = glyphs.height > SMALL * np.repeat(height, sizes_of(starts, len(glyphs)))
        columns = [
            np.minimum.reduceat(glyphs.left, starts),
            np.maximum.reduceat(glyphs.right, starts),
            np.minimum.reduceat(np.where(body, glyphs.boxes[:, 1], np.inf), starts),
            np.maximum.reduceat(np.where(body, glyphs.boxes[:, 3], -np.inf), starts),
            height,
            sizes_of(starts, len(glyphs)),
        ]
        texts = self._texts(starts, height)
        return [
            Segment(text, *row)
            for text, *row in zip(texts, *(column.tolist() for column in columns), strict=True)
        ]

    def _texts(self, starts: Indices, height: Numbers) -> Iterator[str]:
        """The text of each segment with the blanks that the page shows."""
        pieces = self._glyphs.texts.tolist()
        for number in np.flatnonzero(self._has_blank_before(starts, height)).tolist():
            pieces[number] = f" {pieces[number]}"
        for start, end in itertools.pairwise([*starts.tolist(), len(pieces)]):
            yield "".join(pieces[start:end])

    def _has_blank_before(self, starts: Indices, height: Numbers) -> Mask:
        size = len(self._glyphs)
        first, last = self._is_latin(0), self._is_latin(-1)
        latin = first & np.roll(last, 1)
        sizes = sizes_of(starts, size)
        inside = ~_marks(size, starts) & ~np.repeat(self._is_letter_spaced(starts, height), sizes)
        gaps = self._gaps / np.repeat(height, sizes)
        blank = inside & (gaps > np.where(latin, _LATIN_BLANK, _BLANK))
        if len(self._blanks):
            for number in np.flatnonzero(inside & ~blank & (gaps > _DRAWN_BLANK)).tolist():
                blank[number] = self._is_drawn_before(number)
        return blank

    def _is_latin(self, position: int) -> Mask:
        """Whether the first or the last character of each glyph is of a Latin word or figure."""
        texts = self._glyphs.texts
        latin = np.fromiter(map(_LATIN.__contains__, texts), dtype=bool, count=len(texts))
        for number in np.flatnonzero(self._is_long).tolist():
            latin[number] = texts[number][position] in _LATIN
        return latin

    def _is_drawn_before(self, number: int) -> bool:
        """Whether the file draws a blank between this glyph and the one before it."""
        left, right = self._glyphs.boxes[number - 1, 2], self._glyphs.boxes[number, 0]
        _, bottom, _, top = self._glyphs.boxes[number]
        reach = _DRAWN_BLANK * (top - bottom)
        at = (self._blanks.left + self._blanks.right) / 2
        middle = self._blanks.middle
        return bool(((left - reach <= at) & (at <= right + reach) & (bottom < middle) & (middle < top)).any())


def _marks(size: int, positions: Indices) -> Mask:
    marks = np.zeros(size, dtype=bool)
    marks[positions] = True
    return marks


def _gaps(glyphs: Glyphs, lines: Indices) -> Numbers:
    """For each glyph its distance from the right edge of all before it in its line."""
    gaps = np.zeros(len(glyphs))
    # One maximum over all lines: a step from line to line that is larger than any page.
    step = 2.0 * (np.abs(glyphs.boxes).max() + 1)
    reached = np.maximum.accumulate(glyphs.right + step * lines) - step * lines
    gaps[1:] = glyphs.left[1:] - reached[:-1]
    return gaps
