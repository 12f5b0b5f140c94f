"""The lines of one bulletin to items and sections: which paragraph stands under which headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from retrieval.lines import Kind, Line
from retrieval.marks import LAST, RANKS, Mark, inline_marks, opening_mark
from retrieval.numerals import half_width
from retrieval.places import PlaceMention
from retrieval.subjects import is_set_off, lead_place, opening_place
from retrieval.text import fold
from retrieval.types import Section

_SENTENCE_END = re.compile(r"[。!?;…]")
_TITLE = re.compile(r"[^。]{1,80}(?=。)")
_CLAUSE = re.compile(r"[^,;:。!?]{2,40}(?=[,;:。!?]|$)")
_LONGEST_HEADING = 60
_LONGEST_UNMARKED_HEADING = 45
_LONGEST_STYLED_HEADING = 100
_CLOSING = re.compile(r"^(?:下一步|下阶段|下一阶段|接下来|今后|总之|综上|总的来[看说]|以上(?:就)?是|特此)")
_TRAILING = re.compile("[。.:\uff1a\\s]{1,8}$")
_BULLET = re.compile(r"^[•●◆■▪◦‣·○□▲★*+\-–]\s*(?=\S)")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A body paragraph with the path it stands under; an empty path is the lead of its item."""

    line: Line
    section_path: tuple[Section, ...]
    subject: PlaceMention | None = None
    """The place with which it opens, if it does; its offsets are those of `line.text`."""


@dataclass(slots=True)
class Item:
    """A report: its heading, if it has one, its lead paragraph and the paragraphs of its sections."""

    heading: str = ""
    paragraphs: list[Paragraph] = field(default_factory=list)


class Doubt(NamedTuple):
    line: int | None
    message: str


@dataclass(slots=True)
class _Level:
    """An open section: `scopes` if what follows belongs to it until the next mark (a heading does that)."""

    section: Section
    kind: str
    number: int
    scopes: bool
    line: Line
    depth: int = 0
    """The level of the heading in a format that has levels."""
    paragraphs: int = 0


def read_sections(lines: Sequence[Line]) -> tuple[list[Item], list[Doubt]]:
    """The items of a bulletin in order, every line in exactly one paragraph or heading, and what was doubtful."""
    reading = _Reading([*lines])
    for index in range(len(reading.lines)):
        reading.take(index)
    reading.close(0)
    return [item for item in reading.items if item.paragraphs], reading.doubts


