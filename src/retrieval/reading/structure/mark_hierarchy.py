"""Section marks of all lines of a bulletin, and how its kinds of marks are nested."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.language import Pattern, numerals
from retrieval.reading.lines import Line, LineKind, section_marks

_ATTACHMENTS = Pattern(re.compile(r"^\s*附件\s*[::]\s*1\s*[.、．]"), "附件:1.报名表", "附件1:报名表")
Piece = tuple[section_marks.Mark | None, str]
"""A paragraph within a line, with the mark that opens it."""


@dataclass(frozen=True, slots=True)
class MarkedLines:
    """The lines of a bulletin with their marks; all lists are by line."""

    lines: tuple[Line, ...]
    marks: list[section_marks.Mark | None]
    """The mark that opens the line."""
    pieces: list[list[Piece]]
    """The paragraphs of the line: several if it holds a series of marks."""
    following: list[int | None]
    """The index of the next line that has a mark."""
    nested: frozenset[tuple[str, str]]
    """(inner, outer) kinds of marks, for the pairs that the order of the marks decides."""

    def is_inside(self, inner: str, outer: str) -> bool | None:
        """Whether marks of one kind stand inside those of the other; None if their order does not decide it."""
        if (inner, outer) in self.nested:
            return True
        return False if (outer, inner) in self.nested else None

    def stands_above(self, outer: str, inner: str) -> bool:
        """Whether marks of the outer kind enclose those of the inner one: in this bulletin, else by their rank."""
        is_inside = self.is_inside(inner, outer)
        return section_marks.RANKS[outer] < section_marks.RANKS[inner] if is_inside is None else is_inside

    def mark_after(self, index: int) -> section_marks.Mark | None:
        """The mark of the next line that has one."""
        following = self.following[index]
        return None if following is None else self.marks[following]


def mark_lines(lines: Sequence[Line]) -> MarkedLines:
    """The lines with their marks."""
    marks = _opening_marks(lines)
    pieces = [_pieces(line, mark) for line, mark in zip(lines, marks, strict=True)]
    nested = _nesting([mark for line_pieces in pieces for mark, _ in line_pieces])
    return MarkedLines(tuple(lines), marks, pieces, _following_marks(marks), nested)


def _opening_marks(lines: Sequence[Line]) -> list[section_marks.Mark | None]:
    """The mark of each line; 首先 and the like only if the bulletin holds another of the kind."""
    marks = [
        None if line.kind is LineKind.TABLE_ROW else section_marks.opening_mark(line.text) for line in lines
    ]
    marks = _without_attachments(lines, marks)
    ordinals = {mark.number for mark in marks if mark and mark.kind == "first"}
    if len(ordinals) > 1:
        return marks
    return [None if mark and mark.kind == "first" else mark for mark in marks]


def _without_attachments(
    lines: Sequence[Line], marks: list[section_marks.Mark | None]
) -> list[section_marks.Mark | None]:
    """The marks without the numbers of a list of attachments, whose first stands behind 附件: on the line above."""
    kept = [*marks]
    expected = 0
    for index, (line, mark) in enumerate(zip(lines, marks, strict=True)):
        listed = _ATTACHMENTS.regex.match(numerals.half_width(line.text[:40]))
        if listed:
            expected = 2
        elif expected and mark and mark.kind == "arabic" and mark.number == expected:
            kept[index] = None
            expected += 1
        else:
            expected = 0
    return kept


def _following_marks(marks: Sequence[section_marks.Mark | None]) -> list[int | None]:
    """For each line, the index of the next line after it that has a mark."""
    following: list[int | None] = [None] * len(marks)
    upcoming: int | None = None
    for index in range(len(marks) - 1, -1, -1):
        following[index] = upcoming
        if marks[index] is not None:
            upcoming = index
    return following


def _nesting(marks: Sequence[section_marks.Mark | None]) -> frozenset[tuple[str, str]]:
    """(inner, outer) for kinds of marks where the inner starts at 1 between consecutive numbers of the outer."""
    started_since: dict[str, set[str]] = {}
    numbers: dict[str, int] = {}
    pairs: set[tuple[str, str]] = set()
    for mark in marks:
        if mark is None:
            continue
        if numbers.get(mark.kind) == mark.number - 1 and mark.number > 1:
            pairs.update((inner, mark.kind) for inner in started_since.get(mark.kind, ()))
        numbers[mark.kind] = mark.number
        started_since[mark.kind] = set()
        if mark.number == 1:
            for outer, started in started_since.items():
                if outer != mark.kind:
                    started.add(mark.kind)
    return frozenset((inner, outer) for inner, outer in pairs if (outer, inner) not in pairs)


def _pieces(line: Line, mark: section_marks.Mark | None) -> list[Piece]:
    """The paragraphs of one line with their marks: all of its text, divided at the marks of inline series."""
    if line.kind is LineKind.TABLE_ROW:
        return [(None, line.text)]
    inner_marks = [
        inner for inner in section_marks.inline_marks(line.text) if not mark or inner.start > mark.start
    ]
    starts: list[tuple[section_marks.Mark | None, int]] = [
        (mark, 0),
        *((inner, inner.start) for inner in inner_marks),
    ]
    if not mark and inner_marks and not line.text[: inner_marks[0].start].strip():
        starts = starts[1:]
    ends = [*(start for _, start in starts[1:]), len(line.text)]
    pieces = [
        (opening, line.text[start:end].strip()) for (opening, start), end in zip(starts, ends, strict=True)
    ]
    return [piece for piece in pieces if piece[1]] or [(mark, line.text)]
