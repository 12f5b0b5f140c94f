"""Splits a web page into blocks of text, in the order of the page."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element

from retrieval.reading.formats.html.block import Block
from retrieval.reading.formats.html.text import (
    BLOCKS,
    PREFORMATTED,
    heading_row_count,
    is_bracket,
    is_not_shown,
    is_reading,
    loose_table_texts,
    reason_aside,
    source_line,
    table_rows,
    whole_text,
    without_source_breaks,
)
from retrieval.reading.lines import (
    LineKind,
    line_joining,
    section_marks,
    table_lines,
)
from retrieval.types import LeftOutReason

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_RAISING = frozenset(("sup",))
# Boxes are recorded down to this depth; below it pages nest for looks only.
_DEEPEST_BOX = 60


@dataclass(slots=True)
class _Piece:
    """Text between two line breaks of a block."""

    parts: list[str] = field(default_factory=list)
    linked: int = 0
    line: int | None = None


def blocks_of(root: _Element) -> tuple[list[Block], int]:
    """All blocks of the page, menus, adverts and hidden text included, and how many readings (ruby) it has."""
    walk = _Walk()
    return walk.blocks_of(root), walk.readings


class _Walk:
    """One walk over the tree that collects the blocks; without recursion, because pages nest deeply."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.readings = 0
        self.pieces = [_Piece()]
        self.in_link = 0
        self.target = ""
        self.in_pre = 0
        self.in_raised = 0
        self.skipped: _Element | None = None
        self.path: list[_Element] = []
        self.numbers: list[int] = []
        self.prefix = ""

    def blocks_of(self, root: _Element) -> list[Block]:
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "start":
                if self._is_skipped(element) or self._is_table(element):
                    walker.skip_subtree()
                    self.skipped = element
                else:
                    self._start(element)
            elif self.skipped is not None and element is self.skipped:
                self.skipped = None
                self._tail(element, root)
            else:
                self._end(element)
                self._tail(element, root)
        self._flush()
        return self.blocks

    def _is_skipped(self, element: _Element) -> bool:
        """Whether the element gives no text here; what a reader could see of it is put aside with its reason."""
        if is_not_shown(element):
            return True
        if is_reading(element):
            self.readings += element.tag == "rt"
            if not is_bracket(element):
                self._put_aside(element, LeftOutReason.READING)
            return True
        reason = reason_aside(element)
        if reason is not None:
            self._put_aside(element, reason)
        return reason is not None

    def _put_aside(self, element: _Element, reason: LeftOutReason) -> None:
        if text := whole_text(element):
            boxes = (*self.path[:_DEEPEST_BOX], element)
            self.blocks.append(Block(element, text, 0, source_line(element), boxes, reason=reason))

    def _is_table(self, element: _Element) -> bool:
        """Whether the element is a table of data; if so, its rows become a block."""
        if element.tag != "table" or element.find(".//table") is not None:
            return False
        cells = _Cells()
        table = table_rows(element, cells.text_of)
        lines = (
            table_lines(table.rows, table.numbers, table.merged, heading_row_count(element))
            if len(table.rows) > 1
            else []
        )
        if not any(line.kind is LineKind.TABLE_ROW for line in lines):
            return False
        self._flush()
        self.readings += cells.readings
        boxes = (*self.path[:_DEEPEST_BOX], element)
        for text in loose_table_texts(element):
            self.blocks.append(Block(element, text, 0, source_line(element), boxes))
        for row in element.iter("tr"):
            if reason := reason_aside(row):
                self._put_aside(row, reason)
        text = "\n".join(line.text for line in lines)
        self.blocks.append(Block(element, text, cells.linked, lines[0].number, boxes, rows=tuple(lines)))
        self.blocks.extend(cells.aside)
        return True

    def _start(self, element: _Element) -> None:
        if element.tag in BLOCKS:
            self._flush()
            self.path.append(element)
            self._number(element)
        elif element.tag == "br" or (element.tag == "tspan" and element.get("x") is not None):
            self.pieces.append(_Piece())
        if element.tag == "a":
            self.in_link += 1
            self.target = str(element.get("href") or "").strip()
        self.in_pre += element.tag in PREFORMATTED
        self.in_raised += _is_raised(element)
        if element.text:
            self._write(element.text, element)

    def _number(self, element: _Element) -> None:
        if element.tag == "ol":
            start = element.get("start") or "1"
            self.numbers.append(int(start) - 1 if start.isdigit() else 0)
        elif element.tag == "ul":
            self.numbers.append(-1)
        elif element.tag == "li" and self.numbers and self.numbers[-1] >= 0:
            value = element.get("value") or ""
            self.numbers[-1] = int(value) if value.isdigit() else self.numbers[-1] + 1
            self.prefix = f"{self.numbers[-1]}. "

    def _end(self, element: _Element) -> None:
        if element.tag in BLOCKS:
            self._flush()
            if self.path:
                self.path.pop()
            if element.tag in ("ol", "ul") and self.numbers:
                self.numbers.pop()
            if element.tag == "li":
                self.prefix = ""
        self.in_link -= element.tag == "a"
        self.in_pre -= element.tag in PREFORMATTED
        self.in_raised -= _is_raised(element)
        if _is_numerator(element):
            self._write("/", element)

    def _tail(self, element: _Element, root: _Element) -> None:
        if element.tail and element is not root:
            self._write(element.tail, element)

    def _write(self, text: str, element: _Element) -> None:
        first, *others = text.split("\n") if self.in_pre else [text]
        self._append(first, element)
        for offset, other in enumerate(others, start=1):
            self.pieces.append(_Piece())
            self._append(other, element, offset)

    def _append(self, text: str, element: _Element, offset: int = 0) -> None:
        piece = self.pieces[-1]
        line = source_line(element)
        if piece.line is None and text.strip() and line:
            piece.line = line + text[: len(text) - len(text.lstrip())].count("\n") + offset
        before = piece.parts[-1] if piece.parts else ""
        piece.parts.append(line_joining.raised(text, before) if self.in_raised else text)
        if self.in_link:
            piece.linked += len(text.strip())

    def _flush(self) -> None:
        pieces, self.pieces = self.pieces, [_Piece()]
        texts = ["".join(piece.parts) for piece in pieces]
        if not self.path or not any(map(str.strip, texts)):
            return
        if not self.in_pre:
            texts = [*map(without_source_breaks, texts)]
        paragraphs = line_joining.join_broken_lines(
            [text.replace("\xad", "") for text in texts], after_commas=True
        )
        ends = [*(first for _, first in paragraphs), len(pieces)][1:]
        for (text, first), end in zip(paragraphs, ends, strict=True):
            linked = sum(piece.linked for piece in pieces[first:end])
            self._add(text, linked, pieces[first].line)

    def _add(self, text: str, linked: int, line: int | None) -> None:
        own = self.prefix and not section_marks.opening_mark(text)
        item = any(box.tag == "li" for box in self.path[-3:])
        level = next((_HEADINGS[box.tag] for box in self.path[-3:] if box.tag in _HEADINGS), 0)
        boxes = tuple(self.path[:_DEEPEST_BOX])
        shown = self.prefix + text if own else text
        target = self.target if linked else ""
        self.blocks.append(Block(self.path[-1], shown, linked, line, boxes, level, item, target=target))
        self.prefix = ""


@dataclass(slots=True)
class _Cells:
    """Reads the cells of one table, and collects what is put aside in them."""

    linked: int = 0
    readings: int = 0
    aside: list[Block] = field(default_factory=list)

    def text_of(self, cell: _Element) -> str:
        """The text of a cell, its paragraphs divided by line breaks."""
        walk = _Walk()
        blocks = walk.blocks_of(cell)
        self.readings += walk.readings
        self.aside.extend(block for block in blocks if block.reason)
        shown = [block for block in blocks if not block.reason]
        self.linked += sum(block.linked for block in shown)
        return "\n".join(block.text for block in shown)


def _is_raised(element: _Element) -> bool:
    parent = element.getparent()
    if parent is not None and parent.tag == "msup":
        return len(parent) > 1 and element is parent[1]
    return element.tag in _RAISING


def _is_numerator(element: _Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "mfrac" and element is parent[0]
