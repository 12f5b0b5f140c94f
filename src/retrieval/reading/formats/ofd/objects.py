"""Objects of an OFD page: the matrix that places them, whether they are shown, the characters of those that are texts.

Chapter 11 of GB/T 33190-2016. Units are millimetres from the upper left corner of the page.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

_LEAVES = frozenset({"TextObject", "PathObject"})
_DEEPEST = 32
_MOST_REPEATED = 100_000
# Millimetres; a number beyond is damaged and taken for missing.
_FARTHEST = 1e6

Affine = tuple[float, float, float, float, float, float]
"""(a, b, c, d, e, f): x' = a·x + c·y + e, y' = b·x + d·y + f."""
_IDENTITY: Affine = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class TextCode:
    """Characters that are drawn one after the other, each with the point where its base line begins, on the page."""

    text: str
    points: tuple[tuple[float, float], ...]
    size: float
    """Of the print, on the page."""
    angle: float
    """Of the base line in radians, counterclockwise."""
    widths: tuple[float, ...]
    """Advance of each character along the base line; of the last one, by its own width."""
    is_visible: bool


@dataclass(frozen=True, slots=True)
class DrawnObject:
    """A text or a path as it lies on the page."""

    element: Element
    placed: Affine
    """From the object's own points to the page."""
    is_visible: bool


def text_codes(root: Element, units: Mapping[str, Element]) -> Iterator[TextCode]:
    """The texts of a page, a template or the appearance of an annotation, in the order of drawing.

    `units` are the composite graphic units that it may draw, by their ids.
    """
    for drawn in drawn_objects(root, units):
        if local_name(drawn.element) == "TextObject":
            yield from _codes(drawn.element, drawn.placed, is_visible=drawn.is_visible)


def drawn_objects(root: Element, units: Mapping[str, Element]) -> Iterator[DrawnObject]:
    """The texts and paths of a page, a template or the appearance of an annotation, in the order of drawing."""
    for layer in children(root, "Content", "Appearance"):
        layers = [*children(layer, "Layer")]
        yield from _objects(
            [*layer] if not layers else [o for part in layers for o in part], units, _IDENTITY
        )


def local_name(element: Element) -> str:
    """The name of an element without its namespace, which producers write in several ways."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """The children with one of these names."""
    return (child for child in element if local_name(child) in names)


def _objects(
    elements: list[Element],
    units: Mapping[str, Element],
    transform: Affine,
    depth: int = 0,
    *,
    is_visible: bool = True,
) -> Iterator[DrawnObject]:
    for element in elements:
        shown = is_visible and (element.get("Visible") or "true").strip().lower() not in ("false", "0")
        name = local_name(element)
        placed = _composed(transform, _placing(element))
        if name in _LEAVES:
            yield DrawnObject(element, placed, shown)
        elif name == "PageBlock" and depth < _DEEPEST:
            yield from _objects([*element], units, transform, depth + 1, is_visible=shown)
        elif name == "CompositeObject" and depth < _DEEPEST:
            unit = units.get((element.get("ResourceID") or "").strip())
            for content in children(unit, "Content") if unit is not None else ():
                yield from _objects([*content], units, placed, depth + 1, is_visible=shown)


def _codes(element: Element, placed: Affine, *, is_visible: bool) -> Iterator[TextCode]:
    a, b, c, d, e, f = placed
    size = number_of(element.get("Size"), 0.0)
    shown_size = size * math.sqrt(abs(a * d - b * c)) or size
    is_drawn = is_visible and 0 < shown_size < _FARTHEST
    x = y = 0.0
    for code in children(element, "TextCode"):
        text = _visible_characters(code.text or "")
        # One without X or Y goes on from the one before it (11.3).
        x, y = number_of(code.get("X"), x), number_of(code.get("Y"), y)
        if not text:
            continue
        across = _deltas(code.get("DeltaX"), len(text) - 1)
        down = _deltas(code.get("DeltaY"), len(text) - 1)
        offsets = [(x, y)]
        for number, character in enumerate(text[:-1]):
            right = across[number] if number < len(across) else 0.0 if down else _width(character, size)
            offsets.append(
                (offsets[-1][0] + right, offsets[-1][1] + (down[number] if number < len(down) else 0))
            )
        widths = [
            min(_width(character, size), right) if right > 0 else _width(character, size)
            for character, right in zip(text, [*across, 0.0] + [0.0] * len(text), strict=False)
        ]
        scale = math.hypot(a, b) or 1.0
        yield TextCode(
            text=text,
            points=tuple((a * px + c * py + e, b * px + d * py + f) for px, py in offsets),
            size=shown_size,
            angle=math.atan2(-b, a),
            widths=tuple(width * scale for width in widths),
            is_visible=is_drawn,
        )


def _placing(element: Element) -> Affine:
    """From the object to what holds it: its matrix, then a move to the corner of its boundary."""
    left, top, *_ = _numbers(element.get("Boundary"), 4) or (0.0, 0.0)
    a, b, c, d, e, f = _numbers(element.get("CTM"), 6) or _IDENTITY
    return (a, b, c, d, e + left, f + top)


def _composed(outer: Affine, inner: Affine) -> Affine:
    """The transform that applies the inner one first."""
    a, b, c, d, e, f = outer
    p, q, r, s, t, u = inner
    return (a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f)


def _visible_characters(text: str) -> str:
    return "".join(c if unicodedata.category(c) != "Cc" else " " if c == "\t" else "" for c in text)


def _width(character: str, size: float) -> float:
    return size if unicodedata.east_asian_width(character) in ("W", "F", "A") else size / 2


def _deltas(value: str | None, most: int) -> list[float]:
    """At most so many distances; `g 3 5.6` repeats 5.6 three times (11.3)."""
    distances: list[float] = []
    tokens = iter((value or "").replace(",", " ").split())
    for token in tokens:
        if len(distances) >= most:
            break
        if token.lower() == "g":
            count = min(int(number_of(next(tokens, "0"), 0)), _MOST_REPEATED, most)
            distances.extend([number_of(next(tokens, "0"), 0.0)] * count)
        else:
            distances.append(number_of(token, 0.0))
    return distances[: max(most, 0)]


def number_of(value: str | None, default: float) -> float:
    """The number that an attribute holds, or the default where it holds none that a page can have."""
    try:
        number = float(value) if value is not None else default
    except ValueError:
        return default
    return number if abs(number) <= _FARTHEST else default


def _numbers(value: str | None, count: int) -> Affine | None:
    numbers = [number_of(part, math.nan) for part in (value or "").replace(",", " ").split()[:count]]
    padded = [*numbers, *[0.0] * 6][:6]
    return (*padded,) if len(numbers) == count and not any(map(math.isnan, numbers)) else None  # type: ignore[return-value]
