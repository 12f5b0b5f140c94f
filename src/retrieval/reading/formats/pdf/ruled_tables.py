"""Finds the tables that a PDF page rules with lines: their cells, and the text in them.

A cell is what no line divides, so that a cell keeps its text whole where it is wrapped, spans columns or spans rows.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from retrieval.reading.formats.pdf.glyphs import Glyphs, Indices, Mask, Numbers
from retrieval.reading.formats.pdf.lines import Line, RuledTable, Side, lines_of
from retrieval.reading.lines import line_joining

# In points. A rule is thinner than the first and longer than the second; rules closer together than the third meet.
_THICKEST, _SHORTEST, _NEAR = 2.5, 6.0, 3.0
# A cell with more lines than this is a column of text within a frame.
_MOST_LINES = 15
# A page that rules more is a map or a diagram; also the bound of the time that a hostile file takes.
_MOST_RULES, _MOST_CELLS = 4_000, 2_000


def ruled_tables(glyphs: Glyphs, rules: Glyphs) -> tuple[list[RuledTable], Glyphs]:
    """The tables among these rules that hold glyphs, and the glyphs outside all of them."""
    tables = []
    if 0 < len(rules) <= _MOST_RULES:
        for component in _components(rules):
            inside = _is_inside(glyphs, component)
            table = _table(glyphs[inside], component) if inside.any() else None
            if table is not None:
                tables.append(table)
                glyphs = glyphs[~inside]
    return tables, glyphs


def _components(rules: Glyphs) -> list[Numbers]:
    """The boxes of the rules, those together that touch."""
    boxes = rules.boxes[_is_horizontal(rules.boxes) | _is_vertical(rules.boxes)]
    components = []
    while len(boxes):
        reached = np.zeros(len(boxes), dtype=bool)
        reached[0] = True
        front = [0]
        while front:
            left, bottom, right, top = boxes[front.pop()] + (-_NEAR, -_NEAR, _NEAR, _NEAR)
            touched = (
                (boxes[:, 0] <= right)
                & (boxes[:, 2] >= left)
                & (boxes[:, 1] <= top)
                & (boxes[:, 3] >= bottom)
            )
            front.extend(np.flatnonzero(touched & ~reached).tolist())
            reached |= touched
        components.append(boxes[reached])
        boxes = boxes[~reached]
    return components


def _is_horizontal(boxes: Numbers) -> Mask:
    mask: Mask = (boxes[:, 3] - boxes[:, 1] <= _THICKEST) & (boxes[:, 2] - boxes[:, 0] >= _SHORTEST)
    return mask


def _is_vertical(boxes: Numbers) -> Mask:
    mask: Mask = (boxes[:, 2] - boxes[:, 0] <= _THICKEST) & (boxes[:, 3] - boxes[:, 1] >= _SHORTEST)
    return mask


def _is_inside(glyphs: Glyphs, boxes: Numbers) -> Mask:
    across = (glyphs.left + glyphs.right) / 2
    (left, bottom), (right, top) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    mask: Mask = (across > left) & (across < right) & (glyphs.middle > bottom) & (glyphs.middle < top)
    return mask


def _table(glyphs: Glyphs, boxes: Numbers) -> RuledTable | None:
    """The table that these rules draw around the glyphs; None for a frame or a box."""
    across, down = boxes[_is_vertical(boxes)], boxes[_is_horizontal(boxes)]
    columns = _edges([*across[:, [0, 2]].mean(axis=1), boxes[:, 0].min(), boxes[:, 2].max()])
    rows = _edges([*down[:, [1, 3]].mean(axis=1), boxes[:, 1].min(), boxes[:, 3].max()])[::-1]
    if min(len(columns), len(rows)) < 3 or len(columns) * len(rows) > _MOST_CELLS:
        return None
    cells = _cells(columns, rows, across, down)
    lines = _lines_of_cells(glyphs, cells, columns, rows)
    if max(map(len, lines.values()), default=0) > _MOST_LINES:
        return None
    texts = {cell: _text(lines_in_cell) for cell, lines_in_cell in lines.items()}
    grid = np.array([[texts.get(cell, "") for cell in row] for row in cells.tolist()], dtype=object)
    filled_rows, filled_columns = (np.flatnonzero((grid != "").any(axis=axis)) for axis in (1, 0))
    if len(filled_columns) < 2:
        return None
    shown = cells[np.ix_(filled_rows, filled_columns)]
    return RuledTable(
        tuple(map(tuple, grid[np.ix_(filled_rows, filled_columns)].tolist())),
        tuple(_sides(shown, row) for row in range(len(shown))),
        tuple(_printed(cells, texts)[row] for row in filled_rows),
        tuple(rows[row] for row in filled_rows),
        (columns[0], rows[-1], columns[-1], rows[0]),
        float(np.median(glyphs.height)),
    )


def _sides(cells: Indices, row: int) -> tuple[Side | None, ...]:
    """For each place of a row the side on which the same cell lies, the left one first."""
    left = np.concatenate([[False], cells[row, 1:] == cells[row, :-1]])
    above = cells[row] == cells[row - 1] if row else np.zeros(len(left), dtype=bool)
    return tuple(
        "left" if beside else "above" if over else None for beside, over in zip(left, above, strict=True)
    )


def _printed(cells: Indices, texts: dict[int, str]) -> list[str]:
    """The text of each row; that of a cell that spans several only in the first one."""
    seen: set[int] = set()
    printed = []
    for row in cells.tolist():
        new = [cell for cell in dict.fromkeys(row) if cell not in seen and texts.get(cell)]
        seen.update(new)
        printed.append(" ".join(texts[cell] for cell in new))
    return printed


def _edges(positions: Sequence[float]) -> list[float]:
    """The positions from the lowest to the highest, those nearly equal once."""
    edges: list[float] = []
    for position in sorted(map(float, positions)):
        if not edges or position - edges[-1] > _NEAR:
            edges.append(position)
    return edges


def _cells(columns: Sequence[float], rows: Sequence[float], across: Numbers, down: Numbers) -> Indices:
    """(rows, columns): the number of the cell at each place of the grid; equal where no rule divides two places."""
    cells = np.arange((len(rows) - 1) * (len(columns) - 1)).reshape(len(rows) - 1, -1)
    for row, (top, bottom) in enumerate(itertools.pairwise(rows)):
        for column, (left, right) in enumerate(itertools.pairwise(columns)):
            here = cells[row, column]
            if column and not _is_ruled(across, (0, 1), left, (top + bottom) / 2):
                cells[cells == here] = cells[row, column - 1]
            if row and not _is_ruled(down, (1, 0), top, (left + right) / 2):
                cells[cells == cells[row, column]] = cells[row - 1, column]
    return cells


def _is_ruled(boxes: Numbers, axes: tuple[int, int], position: float, middle: float) -> bool:
    """Whether one of the rules at this position runs past the middle. `axes`: across the rule, along it."""
    crossing, along = axes
    near = np.abs((boxes[:, crossing] + boxes[:, crossing + 2]) / 2 - position) <= _NEAR
    return bool((near & (boxes[:, along] <= middle) & (boxes[:, along + 2] >= middle)).any())


def _lines_of_cells(
    glyphs: Glyphs, cells: Indices, columns: Sequence[float], rows: Sequence[float]
) -> dict[int, list[Line]]:
    """The lines in each cell that has some."""
    column = np.searchsorted(columns[1:-1], (glyphs.left + glyphs.right) / 2)
    row = np.searchsorted([-edge for edge in rows[1:-1]], -glyphs.middle)
    # Cells far below one another share no line.
    distance = 2 * (float(np.abs(glyphs.boxes).max()) + 1)
    shift = distance * cells[row, column]
    moved = Glyphs(glyphs.texts, glyphs.boxes - shift[:, None] * np.array([0, 1, 0, 1]))
    lines: dict[int, list[Line]] = {}
    for line in lines_of(moved):
        lines.setdefault(round(-(line[0].middle - distance / 4) / distance), []).append(line)
    return lines


def _text(lines: Sequence[Line]) -> str:
    """The text of a cell: 姓　名 is one word, other parts of a line stay apart."""
    joined = []
    for line in lines:
        is_spaced = all(segment.size == 1 and not segment.text.isascii() for segment in line)
        joined.append(("" if is_spaced else " ").join(segment.text for segment in line))
    return line_joining.join(*joined)
