"""Glyphs of a page to its rows in the order in which a person reads them: lines, columns, tables, vertical text."""

from __future__ import annotations

import bisect
import itertools
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from retrieval.reading.formats.pdf_glyphs import Glyph

# All in heights of the glyphs. Middles of one line of print differ by less than this.
_SAME_LINE = 0.4
# A wider gap divides a line into segments: cells, or columns of text.
_SEGMENT_GAP = 1.5
# A gap as wide as this between Latin letters or digits is a blank; between others it needs more.
_LATIN_BLANK, _BLANK = 0.18, 0.6
# Gutters between columns of text are at least this wide.
_GUTTER = 1.0
_FEWEST_ROWS_OF_COLUMNS = 3
# A column of text fills this share of its width in this share of its rows; cells of a table do not.
_FULL_WIDTH, _FULL_ROWS = 0.7, 0.6
_FEWEST_VERTICAL = 12
_SENTENCE_END = re.compile(r"[。!?;！？；][”」』’》)）]*$")
_LATIN = re.compile(r"[0-9A-Za-z.,:;%&'\-+/()@]")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of print: where it lies on its page in points, from the left and from the bottom."""

    text: str
    page: int
    left: float
    right: float
    bottom: float
    top: float
    page_height: float
    block: int = 0
    """Rows of one column of one page have one number; it counts on in the order of reading."""
    cells: tuple[str, ...] = ()
    """The cells of a row of a table; empty for a line of text."""

    @property
    def height(self) -> float:
        return max(self.top - self.bottom, 1.0)


@dataclass(frozen=True, slots=True)
class _Segment:
    """Glyphs of one line without a wide gap, from left to right."""

    glyphs: tuple[Glyph, ...]

    @property
    def left(self) -> float:
        return self.glyphs[0].left

    @property
    def right(self) -> float:
        return max(glyph.right for glyph in self.glyphs)

    @property
    def height(self) -> float:
        return statistics.median(glyph.height for glyph in self.glyphs)


_Line = list[_Segment]


def page_rows(glyphs: Sequence[Glyph], page: int, size: tuple[float, float]) -> list[Row]:
    """The rows of a page in the order of reading. `size` is the width and the height of the page in points."""
    visible = _without_doubles([glyph for glyph in glyphs if not glyph.is_blank])
    blanks = [glyph for glyph in glyphs if glyph.is_blank]
    lines = [_segments(line) for line in _lines(visible)]
    if _is_vertical(lines):
        # Turned by a right angle, columns from right to left are lines from top to bottom.
        turned = [
            Glyph(glyph.text, size[1] - glyph.top, size[1] - glyph.bottom, glyph.left, glyph.right)
            for glyph in visible
        ]
        lines, blanks, height = [_segments(line) for line in _lines(turned)], [], size[0]
    else:
        height = size[1]
    rows: list[Row] = []
    for block, (part, is_table) in enumerate(_blocks(lines)):
        for line in part:
            rows.extend(_rows(line, blanks, Row("", page, 0, 0, 0, 0, height, block), is_table=is_table))
    return rows


def _without_doubles(glyphs: list[Glyph]) -> list[Glyph]:
    """The glyphs without those printed again almost in the same place, as fake bold is."""
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    single: list[Glyph] = []
    for glyph in glyphs:
        column, line = int(glyph.left // 4), int(glyph.middle // 4)
        near = itertools.chain.from_iterable(
            seen.get((glyph.text, column + x, line + y), ()) for x in (-1, 0, 1) for y in (-1, 0, 1)
        )
        reach = 0.25 * min(glyph.height, max(glyph.right - glyph.left, 0.1))
        if any(
            abs(other.left - glyph.left) < reach and abs(other.middle - glyph.middle) < reach
            for other in near
        ):
            continue
        seen.setdefault((glyph.text, column, line), []).append(glyph)
        single.append(glyph)
    return single


def _lines(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Glyphs of one line of print together, lines from top to bottom; raised and lowered figures join their line."""
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: (-glyph.middle, glyph.left)):
        if lines and abs(lines[-1][-1].middle - glyph.middle) < _SAME_LINE * min(
            lines[-1][-1].height, glyph.height
        ):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    return _with_small_glyphs(lines)


def _with_small_glyphs(lines: list[list[Glyph]]) -> list[list[Glyph]]:
    """The lines; one of glyphs much smaller than those of a neighbour whose height it lies within is part of that."""
    merged: list[list[Glyph]] = []
    for line in lines:
        before = merged[-1] if merged else None
        if before is not None and (_lies_within(line, before) or _lies_within(before, line)):
            before.extend(line)
        else:
            merged.append(list(line))
    return merged


