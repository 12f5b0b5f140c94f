"""Presentations to documents."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from docx.opc.package import OpcPackage
from docx.opc.part import Part
from lxml import etree

from retrieval.reading import sandbox
from retrieval.reading.formats import oversize, read_in_child
from retrieval.reading.formats.slides.shapes import PRESENTATION, TITLES, Shape, shapes_of
from retrieval.reading.formats.slides.text import DRAWING, paragraphs_of
from retrieval.reading.lines import Document, Line, LineKind, table_lines, unread
from retrieval.types import Finding, LeftOut, LeftOutReason

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_MOST_SLIDES = 2_000
_RUNNING = frozenset(("sldNum", "dt", "ftr", "hdr"))


def read_presentation(content: bytes, name: str) -> Document:
    """The lines of a presentation, read in a child process; macros and links of the file do nothing."""
    if reason := oversize(content):
        return unread(name, f"{reason}; skipped")
    return read_in_child(read_slides, content, name)


def read_slides(content: bytes, name: str) -> Document:
    """As `read_presentation`, in this process. Raises UnreadableFileError for more slides than are read."""
    package = OpcPackage.open(io.BytesIO(content))
    presentation = package.main_document_part
    numbers = _parsed(presentation).iter(f"{PRESENTATION}sldId")
    slides = [part for key in numbers if (part := _target(presentation, str(key.get(f"{_RELATION}id"))))]
    if len(slides) > _MOST_SLIDES:
        raise sandbox.UnreadableFileError(f"more than {_MOST_SLIDES} slides")
    reader = _Reader(name)
    lines = [line for number, slide in enumerate(slides, start=1) for line in reader.readable(slide, number)]
    if not lines:
        reader.findings.append(Finding(name, None, "the presentation holds no text; skipped"))
    title = (package.core_properties.title or "").strip()
    return Document(name, tuple(lines), tuple(reader.findings), title, left_out=tuple(reader.left_out))


@dataclass(slots=True)
class _Reader:
    """One walk over the slides: their lines, and what is left out."""

    name: str
    left_out: list[LeftOut] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _running: set[str] = field(default_factory=set)
    """The texts of feet that are in the ledger; each is once, however many slides show it."""

    def readable(self, part: Part, number: int) -> list[Line]:
        """The lines of a slide; none, and a finding, of a damaged one."""
        try:
            return [*self._slide(part, number)]
        except etree.XMLSyntaxError:
            self._find(f"slide {number} is damaged: left out")
            return []

    def _slide(self, part: Part, number: int) -> Iterator[Line]:
        """The lines of a slide; a hidden one, notes and comments go to the ledger."""
        root = _parsed(part)
        lines = [
            line for shape in shapes_of(root, _layout(part)) for line in self._shape(shape, part, number)
        ]
        if root.get("show") in ("0", "false"):
            self._leave_out(number, LeftOutReason.HIDDEN, *(line.text for line in lines))
            self._find(f"slide {number} is hidden: left out; show it in PowerPoint to have it read")
        else:
            yield from lines
            if not lines and root.find(f".//{PRESENTATION}pic") is not None:
                self._find(f"slide {number} has no text: a picture; save it as PDF and have it read by OCR")
        self._beside(part, number)

    def _shape(self, shape: Shape, part: Part, number: int) -> Iterator[Line]:
        lines = [*self._lines(shape, part, number)]
        if shape.is_hidden:
            self._leave_out(number, LeftOutReason.HIDDEN, *(line.text for line in lines))
        elif shape.placeholder in _RUNNING:
            new = [line.text for line in lines if line.text not in self._running]
            self._running.update(new)
            reason = LeftOutReason.PAGE_NUMBER if shape.placeholder == "sldNum" else LeftOutReason.PAGE_HEAD
            self._leave_out(number, reason, *new)
        else:
            yield from lines

    def _lines(self, shape: Shape, part: Part, number: int) -> Iterator[Line]:
        table = next(shape.element.iter(f"{DRAWING}tbl"), None)
        diagram = next(shape.element.iter(f"{_DIAGRAM}relIds"), None)
        if next(shape.element.iter(f"{_CHART}chart"), None) is not None:
            self._find(f"the chart on slide {number} is not read")
        if table is not None:
            yield from self._table(table, number)
            return
        drawn = _target(part, str(diagram.get(f"{_RELATION}dm"))) if diagram is not None else None
        level = TITLES.get(shape.placeholder, 0)
        for text, is_item in self._paragraphs(_parsed(drawn) if drawn else shape.element, number):
            kind = LineKind.HEADING if level else LineKind.LIST_ITEM if is_item else LineKind.PARAGRAPH
            yield Line(None, text, kind, level)

    def _paragraphs(self, body: etree._Element, number: int) -> Iterator[tuple[str, bool]]:
        for paragraph in paragraphs_of(body):
            self._leave_out(number, LeftOutReason.STRUCK_OUT, paragraph.struck_out)
            if paragraph.text:
                yield paragraph.text, paragraph.is_item

    def _table(self, table: etree._Element, number: int) -> list[Line]:
        rows: list[list[str]] = []
        merged: dict[tuple[int, int], Literal["above", "left"]] = {}
        for row in table.iter(f"{DRAWING}tr"):
            cells: list[str] = []
            for column, cell in enumerate(row.iter(f"{DRAWING}tc")):
                text = "\n".join(text for text, _ in self._paragraphs(cell, number))
                if cell.get("hMerge") in ("1", "true") and cells:
                    text, merged[len(rows), column] = text or cells[-1], "left"
                elif cell.get("vMerge") in ("1", "true") and rows and column < len(rows[-1]):
                    text, merged[len(rows), column] = text or rows[-1][column], "above"
                cells.append(text)
            rows.append(cells)
        return table_lines(rows, merged=merged)

    def _beside(self, part: Part, number: int) -> None:
        """The speaker's notes and the comments of a slide."""
        for related in _related(part):
            if related.partname.startswith("/ppt/notesSlides/"):
                notes = (s for s in shapes_of(_parsed(related), None) if s.placeholder != "sldNum")
                texts = [paragraph.text for shape in notes for paragraph in paragraphs_of(shape.element)]
                self._leave_out(number, LeftOutReason.COMMENT, *texts)
            elif related.partname.startswith("/ppt/comments/"):
                comments = _parsed(related).iter(f"{PRESENTATION}text", f"{DRAWING}t")
                self._leave_out(number, LeftOutReason.COMMENT, *(comment.text or "" for comment in comments))

    def _leave_out(self, number: int, reason: LeftOutReason, *texts: str) -> None:
        self.left_out.extend(LeftOut(self.name, number, text, reason) for text in texts if text.strip())

    def _find(self, message: str) -> None:
        self.findings.append(Finding(self.name, None, message))


def _related(part: Part) -> Iterator[Part]:
    return (relation.target_part for relation in part.rels.values() if not relation.is_external)


def _target(part: Part, key: str) -> Part | None:
    relation = part.rels.get(key)
    return relation.target_part if relation is not None and not relation.is_external else None


def _layout(slide: Part) -> etree._Element | None:
    layout = next((part for part in _related(slide) if part.partname.startswith("/ppt/slideLayouts/")), None)
    return _parsed(layout) if layout is not None else None


def _parsed(part: Part) -> etree._Element:
    """The root of a part; entities are not resolved and nothing is fetched."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(part.blob, parser)
