"""The paragraphs of a shape, with their automatic numbers; what is struck out apart.

DrawingML, ECMA-376 part 1, chapter 21.1.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element

from retrieval.reading.formats.docx import written_count

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_TEXTS = (f"{DRAWING}t", f"{_MATH}t")
# How the kinds of numbers (21.1.10.61) begin and end, and the kinds of Word and the signs around that they stand for.
_COUNTS = (
    ("ea1", "chineseCounting"),
    ("circle", "decimalEnclosedCircle"),
    ("alphaUc", "upperLetter"),
    ("alphaLc", "lowerLetter"),
    ("romanUc", "upperRoman"),
    ("romanLc", "lowerRoman"),
    ("arabic", "decimal"),
)
_SIGNS = (("ParenBoth", "({})"), ("ParenR", "{})"), ("Period", "{}."), ("", "{}"))
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class SlideParagraph:
    """A paragraph as it is shown, and the parts of it that are struck out."""

    text: str
    is_item: bool
    """Whether the paragraph has a bullet of its own."""
    struck_out: str


@dataclass(slots=True)
class _Counters:
    """The automatic numbers that the paragraphs of a shape have reached, by depth."""

    reached: list[int] = field(default_factory=lambda: [0] * _LEVELS)

    def number(self, properties: _Element | None) -> str:
        """The number before a paragraph, or an empty text; a paragraph without one ends the lists at its depth and below."""
        depth = _whole(properties, "lvl", 0)
        depth = min(max(depth, 0), _LEVELS - 1)
        automatic = properties.find(f"{DRAWING}buAutoNum") if properties is not None else None
        self.reached[depth + 1 :] = [0] * (_LEVELS - depth - 1)
        if automatic is None:
            self.reached[depth] = 0
            return ""
        self.reached[depth] += 1
        count = self.reached[depth] + _whole(automatic, "startAt", 1) - 1
        return written_number(count, str(automatic.get("type")))


def paragraphs_of(body: _Element) -> Iterator[SlideParagraph]:
    """The paragraphs of a text body that hold text; a line break within one begins another."""
    counters = _Counters()
    for paragraph in body.iter(f"{DRAWING}p"):
        properties = paragraph.find(f"{DRAWING}pPr")
        text, struck_out = _texts(paragraph)
        if not text.strip():
            if struck_out:
                yield SlideParagraph("", False, struck_out)
            continue
        number = counters.number(properties)
        has_bullet = properties is not None and properties.find(f"{DRAWING}buChar") is not None
        for part in filter(None, map(str.strip, text.split("\v"))):
            yield SlideParagraph(number + part, has_bullet, struck_out)
            number, struck_out = "", ""


def _texts(paragraph: _Element) -> tuple[str, str]:
    """The shown text, with \\v where a line ends, and the text that is struck out."""
    shown: list[str] = []
    struck: list[str] = []
    for element in paragraph.iter(*_TEXTS, f"{DRAWING}br", f"{DRAWING}tab"):
        if element.tag == f"{DRAWING}br":
            shown.append("\v")
        elif element.tag == f"{DRAWING}tab":
            shown.append(" ")
        else:
            (struck if _is_struck_out(element) else shown).append(element.text or "")
    return " ".join("".join(shown).replace("\v", " \v ").split(" ")), "".join(struck).strip()


def _is_struck_out(text: _Element) -> bool:
    run = text.getparent()
    properties = run.find(f"{DRAWING}rPr") if run is not None else None
    return properties is not None and properties.get("strike", "noStrike") != "noStrike"


def written_number(count: int, kind: str) -> str:
    """A number as a kind of PowerPoint writes it: 一、 for ea1ChsPeriod, (1) for arabicParenBoth."""
    counting = next((word_kind for start, word_kind in _COUNTS if kind.startswith(start)), "decimal")
    signs = next(form for ending, form in _SIGNS if kind.endswith(ending))
    written = signs.format(written_count(count, counting))
    is_bare = written.isalnum() and counting != "decimalEnclosedCircle"
    return f"{written}、" if is_bare else written


def _whole(element: _Element | None, attribute: str, default: int) -> int:
    value = str(element.get(attribute)) if element is not None else ""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else default
