"""Foot- and endnotes beside the text: set apart while it is parsed, and put back behind their paragraphs.

A note often cites another bulletin, a place or a date: taken for text, it would begin a bulletin or an item of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from retrieval.reading.lines import Line, LineKind, section_marks
from retrieval.reading.structure.bulletin_splitter import is_prose
from retrieval.reading.structure.place_assignment import PlacedParagraph


def set_apart(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines without notes, which are carried by the line before them; those of a heading by the text below it."""
    apart: list[Line] = []
    waiting: list[Line] = []
    for line in lines:
        if line.kind is LineKind.NOTE:
            waiting.append(line)
            continue
        if waiting and apart and not _is_heading(apart[-1]):
            apart[-1], waiting = _carrying(apart[-1], waiting), []
        apart.append(line)
    if not apart:
        return tuple(replace(note, kind=LineKind.PARAGRAPH) for note in waiting)
    apart[-1] = _carrying(apart[-1], waiting)
    return tuple(apart)


def _carrying(line: Line, notes: Sequence[Line]) -> Line:
    return replace(line, notes=(*line.notes, *notes)) if notes else line


def _is_heading(line: Line) -> bool:
    """Whether a line with notes heads what follows: in its style, or by its section mark."""
    is_marked = section_marks.opening_mark(line.text) is not None and not is_prose(line)
    return line.kind is LineKind.HEADING or is_marked


def put_back(paragraphs: Sequence[PlacedParagraph]) -> Iterator[PlacedParagraph]:
    """The paragraphs with each note as one of its own, in the place and the section of the last that carries it."""
    for paragraph, following in zip_longest(paragraphs, paragraphs[1:]):
        yield paragraph
        notes = paragraph.line.notes
        if following is None or following.line.notes is not notes:  # a line may be divided into several
            yield from (replace(paragraph, line=note) for note in notes)
