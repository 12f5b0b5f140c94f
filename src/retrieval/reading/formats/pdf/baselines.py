"""Glyphs to the lines of print they lie on, from their heights alone; doubled glyphs out.

Works on arrays with one number a glyph; Python loops run over lines and levels (glyphs of one middle and height).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.reading.formats.pdf.glyphs import Glyphs, Indices, Mask, Numbers

# All in heights of the glyphs. Middles of neighbours in one line of print differ by less than the first, from the
# uppermost by less than the second: lines of several columns at unequal heights do not run together.
_SAME_LINE, _SAME_LINE_IN_ALL = 0.4, 0.6
# Raised figures and notes are smaller than this share of the line they stand in.
SMALL = 0.75
# Printed again so close by, as a share of the smaller side of its box, a glyph is fake bold.
_FAKE_BOLD = 0.25


def line_numbers(glyphs: Glyphs) -> Indices:
    """For each glyph the number of its line from the top; raised and lowered figures count to their line."""
    order = np.lexsort((glyphs.left, -glyphs.middle))
    middle, height = glyphs.middle[order], glyphs.height[order]
    changes = np.ones(len(order), dtype=bool)
    changes[1:] = (middle[1:] != middle[:-1]) | (height[1:] != height[:-1])
    levels = _level_lines(middle[changes].tolist(), height[changes].tolist())
    lines = np.asarray(levels, dtype=np.intp)[np.cumsum(changes) - 1]
    numbers = np.empty(len(order), dtype=np.intp)
    numbers[order] = _with_small_lines(glyphs[order], lines)[lines]
    return numbers


def _level_lines(middles: Sequence[float], heights: Sequence[float]) -> list[int]:
    """The number of the line of each level (glyphs of one middle and height), from top to bottom."""
    numbers = [0]
    first = 0
    for level in range(1, len(middles)):
        low = min(heights[level - 1], heights[level])
        near = middles[level - 1] - middles[level] < _SAME_LINE * low
        if not (
            near and middles[first] - middles[level] < _SAME_LINE_IN_ALL * max(heights[first], heights[level])
        ):
            first = level
        numbers.append(numbers[-1] + (first == level))
    return numbers


def _with_small_lines(glyphs: Glyphs, lines: Indices) -> Indices:
    """For each line the line it counts to: one of small glyphs within the height of its neighbour counts to that."""
    starts = starts_of(lines)
    height = medians(glyphs.height, starts)
    extent = [
        function.reduceat(values, starts).tolist()
        for function, values in (
            (np.maximum, glyphs.height),
            (np.minimum, glyphs.middle),
            (np.maximum, glyphs.middle),
            (np.minimum, glyphs.boxes[:, 1]),
            (np.maximum, glyphs.boxes[:, 3]),
            (np.minimum, glyphs.left),
            (np.maximum, glyphs.left),
            (np.maximum, glyphs.right),
        )
    ]
    rows = [_Extent(*row) for row in zip(height.tolist(), *extent, strict=True)]
    numbers = list(range(len(rows)))
    for number, (before, row) in enumerate(itertools.pairwise(rows), start=1):
        if row.lies_within(before):
            numbers[number] = numbers[number - 1]
            rows[number] = before
        elif before.lies_within(row):
            numbers[number] = numbers[number - 1]
    return np.asarray(numbers, dtype=np.intp)


@dataclass(frozen=True, slots=True)
class _Extent:
    """The extent of the glyphs of a line."""

    height: float
    tallest: float
    lowest_middle: float
    highest_middle: float
    bottom: float
    top: float
    left: float
    last_left: float
    right: float

    def lies_within(self, other: _Extent) -> bool:
        """Whether these are small glyphs within the height of the other line, and not far from its ends."""
        return (
            self.tallest < SMALL * other.height
            and other.bottom - 0.2 * other.height <= self.lowest_middle
            and self.highest_middle <= other.top + 0.2 * other.height
            and other.left - 2 * other.height <= self.left
            and self.last_left <= other.right + 2 * other.height
        )


def is_double(glyphs: Glyphs, lines: Indices) -> Mask:
    """True for a glyph printed again almost in the same place, as fake bold and shadows are."""
    reach = _FAKE_BOLD * np.minimum(glyphs.height, np.maximum(glyphs.right - glyphs.left, 0.1))
    doubles = np.zeros(len(glyphs), dtype=bool)
    for step in (1, 2, 3):
        if len(glyphs) > step:
            doubles[step:] |= (
                (glyphs.texts[step:] == glyphs.texts[:-step])
                & (lines[step:] == lines[:-step])
                & (glyphs.left[step:] - glyphs.left[:-step] < reach[step:])
                & (np.abs(glyphs.middle[step:] - glyphs.middle[:-step]) < reach[step:])
            )
    return doubles


def starts_of(numbers: Indices) -> Indices:
    """The positions at which a new number begins in sorted numbers."""
    return np.flatnonzero(np.concatenate([[True], numbers[1:] != numbers[:-1]]))


def sizes_of(starts: Indices, size: int) -> Indices:
    return np.diff(starts, append=size)


def medians(values: Numbers, starts: Indices) -> Numbers:
    """The upper median of each group of values that begins at one of the starts."""
    sizes = sizes_of(starts, len(values))
    ordered = np.lexsort((values, np.repeat(np.arange(len(starts)), sizes)))
    middles: Numbers = values[ordered][starts + sizes // 2]
    return middles
