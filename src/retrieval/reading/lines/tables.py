"""Converts tables to lines: one a row, each cell behind its column heading."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal, Self

from retrieval.language import Pattern, numerals
from retrieval.reading.lines.document import Line, LineKind

_SENTENCE = re.compile(r"[。!?;]")
_PERIOD = Pattern(
    re.compile(
        r"^(?:(?:19|20)\d\d\s*(?:年度?|/|\.|-)?\s*(?:\d{1,2}\s*月份?|[一二三四1-4]季度|[上下]半年)?|\d{1,2}月份?)$"
    ),
    "2023年",
    "2023人",
)
"""A year or a month: it heads a column although it consists of digits."""
# A table with a longer cell only arranges the page: the cell holds running text.
_LONGEST_CELL = 240
_LONGEST_CELL_OF_PARAGRAPHS = 60
_LONGEST_HEADING = 24
# Tables with more rows of headings than these are forms.
_MOST_HEADING_ROWS = 4


class _MergedCell(str):
    """The text of a merged cell, repeated where it continues: in the column to the right or in the row below."""

    __slots__ = ("across",)

    across: bool
    """Whether the cell continues the one on its left; else the one above it."""

    def __new__(cls, text: str, *, across: bool) -> Self:
        """The text, marked as a repetition."""
        cell = super().__new__(cls, text)
        cell.across = across
        return cell


Row = Sequence[str]


def table_lines(
    rows: Sequence[Row],
    numbers: Sequence[int | None] = (),
    merged: Mapping[tuple[int, int], Literal["above", "left"]] | None = None,
    heading_rows: int = 0,
) -> list[Line]:
    """One line a row, each value behind the heading of its column: 城市:南京;志願者:3500人.

    Cells may hold several paragraphs, divided by line breaks. A merged cell is repeated in all rows and columns that it
    spans; `merged` names the repetitions by (row, column), with the side on which the repeated cell is. Several rows of
    headings are combined: 注册志愿者·男. A table that only arranges the page (one column, or running text in its
    cells) gives the paragraphs of its cells instead. `numbers` are source lines of the rows, `heading_rows` is the
    number of rows that the format itself calls headings.
    """
    marked = [_marked(row, index, merged or {}) for index, row in enumerate(rows)]
    filled = [
        (row, number) for row, number in zip(marked, _padded(numbers, len(rows)), strict=True) if any(row)
    ]
    if not filled:
        return []
    if _arranges_page([row for row, _ in filled]):
        return [Line(number, part) for row, number in filled for cell in _own(row) for part in _parts(cell)]
    captions = 0
    while captions < len(filled) - 1 and _is_banner(filled[captions][0]):
        captions += 1
    lines = [Line(number, _flat(_own(row)[0]), LineKind.TABLE_ROW) for row, number in filled[:captions]]
    body = filled[captions:]
    count = _heading_count([row for row, _ in body], heading_rows - captions)
    names = _column_names([row for row, _ in body[:count]])
    return lines + _body_lines(body[count:], names, [[*map(_flat, row)] for row, _ in body[:count]])


def _marked(row: Row, index: int, merged: Mapping[tuple[int, int], Literal["above", "left"]]) -> Row:
    sides = [merged.get((index, column)) for column in range(len(row))]
    return [
        _MergedCell(cell, across=side == "left") if side else cell
        for cell, side in zip(row, sides, strict=True)
    ]


def _padded(numbers: Sequence[int | None], count: int) -> list[int | None]:
    return [*numbers, *[None] * (count - len(numbers))][:count]


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("\n") if part.strip()]


def _flat(cell: str) -> str:
    return " ".join(_parts(cell)) if "\n" in cell else cell.strip()


def _continues_left(cell: str) -> bool:
    return isinstance(cell, _MergedCell) and cell.across


def _own(row: Row) -> list[str]:
    """The cells with text that begin in this row."""
    return [cell for cell in row if cell.strip() and not isinstance(cell, _MergedCell)]


def _is_banner(row: Row) -> bool:
    """Whether the row is a single cell over all columns, or has one cell with text."""
    filled = [cell for cell in row if cell.strip() and not _continues_left(cell)]
    return len(row) > 1 and len(filled) == 1 and len(_own(row)) == 1


def _arranges_page(rows: Sequence[Row]) -> bool:
    if max(map(len, rows)) == 1:
        return True
    cells = [cell for row in rows for cell in row]
    return any(
        len(cell) > _LONGEST_CELL or (len(cell) > _LONGEST_CELL_OF_PARAGRAPHS and len(_parts(cell)) > 2)
        for cell in cells
    )


def _heading_count(rows: Sequence[Row], declared: int) -> int:
    """The number of rows that name the columns: those that the format declares, else the first and those that refine it."""
    count = (
        declared if 0 < declared < len(rows) and declared <= _MOST_HEADING_ROWS else int(_is_heading(rows))
    )
    while 0 < count < min(len(rows) - 1, _MOST_HEADING_ROWS) and _refines(rows[count - 1], rows[count]):
        count += 1
    return count


def _is_heading(rows: Sequence[Row]) -> bool:
    """Whether the first row names the columns: short, without numbers or sentences, and rows below."""
    first = [cell.strip() for cell in rows[0]]
    if len(rows) < 2 or len(first) < 2:
        return False
    blank = sum(not cell for cell in first)
    if blank > 1 and not (blank < len(first) and _refines(rows[0], rows[1])):
        return False
    return _names_columns(first) and not (len(first) == 2 and first[0].endswith((":", "\uff1a")))


def _names_columns(cells: Sequence[str]) -> bool:
    plain = [numerals.half_width(cell.strip()) for cell in cells]
    undated = "".join(cell for cell in plain if not _PERIOD.regex.match(cell))
    return (
        all(len(cell) <= _LONGEST_HEADING for cell in plain)
        and not _SENTENCE.search("".join(plain))
        and bool(undated)
        and sum(map(str.isdigit, undated)) * 3 <= len(undated)
    )


def _refines(above: Row, row: Row) -> bool:
    """Whether the row divides merged headings above it, and says nothing under those that are not merged.

    Callers that know nothing of merged cells give blank ones: 区|注册志愿者||培训 over |男|女|.
    """
    pairs = [*zip(above, row, strict=False)]
    own = [(upper, cell) for upper, cell in pairs if cell.strip() and not isinstance(cell, _MergedCell)]
    unsaid = any(
        upper.strip() and (not cell.strip() or isinstance(cell, _MergedCell)) for upper, cell in pairs
    )
    divides = any(_continues_left(upper) for upper, _ in own) and (unsaid or len(own) == len(pairs))
    fills = unsaid and not row[0].strip() and any(not upper.strip() for upper, _ in own)
    return (divides or fills) and _names_columns([cell for _, cell in own])


def _column_names(rows: Sequence[Row]) -> list[str]:
    """The heading of each column, from the outermost to the innermost: 注册志愿者·男."""
    names: list[list[str]] = [[] for _ in range(max(map(len, rows), default=0))]
    for depth, row in enumerate(rows):
        left = ""
        for column, cell in enumerate(row):
            below = rows[depth + 1 :]
            if cell.strip():
                left = _flat(cell)
            elif not left or not any(column < len(lower) and lower[column].strip() for lower in below):
                continue
            # A blank cell over a filled one continues the heading on its left.
            if names[column][-1:] != [left]:
                names[column].append(left)
    return ["·".join(parts) for parts in names]


def _body_lines(
    body: Sequence[tuple[Row, int | None]], names: list[str], headings: list[list[str]]
) -> list[Line]:
    # A table over several pages repeats its heading.
    data = [(row, number) for row, number in body if not headings or [*map(_flat, row)] not in headings]
    if headings and not data:
        return [Line(body[0][1] if body else None, _plain_row(row), LineKind.TABLE_ROW) for row in headings]
    unused = _without_values([row for row, _ in data if not _is_one_cell(row)], names)
    return [
        Line(number, _row_text(row, names, [] if index else unused), LineKind.TABLE_ROW)
        for index, (row, number) in enumerate(data)
    ]


def _without_values(rows: Sequence[Row], names: list[str]) -> list[str]:
    """The headings of columns that no row of several cells fills."""
    return [
        name
        for column, name in enumerate(names)
        if name and not any(column < len(row) and row[column].strip() for row in rows)
    ]


def _row_text(row: Row, names: list[str], blanks: list[str]) -> str:
    if not names or _is_one_cell(row):
        return "\uff1b".join([_plain_row(row), *(f"{name}\uff1a" for name in blanks)])
    values: list[tuple[list[str], str]] = []
    for column, cell in enumerate(row):
        name = names[column] if column < len(names) else ""
        if _continues_left(cell) and values:
            values[-1][0].append(name)
        elif cell.strip():
            values.append(([name], _flat(cell)))
    named_values = [("、".join(filter(None, dict.fromkeys(spanned))), value) for spanned, value in values]
    shown = [f"{name}\uff1a{value}" if name else value for name, value in named_values]
    return "\uff1b".join([*shown, *(f"{name}\uff1a" for name in blanks)])


def _is_one_cell(row: Row) -> bool:
    return all(map(_continues_left, row[1:]))


def _plain_row(row: Row) -> str:
    shown = [_flat(cell) for cell in row if cell.strip() and not _continues_left(cell)]
    if len(row) == 2 and len(shown) == 2 and len(shown[0]) <= 12:
        return shown[0].rstrip(":\uff1a") + "\uff1a" + shown[1]
    return " | ".join(shown)
