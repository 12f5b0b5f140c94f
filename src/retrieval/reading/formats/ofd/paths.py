"""The lines that an OFD page draws: rules of tables, and the sides of boxes.

Chapter 9 of GB/T 33190-2016. A path is a row of commands with points in its own units: `M 0 0 L 120 0 C`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from xml.etree.ElementTree import Element

from retrieval.reading.formats.ofd.objects import DrawnObject, children, drawn_objects, local_name, number_of
from retrieval.reading.formats.pdf import THICKEST_RULE, Glyphs, upright_rules

_POINTS = 72 / 25.4
# How many numbers follow a command; the last two are the point that it reaches. S opens a figure as M does.
_NUMBERS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_TOKEN = re.compile(r"[A-Za-z]|[-+.\d][-+.\deE]*")
# A page that draws more is a map or a diagram.
_MOST_PATHS = 8_000

Point = tuple[float, float]
Segment = tuple[Point, Point]


def page_rules(
    roots: Iterable[Element], units: Mapping[str, Element], box: tuple[float, float, float, float]
) -> Glyphs:
    """The upright lines of a page and its templates as boxes without text, in points from its lower left corner."""
    left, top, _, height = box
    paths = (drawn for root in roots for drawn in drawn_objects(root, units) if _is_line(drawn))
    segments = (segment for drawn in itertools.islice(paths, _MOST_PATHS) for segment in _segments(drawn))
    return upright_rules((_in_points(segment, left, top + height) for segment in segments), (0.0, 0.0))


def _is_line(drawn: DrawnObject) -> bool:
    """Whether a path is seen as lines: stroked, as it is unless the file says otherwise, or filled and thin."""
    element = drawn.element
    if local_name(element) != "PathObject" or not drawn.is_visible:
        return False
    if (element.get("Stroke") or "true").strip().lower() not in ("false", "0"):
        return True
    if (element.get("Fill") or "false").strip().lower() not in ("true", "1"):
        return False
    xs, ys = zip(*[point for segment in _segments(drawn) for point in segment] or [(0.0, 0.0)], strict=True)
    thickness: float = min(max(xs) - min(xs), max(ys) - min(ys)) * _POINTS
    return thickness <= THICKEST_RULE


def _segments(drawn: DrawnObject) -> Iterator[Segment]:
    """The straight pieces of a path on the page, in millimetres from its upper left corner."""
    a, b, c, d, e, f = drawn.placed
    for data in children(drawn.element, "AbbreviatedData"):
        for start, end in _pieces(data.text or ""):
            yield tuple((a * x + c * y + e, b * x + d * y + f) for x, y in (start, end))  # type: ignore[misc]


def _pieces(data: str) -> Iterator[Segment]:
    tokens = _TOKEN.findall(data)
    start = last = (0.0, 0.0)
    position = 0
    while position < len(tokens):
        command = tokens[position].upper()
        count = _NUMBERS.get(command)
        position += 1
        if count is None:
            continue
        numbers = [number_of(token, 0.0) for token in tokens[position : position + count]]
        position += len(numbers)
        if command == "C":
            yield last, start
            last = start
        elif len(numbers) == count:
            point = (numbers[-2], numbers[-1])
            if command == "L":
                yield last, point
            start = point if command in ("S", "M") else start
            last = point


def _in_points(segment: Segment, left: float, bottom: float) -> Segment:
    (x0, y0), (x1, y1) = segment
    return (
        ((x0 - left) * _POINTS, (bottom - y0) * _POINTS),
        ((x1 - left) * _POINTS, (bottom - y1) * _POINTS),
    )
