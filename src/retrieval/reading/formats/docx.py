"""Reads Word files: headings, automatic numbers, tables and text boxes; headers and footers are left out."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import docx
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from lxml.etree import _Element

from retrieval.language import Pattern
from retrieval.reading.formats.archives import oversize
from retrieval.reading.formats.docx_numbering import Numbering
from retrieval.reading.lines import Document, Line, LineKind, table_lines, unread

_ENCRYPTED = b"\xd0\xcf\x11\xe0"
# Patterns of style names.
_HEADING_STYLE = Pattern(
    re.compile(r"^(?:heading|标题|標題)\s*(\d)$", re.IGNORECASE), "heading 1", "Heading 1 Char"
)
_CONTENTS_STYLE = Pattern(
    re.compile(r"^(?:toc|目录|目錄)\s*(?:\d|heading)?$", re.IGNORECASE), "TOC Heading", "toc of figures"
)
_TITLE_STYLES = ("title", "subtitle", "标题", "副标题", "標題")
_SKIPPED = frozenset(
    map(qn, ("w:del", "w:moveFrom", "w:instrText", "w:delText", "w:pPr", "w:rPr", "w:txbxContent"))
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_TEXT_BOX = qn("w:txbxContent")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


@dataclass(frozen=True, slots=True)
class _Style:
    """A paragraph style with what it inherits: outline level (0: body text), list id and depth in the list."""

    name: str
    outline: int
    list_id: str
    depth: int


def read_word_file(content: bytes, name: str) -> Document:
    """The lines of a .docx file; it has no line numbers of its own."""
    if content.startswith(_ENCRYPTED):
        return unread(
            name,
            "encrypted, or an old .doc file under another name; save it as .docx without a password; skipped",
        )
    if reason := oversize(content):
        return unread(name, f"{reason}; skipped")
    word = docx.Document(io.BytesIO(content))
    reader = _Reader(_styles(word), Numbering(_numbering_root(word), _links(word)))
    return Document(name, tuple(reader.lines_of(word.element.body)), title=_title(word))


def _title(word: WordDocument) -> str:
    """The title among the file's properties, where it is not what Word itself put there."""
    title = (word.core_properties.title or "").strip()
    return title if re.search("[一-鿿]{4}", title) and len(title) <= 60 else ""


def _numbering_root(word: WordDocument) -> _Element | None:
    related = (part.target_part for part in word.part.rels.values() if not part.is_external)
    part = next((part for part in related if part.partname.endswith("/numbering.xml")), None)
    return getattr(part, "element", None)


def _styles(word: WordDocument) -> dict[str, _Style]:
    elements = {
        str(style.get(qn("w:styleId"))): style for style in word.styles.element.findall(qn("w:style"))
    }
    return {style_id: _style(style_id, elements) for style_id in elements}


def _style(style_id: str, elements: dict[str, _Element]) -> _Style:
    name, outline, list_id, depth = "", "", "", ""
    current, seen = style_id, 0
    while current in elements and seen < 12:
        element = elements[current]
        name = name or _value(element, "w:name")
        properties = element.find(qn("w:pPr"))
        if properties is not None:
            outline = outline or _value(properties, "w:outlineLvl")
            list_id = list_id or _value(properties, "w:numPr/w:numId")
            depth = depth or _value(properties, "w:numPr/w:ilvl")
        current, seen = _value(element, "w:basedOn"), seen + 1
    heading = _HEADING_STYLE.regex.match(name)
    level = int(heading[1]) if heading else int(outline) + 1 if outline.isdigit() and int(outline) < 9 else 0
    return _Style(name, level, list_id, int(depth) if depth.isdigit() else 0)


def _links(word: WordDocument) -> dict[str, str]:
    """The list id of each numbering style, by the style's id."""
    return {
        str(style.get(qn("w:styleId"))): _value(style, "w:pPr/w:numPr/w:numId")
        for style in word.styles.element.findall(qn("w:style"))
        if style.get(qn("w:type")) == "numbering"
    }


def _value(element: _Element, path: str) -> str:
    """The `w:val` of the descendant at the path, or an empty text."""
    descendant = element.find("/".join(qn(step) for step in path.split("/")))
    return str(descendant.get(qn("w:val")) or "") if descendant is not None else ""