def _lies_within(small: list[Glyph], large: list[Glyph]) -> bool:
    height = statistics.median(glyph.height for glyph in large)
    top, bottom = max(glyph.top for glyph in large), min(glyph.bottom for glyph in large)
    left, right = min(glyph.left for glyph in large), max(glyph.right for glyph in large)
    return all(
        glyph.height < 0.75 * height
        and bottom - 0.2 * height <= glyph.middle <= top + 0.2 * height
        and left - 2 * height <= glyph.left <= right + 2 * height
        for glyph in small
    )


def _segments(line: list[Glyph]) -> _Line:
    ordered = sorted(line, key=lambda glyph: glyph.left)
    height = statistics.median(glyph.height for glyph in ordered)
    widest = float("inf") if _is_letter_spaced(ordered, height) else _SEGMENT_GAP * height
    parts: list[list[Glyph]] = [[ordered[0]]]
    right = ordered[0].right
    for glyph in ordered[1:]:
        if glyph.left - right > widest:
            parts.append([])
        parts[-1].append(glyph)
        right = max(right, glyph.right)
    return [_Segment(tuple(part)) for part in parts]


def _is_letter_spaced(line: Sequence[Glyph], height: float) -> bool:
    """A title whose characters stand apart at about equal distances (通　知)."""
    gaps = [after.left - before.right for before, after in itertools.pairwise(line)]
    if not gaps or len(line) > 16 or any(len(glyph.text) > 1 or glyph.text.isascii() for glyph in line):
        return False
    return min(gaps) > 0.3 * height and max(gaps) < 4 * height and max(gaps) - min(gaps) < 0.5 * height


def _is_vertical(lines: Sequence[_Line]) -> bool:
    """Whether most characters stand alone in their line and close above another one: text in vertical columns."""
    single = [[segment.glyphs[0] for segment in line if len(segment.glyphs) == 1] for line in lines]
    count, total = sum(map(len, single)), sum(len(segment.glyphs) for line in lines for segment in line)
    if count < _FEWEST_VERTICAL or count < 0.7 * total:
        return False
    above = sum(
        any(_is_close_above(upper, lower) for upper in uppers)
        for uppers, lowers in itertools.pairwise(single)
        for lower in lowers
    )
    return above > 0.6 * count


def _is_close_above(upper: Glyph, lower: Glyph) -> bool:
    return (
        abs(upper.left - lower.left) < 0.3 * lower.height and upper.bottom - lower.top < 0.35 * lower.height
    )


