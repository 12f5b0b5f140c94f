"""The shapes of a slide in the order in which a person reads them, those in groups and alternatives among them.

PresentationML, ECMA-376 part 1, chapter 19.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml.etree import _Element

from retrieval.reading.formats.slides.text import DRAWING

PRESENTATION = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_SHAPES = frozenset(PRESENTATION + name for name in ("sp", "cxnSp", "graphicFrame", "pic"))
# Shapes whose upper edges differ by less than this stand beside one another: a quarter of an inch in EMU.
_SAME_HEIGHT = 228_600
_DEEPEST = 32
TITLES = {"ctrTitle": 1, "title": 2}
"""The placeholders of titles with the level of their heading."""

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape with the kind of its placeholder (`title`, `ftr`; `body` where it names none; empty outside of one)."""

    element: _Element
    placeholder: str
    is_hidden: bool


def shapes_of(slide: _Element, layout: _Element | None) -> list[Shape]:
    """The title first, then from top to bottom and from left to right; places not given are those of the layout."""
    places = _places(layout) if layout is not None else {}
    placed = [(shape, _placed(shape.element, places)) for shape in _walk(slide)]
    titles = [shape for shape, _ in placed if shape.placeholder in TITLES]
    others = [(shape, place) for shape, place in placed if shape.placeholder not in TITLES]
    return titles + [shape for row in _rows(others) for shape, _ in sorted(row, key=lambda pair: pair[1][0])]


def _rows(placed: Sequence[tuple[Shape, Place]]) -> list[list[tuple[Shape, Place]]]:
    """The shapes that stand beside one another together, from top to bottom."""
    rows: list[list[tuple[Shape, Place]]] = []
    for pair in sorted(placed, key=lambda pair: pair[1][1]):
        if rows and pair[1][1] - rows[-1][0][1][1] < _SAME_HEIGHT:
            rows[-1].append(pair)
        else:
            rows.append([pair])
    return rows


def _walk(parent: _Element, depth: int = 0, *, is_hidden: bool = False) -> Iterator[Shape]:
    for element in parent:
        own = element.find(f"*/{PRESENTATION}cNvPr")
        hidden = is_hidden or (own is not None and own.get("hidden") in ("1", "true"))
        if element.tag in _SHAPES:
            yield Shape(element, _placeholder(element), hidden)
        elif element.tag == f"{_COMPATIBILITY}AlternateContent":
            yield from _walk(element[0], depth + 1, is_hidden=hidden) if len(element) else ()
        elif isinstance(element.tag, str) and depth < _DEEPEST:
            yield from _walk(element, depth + 1, is_hidden=hidden)


def _placeholder(element: _Element) -> str:
    mark = next(element.iter(f"{PRESENTATION}ph"), None)
    return str(mark.get("type", "body")) if mark is not None else ""


def _placed(element: _Element, places: Mapping[str, Place]) -> Place:
    """The place of a shape, else that of the placeholder of the layout that it fills, else the corner of the slide."""
    inherited = (places[key] for key in _keys(element) if key in places)
    return _place(element) or next(inherited, (0, 0))


def _places(layout: _Element) -> dict[str, Place]:
    """The places of the placeholders of a layout, by their number and by their kind."""
    places: dict[str, Place] = {}
    for shape in _walk(layout):
        place = _place(shape.element)
        for key in _keys(shape.element) if place else ():
            places.setdefault(key, place or (0, 0))
    return places


def _keys(element: _Element) -> Iterator[str]:
    mark = next(element.iter(f"{PRESENTATION}ph"), None)
    if mark is not None:
        yield from ([f"idx {mark.get('idx')}"] if mark.get("idx") else [])
        yield f"type {mark.get('type', 'body')}"


def _place(element: _Element) -> Place | None:
    """Left and top in EMU, or None where the shape gives none."""
    offset = next((found for parent in element for found in parent.iter(f"{DRAWING}off")), None)
    frame = element.find(f"{PRESENTATION}xfrm/{DRAWING}off")
    offset = frame if frame is not None else offset
    try:
        return (int(str(offset.get("x"))), int(str(offset.get("y")))) if offset is not None else None
    except ValueError:
        return None
