"""Text of a web page's elements as a browser shows it: white space, raised digits, tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree
from lxml.etree import _Element

from retrieval.types import LeftOutReason

_BLOCKS_LISTED = (
    "address article aside blockquote body button center dd details dialog dir div dl dt fieldset figcaption figure footer form "
    "foreignobject h1 h2 h3 h4 h5 h6 header hgroup hr legend li listing main marquee menu nav ol p pre search section summary "
    "table tbody td text textarea tfoot th thead tr ul html caption xmp"
)
BLOCKS = frozenset(_BLOCKS_LISTED.split())
PREFORMATTED = frozenset(("pre", "textarea", "listing", "xmp"))
_NOT_SHOWN_LISTED = (
    "script style template iframe canvas object embed audio video map head title datalist metadata desc defs annotation "
    "annotation-xml"
)
_NOT_SHOWN = frozenset(_NOT_SHOWN_LISTED.split())
_STRUCK_OUT = frozenset(("del", "s", "strike"))
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_STRUCK_STYLE = re.compile(r"text-decoration[^;]*:[^;]*line-through", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\f\v\n\u200b\ufeff\xad]+")
_WORD = re.compile(r"\w")
_TAG = re.compile(r"<[^<>]{0,400}>")
_ZERO_WIDTH = "\u200b\ufeff\xad"
# Cells that span many rows and columns multiply; beyond so many columns they are not repeated.
_MOST_COLUMNS = 64


def is_not_shown(element: _Element) -> bool:
    """Whether a browser shows nothing of the element: comments, scripts, replaced content."""
    return not isinstance(element.tag, str) or element.tag in _NOT_SHOWN


def reason_aside(element: _Element) -> LeftOutReason | None:
    """Why the text of the element is not part of the text around it, or None if it is."""
    style = element.get("style") or ""
    if element.tag in _STRUCK_OUT or _STRUCK_STYLE.search(style):
        return LeftOutReason.STRUCK_OUT
    if (
        element.get("hidden") is not None
        or element.tag in ("noscript", "noframes")
        or _HIDDEN_STYLE.search(style)
    ):
        return LeftOutReason.HIDDEN
    # Programs that set formulas write each of them twice: for the eye and for screen readers.
    if element.tag == "mjx-assistive-mml" or "katex-mathml" in (element.get("class") or ""):
        return LeftOutReason.HIDDEN
    if element.tag == "dialog" and element.get("open") is None:
        return LeftOutReason.HIDDEN
    return LeftOutReason.BOILERPLATE if element.tag == "select" else None


def is_reading(element: _Element) -> bool:
    """Whether the element is a reading beside a character (ruby), or a bracket around one."""
    return element.tag in ("rt", "rp", "rtc") and next(element.iterancestors("ruby"), None) is not None


def is_bracket(element: _Element) -> bool:
    """Whether the element holds no more than a bracket around a reading: one that is left open holds the rest."""
    return element.tag == "rp" and not _WORD.search(whole_text(element))


def source_line(element: _Element) -> int | None:
    """The line of the source in which the element begins, counting from 1."""
    line = getattr(element, "sourceline", None)
    return int(line) if line else None


def whole_text(element: _Element) -> str:
    """All shown text inside the element, without its structure."""
    text = " ".join(_shown_texts(element))
    # The parser takes the content of these as text, tags included.
    return tidy(_TAG.sub(" ", text) if element.tag in ("noframes", "noscript") else text)


def _shown_texts(element: _Element) -> Iterator[str]:
    for descendant in element.iter():
        if not is_not_shown(descendant) and descendant.text:
            yield descendant.text
        if descendant is not element and descendant.tail:
            yield descendant.tail


def tidy(text: str) -> str:
    """The text with white space as a browser shows it; a source line broken beside Chinese leaves no space."""
    return without_source_breaks(text).strip()


def without_source_breaks(text: str) -> str:
    """The text with white space as a browser shows it, indents by wide or hard spaces included."""
    return _SPACES.sub(_shown_space, text).strip(" ")


def _shown_space(space: re.Match[str]) -> str:
    around = space.string[space.start() - 1 : space.start()] + space.string[space.end() : space.end() + 1]
    broken = "\n" in space.group() and any(not character.isascii() for character in around)
    return "" if broken else " " if space.group().strip(_ZERO_WIDTH) else ""


@dataclass(slots=True)
class TableCells:
    """The cells of a table, those that span several columns or rows repeated there."""

    rows: list[list[str]] = field(default_factory=list)
    numbers: list[int | None] = field(default_factory=list)
    merged: dict[tuple[int, int], Literal["above", "left"]] = field(default_factory=dict)
    """(row, column) of each repetition, with the side on which the cell is that it repeats."""


def table_rows(table: _Element, text_of: Callable[[_Element], str]) -> TableCells:
    """The cells of every row that is shown."""
    result = TableCells()
    below: dict[int, tuple[int, str, Literal["above", "left"]]] = {}
    for row in table.iter("tr"):
        if reason_aside(row):
            continue
        cells: list[str] = []
        for cell in (child for child in row if child.tag in ("td", "th")):
            _fill(cells, below, result)
            text = text_of(cell)
            for offset in range(max(min(_span(cell, "colspan"), _MOST_COLUMNS - len(cells)), 1)):
                below[len(cells)] = (_span(cell, "rowspan") - 1, text, "left" if offset else "above")
                if offset:
                    result.merged[len(result.rows), len(cells)] = "left"
                cells.append(text)
        _fill(cells, below, result)
        result.rows.append(cells)
        result.numbers.append(source_line(row))
    return result


def _fill(
    cells: list[str], below: dict[int, tuple[int, str, Literal["above", "left"]]], result: TableCells
) -> None:
    """Repeats the cells that reach down from the rows above."""
    while len(cells) < _MOST_COLUMNS and len(cells) in below and below[len(cells)][0] > 0:
        left, text, side = below[len(cells)]
        below[len(cells)] = (left - 1, text, side)
        result.merged[len(result.rows), len(cells)] = side
        cells.append(text)


def _span(cell: _Element, key: str) -> int:
    value = cell.get(key) or "1"
    return min(max(int(value), 1), 60) if value.isdigit() and len(value) < 4 else 1


def heading_row_count(table: _Element) -> int:
    """The number of rows at the top that the page itself calls headings: `<thead>`, or rows of `<th>` alone."""
    count = 0
    for row in table.iter("tr"):
        cells = [child.tag for child in row if child.tag in ("td", "th")]
        parent = row.getparent()
        in_head = parent is not None and parent.tag == "thead"
        if not cells or not (in_head or {*cells} == {"th"}):
            break
        count += 1
    return count


def loose_table_texts(table: _Element) -> list[str]:
    """The text of a table that lies in none of the cells of its rows, divided where blocks begin and end."""
    pieces: list[list[str]] = [[]]
    walker = etree.iterwalk(table, events=("start", "end", "comment", "pi"))
    for event, element in walker:
        is_skipped = event == "start" and element is not table and (_is_cell(element) or _is_no_text(element))
        if is_skipped:
            walker.skip_subtree()
        if element.tag in BLOCKS or element.tag == "br":
            pieces.append([])
        if event == "start" and not is_skipped:
            pieces[-1].append(element.text or "")
        elif event != "start" and element is not table:
            pieces[-1].append(element.tail or "")
    return [text for piece in pieces if (text := tidy("".join(piece)))]


def _is_cell(element: _Element) -> bool:
    """Whether the element is a cell that `table_rows` reads."""
    parent = element.getparent()
    return element.tag in ("td", "th") and parent is not None and parent.tag == "tr"


def _is_no_text(element: _Element) -> bool:
    return is_not_shown(element) or is_reading(element) or reason_aside(element) is not None
