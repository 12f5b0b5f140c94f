"""Lines of a page to blocks in the order of reading: columns of text, tables, and what stands between them."""

from __future__ import annotations

import bisect
import itertools
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from retrieval.reading.formats.pdf.lines import Line, Segment
from retrieval.reading.lines import line_joining

# Gutters between columns of text are at least this wide, in heights of the glyphs.
_GUTTER = 1.0
_FEWEST_ROWS_OF_COLUMNS = 3
# So many of them stand beside the other column.
_FEWEST_ROWS_BESIDE = 2
# A column of text fills this share of its width in this share of its rows; cells of a table do not.
_FULL_WIDTH, _FULL_ROWS = 0.7, 0.6
# Lines of one column are no further apart than this, and printed in sizes that differ by less than this share.
_LEADING, _UNEQUAL = 1.3, 0.15
# A table has at least so many rows. The further line of a cell begins at the same left edge, within this share of its
# height; the line above it fills the column but for this, as the rows show down to so many below.
_FEWEST_ROWS, _SAME_EDGE, _FILLED, _ROWS_BELOW = 2, 0.5, 2.0, 50
_SENTENCE_ENDS = frozenset("。!?;！？；")


def blocks_of(lines: list[Line]) -> Iterator[tuple[list[Line], bool]]:
    """The lines as blocks that are read one after the other, each with whether it is a table."""
    columns = _columns(lines)
    if columns is not None:
        yield from _tables(columns.above)
        yield from blocks_of(columns.left)
        yield from blocks_of(columns.right)
        yield from blocks_of(columns.below)
    else:
        yield from _tables(lines)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Lines of a page parted by a gutter: above the two columns, in them, and below."""

    above: list[Line]
    left: list[Line]
    right: list[Line]
    below: list[Line]

    @property
    def size(self) -> int:
        return len(self.left) + len(self.right)


def _columns(lines: list[Line]) -> _Columns | None:
    """The uppermost pair of columns of text, the largest of those that begin there; None where there is none.

    The lines of two columns need not lie at one height. A gutter is looked for before every left edge that several
    segments share: a run of lines none of which crosses it, with text on both sides.
    """
    edges = Counter(round(segment.left) for line in lines for segment in line)
    found = [
        columns
        for edge, count in edges.items()
        if count >= _FEWEST_ROWS_OF_COLUMNS
        for columns in _columns_beside(lines, edge - 1.0)
    ]
    return min(found, key=lambda columns: (len(columns.above), -columns.size), default=None)


def _columns_beside(lines: list[Line], edge: float) -> Iterator[_Columns]:
    """The columns to the left and to the right of an edge, for every run of lines that leaves a gutter before it."""
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and not any(_crosses(segment, edge) for segment in lines[end]):
            end += 1
        sides = [_sides(line, edge) for line in lines[start:end]]
        first = next((index for index in range(len(sides)) if _is_beside(sides, index)), len(sides))
        while first > 0 and _is_continued(sides, first - 1):
            first -= 1
        left = [part for part, _ in sides[first:] if part]
        right = [part for _, part in sides[first:] if part]
        near_left, near_right = _strips(left)[-1:], _strips(right)[:1]
        if all(map(_is_filled, [*near_left, *near_right])) and left and right and _overlap(left, right):
            yield _Columns(lines[: start + first], left, right, lines[end:])
        start = end + 1


def _crosses(segment: Segment, edge: float) -> bool:
    return segment.left < edge and segment.right > edge - _GUTTER * segment.height


def _sides(line: Line, edge: float) -> tuple[Line, Line]:
    return [segment for segment in line if segment.left < edge], [
        segment for segment in line if segment.left >= edge
    ]


def _is_beside(sides: Sequence[tuple[Line, Line]], index: int) -> bool:
    """Whether columns may begin with this line: text of both sides stands within two lines."""
    return any(left for left, _ in sides[index : index + 2]) and any(
        right for _, right in sides[index : index + 2]
    )


def _strips(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines by the strips of the page that gutters divide, from left to right."""
    segments = sorted((segment for line in lines for segment in line), key=lambda segment: segment.left)
    edges: list[float] = []
    right = float("-inf")
    for segment in segments:
        if segment.left - right >= _GUTTER * segment.height:
            edges.append(segment.left)
        right = max(right, segment.right)
    strips: list[list[Line]] = [[] for _ in edges]
    for line in lines:
        for number, part in itertools.groupby(line, lambda segment: bisect.bisect(edges, segment.left) - 1):
            strips[number].append(list(part))
    return strips


