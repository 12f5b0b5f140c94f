"""Styles of a Word file with what they inherit: name, outline level, list, hidden and struck-out text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from lxml.etree import _Element

from retrieval.language import Pattern

_HEADING_STYLE = Pattern(
    re.compile(r"^(?:heading|标题|標題)\s*(\d)$", re.IGNORECASE), "heading 1", "Heading 1 Char"
)
_MOST_ANCESTORS = 12


@dataclass(frozen=True, slots=True)
class Style:
    """A style with what it inherits: outline level (0: body text), list id and depth in the list."""

    name: str
    outline: int
    list_id: str
    depth: int
    is_hidden: bool = False
    is_struck_out: bool = False


def styles_of(word: WordDocument) -> dict[str, Style]:
    """The styles of the file by their ids."""
    elements = {
        str(style.get(qn("w:styleId"))): style for style in word.styles.element.findall(qn("w:style"))
    }
    return {style_id: _style(style_id, elements) for style_id in elements}


def list_styles_of(word: WordDocument) -> dict[str, str]:
    """The list id of each numbering style, by the style's id."""
    return {
        str(style.get(qn("w:styleId"))): value_of(style, "w:pPr/w:numPr/w:numId")
        for style in word.styles.element.findall(qn("w:style"))
        if style.get(qn("w:type")) == "numbering"
    }


def _style(style_id: str, elements: dict[str, _Element]) -> Style:
    name, outline, list_id, depth = "", "", "", ""
    hidden: bool | None = None
    struck: bool | None = None
    current, seen = style_id, 0
    while current in elements and seen < _MOST_ANCESTORS:
        element = elements[current]
        name = name or value_of(element, "w:name")
        properties = element.find(qn("w:pPr"))
        if properties is not None:
            outline = outline or value_of(properties, "w:outlineLvl")
            list_id = list_id or value_of(properties, "w:numPr/w:numId")
            depth = depth or value_of(properties, "w:numPr/w:ilvl")
        run = element.find(qn("w:rPr"))
        hidden = hidden if hidden is not None else is_on(run, "w:vanish")
        struck = struck if struck is not None else is_on(run, "w:strike", "w:dstrike")
        current, seen = value_of(element, "w:basedOn"), seen + 1
    heading = _HEADING_STYLE.regex.match(name)
    level = int(heading[1]) if heading else int(outline) + 1 if outline.isdigit() and int(outline) < 9 else 0
    return Style(name, level, list_id, int(depth) if depth.isdigit() else 0, bool(hidden), bool(struck))


def value_of(element: _Element | None, path: str) -> str:
    """The `w:val` of the descendant at the path, or an empty text."""
    if element is None:
        return ""
    descendant = element.find("/".join(qn(step) for step in path.split("/")))
    return str(descendant.get(qn("w:val")) or "") if descendant is not None else ""


def is_on(properties: _Element | None, *names: str) -> bool | None:
    """Whether one of these properties is switched on; None if none of them is said."""
    values = [properties.find(qn(name)) for name in names] if properties is not None else []
    said = [value.get(qn("w:val")) not in ("0", "false", "off") for value in values if value is not None]
    return any(said) if said else None


def property_of(properties: _Element | None, path: str) -> _Element | None:
    """The element at a path below the properties, such as w:rPr/w:del, or None."""
    steps = "/".join(map(qn, path.split("/")))
    return properties.find(steps) if properties is not None else None


def outline_level(properties: _Element | None) -> int:
    """The level of the heading that a paragraph is by its own properties, 0 for none."""
    value = value_of(properties, "w:outlineLvl")
    return int(value) + 1 if value.isdigit() and int(value) < 9 else 0
