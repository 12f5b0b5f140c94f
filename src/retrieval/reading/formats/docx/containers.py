"""Blocks of the containers of a Word file: body, content controls, tables, cells, and what is drawn in a paragraph."""

from __future__ import annotations

from collections.abc import Iterator

from docx.oxml.ns import qn
from lxml.etree import _Element

from retrieval.reading.formats.docx.text import ALTERNATE, DRAWN_PARAGRAPH, TEXT_BOX, alternative

_WRAPPERS = frozenset(map(qn, ("w:ins", "w:customXml", "w:smartTag", "w:moveTo", "w:sdtContent")))
DELETED = frozenset(map(qn, ("w:del", "w:moveFrom")))
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"


def children_of(container: _Element) -> Iterator[_Element]:
    """The blocks of a container, those in content controls, tracked insertions and the like included."""
    stack = [iter([container])] if container.tag == qn("w:sdt") else [container.iterchildren()]
    first = container
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child is first:
            stack.append(iter(child.findall(qn("w:sdtContent"))))
        elif child.tag in _WRAPPERS:
            stack.append(child.iterchildren())
        elif child.tag == ALTERNATE:
            stack.append(iter(alternative(child)))
        else:
            yield child


def rows_or_cells(container: _Element, tag: str) -> Iterator[_Element]:
    """The rows of a table or the cells of a row, those in content controls included."""
    for child in children_of(container):
        if child.tag == qn(tag):
            yield child
        elif child.tag == qn("w:sdt"):
            yield from rows_or_cells(child, tag)


def continues(properties: _Element | None, name: str) -> bool:
    """Whether a cell is merged with the one above it (`w:vMerge`) or on its left (`w:hMerge`)."""
    merged = properties.find(qn(name)) if properties is not None else None
    return merged is not None and merged.get(qn("w:val")) != "restart"


def is_contents_gallery(block: _Element) -> bool:
    gallery = block.find(f"{qn('w:sdtPr')}/{qn('w:docPartObj')}/{qn('w:docPartGallery')}")
    return gallery is not None and "Contents" in str(gallery.get(qn("w:val")))


def drawings_in(paragraph: _Element) -> Iterator[_Element]:
    """The text boxes, drawn texts and diagrams anchored in the paragraph, each in one of its versions."""
    stack = list(reversed(paragraph))
    while stack:
        child = stack.pop()
        if child.tag in (TEXT_BOX, DRAWN_PARAGRAPH, _DIAGRAM):
            yield child
        elif child.tag == ALTERNATE:
            stack.extend(reversed(alternative(child)))
        elif child.tag not in DELETED:
            stack.extend(reversed(child))
