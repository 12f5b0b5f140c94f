"""What is known of the lines of a bulletin before they are read: their marks, and how kinds of marks are nested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.reading.lines import Line, LineKind, section_marks

Piece = tuple[section_marks.Mark | None, str]
"""A paragraph within a line, with the mark that opens it."""


@dataclass(frozen=True, slots=True)
class MarkedLines:
    """The lines of a bulletin; all lists are by line."""

    lines: tuple[Line, ...]
    marks: list[section_marks.Mark | None]
    """That with which the line opens."""
    pieces: list[list[Piece]]
    """The paragraphs of the line, of which there are several where marks stand within it."""
    following: list[int | None]
    """The index of the next line that has a mark."""
    nested: frozenset[tuple[str, str]]
    """(inner, outer) kinds of marks, as far as the lines tell."""

    def is_inside(self, inner: str, outer: str) -> bool | None:
        """Whether marks of one kind stand inside those of the other; None where the lines do not tell."""
        if (inner, outer) in self.nested:
            return True
        return False if (outer, inner) in self.nested else None

    def mark_after(self, index: int) -> section_marks.Mark | None:
        """The mark of the next line that has one."""
        following = self.following[index]
        return None if following is None else self.marks[following]


def mark_lines(lines: Sequence[Line]) -> MarkedLines:
    """The lines with their marks."""
    marks = _opening_marks(lines)
    pieces = [_pieces(line, mark) for line, mark in zip(lines, marks, strict=True)]
    nested = _nesting([mark for some in pieces for mark, _ in some])
    return MarkedLines(tuple(lines), marks, pieces, _following_marks(marks), nested)


def _opening_marks(lines: Sequence[Line]) -> list[section_marks.Mark | None]:
    """The mark of each line; 首先 and the like only where another of the kind goes on."""
    marks = [
        None if line.kind is LineKind.TABLE_ROW else section_marks.opening_mark(line.text) for line in lines
    ]
    spoken = {mark.number for mark in marks if mark and mark.kind == "first"}
    if len(spoken) > 1:
        return marks
    return [None if mark and mark.kind == "first" else mark for mark in marks]


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
    """(inner, outer) for kinds of marks where the inner begins anew between numbers of the outer that count on."""
    begun: dict[str, set[str]] = {}
    numbers: dict[str, int] = {}
    pairs: set[tuple[str, str]] = set()
    for mark in marks:
        if mark is None:
            continue
        if numbers.get(mark.kind) == mark.number - 1 and mark.number > 1:
            pairs.update((inner, mark.kind) for inner in begun.get(mark.kind, ()))
        numbers[mark.kind] = mark.number
        begun[mark.kind] = set()
        if mark.number == 1:
            for outer, inside in begun.items():
                if outer != mark.kind:
                    inside.add(mark.kind)
    return frozenset((inner, outer) for inner, outer in pairs if (outer, inner) not in pairs)


def _pieces(line: Line, mark: section_marks.Mark | None) -> list[Piece]:
    """The paragraphs of one line with their marks: all of its text, divided at the marks of inline series."""
    if line.kind is LineKind.TABLE_ROW:
        return [(None, line.text)]
    inner = [found for found in section_marks.inline_marks(line.text) if not mark or found.start > mark.start]
    starts: list[tuple[section_marks.Mark | None, int]] = [
        (mark, 0),
        *((found, found.start) for found in inner),
    ]
    if not mark and inner and not line.text[: inner[0].start].strip():
        starts = starts[1:]
    ends = [*(start for _, start in starts[1:]), len(line.text)]
    pieces = [(found, line.text[start:end].strip()) for (found, start), end in zip(starts, ends, strict=True)]
    return [piece for piece in pieces if piece[1]] or [(mark, line.text)]
