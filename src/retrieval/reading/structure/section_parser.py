"""The lines of one bulletin to items and sections: which paragraph stands under which headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from retrieval.language import fold, numerals
from retrieval.places import PlaceMention
from retrieval.reading.lines import Line, LineKind, section_marks
from retrieval.reading.structure.mark_hierarchy import MarkedLines, mark_lines
from retrieval.reading.structure.subject_places import is_set_off, lead_place, opening_place
from retrieval.reading.structure.titles import (
    BULLET,
    SENTENCE_END,
    heading_title,
    is_short_title,
    lead_in,
    opened_title,
)
from retrieval.types import Section

_LONGEST_HEADING = 60
_LONGEST_STYLED_HEADING = 100
_CLOSING = re.compile(r"^(?:下一步|下阶段|下一阶段|接下来|今后|总之|综上|总的来[看说]|以上(?:就)?是|特此)")


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
    reading = _Reading(mark_lines(lines))
    for index in range(len(lines)):
        reading.take(index)
    reading.close(0)
    return [item for item in reading.items if item.paragraphs], reading.doubts


class _Reading:
    """One pass over the lines, which remembers the sections that are open."""

    def __init__(self, marked: MarkedLines) -> None:
        self.marked = marked
        self.items: list[Item] = [Item()]
        self.doubts: list[Doubt] = []
        self.open: list[_Level] = []
        self.last_numbers: dict[str, int] = {}
        self.continued: set[str] = set()
        self.listed: dict[str, int] = {}
        self.lead_in = ""

    def take(self, index: int) -> None:
        line, mark = self.marked.lines[index], self.marked.marks[index]
        if mark and self._is_heading(index, mark):
            self._open(mark, heading_title(line.text[mark.end :]), line, scopes=True)
            self.lead_in = ""
        elif mark is None and self._is_unmarked_heading(index):
            self._take_heading(line)
        else:
            self._take_body(index)

    def _is_heading(self, index: int, mark: section_marks.Mark) -> bool:
        """Whether a marked line is the title of what follows, rather than a paragraph or an item of a list."""
        line = self.marked.lines[index]
        after = self.marked.marks[index + 1] if index + 1 < len(self.marked.lines) else None
        last = index + 1 == len(self.marked.lines) or (
            self.marked.lines[index + 1].kind is LineKind.HEADING and after is None
        )
        rest = numerals.half_width(line.text[mark.end :]).strip()
        styled = line.kind is LineKind.HEADING
        limit = _LONGEST_STYLED_HEADING if styled else _LONGEST_HEADING
        fits = bool(rest) and len(rest) <= limit and not SENTENCE_END.search(rest[:-1])
        sibling = after is not None and (after.kind == mark.kind or self._stands_above(after, mark))
        if (
            line.kind in (LineKind.LIST_ITEM, LineKind.TABLE_ROW)
            or not fits
            or last
            or (sibling and not styled)
        ):
            self.listed[mark.kind] = self.listed.get(mark.kind, 0) + 1 if fits and sibling else 0
            return False
        return styled or not (
            self.listed.get(mark.kind, 0) >= 2
            and mark.number in (section_marks.LAST, self.last_numbers.get(mark.kind, 0) + 1)
        )

    def _stands_above(self, mark: section_marks.Mark, other: section_marks.Mark) -> bool:
        told = self.marked.is_inside(other.kind, mark.kind)
        return section_marks.RANKS[mark.kind] < section_marks.RANKS[other.kind] if told is None else told

    def _is_unmarked_heading(self, index: int) -> bool:
        line = self.marked.lines[index]
        if line.kind in (LineKind.LIST_ITEM, LineKind.TABLE_ROW) or index + 1 == len(self.marked.lines):
            return False
        plain = numerals.half_width(line.text).strip()
        if line.kind is LineKind.HEADING:
            return len(plain) <= _LONGEST_STYLED_HEADING and len(SENTENCE_END.findall(plain)) <= 1
        return is_short_title(plain) and self._leads_to_text(index + 1)

    def _leads_to_text(self, index: int) -> bool:
        """Whether prose or a mark follows, at most one more title between."""
        for line, mark in zip(
            self.marked.lines[index : index + 2], self.marked.marks[index : index + 2], strict=True
        ):
            plain = numerals.half_width(line.text)
            if (
                mark
                or line.kind is LineKind.TABLE_ROW
                or SENTENCE_END.search(plain)
                or len(plain) > _LONGEST_HEADING
            ):
                return True
            if not is_short_title(plain.strip()):
                return False
        return False

    def _take_heading(self, line: Line) -> None:
        """A title without a number: it closes what is open beside it and, outermost, begins an item."""
        title = heading_title(line.text)
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

    def _open(self, mark: section_marks.Mark, title: str, line: Line, *, scopes: bool) -> None:
        mark = self._counted(mark, line)
        depth = line.level if line.kind is LineKind.HEADING else 0
        self._close_for(mark, line)
        numbered = any(level.number for level in self.open)
        label = mark.look if numbered else mark.label
        self.open.append(_Level(Section(label, title), mark.kind, mark.number, scopes, line, depth))

    def _close_for(self, mark: section_marks.Mark, line: Line) -> None:
        kinds = [level.kind for level in self.open]
        if mark.kind in kinds:
            self.close(kinds.index(mark.kind))
            return
        while self.open and self._is_deeper(self.open[-1], mark, line):
            self.close(len(self.open) - 1)

    def _is_deeper(self, level: _Level, mark: section_marks.Mark, line: Line) -> bool:
        """Whether an open section is no place for the mark to stand in."""
        if level.kind == "title":
            depth = line.level if line.kind is LineKind.HEADING else 0
            return bool(depth and level.depth and level.depth >= depth)
        told = self.marked.is_inside(level.kind, mark.kind)
        if told is not None:
            return told
        beside = (
            section_marks.RANKS[level.kind] == section_marks.RANKS[mark.kind]
            and not level.scopes
            and level.line is not line
        )
        return beside or section_marks.RANKS[level.kind] > section_marks.RANKS[mark.kind]

    def _counted(self, mark: section_marks.Mark, line: Line) -> section_marks.Mark:
        last = self.last_numbers.get(mark.kind, 0)
        if mark.number == section_marks.LAST:
            mark = mark.numbered(last + 1)
        if mark.number not in (1, last + 1):
            before = f"after number {last}" if last else "with none before it"
            self.doubts.append(Doubt(line.number, f"section mark {mark.look} {before}: mark order broken"))
        self.last_numbers[mark.kind] = mark.number
        return mark

    def _take_body(self, index: int) -> None:
        line, pieces = self.marked.lines[index], self.marked.pieces[index]
        if line.kind is LineKind.TABLE_ROW:
            self._close_before_table(index)
        elif pieces[0][0] is None and line.kind is not LineKind.LIST_ITEM and not BULLET.match(line.text):
            self._close_before(index)
        for piece_mark, text in pieces:
            if piece_mark:
                self._open(
                    piece_mark, opened_title(text[piece_mark.end - piece_mark.start :]), line, scopes=False
                )
            self._add(replace(line, text=text), marked=piece_mark is not None)

    def _add(self, line: Line, *, marked: bool) -> None:
        path = tuple(level.section for level in self.open if level.section.title or level.section.label)
        bullet = not marked and (line.kind is LineKind.LIST_ITEM or bool(BULLET.match(line.text)))
        if bullet and self.lead_in:
            path = (*path, Section("", self.lead_in))
        elif line.kind is not LineKind.TABLE_ROW:
            self.lead_in = lead_in(line.text)
        for level in self.open:
            level.paragraphs += 1
        self.items[-1].paragraphs.append(Paragraph(line, path, opening_place(line.text, line.kind)))

    def _close_before(self, index: int) -> None:
        """Closes the sections to which a paragraph without a mark does not belong; it may begin an item."""
        after, text = self.marked.mark_after(index), self.marked.lines[index].text
        if self._is_lead(text, after, directly=self.marked.following[index] == index + 1):
            self._begin_item()
            return
        if self.open and after is None and _CLOSING.match(fold(text)) and self.open[-1].paragraphs:
            self.close(sum(level.kind == "title" for level in self.open))
            return
        self._close_opened(text, after)

    def _close_before_table(self, index: int) -> None:
        """A table belongs to a paragraph that its mark opened only where that announces it with a colon."""
        within = index > 0 and self.marked.lines[index - 1].kind is LineKind.TABLE_ROW
        if not within and not self.lead_in:
            self._close_opened(self.marked.lines[index].text, self.marked.mark_after(index))

    def _close_opened(self, text: str, after: section_marks.Mark | None) -> None:
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

    def _is_lead(self, text: str, after: section_marks.Mark | None, *, directly: bool) -> bool:
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
            return is_set_off(numerals.half_width(text[mention.end : mention.end + 2])) or bool(self.open)
        current, new = subjects[0].divisions[-1], mention.divisions[-1]
        return current != new and not new.is_inside(current) and not current.is_inside(new)
