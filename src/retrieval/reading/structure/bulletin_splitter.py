"""A document's lines divided into its bulletins: which bulletin marks are real, and where each begins."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.language import numerals
from retrieval.reading.lines import Line, boilerplate, bulletin_headings, section_marks

_PROSE = re.compile(r"[。!?;]")
_LONG = 40


@dataclass(frozen=True, slots=True)
class Part:
    """The lines of one bulletin; `mark` is None for what stands before the first."""

    mark: bulletin_headings.BulletinMark | None
    line: Line | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    index: int
    mark: bulletin_headings.BulletinMark
    lines: int
    """How many lines follow before the next candidate."""
    prose: bool
    """Whether one of them is prose."""


def divide(lines: Sequence[Line]) -> list[Part]:
    """The bulletins in order; one part without a mark when there is no real bulletin mark."""
    lines = [line for line in lines if not bulletin_headings.is_contents_line(line.text)]
    marks = _marks_of_one_kind(lines)
    candidates = _candidates(lines, marks)
    real = _real(candidates)
    dropped = {candidate.index for candidate in candidates} - {candidate.index for candidate in real}
    dropped |= _contents_below(candidates, real, lines)
    starts = [candidate.index for candidate in real]
    parts = [_part(lines, dropped, None, (0, starts[0] if starts else len(lines)))]
    for candidate, end in zip(real, [*starts[1:], len(lines)], strict=False):
        parts.append(_part(lines, dropped, candidate, (candidate.index, end)))
    return [part for part in parts if part.lines or part.mark]


def _part(
    lines: Sequence[Line], dropped: set[int], candidate: _Candidate | None, span: tuple[int, int]
) -> Part:
    first = span[0] + (candidate is not None)
    kept = [lines[index] for index in range(first, span[1]) if index not in dropped]
    if candidate is None:
        return Part(None, None, tuple(kept))
    heading, mark = lines[candidate.index], candidate.mark
    kept = [line for line in kept if not _repeats(line.text, mark)]
    if mark.body:
        kept.insert(0, replace(heading, text=mark.body))
    return Part(mark, heading, tuple(kept))


def _repeats(text: str, mark: bulletin_headings.BulletinMark) -> bool:
    """第1篇 鄉鎮報告 is often followed by its title once more."""
    return (
        len(text) <= 60
        and boilerplate.same(text) in (boilerplate.same(mark.stem), boilerplate.same(mark.title))
        and not _PROSE.search(text)
    )


def _marks_of_one_kind(lines: Sequence[Line]) -> dict[int, bulletin_headings.BulletinMark]:
    """The marks that divide this document: 篇 before 期 before numbered titles; the others are plain lines."""
    found = {
        index: mark
        for index, line in enumerate(lines)
        if (mark := bulletin_headings.bulletin_mark(line.text))
    }
    for kind in ("article", "issue"):
        of_kind = {index: mark for index, mark in found.items() if mark.kind == kind}
        if len({mark.number for mark in of_kind.values()}) > (1 if kind == "issue" else 0):
            return of_kind
    return _title_marks(lines)


def _title_marks(lines: Sequence[Line]) -> dict[int, bulletin_headings.BulletinMark]:
    """工作簡報(一), 工作簡報(二): titles alike but for a number that counts on from one."""
    titles: dict[str, list[tuple[int, int]]] = {}
    for index, line in enumerate(lines):
        title = (
            bulletin_headings.numbered_title(line.text) if not section_marks.opening_mark(line.text) else None
        )
        if title:
            titles.setdefault(boilerplate.same(title[0]), []).append((index, title[1]))
    series = [found for stem, found in titles.items() if stem and _counts_on([number for _, number in found])]
    best = max(series, key=len, default=[])
    return {index: _title_mark(lines[index].text, number) for index, number in best}


def _counts_on(numbers: list[int]) -> bool:
    distinct = list(dict.fromkeys(numbers))
    return len(distinct) > 1 and distinct == list(range(1, len(distinct) + 1))


def _title_mark(text: str, number: int) -> bulletin_headings.BulletinMark:
    return bulletin_headings.BulletinMark("title", text.strip(), number, text.strip(), "", text.strip())


def _candidates(lines: Sequence[Line], marks: dict[int, bulletin_headings.BulletinMark]) -> list[_Candidate]:
    starts = sorted(marks)
    found = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=False):
        between = [line for line in lines[start + 1 : end] if not _repeats(line.text, marks[start])]
        prose = bool(marks[start].body) or any(map(is_prose, between))
        found.append(_Candidate(start, marks[start], len(between), prose))
    return found


def is_prose(line: Line) -> bool:
    return bool(_PROSE.search(numerals.half_width(line.text))) or len(line.text) > _LONG


def _real(candidates: list[_Candidate]) -> list[_Candidate]:
    """Those that begin a bulletin: neither entries of a contents list nor links to other pages."""
    last_with_prose = {candidate.mark.label: candidate.index for candidate in candidates if candidate.prose}
    stem = _common_stem(candidates)
    real: list[_Candidate] = []
    listed = False
    for candidate in candidates:
        recurs = last_with_prose.get(candidate.mark.label, -1) > candidate.index
        empty = not candidate.prose and (candidate.lines == 0 or recurs)
        entry = empty or (listed and recurs)
        listed = empty
        repeated = bool(real) and real[-1].mark.label == candidate.mark.label
        if not entry and not repeated and not _is_stray(candidate, real, stem):
            real.append(candidate)
    return real


def _common_stem(candidates: list[_Candidate]) -> str:
    stems = Counter(
        boilerplate.same(candidate.mark.stem) for candidate in candidates if candidate.mark.kind == "article"
    )
    stem, count = stems.most_common(1)[0] if stems else ("", 0)
    return stem if count > 1 and count * 2 > len(candidates) else ""


def _is_stray(candidate: _Candidate, real: list[_Candidate], stem: str) -> bool:
    """A link to another page's bulletin in the middle of the text: out of order and of another title."""
    if not stem or not real or boilerplate.same(candidate.mark.stem) == stem:
        return False
    return candidate.mark.number != real[-1].mark.number + 1


def _contents_below(candidates: list[_Candidate], real: list[_Candidate], lines: Sequence[Line]) -> set[int]:
    """The short lines under the entries of a contents list that stand again in the text."""
    chosen = {candidate.index for candidate in real}
    counts = Counter(boilerplate.same(line.text) for line in lines)
    return {
        candidate.index + offset
        for candidate in candidates
        if candidate.index not in chosen
        for offset in range(1, candidate.lines + 1)
        if candidate.index + offset < len(lines)
        and counts[boilerplate.same(lines[candidate.index + offset].text)] > 1
        and not is_prose(lines[candidate.index + offset])
    }
