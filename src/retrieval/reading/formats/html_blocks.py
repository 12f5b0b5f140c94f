"""Splits a web page into blocks of text, in the order of the page."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element

from retrieval.language import numerals
from retrieval.reading.formats.html_text import BLOCKS, table_rows, tidy
from retrieval.reading.lines import Line, LineKind, boilerplate, section_marks, table_lines

_DROPPED_LISTED = (
    "script style noscript template iframe svg canvas object embed select option button input textarea label nav footer aside "
    "menu dialog audio video map head form"
)
_DROPPED = frozenset(_DROPPED_LISTED.split()) - {"form", "head"}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SENTENCE = re.compile(r"[。!?;]")
_CHINESE = re.compile("[一-鿿]")
# Boxes are recorded down to this depth; below it pages nest for looks only.
_DEEPEST_BOX = 60


@dataclass(slots=True)
class Block:
    """Text between two block borders, with the elements around it."""

    element: _Element
    text: str
    linked: int
    """How many of its characters are in links."""
    number: int | None
    boxes: tuple[_Element, ...]
    level: int = 0
    item: bool = False
    rows: tuple[Line, ...] = ()

    @property
    def is_prose(self) -> bool:
        plain = numerals.half_width(self.text)
        written = len(_CHINESE.findall(plain))
        if self.linked * 2 > len(self.text):
            return False
        return bool(_SENTENCE.search(plain)) and written >= 8 and not boilerplate.is_boilerplate(self.text)

    @property
    def is_linked(self) -> bool:
        return self.linked * 10 > 6 * len(self.text)


def blocks_of(root: _Element) -> list[Block]:
    """All blocks of the page, menus and adverts included."""
    return _Walk().blocks_of(root)


class _Walk:
    """One walk over the tree that collects the blocks; without recursion, because pages nest deeply."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.linked = 0
        self.in_link = 0
        self.in_pre = 0
        self.skipped: _Element | None = None
        self.path: list[_Element] = []
        self.numbers: list[int] = []
        self.prefix = ""
        self.line: int | None = None

    def blocks_of(self, root: _Element) -> list[Block]:
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "start":
                if self._is_dropped(element) or self._is_table(element):
                    walker.skip_subtree()
                    self.skipped = element
                else:
                    self._start(element)
            elif self.skipped is not None and element is self.skipped:
                tail, self.skipped = element.tail, None
                if tail:
                    self._write(tail, element)
            else:
                self._end(element)
        self._flush()
        return self.blocks

    def _is_dropped(self, element: _Element) -> bool:
        if not isinstance(element.tag, str) or element.tag in _DROPPED:
            return True
        if element.tag in ("head", "title"):
            return True
        return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))

    def _is_table(self, element: _Element) -> bool:
        """Whether the element is a table of data; if so, its rows become a block."""
        if element.tag != "table" or element.find(".//table") is not None:
            return False
        rows, numbers = table_rows(element)
        lines = table_lines(rows, numbers) if len(rows) > 1 else []
        if not any(line.kind is LineKind.TABLE_ROW for line in lines):
            return False
        self._flush()
        linked = sum(len("".join(map(str, link.itertext())).strip()) for link in element.iter("a"))
        text = "\n".join(line.text for line in lines)
        boxes = (*self.path[:_DEEPEST_BOX], element)
        self.blocks.append(Block(element, text, linked, lines[0].number, boxes, rows=tuple(lines)))
        return True

    def _start(self, element: _Element) -> None:
        if element.tag in BLOCKS:
            self._flush()
            self.path.append(element)
            self._number(element)
        elif element.tag == "br":
            self._flush()
        self.in_link += element.tag == "a"
        self.in_pre += element.tag == "pre"
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
        self.in_pre -= element.tag == "pre"
        if element.tail:
            self._write(element.tail, element)

    def _write(self, text: str, element: _Element | None = None) -> None:
        if self.line is None and text.strip():
            self.line = self._line(element, text)
        if self.in_pre:
            first, *others = text.split("\n")
            self._append(first)
            for other in others:
                self._flush()
                self._append(other)
        else:
            self._append(text)

    def _line(self, element: _Element | None, text: str) -> int | None:
        nearest = element if element is not None else self.path[-1] if self.path else None
        line = getattr(nearest, "sourceline", None)
        blank = text[: len(text) - len(text.lstrip())].count("\n")
        return int(line) + blank if line else None

    def _append(self, text: str) -> None:
        self.parts.append(text)
        if self.in_link:
            self.linked += len(text.strip())

    def _flush(self) -> None:
        text = tidy("".join(self.parts))
        if text and self.path:
            own = self.prefix and not section_marks.opening_mark(text)
            item = any(box.tag == "li" for box in self.path[-3:])
            level = next((_HEADINGS[box.tag] for box in self.path[-3:] if box.tag in _HEADINGS), 0)
            shown = self.prefix + text if own else text
            self.blocks.append(
                Block(
                    self.path[-1], shown, self.linked, self.line, tuple(self.path[:_DEEPEST_BOX]), level, item
                )
            )
            self.prefix = ""
        self.parts, self.linked, self.line = [], 0, None
