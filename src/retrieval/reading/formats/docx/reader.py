"""Reads Word files: headings, automatic numbers, tables, text boxes, notes, equations, embedded pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from docx.oxml.ns import qn
from lxml.etree import _Element

from retrieval.language import Pattern
from retrieval.reading.formats import oversize
from retrieval.reading.formats.docx import containers
from retrieval.reading.formats.docx.numbering import Numbering
from retrieval.reading.formats.docx.parts import Parts, open_word_file, title_of
from retrieval.reading.formats.docx.styles import (
    Style,
    is_on,
    list_styles_of,
    outline_level,
    property_of,
    styles_of,
    value_of,
)
from retrieval.reading.formats.docx.text import (
    DRAWN_PARAGRAPH,
    DRAWN_TEXT,
    HARD_BREAK,
    TEXT_BOX,
    TEXTS,
    ParagraphText,
    TextReader,
)
from retrieval.reading.lines import (
    Document,
    Line,
    LineKind,
    line_joining,
    table_lines,
    unread,
)
from retrieval.types import Finding, LeftOut, LeftOutReason

_ENCRYPTED = b"\xd0\xcf\x11\xe0"
_CONTENTS_STYLE = Pattern(
    re.compile(r"^(?:toc|目录|目錄)\s*(?:\d|heading)?$", re.IGNORECASE), "TOC Heading", "toc of figures"
)
_TITLE_STYLES = ("title", "subtitle", "标题", "副标题", "標題")
_MOST_COLUMNS = 60
Side = Literal["above", "left"]


def read_word_file(content: bytes, name: str) -> Document:
    """The lines of a .docx file; it has no line numbers of its own."""
    if content.startswith(_ENCRYPTED):
        return unread(
            name,
            "encrypted, or an old .doc file under another name; save it as .docx without a password; skipped",
        )
    if reason := oversize(content):
        return unread(name, f"{reason}; skipped")
    word = open_word_file(content)
    if word is None:
        return unread(name, "this is not a Word file, or a damaged one: save it anew as .docx; skipped")
    parts = Parts(word)
    reader = _Reader(name, styles_of(word), Numbering(parts.root("numbering"), list_styles_of(word)), parts)
    lines = [*reader.lines_of(word.element.body), *reader.notes_left()]
    reader.findings.extend(parts.findings(name, word.element.body, (line.text for line in lines)))
    if not lines and not reader.findings:
        reader.findings.append(Finding(name, None, "the file holds no text; skipped"))
    if reader.readings:
        message = f"{reader.readings} readings beside characters (ruby) are not part of the text"
        reader.findings.append(Finding(name, None, message))
    left_out = (*reader.left_out, *parts.left_out(name))
    return Document(name, tuple(lines), tuple(reader.findings), title_of(word), left_out=left_out)


@dataclass(slots=True)
class _Reader:
    """One walk over a file: its lines, and what it leaves out."""

    name: str
    styles: dict[str, Style]
    numbering: Numbering
    parts: Parts
    left_out: list[LeftOut] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    readings: int = 0
    _text: TextReader = field(init=False)
    _notes: dict[tuple[str, str], _Element] = field(init=False)
    _carried: str = ""
    """The text of the paragraph before, if its end was deleted: the next paragraph goes on with it."""

    def __post_init__(self) -> None:
        self._text = TextReader(self.styles)
        self._notes = self.parts.notes()

    def lines_of(self, container: _Element) -> Iterator[Line]:
        """The lines of a body, a cell or a text box, in the order of the text."""
        for child in containers.children_of(container):
            if child.tag == qn("w:p"):
                yield from self._paragraph(child)
                continue
            yield from self._carried_line()
            if child.tag == qn("w:tbl"):
                yield from self._table(child)
            elif child.tag == qn("w:altChunk"):
                yield from self._embedded(child)
            elif child.tag == qn("w:sdt"):
                yield from self._control(child)
        yield from self._carried_line()

    def _carried_line(self) -> Iterator[Line]:
        """The text of a paragraph whose end was deleted, where no other paragraph follows."""
        carried, self._carried = self._carried.strip(), ""
        if carried:
            yield Line(None, carried)

    def notes_left(self) -> Iterator[Line]:
        """The lines of notes to which no paragraph refers: programs that convert files lose the references."""
        for note in self._notes.values():
            yield from (Line(None, line.text, LineKind.NOTE) for line in self._story(note))

    def _leave_out(self, texts: Iterable[str], reason: LeftOutReason) -> None:
        self.left_out.extend(LeftOut(self.name, None, text.strip(), reason) for text in texts if text.strip())

    def _control(self, control: _Element) -> Iterator[Line]:
        """The lines of a content control; a generated list of contents and a prompt are left out."""
        lines = self.lines_of(control)
        if containers.is_contents_gallery(control):
            self._leave_out((line.text for line in lines), LeftOutReason.CONTENTS)
        elif control.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}") is not None:
            self._leave_out((line.text for line in lines), LeftOutReason.BOILERPLATE)
        else:
            yield from lines

    def _embedded(self, chunk: _Element) -> Iterator[Line]:
        document = self.parts.embedded(str(chunk.get(qn("r:id"))), self.name)
        self.findings.extend(document.findings)
        self.left_out.extend(document.left_out)
        yield from (Line(None, line.text, line.kind, line.level) for line in document.lines)

    def _paragraph(self, paragraph: _Element) -> Iterator[Line]:
        properties = paragraph.find(qn("w:pPr"))
        style = self._style_of(properties)
        text = self._text.read(paragraph, style)
        text.text, self._carried = self._carried + text.text, ""
        joins_next = any(
            property_of(properties, f"w:rPr/{tag}") is not None for tag in ("w:del", "w:moveFrom")
        )
        self.readings += text.readings
        for reason, aside in text.aside:
            self._leave_out([aside], reason)
        is_contents = text.is_contents or bool(_CONTENTS_STYLE.regex.match(style.name))
        if is_contents:
            self._leave_out([" ".join(text.text.split())], LeftOutReason.CONTENTS)
        elif not joins_next:
            yield from self._own_lines(text, properties, style)
        for drawing in containers.drawings_in(paragraph):
            yield from self._drawing_lines(drawing)
        for reference in text.notes:
            if (note := self._notes.pop(reference, None)) is not None:
                yield from (Line(None, line.text, LineKind.NOTE) for line in self._story(note))
        self._carried = text.text if joins_next and not is_contents else ""

    def _story(self, note: _Element) -> list[Line]:
        """The lines of a note; fields that are open in the body are not open in it."""
        body, self._text = self._text, TextReader(self.styles)
        lines = [*self.lines_of(note)]
        self._text = body
        return lines

    def _drawing_lines(self, drawing: _Element) -> Iterator[Line]:
        if drawing.tag == TEXT_BOX:
            yield from self.lines_of(drawing)
            return
        if drawing.tag == DRAWN_PARAGRAPH:
            texts = ["".join(text.text or "" for text in drawing.iter(DRAWN_TEXT)).strip()]
        else:
            texts = self.parts.drawn(str(drawing.get(qn("r:dm"))))
        yield from (Line(None, text, LineKind.LIST_ITEM) for text in texts if text)

    def _style_of(self, properties: _Element | None) -> Style:
        style_id = value_of(properties, "w:pStyle")
        return self.styles.get(style_id) or self.styles.get("Normal") or Style("", 0, "", 0)

    def _own_lines(self, text: ParagraphText, properties: _Element | None, style: Style) -> Iterator[Line]:
        parts = [part for whole in text.text.split(HARD_BREAK) for part in _paragraphs(whole)]
        if not parts:
            return
        number, bullet = self._number(properties, style)
        level = outline_level(properties) or style.outline
        titled = style.name.lower() in _TITLE_STYLES
        kind = LineKind.HEADING if level or titled else LineKind.LIST_ITEM if bullet else LineKind.PARAGRAPH
        parts[0] = number + parts[0]
        yield from (Line(None, part, kind, level) for part in parts)

    def _number(self, properties: _Element | None, style: Style) -> tuple[str, bool]:
        """The automatic number before the paragraph, and whether the paragraph is an item of a bulleted list."""
        list_id = value_of(properties, "w:numPr/w:numId") or style.list_id
        depth = value_of(properties, "w:numPr/w:ilvl")
        if not list_id or list_id == "0":
            return "", False
        written = self.numbering.next(list_id, int(depth) if depth.isdigit() else style.depth)
        return "" if written is None else written, written == ""

    def _table(self, table: _Element) -> list[Line]:
        rows: list[list[str]] = []
        merged: dict[tuple[int, int], Side] = {}
        heading_rows = 0
        for row in containers.rows_or_cells(table, "w:tr"):
            properties = row.find(qn("w:trPr"))
            if properties is not None and any(properties.find(tag) is not None for tag in containers.DELETED):
                deleted = "".join(text.text or "" for text in row.iter(*TEXTS))
                self._leave_out([deleted], LeftOutReason.STRUCK_OUT)
                continue
            if heading_rows == len(rows) and is_on(properties, "w:tblHeader"):
                heading_rows += 1
            cells = self._row(row, rows[-1] if rows else [], value_of(properties, "w:gridBefore"))
            merged.update(((len(rows), column), side) for column, (_, side) in enumerate(cells) if side)
            rows.append([text for text, _ in cells])
        return table_lines(rows, merged=merged, heading_rows=heading_rows)

    def _row(self, row: _Element, above: list[str], before: str) -> list[tuple[str, Side | None]]:
        """The cells of a row, each with the side on which the cell is that it containers.continues."""
        blank: tuple[str, Side | None] = ("", None)
        cells = [blank] * (min(int(before), _MOST_COLUMNS) if before.isdigit() else 0)
        for cell in containers.rows_or_cells(row, "w:tc"):
            properties = cell.find(qn("w:tcPr"))
            text = "\n".join(line.text for line in self.lines_of(cell))
            side: Side | None = None
            if not text and containers.continues(properties, "w:vMerge") and len(cells) < len(above):
                text, side = above[len(cells)], "above"
            elif not text and containers.continues(properties, "w:hMerge") and cells:
                text, side = cells[-1][0], "left"
            span = value_of(properties, "w:gridSpan")
            count = max(min(int(span), _MOST_COLUMNS) if span.isdigit() else 1, 1)
            cells.append((text, side))
            cells.extend([(text, "left")] * (count - 1))
        return cells


def _paragraphs(text: str) -> list[str]:
    return [paragraph for paragraph, _ in line_joining.join_broken_lines(text.split("\n"), after_commas=True)]
