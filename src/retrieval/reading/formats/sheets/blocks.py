"""Rows of a sheet to lines: tables parted by blank rows, each with its own headings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from retrieval.reading.lines import Line, table_lines

Side = Literal["above", "left"]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """The shown texts of a row from the first used column to the last, and its number, counted from 1."""

    number: int
    cells: tuple[str, ...]
    merged: Mapping[int, Side]
    """The columns whose cell repeats the one above or on the left."""


def sheet_lines(rows: Sequence[SheetRow]) -> Iterator[Line]:
    """One line a row, each value behind its heading; a title over the table is a line of its own."""
    for block in _blocks(rows):
        merged = {
            (index, column): side for index, row in enumerate(block) for column, side in row.merged.items()
        }
        yield from table_lines([row.cells for row in block], [row.number for row in block], merged)


def _blocks(rows: Sequence[SheetRow]) -> Iterator[list[SheetRow]]:
    """Runs of rows; a blank row ends one where what follows is a title or names columns of its own."""
    block: list[SheetRow] = []
    last = 0
    for row in rows:
        if block and row.number > last + 1 and _begins(row):
            yield block
            block = []
        if any(row.cells):
            block.append(row)
            last = row.number
    if block:
        yield block


def _begins(row: SheetRow) -> bool:
    own = [cell for column, cell in enumerate(row.cells) if cell and column not in row.merged]
    return len(own) == 1 or (
        len(own) > 1 and not any(character.isdigit() for cell in own for character in cell)
    )