def _is_continued(sides: Sequence[tuple[Line, Line]], index: int) -> bool:
    """Whether a line with text on one side goes on close below in the same size, as a column that begins higher does."""
    for side, line in enumerate(sides[index]):
        below = next((other[side][0] for other in sides[index + 1 :] if other[side]), None)
        if line and (below is None or not _is_close_below(line[0], below)):
            return False
    return True


def _is_close_below(upper: Segment, lower: Segment) -> bool:
    unequal = abs(upper.height - lower.height)
    return unequal < _UNEQUAL * lower.height and upper.bottom - lower.top < _LEADING * lower.height


def _is_filled(lines: Sequence[Line]) -> bool:
    """Whether these lines fill the width that they share, as lines of text do."""
    if len(lines) < _FEWEST_ROWS_OF_COLUMNS:
        return False
    left, right = min(line[0].left for line in lines), max(line[-1].right for line in lines)
    height = statistics.median(line[0].height for line in lines)
    full = sum(line[-1].right - line[0].left >= _FULL_WIDTH * (right - left) for line in lines)
    return right - left > 6 * height and full >= _FULL_ROWS * len(lines)


def _overlap(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether several lines of each side stand beside the other side."""
    low = max(left[-1][0].middle, right[-1][0].middle)
    high = min(left[0][0].middle, right[0][0].middle)
    return all(
        sum(low - line[0].height <= line[0].middle <= high + line[0].height for line in side)
        >= _FEWEST_ROWS_BESIDE
        for side in (left, right)
    )


def _tables(lines: list[Line]) -> Iterator[tuple[list[Line], bool]]:
    """Lines without columns of text as blocks: tables, and what stands between them."""
    plain: list[Line] = []
    start = 0
    while start < len(lines):
        rows, end = _table_rows(lines, start)
        if len(rows) >= _FEWEST_ROWS:
            if plain:
                yield plain, False
            yield rows, True
            plain, start = [], end
        else:
            plain.append(lines[start])
            start += 1
    if plain:
        yield plain, False


def _table_rows(lines: Sequence[Line], start: int) -> tuple[list[Line], int]:
    """The rows of a table that begins at `start`, each with the further lines of its cells, and the line behind them."""
    rows: list[Line] = []
    end = start
    while end < len(lines):
        if rows and _goes_on(lines[end - 1], lines[end], lines[start : end + _ROWS_BELOW]):
            rows[-1] = _with_lines_below(rows[-1], lines[end])
        elif len(lines[end]) >= 2 and _is_aligned(lines[start], lines[end]):
            rows.append(lines[end])
        else:
            break
        end += 1
    return rows, end


def _goes_on(above: Line, line: Line, table: Sequence[Line]) -> bool:
    """Whether a line holds only further lines of cells above it, which fill their columns: the first column is empty there."""
    if len(line) >= max(len(above), 2) and len(above) > 1:
        return False
    cells = [_cell_above(above, segment) for segment in line]
    return all(
        cell is not None
        and (cell is not above[0] or len(above) < 2)
        and _is_close_below(cell, segment)
        and _reach(cell, table) <= cell.right + _FILLED * segment.height
        and cell.text[-1] not in _SENTENCE_ENDS
        for cell, segment in zip(cells, line, strict=True)
    )


def _reach(cell: Segment, table: Sequence[Line]) -> float:
    """The rightmost edge of the cells below and above this one."""
    return max((other.right for line in table if (other := _cell_above(line, cell))), default=cell.right)


def _cell_above(above: Line, segment: Segment) -> Segment | None:
    """The cell that begins where the segment does."""
    return next((cell for cell in above if abs(cell.left - segment.left) < _SAME_EDGE * segment.height), None)


def _with_lines_below(row: Line, line: Line) -> Line:
    below = {round(cell.left): segment for segment in line if (cell := _cell_above(row, segment))}
    return [_joined(cell, below.get(round(cell.left))) for cell in row]


def _joined(cell: Segment, below: Segment | None) -> Segment:
    if below is None:
        return cell
    return replace(
        cell,
        text=line_joining.join(cell.text, below.text),
        right=max(cell.right, below.right),
        bottom=below.bottom,
        size=cell.size + below.size,
    )


def _is_aligned(first: Line, line: Line) -> bool:
    """Whether the cells of two rows lie below one another: each meets one of the other's columns."""
    height = first[0].height
    if abs(len(first) - len(line)) > 1:
        return False
    return all(
        any(segment.left < cell.right + height and cell.left < segment.right + height for cell in first)
        for segment in line
    )