@dataclass(frozen=True, slots=True)
class _Reader:
    styles: dict[str, _Style]
    numbering: Numbering

    def lines_of(self, container: _Element) -> Iterator[Line]:
        """The lines of a body, a cell or a text box, in the order of the text."""
        for child in container.iterchildren():
            if child.tag == qn("w:p"):
                yield from self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                yield from self._table(child)
            elif child.tag == qn("w:sdt"):
                content = child.find(qn("w:sdtContent"))
                if content is not None and not _is_contents_gallery(child):
                    yield from self.lines_of(content)
            elif child.tag in (qn("w:ins"), qn("w:customXml"), qn("w:smartTag"), qn("w:moveTo")):
                yield from self.lines_of(child)

    def _paragraph(self, paragraph: _Element) -> Iterator[Line]:
        properties = paragraph.find(qn("w:pPr"))
        style = self._style_of(properties)
        if not _CONTENTS_STYLE.regex.match(style.name):
            yield from self._own_lines(paragraph, properties, style)
        for box in _text_boxes(paragraph):
            yield from self.lines_of(box)

    def _style_of(self, properties: _Element | None) -> _Style:
        style_id = _value(properties, "w:pStyle") if properties is not None else ""
        return self.styles.get(style_id) or self.styles.get("Normal") or _Style("", 0, "", 0)

    def _own_lines(self, paragraph: _Element, properties: _Element | None, style: _Style) -> Iterator[Line]:
        texts = [text.strip() for text in _text(paragraph).split("\n")]
        if not any(texts):
            return
        number, bullet = self._number(properties, style)
        level = _outline(properties) or style.outline
        titled = style.name.lower() in _TITLE_STYLES
        kind = LineKind.HEADING if level or titled else LineKind.LIST_ITEM if bullet else LineKind.PARAGRAPH
        first = next(index for index, text in enumerate(texts) if text)
        texts[first] = number + texts[first]
        yield from (Line(None, text, kind, level) for text in texts if text)

    def _number(self, properties: _Element | None, style: _Style) -> tuple[str, bool]:
        """The automatic number before the paragraph, and whether the paragraph is an item of a bulleted list."""
        list_id = (_value(properties, "w:numPr/w:numId") if properties is not None else "") or style.list_id
        depth = _value(properties, "w:numPr/w:ilvl") if properties is not None else ""
        if not list_id or list_id == "0":
            return "", False
        written = self.numbering.next(list_id, int(depth) if depth.isdigit() else style.depth)
        return "" if written is None else written, written == ""

    def _table(self, table: _Element) -> list[Line]:
        rows: list[list[str]] = []
        for row in table.findall(qn("w:tr")):
            cells: list[str] = []
            for cell in _cells(row):
                properties = cell.find(qn("w:tcPr"))
                span = _value(properties, "w:gridSpan") if properties is not None else ""
                text = "\n".join(line.text for line in self.lines_of(cell))
                if not text and _continues(properties) and rows and len(cells) < len(rows[-1]):
                    text = rows[-1][len(cells)]
                cells.extend([text] * (min(int(span), 60) if span.isdigit() else 1))
            rows.append(cells)
        return table_lines(rows)


def _cells(row: _Element) -> Iterator[_Element]:
    for child in row.iterchildren():
        if child.tag == qn("w:tc"):
            yield child
        elif child.tag == qn("w:sdt"):
            yield from child.iter(qn("w:tc"))


def _continues(properties: _Element | None) -> bool:
    """Whether a cell is merged with the one above it."""
    merged = properties.find(qn("w:vMerge")) if properties is not None else None
    return merged is not None and merged.get(qn("w:val")) != "restart"


def _outline(properties: _Element | None) -> int:
    value = _value(properties, "w:outlineLvl") if properties is not None else ""
    return int(value) + 1 if value.isdigit() and int(value) < 9 else 0


def _is_contents_gallery(block: _Element) -> bool:
    gallery = block.find(f"{qn('w:sdtPr')}/{qn('w:docPartObj')}/{qn('w:docPartGallery')}")
    return gallery is not None and "Contents" in str(gallery.get(qn("w:val")))


def _text(paragraph: _Element) -> str:
    """The text as Word shows it, without deletions, field codes and text boxes."""
    parts: list[str] = []
    stack = [iter(paragraph)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag == qn("w:t"):
            parts.append(child.text or "")
        elif child.tag in (qn("w:br"), qn("w:cr")):
            parts.append("\n")
        elif child.tag == qn("w:tab"):
            parts.append(" ")
        elif child.tag == qn("w:noBreakHyphen"):
            parts.append("-")
        elif child.tag not in _SKIPPED and not _is_hidden(child):
            stack.append(iter(child))
    return "".join(parts)


def _is_hidden(run: _Element) -> bool:
    return run.tag == qn("w:r") and run.find(f"{qn('w:rPr')}/{qn('w:vanish')}") is not None


def _text_boxes(paragraph: _Element) -> Iterator[_Element]:
    """The text boxes anchored in the paragraph, without the fallback copies that Word keeps beside them."""
    stack = list(reversed(paragraph))
    while stack:
        child = stack.pop()
        if child.tag == _TEXT_BOX:
            yield child
        elif child.tag != _FALLBACK:
            stack.extend(reversed(child))
