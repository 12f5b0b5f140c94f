"""Recognised lines to printed rows: skew taken out, a box a character, then rows and columns as of any print.

The engine's own order goes across columns and from left to right through vertical ones.
"""

from __future__ import annotations

import itertools
import math
import re
import statistics
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from retrieval.reading.formats.pdf import Glyphs, PageGlyphs, Row, rows_by_direction
from retrieval.reading.formats.scans.engine import DPI
from retrieval.reading.formats.scans.recognition import RecognizedLine, RecognizedPage
from retrieval.types import PageRegion, Recognition

_POINTS = 72 / DPI
# A box this many times as high as it is wide holds a vertical line.
_UPRIGHT = 1.5
# Widths of a letter or digit, as a share of a Chinese character.
_NARROW = 0.55
# Added around a line in its picture, as a share of its height.
_MARGIN = 0.25
_SPACE = re.compile(r"\s+")

Box = tuple[float, float, float, float]


def rows_of_page(page: RecognizedPage, lines: Sequence[RecognizedLine], source: str) -> list[Row]:
    """The rows of a page in the order of reading, each with the score and the regions of its recognised lines."""
    size = (page.width * _POINTS, page.height * _POINTS)
    angle = _skew(lines)
    texts: list[str] = []
    boxes: list[Box] = []
    for line in lines:
        for text, box in _characters(line, _straightened(line, angle)):
            texts.append(text)
            boxes.append(_in_points(box, size[1]))
    none = Glyphs.of([], [])
    glyphs = PageGlyphs((Glyphs.of(texts, boxes), none, none, none), ())
    rows = rows_by_direction(glyphs, page.number, size, none)
    return [*_with_recognition(rows, page, lines, source)]


def _skew(lines: Sequence[RecognizedLine]) -> float:
    """The angle of the base lines in radians: the median of the long ones."""
    angles = [
        math.atan2(right[1] - left[1], right[0] - left[0])
        for line in lines
        if not _is_vertical(line)
        for left, right in [line.corners[:2]]
        if right[0] - left[0] > 6 * _height(line)
    ]
    return statistics.median(angles) if angles else 0.0


def _straightened(line: RecognizedLine, angle: float) -> Box:
    """Left, top, right, bottom of a line on the page turned upright, around its corner, in pixels."""
    cosine, sine = math.cos(angle), math.sin(angle)
    points = [(x * cosine + y * sine, y * cosine - x * sine) for x, y in line.corners]
    xs, ys = zip(*points, strict=True)
    if _is_vertical(line):
        return min(xs), min(ys), max(xs), max(ys)
    # The sides of a box are as skew as its line: its middle and its height are what counts.
    middle, height = statistics.fmean(ys), _height(line)
    return (
        statistics.fmean(sorted(xs)[:2]),
        middle - height / 2,
        statistics.fmean(sorted(xs)[2:]),
        middle + height / 2,
    )


def _is_vertical(line: RecognizedLine) -> bool:
    xs, ys = zip(*line.corners, strict=True)
    return len(line.text) > 1 and max(ys) - min(ys) > _UPRIGHT * (max(xs) - min(xs))


def _height(line: RecognizedLine) -> float:
    upper_left, upper_right, lower_right, lower_left = line.corners
    return (math.dist(upper_left, lower_left) + math.dist(upper_right, lower_right)) / 2


def _characters(line: RecognizedLine, box: Box) -> Iterator[tuple[str, Box]]:
    """The characters with the parts of the box that they take."""
    left, top, right, bottom = box
    if _is_vertical(line):
        step = (bottom - top) / len(line.text)
        for number, character in enumerate(line.text):
            yield character, (left, top + number * step, right, top + (number + 1) * step)
        return
    weights = [1.0 if unicodedata.east_asian_width(c) in ("W", "F", "A") else _NARROW for c in line.text]
    unit = (right - left) / (sum(weights) or 1)
    edges = itertools.accumulate(weights, initial=0.0)
    for character, (start, end) in zip(line.text, itertools.pairwise(edges), strict=True):
        yield character, (left + start * unit, top, left + end * unit, bottom)


def _in_points(box: Box, height: float) -> Box:
    left, top, right, bottom = (edge * _POINTS for edge in box)
    return left, height - bottom, right, height - top


def _with_recognition(
    rows: Sequence[Row], page: RecognizedPage, lines: Sequence[RecognizedLine], source: str
) -> Iterator[Row]:
    """The rows with what they were recognised from: each line belongs to the nearest row that holds its text."""
    held: dict[int, list[RecognizedLine]] = {}
    plain = [_SPACE.sub("", row.text) for row in rows]
    for line in sorted(lines, key=lambda line: -len(line.text)):
        text = _SPACE.sub("", line.text)
        top = page.height * _POINTS - line.corners[0][1] * _POINTS
        holding = [number for number, row in enumerate(plain) if text and text in row]
        if holding:
            nearest = min(holding, key=lambda number: abs(rows[number].top - top))
            held.setdefault(nearest, []).append(line)
    for number, row in enumerate(rows):
        parts = held.get(number) or lines
        regions = tuple(_region(part, page) for part in sorted(parts, key=lambda part: part.corners[0][1]))
        yield replace(row, recognized=Recognition(round(min(p.score for p in parts), 3), source, regions))


def _region(line: RecognizedLine, page: RecognizedPage) -> PageRegion:
    xs, ys = zip(*line.corners, strict=True)
    margin = _MARGIN * min(max(ys) - min(ys), max(xs) - min(xs))
    return PageRegion(
        page.number,
        round(max((min(xs) - margin) / page.width, 0.0), 4),
        round(max((min(ys) - margin) / page.height, 0.0), 4),
        round(min((max(xs) + margin) / page.width, 1.0), 4),
        round(min((max(ys) + margin) / page.height, 1.0), 4),
    )
