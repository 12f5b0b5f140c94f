"""Converts tables to lines: one a row, each cell behind its column heading."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.language import numerals
from retrieval.reading.lines.document import Line, LineKind

_SENTENCE = re.compile(r"[。!?;]")
# A table with a longer cell only arranges the page: the cell holds running text.
_LONGEST_CELL = 240
_LONGEST_CELL_OF_PARAGRAPHS = 60
_LONGEST_HEADING = 24

Row = Sequence[str]


def table_lines(rows: Sequence[Row], numbers: Sequence[int | None] = ()) -> list[Line]:
    """One line a row, each value behind the heading of its column: 城市:南京;志願者:3500人.

    Cells may hold several paragraphs, divided by line breaks. A table that only arranges the page (one column, or
    running text in its cells) gives the paragraphs of its cells instead. `numbers` are source lines of the rows.
    """
    filled = [
        (row, number) for row, number in zip(rows, _padded(numbers, len(rows)), strict=True) if any(row)
    ]
    if not filled:
        return []
    if _arranges_page([row for row, _ in filled]):
        return [
            Line(number, part) for row, number in filled for cell in _distinct(row) for part in _parts(cell)
        ]
    captions = 0
    while (
        captions < len(filled) - 1
        and len(_distinct(filled[captions][0])) == 1
        and len(filled[captions][0]) > 1
    ):
        captions += 1
    lines = [Line(number, _distinct(row)[0], LineKind.TABLE_ROW) for row, number in filled[:captions]]
    body = filled[captions:]
    heading = body[0][0] if _is_heading([row for row, _ in body]) else None
    for row, number in body[1:] if heading else body:
        lines.append(Line(number, _row_text(row, heading), LineKind.TABLE_ROW))
    return lines


def _padded(numbers: Sequence[int | None], count: int) -> list[int | None]:
    return [*numbers, *[None] * (count - len(numbers))][:count]


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("\n") if part.strip()]


def _distinct(row: Row) -> list[str]:
    return list(dict.fromkeys(cell for cell in row if cell.strip()))


def _arranges_page(rows: Sequence[Row]) -> bool:
    if max(map(len, rows)) == 1:
        return True
    cells = [cell for row in rows for cell in row]
    return any(
        len(cell) > _LONGEST_CELL or (len(_parts(cell)) > 2 and len(cell) > _LONGEST_CELL_OF_PARAGRAPHS)
        for cell in cells
    )


def _is_heading(rows: Sequence[Row]) -> bool:
    """Whether the first row names the columns: short, different, without numbers or sentences, and rows below."""
    first = [cell.strip() for cell in rows[0]]
    if len(rows) < 2 or len(first) < 2 or sum(map(bool, first)) < len(first) - 1:
        return False
    plain = numerals.half_width("".join(first))
    return (
        all(len(cell) <= _LONGEST_HEADING for cell in first)
        and not _SENTENCE.search(plain)
        and sum(map(str.isdigit, plain)) * 3 <= len(plain)
        and not (len(first) == 2 and first[0].endswith((":", "\uff1a")))
    )


def _row_text(row: Row, heading: Row | None) -> str:
    cells = [" ".join(_parts(cell)) for cell in row]
    if heading is None:
        return _plain_row(row, cells)
    named = zip([*heading, *[""] * len(cells)], cells, strict=False)
    pairs = dict.fromkeys((" ".join(_parts(name)), cell) for name, cell in named if cell)
    return "\uff1b".join(f"{name}\uff1a{cell}" if name else cell for name, cell in pairs)


def _plain_row(row: Row, cells: list[str]) -> str:
    shown = list(dict.fromkeys(cell for cell in cells if cell))
    if len(row) == 2 and len(shown) == 2 and len(shown[0]) <= 12:
        return shown[0].rstrip(":\uff1a") + "\uff1a" + shown[1]
    return " | ".join(shown)