def _blocks(lines: list[_Line]) -> Iterator[tuple[list[_Line], bool]]:
    """The lines as blocks that are read one after the other, each with whether it is a table."""
    columns = _columns(lines)
    if columns is not None:
        yield from _tables(columns.above)
        yield from _blocks(columns.left)
        yield from _blocks(columns.right)
        yield from _blocks(columns.below)
    else:
        yield from _tables(lines)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Lines of a page parted by a gutter: above the two columns, in them, and below."""

    above: list[_Line]
    left: list[_Line]
    right: list[_Line]
    below: list[_Line]

    @property
    def size(self) -> int:
        return len(self.left) + len(self.right)


def _columns(lines: list[_Line]) -> _Columns | None:
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


def _columns_beside(lines: list[_Line], edge: float) -> Iterator[_Columns]:
    """The columns to the left and to the right of an edge, for every run of lines that leaves a gutter before it."""
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and not any(_crosses(segment, edge) for segment in lines[end]):
            end += 1
        sides = [_sides(line, edge) for line in lines[start:end]]
        first = next((index for index in range(len(sides)) if _is_beside(sides, index)), len(sides))
        left = [part for part, _ in sides[first:] if part]
        right = [part for _, part in sides[first:] if part]
        if _is_filled(left) and _is_filled(right) and _overlap(left, right):
            yield _Columns(lines[: start + first], left, right, lines[end:])
        start = end + 1


def _crosses(segment: _Segment, edge: float) -> bool:
    return segment.left < edge and segment.right > edge - _GUTTER * segment.height


def _sides(line: _Line, edge: float) -> tuple[_Line, _Line]:
    return [segment for segment in line if segment.left < edge], [
        segment for segment in line if segment.left >= edge
    ]


def _is_beside(sides: Sequence[tuple[_Line, _Line]], index: int) -> bool:
    """Whether columns may begin with this line: text of both sides stands within two lines."""
    return any(left for left, _ in sides[index : index + 2]) and any(
        right for _, right in sides[index : index + 2]
    )


def _is_filled(lines: Sequence[_Line]) -> bool:
    """Whether these lines fill the width that they share, as lines of text do."""
    if len(lines) < _FEWEST_ROWS_OF_COLUMNS:
        return False
    left, right = min(line[0].left for line in lines), max(line[-1].right for line in lines)
    height = statistics.median(line[0].height for line in lines)
    full = sum(line[-1].right - line[0].left >= _FULL_WIDTH * (right - left) for line in lines)
    return right - left > 6 * height and full >= _FULL_ROWS * len(lines)


def _overlap(left: Sequence[_Line], right: Sequence[_Line]) -> bool:
    """Whether several lines of each side stand beside the other side."""
    low = max(left[-1][0].glyphs[0].middle, right[-1][0].glyphs[0].middle)
    high = min(left[0][0].glyphs[0].middle, right[0][0].glyphs[0].middle)
    return all(
        sum(low - line[0].height <= line[0].glyphs[0].middle <= high + line[0].height for line in side)
        >= _FEWEST_ROWS_OF_COLUMNS
        for side in (left, right)
    )


def _tables(lines: list[_Line]) -> Iterator[tuple[list[_Line], bool]]:
    """Lines without columns of text as blocks: tables, and what stands between them."""
    plain: list[_Line] = []
    start = 0
    while start < len(lines):
        end = _table_end(lines, start)
        if end > start:
            if plain:
                yield plain, False
            yield lines[start:end], True
            plain, start = [], end
        else:
            plain.append(lines[start])
            start += 1
    if plain:
        yield plain, False


def _table_end(lines: Sequence[_Line], start: int) -> int:
    """The line behind the rows of a table that begins at `start`; `start` itself where there is none."""
    end = start
    while end < len(lines) and len(lines[end]) >= 2 and _is_aligned(lines[start], lines[end]):
        end += 1
    return end if end - start >= 2 else start


def _is_aligned(first: _Line, line: _Line) -> bool:
    """Whether the cells of two rows lie below one another: each meets one of the other's columns."""
    height = first[0].height
    if abs(len(first) - len(line)) > 1:
        return False
    return all(
        any(segment.left < cell.right + height and cell.left < segment.right + height for cell in first)
        for segment in line
    )


def _rows(line: _Line, blanks: Sequence[Glyph], place: Row, *, is_table: bool) -> Iterator[Row]:
    """The rows of one line: one, or more where a new paragraph begins within it (「…。　　又…」)."""
    if is_table:
        cells = tuple(_text(segment.glyphs, blanks) for segment in line)
        yield replace(_row(line, " ".join(cells), place), cells=cells)
        return
    together: _Line = []
    for segment in line:
        if together and _SENTENCE_END.search(_text(together[-1].glyphs, blanks)):
            yield _row(together, _joined(together, blanks), place)
            together = []
        together.append(segment)
    yield _row(together, _joined(together, blanks), place)


def _joined(segments: _Line, blanks: Sequence[Glyph]) -> str:
    return " ".join(_text(segment.glyphs, blanks) for segment in segments)


def _row(segments: _Line, text: str, place: Row) -> Row:
    glyphs = [glyph for segment in segments for glyph in segment.glyphs]
    common = statistics.median(glyph.height for glyph in glyphs)
    body = [glyph for glyph in glyphs if glyph.height > 0.75 * common] or glyphs
    return replace(
        place,
        text=text,
        left=segments[0].left,
        right=segments[-1].right,
        bottom=min(glyph.bottom for glyph in body),
        top=max(glyph.top for glyph in body),
    )


def _text(glyphs: Sequence[Glyph], blanks: Sequence[Glyph]) -> str:
    """The glyphs of a segment as text, with the blanks that the page shows."""
    height = statistics.median(glyph.height for glyph in glyphs)
    spaced = _is_letter_spaced(glyphs, height)
    low, high = min(glyph.bottom for glyph in glyphs), max(glyph.top for glyph in glyphs)
    drawn = sorted((blank.left + blank.right) / 2 for blank in blanks if low < blank.middle < high)
    parts = [glyphs[0].text]
    for before, after in itertools.pairwise(glyphs):
        gap = after.left - before.right
        latin = bool(_LATIN.match(before.text[-1])) and bool(_LATIN.match(after.text[0]))
        wide = gap > (_LATIN_BLANK if latin else _BLANK) * height
        place = bisect.bisect_left(drawn, before.right - 0.1 * height)
        is_drawn = gap > 0.1 * height and place < len(drawn) and drawn[place] <= after.left + 0.1 * height
        parts.append(" " if (wide or is_drawn) and not spaced else "")
        parts.append(after.text)
    return "".join(parts)
