"""Splits a document's lines into bulletins: which bulletin marks begin one, and which are contents lists or links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.language import numerals
from retrieval.reading.lines import Line, boilerplate, bulletin_headings, section_marks

_SENTENCE_END = re.compile(r"[。!?;]")
_LONGEST_TITLE = 40


@dataclass(frozen=True, slots=True)
class BulletinPart:
    """The lines of one bulletin; `mark` and `heading` are None for the lines before the first bulletin mark."""

    mark: bulletin_headings.BulletinMark | None
    heading: Line | None
    lines: tuple[Line, ...]

    @property
    def all_lines(self) -> tuple[Line, ...]:
        """The heading, where there is one, and the lines below it."""
        return self.lines if self.heading is None else (self.heading, *self.lines)


@dataclass(frozen=True, slots=True)
class _Candidate:
    index: int
    mark: bulletin_headings.BulletinMark
    line_count: int
    """The number of lines up to the next candidate."""
    has_prose: bool
    """Whether one of them is prose."""


def split_bulletins(lines: Sequence[Line]) -> list[BulletinPart]:
    """The bulletins in order; a single part without a mark if no line begins a bulletin."""
    lines = [line for line in lines if not bulletin_headings.is_contents_line(line.text)]
    marks = _marks_of_one_kind(lines)
    candidates = _candidates(lines, marks)
    openings = _openings(candidates)
    dropped = {candidate.index for candidate in candidates} - {candidate.index for candidate in openings}
    dropped |= _contents_below(candidates, openings, lines)
    starts = [candidate.index for candidate in openings]
    parts = [_part(lines, dropped, None, (0, starts[0] if starts else len(lines)))]
    for candidate, end in zip(openings, [*starts[1:], len(lines)], strict=False):
        parts.append(_part(lines, dropped, candidate, (candidate.index, end)))
    return [part for part in parts if part.lines or part.mark]


def _part(
    lines: Sequence[Line], dropped: set[int], candidate: _Candidate | None, span: tuple[int, int]
) -> BulletinPart:
    first = span[0] + (candidate is not None)
    body = [lines[index] for index in range(first, span[1]) if index not in dropped]
    if candidate is None:
        return BulletinPart(None, None, tuple(body))
    heading, mark = lines[candidate.index], candidate.mark
    body = [line for line in body if not _repeats(line.text, mark)]
    if mark.body:
        body.insert(0, replace(heading, text=mark.body))
    return BulletinPart(mark, heading, tuple(body))


def _repeats(text: str, mark: bulletin_headings.BulletinMark) -> bool:
    """Whether a line repeats the title of its bulletin mark: 第1篇 鄉鎮報告 is often followed by 鄉鎮報告."""
    return (
        len(text) <= 60
        and boilerplate.same(text) in (boilerplate.same(mark.stem), boilerplate.same(mark.title))
        and not _SENTENCE_END.search(text)
    )


def _marks_of_one_kind(lines: Sequence[Line]) -> dict[int, bulletin_headings.BulletinMark]:
    """Bulletin marks by line index, all of one kind: 篇 if there is any, else 期 if there are several, else titles."""
    marks = {
        index: mark
        for index, line in enumerate(lines)
        if (mark := bulletin_headings.bulletin_mark(line.text))
    }
    for kind in ("article", "issue"):
        of_kind = {index: mark for index, mark in marks.items() if mark.kind == kind}
        if len({mark.number for mark in of_kind.values()}) > (1 if kind == "issue" else 0):
            return of_kind
    return _title_marks(lines)


def _title_marks(lines: Sequence[Line]) -> dict[int, bulletin_headings.BulletinMark]:
    """The longest series of titles that differ in their number alone: 工作簡報(一), 工作簡報(二)."""
    titles: dict[str, list[tuple[int, int]]] = {}
    for index, line in enumerate(lines):
        title = (
            bulletin_headings.numbered_title(line.text) if not section_marks.opening_mark(line.text) else None
        )
        if title:
            titles.setdefault(boilerplate.same(title[0]), []).append((index, title[1]))
    series = [
        entries for stem, entries in titles.items() if stem and _counts_on([number for _, number in entries])
    ]
    best = max(series, key=len, default=[])
    return {index: _title_mark(lines[index].text, number) for index, number in best}


def _counts_on(numbers: list[int]) -> bool:
    distinct = list(dict.fromkeys(numbers))
    return len(distinct) > 1 and distinct == list(range(1, len(distinct) + 1))


def _title_mark(text: str, number: int) -> bulletin_headings.BulletinMark:
    return bulletin_headings.BulletinMark("title", text.strip(), number, text.strip(), "", text.strip())


def _candidates(lines: Sequence[Line], marks: dict[int, bulletin_headings.BulletinMark]) -> list[_Candidate]:
    starts = sorted(marks)
    candidates = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=False):
        between = [line for line in lines[start + 1 : end] if not _repeats(line.text, marks[start])]
        has_prose = bool(marks[start].body) or any(map(is_prose, between))
        candidates.append(_Candidate(start, marks[start], len(between), has_prose))
    return candidates


def is_prose(line: Line) -> bool:
    """Whether a line holds a sentence or is longer than a title."""
    return bool(_SENTENCE_END.search(numerals.half_width(line.text))) or len(line.text) > _LONGEST_TITLE


def _openings(candidates: list[_Candidate]) -> list[_Candidate]:
    """The candidates that begin a bulletin: neither entries of a contents list nor links to other pages."""
    last_with_prose = {
        candidate.mark.label: candidate.index for candidate in candidates if candidate.has_prose
    }
    stem = _common_stem(candidates)
    openings: list[_Candidate] = []
    in_contents = False
    for candidate in candidates:
        recurs = last_with_prose.get(candidate.mark.label, -1) > candidate.index
        is_empty = not candidate.has_prose and (candidate.line_count == 0 or recurs)
        is_entry = is_empty or (in_contents and recurs)
        in_contents = is_empty
        is_repeated = bool(openings) and openings[-1].mark.label == candidate.mark.label
        if not is_entry and not is_repeated and not _is_stray(candidate, openings, stem):
            openings.append(candidate)
    return openings


def _common_stem(candidates: list[_Candidate]) -> str:
    """The title that more than half of the candidates share, or an empty text."""
    stems = Counter(
        boilerplate.same(candidate.mark.stem) for candidate in candidates if candidate.mark.kind == "article"
    )
    stem, count = stems.most_common(1)[0] if stems else ("", 0)
    return stem if count > 1 and count * 2 > len(candidates) else ""


def _is_stray(candidate: _Candidate, openings: list[_Candidate], stem: str) -> bool:
    """Whether a candidate is a link to another page's bulletin: out of order and with another title."""
    if not stem or not openings or boilerplate.same(candidate.mark.stem) == stem:
        return False
    return candidate.mark.number != openings[-1].mark.number + 1


def _contents_below(
    candidates: list[_Candidate], openings: list[_Candidate], lines: Sequence[Line]
) -> set[int]:
    """Indexes of the short lines under entries of a contents list that recur in the text."""
    opening_indexes = {candidate.index for candidate in openings}
    counts = Counter(boilerplate.same(line.text) for line in lines)
    return {
        candidate.index + offset
        for candidate in candidates
        if candidate.index not in opening_indexes
        for offset in range(1, candidate.line_count + 1)
        if candidate.index + offset < len(lines)
        and counts[boilerplate.same(lines[candidate.index + offset].text)] > 1
        and not is_prose(lines[candidate.index + offset])
    }
