"""OFD files to documents: characters with their boxes, then the way of printed text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

import numpy as np

from retrieval.reading.formats import oversize, read_in_child
from retrieval.reading.formats.ofd.objects import TextCode, local_name, text_codes
from retrieval.reading.formats.ofd.package import OfdFile, OfdPage, open_package
from retrieval.reading.formats.ofd.paths import page_rules
from retrieval.reading.formats.pdf import Glyphs, PageGlyphs, Row, document_of_rows, rows_by_direction
from retrieval.reading.lines import Document, unread
from retrieval.types import Finding, LeftOut, LeftOutReason

_POINTS = 72 / 25.4
# Of the height of the print, the share below the base line: the box of a Chinese character.
_DESCENT = 0.14
# A base line further from a right angle than this (radians) is slanted, as that of a watermark is.
_SLANTED = 0.1


def read_ofd(content: bytes, name: str) -> Document:
    """The paragraphs of an OFD file, read in a child process; one that is encrypted or damaged is named."""
    if reason := oversize(content):
        return unread(name, f"{reason}; skipped")
    return read_in_child(read_pages, content, name)


def read_pages(content: bytes, name: str) -> Document:
    """As `read_ofd`, in this process. Raises UnreadableFileError for what cannot be read."""
    file = open_package(content)
    rows = [row for number, page in enumerate(file.pages) for row in _rows(page, file.units, number)]
    document = document_of_rows(rows, name, file.title)
    left_out = (*document.left_out, *_left_out(file, name))
    return replace(document, findings=tuple(_findings(file, document, name)), left_out=left_out)


def _rows(page: OfdPage, units: dict[str, Element], number: int) -> list[Row]:
    if page.content is None:
        return []
    codes = [code for code in text_codes(page.content, units) if code.is_visible and _is_on(code, page)]
    size = (page.box[2] * _POINTS, page.box[3] * _POINTS)
    rules = page_rules((*page.templates, page.content), units, page.box)
    return rows_by_direction(_glyphs(codes, page.box), number, size, rules)


def _is_on(code: TextCode, page: OfdPage) -> bool:
    """Whether a text begins on the page; what lies outside is not shown."""
    left, top, width, height = page.box
    (x, y) = code.points[0]
    margin = code.size
    return left - margin <= x <= left + width + margin and top - margin <= y <= top + height + margin


def _glyphs(codes: Iterable[TextCode], box: tuple[float, float, float, float]) -> PageGlyphs:
    """The characters with their boxes in points from the lower left corner, by the direction of their base line."""
    directions: list[list[tuple[str, tuple[float, float, float, float]]]] = [[], [], [], []]
    slanted: list[tuple[str, float]] = []
    for code in codes:
        quarters = round(code.angle / (math.pi / 2))
        if abs(code.angle - quarters * math.pi / 2) > _SLANTED:
            slanted.append((code.text, code.size * _POINTS))
        else:
            directions[quarters % 4].extend(_boxes(code, quarters % 4, box))
    glyphs = (Glyphs.of([text for text, _ in part], [edges for _, edges in part]) for part in directions)
    return PageGlyphs(tuple(glyphs), tuple(slanted))


def _boxes(
    code: TextCode, quarter: int, box: tuple[float, float, float, float]
) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    left, top, _, height = box
    along, up = ((1, 0), (0, 1), (-1, 0), (0, -1))[quarter], ((0, 1), (-1, 0), (0, -1), (1, 0))[quarter]
    for character, (x, y), width in zip(code.text, code.points, code.widths, strict=True):
        base = np.array([x - left, height - (y - top)])
        start = base - _DESCENT * code.size * np.array(up)
        end = base + (1 - _DESCENT) * code.size * np.array(up) + width * np.array(along)
        low, high = np.minimum(start, end) * _POINTS, np.maximum(start, end) * _POINTS
        yield character, (low[0], low[1], high[0], high[1])


def _left_out(file: OfdFile, name: str) -> Iterator[LeftOut]:
    """Texts outside of the body: templates once a file, annotations, invisible objects."""
    seen: set[str] = set()
    for number, page in enumerate(file.pages, start=1):
        for text in _texts(page.templates, file.units):
            if text not in seen:
                yield LeftOut(name, number, text, LeftOutReason.PAGE_HEAD)
            seen.add(text)
        for note in page.annotations:
            annotations = [element for element in note.iter() if local_name(element) == "Annot"]
            for text in _texts(annotations, file.units):
                yield LeftOut(name, number, text, LeftOutReason.COMMENT)
        content = text_codes(page.content, file.units) if page.content is not None else ()
        for code in content:
            if code.text.strip() and not (code.is_visible and _is_on(code, page)):
                yield LeftOut(name, number, code.text.strip(), LeftOutReason.HIDDEN)


def _texts(roots: Iterable[Element], units: dict[str, Element]) -> Iterator[str]:
    for root in roots:
        for code in text_codes(root, units):
            if code.is_visible and code.text.strip():
                yield code.text.strip()


def _findings(file: OfdFile, document: Document, name: str) -> Iterator[Finding]:
    for number, page in enumerate(file.pages, start=1):
        if page.content is None:
            yield Finding(name, None, f"page {number} is missing or damaged")
    for warning in file.warnings[:5]:
        yield Finding(name, None, f"the file is incomplete: {warning}")
    if not document.lines:
        yield Finding(
            name, None, "no text: its pages are pictures; save it as PDF and have it read by OCR; skipped"
        )
