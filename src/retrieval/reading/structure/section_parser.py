"""Parses the lines of one bulletin into items and sections: the headings above each paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from retrieval.language import numerals
from retrieval.reading.lines import Line, LineKind, section_marks
from retrieval.reading.structure.headings import (
    BULLET,
    LONGEST_HEADING,
    LONGEST_STYLED_HEADING,
    SENTENCE_END,
    date_rank,
    heading_title,
    is_unmarked_heading,
    join_titles,
    lead_in,
    opened_title,
)
from retrieval.reading.structure.items import Item, LineFinding, Paragraph
from retrieval.reading.structure.mark_hierarchy import MarkedLines, mark_lines
from retrieval.reading.structure.open_sections import DATE, TITLE, OpenSection, OpenSections, is_conclusion
from retrieval.reading.structure.subject_places import opening_place
from retrieval.types import Section

_FULL_STOP = re.compile(r"[。．]\s*$")
# After so many list items in a row, another that counts on is an item too, even where its text follows it; after one
# already, where it ends in a full stop as a sentence does.
_LONG_LIST = 2


def read_sections(lines: Sequence[Line]) -> tuple[list[Item], list[LineFinding]]:
    """The items of a bulletin in order, every line in exactly one paragraph or heading, and what was doubtful."""
    parser = _SectionParser(mark_lines(lines))
    for index in range(len(lines)):
        parser.take(index)
    parser.close(0)
    return [item for item in parser.items if item.paragraphs], parser.findings


class _SectionParser:
    """One pass over the lines: the items so far, the open sections, and the numbers that marks last had."""

    def __init__(self, marked: MarkedLines) -> None:
        self.marked = marked
        self.items: list[Item] = [Item()]
        self.findings: list[LineFinding] = []
        self.open = OpenSections(marked)
        self.last_numbers: dict[str, int] = {}
        self.list_lengths: dict[str, int] = {}
        """By kind of mark: how many lines just before were items of a list rather than headings."""
        self.lead_in = ""
        """The sentence that announced the current list, or an empty text."""

    def take(self, index: int) -> None:
        line, mark = self.marked.lines[index], self.marked.marks[index]
        if mark and self._is_marked_heading(index, mark):
            self._open_section(mark, heading_title(line.text[mark.end :]), line, is_heading=True)
            self.lead_in = ""
        elif mark is None and (rank := self._date_rank(index)):
            self._open_date(line, rank)
        elif mark is None and is_unmarked_heading(self.marked, index) and not self._fills_section(index):
            self._open_title(line)
        else:
            self._take_body(index)

    def close(self, position: int) -> None:
        """Closes the sections from the position on; a heading under which nothing came is kept as a paragraph."""
        while len(self.open.sections) > position:
            level = self.open.sections[-1]
            if not level.paragraphs:
                self._add_paragraph(level.line, has_mark=True)
            self.open.sections.pop()

    def _is_marked_heading(self, index: int, mark: section_marks.Mark) -> bool:
        """Whether a marked line is the title of what follows, rather than a paragraph or an item of a list."""
        line, is_last = self.marked.lines[index], index + 1 == len(self.marked.lines)
        next_mark = None if is_last else self.marked.marks[index + 1]
        is_empty = is_last or (self.marked.lines[index + 1].kind is LineKind.HEADING and next_mark is None)
        is_styled = line.kind is LineKind.HEADING
        fits = _fits_heading(line.text[mark.end :], LONGEST_STYLED_HEADING if is_styled else LONGEST_HEADING)
        before_sibling = next_mark is not None and (
            next_mark.kind == mark.kind or self.marked.stands_above(next_mark.kind, mark.kind)
        )
        is_item = line.kind in (LineKind.LIST_ITEM, LineKind.TABLE_ROW)
        if is_item or not fits or is_empty or (before_sibling and not is_styled):
            length = self.list_lengths.get(mark.kind, 0)
            self.list_lengths[mark.kind] = length + 1 if fits and before_sibling else 0
            return False
        is_sentence = bool(_FULL_STOP.search(line.text))
        return is_styled or not self._continues_list(mark, 1 if is_sentence else _LONG_LIST)

    def _continues_list(self, mark: section_marks.Mark, least: int) -> bool:
        """Whether the mark counts on in a list of at least so many items."""
        counts_on = mark.number in (section_marks.LAST, self.last_numbers.get(mark.kind, 0) + 1)
        return self.list_lengths.get(mark.kind, 0) >= least and counts_on

    def _date_rank(self, index: int) -> int:
        """The rank of a date that is a whole line with something below it, else 0."""
        line = self.marked.lines[index]
        is_last = index + 1 == len(self.marked.lines)
        if line.kind is not LineKind.PARAGRAPH or is_last or self._fills_section(index):
            return 0
        return date_rank(line.text)

    def _fills_section(self, index: int) -> bool:
        """Whether a line is all that a numbered section holds: the next number of the series follows it."""
        next_mark = self.marked.marks[index + 1]
        level = next(
            (level for level in self.open.numbered if next_mark and level.kind == next_mark.kind), None
        )
        return (
            level is not None
            and next_mark is not None
            and not level.paragraphs
            and next_mark.number == level.number + 1
        )

    def _open_date(self, line: Line, rank: int) -> None:
        self.close(self.open.position_for_date(rank, line.text))
        self.lead_in = ""
        section = Section("", heading_title(line.text))
        self.open.sections.append(OpenSection(section, DATE, rank, True, line))

    def _open_title(self, line: Line) -> None:
        """A title without a number: it closes what is open beside it and, outermost, begins an item."""
        title = heading_title(line.text)
        above = self.open.sections[-1] if self.open.sections else None
        is_inside = above is not None and bool(above.depth) and above.depth < line.level
        if above and above.kind == TITLE and not above.paragraphs and not is_inside:
            self.open.sections.pop()
            title = join_titles(above.section.title, title)
        is_dated = above is not None and above.kind == DATE and not above.paragraphs
        position = len(self.open.sections) if is_dated else self.open.position_for_title(line.level)
        self.close(position)
        if not self.open.sections and self.items[-1].ends_at_title(title):
            self._begin_item(title)
        self.lead_in = ""
        self.open.sections.append(OpenSection(Section("", title), TITLE, 0, True, line, line.level))

    def _open_section(self, mark: section_marks.Mark, title: str, line: Line, *, is_heading: bool) -> None:
        mark = self._counted(mark, line)
        depth = line.level if line.kind is LineKind.HEADING else 0
        self.close(self.open.position_for_mark(mark, line))
        label = mark.look if self.open.numbered else mark.label
        section = Section(label, title)
        self.open.sections.append(OpenSection(section, mark.kind, mark.number, is_heading, line, depth))

    def _counted(self, mark: section_marks.Mark, line: Line) -> section_marks.Mark:
        """The mark with its number in the series; a number that does not count on is a finding."""
        last = self.last_numbers.get(mark.kind, 0)
        if mark.number == section_marks.LAST:
            mark = mark.numbered(last + 1)
        if mark.number not in (1, last + 1):
            before = f"after number {last}" if last else "with none before it"
            message = f"section mark {mark.look} {before}: mark order broken"
            self.findings.append(LineFinding(line.number, message))
        self.last_numbers[mark.kind] = mark.number
        return mark

    def _begin_item(self, heading: str = "") -> None:
        self.close(0)
        self.items.append(Item(heading))
        self.last_numbers.clear()
        self.open.continued.clear()

    def _take_body(self, index: int) -> None:
        line, pieces = self.marked.lines[index], self.marked.pieces[index]
        if line.kind is LineKind.TABLE_ROW:
            self._close_before_table(index)
        elif pieces[0][0] is None and not _is_list_item(line):
            self._close_before_paragraph(index)
        for mark, text in pieces:
            if mark:
                title = opened_title(text[mark.end - mark.start :])
                self._open_section(mark, title, line, is_heading=False)
            self._add_paragraph(replace(line, text=text), has_mark=mark is not None)

    def _add_paragraph(self, line: Line, *, has_mark: bool) -> None:
        path = self.open.path
        if not has_mark and _is_list_item(line) and self.lead_in:
            path = (*path, Section("", self.lead_in))
        elif line.kind is not LineKind.TABLE_ROW:
            self.lead_in = lead_in(line.text)
        for level in self.open.sections:
            level.paragraphs += 1
        self.items[-1].paragraphs.append(Paragraph(line, path, opening_place(line.text, line.kind)))

    def _close_before_table(self, index: int) -> None:
        """A table belongs to a paragraph that its mark opened only where that announces it with a colon."""
        in_table = index > 0 and self.marked.lines[index - 1].kind is LineKind.TABLE_ROW
        if not in_table and not self.lead_in:
            text, next_mark = self.marked.lines[index].text, self.marked.mark_after(index)
            self.close(self.open.position_for_paragraph(text, next_mark))

    def _close_before_paragraph(self, index: int) -> None:
        """Closes the sections to which a paragraph without a mark does not belong; it may begin an item."""
        next_mark, text = self.marked.mark_after(index), self.marked.lines[index].text
        innermost = self.open.sections[-1] if self.open.sections else None
        if self._begins_item(index, next_mark):
            self._begin_item()
        elif innermost and next_mark is None and is_conclusion(text) and innermost.paragraphs:
            self.close(len(self.open.sections) - len(self.open.numbered))
        else:
            self.close(self.open.position_for_paragraph(text, next_mark))

    def _begins_item(self, index: int, next_mark: section_marks.Mark | None) -> bool:
        """Whether a paragraph without a mark begins an item: it names its place, or numbering restarts after it."""
        numbered = self.open.numbered
        if not self.items[-1].paragraphs or (self.open.sections and not numbered):
            return False
        if outermost := numbered[0] if numbered else None:
            is_same_kind = next_mark is not None and next_mark.kind == outermost.kind
            restarts = is_same_kind and next_mark is not None and next_mark.number == 1
            if restarts and self.marked.following[index] == index + 1:
                return not outermost.is_heading or outermost.paragraphs > 0
            counts_on = is_same_kind and next_mark is not None and next_mark.number == outermost.number + 1
            if outermost.is_heading or counts_on:
                return False
        text = self.marked.lines[index].text
        return self.items[-1].ends_at_place(text, in_section=bool(self.open.sections))


def _fits_heading(text: str, longest: int) -> bool:
    """Whether a text behind a mark is short enough and one sentence at most."""
    plain = numerals.half_width(text).strip()
    return bool(plain) and len(plain) <= longest and not SENTENCE_END.regex.search(plain[:-1])


def _is_list_item(line: Line) -> bool:
    return line.kind is LineKind.LIST_ITEM or bool(BULLET.regex.match(line.text))
