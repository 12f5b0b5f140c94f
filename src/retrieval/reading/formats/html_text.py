"""Text of a web page's elements as a browser shows it: white space, cells, tables."""

from __future__ import annotations

import re

from lxml import etree
from lxml.etree import _Element

_BLOCKS_LISTED = (
    "address article blockquote body center dd details div dl dt fieldset figcaption figure form h1 h2 h3 h4 h5 h6 header hr "
    "legend li main ol p pre section summary table tbody td tfoot th thead tr ul html caption"
)
BLOCKS = frozenset(_BLOCKS_LISTED.split())
_SPACES = re.compile(r"[ \t\r\f\v\n\u200b\ufeff]+")
# Cells that span many rows and columns multiply; wider tables are cut.
_MOST_COLUMNS = 100


def tidy(text: str) -> str:
    """The text with white space as a browser shows it; a source line broken beside Chinese leaves no space."""
    return _SPACES.sub(_shown_space, text).strip().strip("\u3000\xa0 ")


def _shown_space(space: re.Match[str]) -> str:
    around = space.string[space.start() - 1 : space.start()] + space.string[space.end() : space.end() + 1]
    broken = "\n" in space.group() and any(not character.isascii() for character in around)
    return "" if broken else " " if space.group().strip("\u200b\ufeff") else ""


def table_rows(table: _Element) -> tuple[list[list[str]], list[int | None]]:
    """The cells of every row, those that span several columns or rows repeated."""
    rows: list[list[str]] = []
    numbers: list[int | None] = []
    below: dict[int, tuple[int, str]] = {}
    for row in table.iter("tr"):
        cells: list[str] = []
        for cell in (child for child in row if child.tag in ("td", "th")):
            _fill(cells, below)
            text = _cell_text(cell)
            for _ in range(min(_span(cell, "colspan"), _MOST_COLUMNS - len(cells))):
                below[len(cells)] = (_span(cell, "rowspan") - 1, text)
                cells.append(text)
        _fill(cells, below)
        rows.append(cells)
        numbers.append(getattr(row, "sourceline", None))
    return rows, numbers


def _fill(cells: list[str], below: dict[int, tuple[int, str]]) -> None:
    while len(cells) < _MOST_COLUMNS and below.get(len(cells), (0, ""))[0] > 0:
        left, text = below[len(cells)]
        below[len(cells)] = (left - 1, text)
        cells.append(text)


def _span(cell: _Element, key: str) -> int:
    value = cell.get(key) or "1"
    return min(max(int(value), 1), 60) if value.isdigit() and len(value) < 4 else 1


def _cell_text(cell: _Element) -> str:
    parts: list[str] = []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        skipped = not isinstance(element.tag, str) or element.tag in ("script", "style")
        if element.tag in BLOCKS or element.tag == "br":
            parts.append("\x00")
        text = (
            element.tail
            if event == "end" and element is not cell
            else element.text
            if event == "start"
            else ""
        )
        parts.append("" if skipped and event == "start" else text or "")
    return "\n".join(filter(None, (tidy(part) for part in "".join(parts).split("\x00"))))