class _Reading:
    """One pass over the lines, which remembers the sections that are open."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.marks = _opening_marks(lines)
        self.pieces = [_pieces(line, mark) for line, mark in zip(lines, self.marks, strict=True)]
        self.following = _following_marks(self.marks)
        self.nested = _nesting([mark for pieces in self.pieces for mark, _ in pieces])
        self.items: list[Item] = [Item()]
        self.doubts: list[Doubt] = []
        self.open: list[_Level] = []
        self.last_numbers: dict[str, int] = {}
        self.continued: set[str] = set()
        self.listed: dict[str, int] = {}
        self.lead_in = ""

    def take(self, index: int) -> None:
        line, mark = self.lines[index], self.marks[index]
        if mark and self._is_heading(index, mark):
            self._open(mark, _heading_title(line.text[mark.end :]), line, scopes=True)
            self.lead_in = ""
        elif mark is None and self._is_unmarked_heading(index):
            self._take_heading(line)
        else:
            self._take_body(index)

    def _is_heading(self, index: int, mark: Mark) -> bool:
        """Whether a marked line is the title of what follows, rather than a paragraph or an item of a list."""
        line = self.lines[index]
        after = self.marks[index + 1] if index + 1 < len(self.lines) else None
        last = index + 1 == len(self.lines) or (self.lines[index + 1].kind is Kind.HEADING and after is None)
        rest = half_width(line.text[mark.end :]).strip()
        styled = line.kind is Kind.HEADING
        limit = _LONGEST_STYLED_HEADING if styled else _LONGEST_HEADING
        fits = bool(rest) and len(rest) <= limit and not _SENTENCE_END.search(rest[:-1])
        sibling = after is not None and (after.kind == mark.kind or self._stands_above(after, mark))
        if line.kind in (Kind.LIST_ITEM, Kind.TABLE_ROW) or not fits or last or (sibling and not styled):
            self.listed[mark.kind] = self.listed.get(mark.kind, 0) + 1 if fits and sibling else 0
            return False
        return styled or not (
            self.listed.get(mark.kind, 0) >= 2
            and mark.number in (LAST, self.last_numbers.get(mark.kind, 0) + 1)
        )

    def _stands_above(self, mark: Mark, other: Mark) -> bool:
        if (other.kind, mark.kind) in self.nested or (mark.kind, other.kind) in self.nested:
            return (other.kind, mark.kind) in self.nested
        return RANKS[mark.kind] < RANKS[other.kind]

    def _is_unmarked_heading(self, index: int) -> bool:
        line = self.lines[index]
        if line.kind in (Kind.LIST_ITEM, Kind.TABLE_ROW) or index + 1 == len(self.lines):
            return False
        plain = half_width(line.text).strip()
        if line.kind is Kind.HEADING:
            return len(plain) <= _LONGEST_STYLED_HEADING and len(_SENTENCE_END.findall(plain)) <= 1
        return _is_short_title(plain) and self._leads_to_text(index + 1)

    def _leads_to_text(self, index: int) -> bool:
        """Whether prose or a mark follows, at most one more title between."""
        for line, mark in zip(self.lines[index : index + 2], self.marks[index : index + 2], strict=True):
            plain = half_width(line.text)
            if (
                mark
                or line.kind is Kind.TABLE_ROW
                or _SENTENCE_END.search(plain)
                or len(plain) > _LONGEST_HEADING
            ):
                return True
            if not _is_short_title(plain.strip()):
                return False
        return False

    def _take_heading(self, line: Line) -> None:
        """A title without a number: it closes what is open beside it and, outermost, begins an item."""
        title = _heading_title(line.text)
        above = self.open[-1] if self.open else None
        if (
            above
            and above.kind == "title"
            and not above.paragraphs
            and not (above.depth and above.depth < line.level)
        ):
            self.open.pop()
            title = f"{above.section.title} {title}"
        outer = [
            position
            for position, level in enumerate(self.open)
            if line.level and 0 < level.depth < line.level
        ]
        self.close(outer[-1] + 1 if outer else 0)
        if not self.open and self._heads_a_report(title):
            self._begin_item(title)
        self.lead_in = ""
        self.open.append(_Level(Section("", title), "title", 0, True, line, line.level))

    def _heads_a_report(self, title: str) -> bool:
        """Whether a title begins a report, rather than a section of one that began without a title."""
        current = self.items[-1]
        return not current.paragraphs or bool(current.heading) or lead_place(title) is not None

    def _begin_item(self, heading: str = "") -> None:
        self.close(0)
        self.items.append(Item(heading))
        self.last_numbers.clear()
        self.continued.clear()

    def close(self, position: int) -> None:
        """Closes the sections from this position on; a heading under which nothing came is kept as a paragraph."""
        while len(self.open) > position:
            level = self.open[-1]
            if not level.paragraphs:
                self._add(level.line, marked=True)
            self.open.pop()

    def _open(self, mark: Mark, title: str, line: Line, *, scopes: bool) -> None:
        mark = self._counted(mark, line)
        depth = line.level if line.kind is Kind.HEADING else 0
        self._close_for(mark, line)
        numbered = any(level.number for level in self.open)
        label = mark.look if numbered else mark.label
        self.open.append(_Level(Section(label, title), mark.kind, mark.number, scopes, line, depth))

    def _close_for(self, mark: Mark, line: Line) -> None:
        kinds = [level.kind for level in self.open]
        if mark.kind in kinds:
            self.close(kinds.index(mark.kind))
            return
        while self.open and self._is_deeper(self.open[-1], mark, line):
            self.close(len(self.open) - 1)

    def _is_deeper(self, level: _Level, mark: Mark, line: Line) -> bool:
        """Whether an open section is no place for the mark to stand in."""
        if level.kind == "title":
            depth = line.level if line.kind is Kind.HEADING else 0
            return bool(depth and level.depth and level.depth >= depth)
        pair = (mark.kind, level.kind)
        if pair in self.nested or pair[::-1] in self.nested:
            return pair[::-1] in self.nested
        beside = RANKS[level.kind] == RANKS[mark.kind] and not level.scopes and level.line is not line
        return beside or RANKS[level.kind] > RANKS[mark.kind]

    def _counted(self, mark: Mark, line: Line) -> Mark:
        last = self.last_numbers.get(mark.kind, 0)
        if mark.number == LAST:
            mark = mark.numbered(last + 1)
        if mark.number not in (1, last + 1):
            before = f"after number {last}" if last else "with none before it"
            self.doubts.append(Doubt(line.number, f"section mark {mark.look} {before}: mark order broken"))
        self.last_numbers[mark.kind] = mark.number
        return mark

    def _take_body(self, index: int) -> None:
        line, pieces = self.lines[index], self.pieces[index]
        if line.kind is Kind.TABLE_ROW:
            self._close_before_table(index)
        elif pieces[0][0] is None and line.kind is not Kind.LIST_ITEM and not _BULLET.match(line.text):
            self._close_before(index)
        for piece_mark, text in pieces:
            if piece_mark:
                self._open(
                    piece_mark, _opened_title(text[piece_mark.end - piece_mark.start :]), line, scopes=False
                )
            self._add(replace(line, text=text), marked=piece_mark is not None)

    def _add(self, line: Line, *, marked: bool) -> None:
        path = tuple(level.section for level in self.open if level.section.title or level.section.label)
        bullet = not marked and (line.kind is Kind.LIST_ITEM or bool(_BULLET.match(line.text)))
        if bullet and self.lead_in:
            path = (*path, Section("", self.lead_in))
        elif line.kind is not Kind.TABLE_ROW:
            self.lead_in = _lead_in(line.text)
        for level in self.open:
            level.paragraphs += 1
        self.items[-1].paragraphs.append(Paragraph(line, path, opening_place(line.text, line.kind)))

    def _close_before(self, index: int) -> None:
        """Closes the sections to which a paragraph without a mark does not belong; it may begin an item."""
        following = self.following[index]
        after = self.marks[following] if following is not None else None
        text = self.lines[index].text
        if self._is_lead(text, after, following == index + 1):
            self._begin_item()
            return
        if self.open and after is None and _CLOSING.match(fold(text)) and self.open[-1].paragraphs:
            self.close(sum(level.kind == "title" for level in self.open))
            return
        self._close_opened(text, after)

    def _close_before_table(self, index: int) -> None:
        """A table belongs to a paragraph that its mark opened only where that announces it with a colon."""
        within = index > 0 and self.lines[index - 1].kind is Kind.TABLE_ROW
        if not within and not self.lead_in:
            following = self.following[index]
            self._close_opened(
                self.lines[index].text, self.marks[following] if following is not None else None
            )

    def _close_opened(self, text: str, after: Mark | None) -> None:
        first = next((position for position, level in enumerate(self.open) if not level.scopes), None)
        if first is None:
            return
        for position in range(len(self.open) - 1, first - 1, -1):
            level = self.open[position]
            if after and after.kind == level.kind and after.number == level.number + 1:
                self.continued.add(level.kind)
                self.close(position + 1)
                return
        outer = self.open[first]
        if outer.kind in self.continued and outer.paragraphs == 1 and not _CLOSING.match(fold(text)):
            self.close(first + 1)
            return
        self.close(first)

    def _is_lead(self, text: str, after: Mark | None, directly: bool) -> bool:
        """Whether a paragraph without a mark opens a report of its own: it names its place, or numbering restarts."""
        numbers = [level for level in self.open if level.kind != "title"]
        if not self.items[-1].paragraphs or (self.open and not numbers):
            return False
        outermost = numbers[0] if numbers else None
        restarts = (
            after is not None and after.number == 1 and (outermost is None or after.kind == outermost.kind)
        )
        if outermost and restarts and directly:
            return not outermost.scopes or outermost.paragraphs > 0
        if outermost and outermost.scopes:
            return False
        if outermost and after and after.kind == outermost.kind and after.number == outermost.number + 1:
            return False
        return self._names_another_place(text)

    def _names_another_place(self, text: str) -> bool:
        mention = opening_place(text)
        if mention is None:
            return False
        subjects = [paragraph.subject for paragraph in self.items[-1].paragraphs if paragraph.subject]
        if not subjects:
            return is_set_off(half_width(text[mention.end : mention.end + 2])) or bool(self.open)
        current, new = subjects[0].divisions[-1], mention.divisions[-1]
        return current != new and not new.is_inside(current) and not current.is_inside(new)


def _opening_marks(lines: Sequence[Line]) -> list[Mark | None]:
    """The mark of each line; 首先 and the like only where another of the kind goes on."""
    marks = [None if line.kind is Kind.TABLE_ROW else opening_mark(line.text) for line in lines]
    spoken = {mark.number for mark in marks if mark and mark.kind == "first"}
    if len(spoken) > 1:
        return marks
    return [None if mark and mark.kind == "first" else mark for mark in marks]


def _following_marks(marks: Sequence[Mark | None]) -> list[int | None]:
    """For each line, the index of the next line after it that has a mark."""
    following: list[int | None] = [None] * len(marks)
    upcoming: int | None = None
    for index in range(len(marks) - 1, -1, -1):
        following[index] = upcoming
        if marks[index] is not None:
            upcoming = index
    return following


def _nesting(marks: Sequence[Mark | None]) -> frozenset[tuple[str, str]]:
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


def _is_short_title(plain: str) -> bool:
    if not 2 <= len(plain) <= _LONGEST_UNMARKED_HEADING or _BULLET.match(plain):
        return False
    return not _SENTENCE_END.search(plain) and plain[-1] not in ",:、," and not plain.isdigit()


def _heading_title(text: str) -> str:
    return _TRAILING.sub("", text).strip()


def _opened_title(text: str) -> str:
    """The title of a paragraph that its mark opens: its first sentence, or the first clause of a long one."""
    plain = half_width(text)
    found = _TITLE.match(plain) or _CLAUSE.match(plain.lstrip())
    if not found:
        return ""
    lead = len(plain) - len(plain.lstrip()) if found.re is _CLAUSE else 0
    return text[lead + found.start() : lead + found.end()].strip()


def _pieces(line: Line, mark: Mark | None) -> list[tuple[Mark | None, str]]:
    """The paragraphs of one line with their marks: all of its text, divided at the marks of inline series."""
    if line.kind is Kind.TABLE_ROW:
        return [(None, line.text)]
    inner = [found for found in inline_marks(line.text) if not mark or found.start > mark.start]
    starts: list[tuple[Mark | None, int]] = [(mark, 0), *((found, found.start) for found in inner)]
    if not mark and inner and not line.text[: inner[0].start].strip():
        starts = starts[1:]
    ends = [*(start for _, start in starts[1:]), len(line.text)]
    pieces = [(found, line.text[start:end].strip()) for (found, start), end in zip(starts, ends, strict=True)]
    return [piece for piece in pieces if piece[1]] or [(mark, line.text)]


def _lead_in(text: str) -> str:
    """The sentence that announces a list, when the paragraph ends in a colon."""
    plain = half_width(text).rstrip()
    if not plain.endswith(":"):
        return ""
    start = max(plain.rfind(end) for end in "。!?;") + 1
    return text[start:].strip() if len(text) - start <= 120 else ""
