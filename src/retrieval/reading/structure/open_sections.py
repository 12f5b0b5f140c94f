"""The sections that are open at a line, and which of them the line closes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from retrieval.language import Pattern, fold
from retrieval.reading.lines import Line, LineKind, section_marks
from retrieval.reading.structure.headings import month_of
from retrieval.reading.structure.mark_hierarchy import MarkedLines
from retrieval.types import Section

TITLE = "title"
"""The kind of a section whose heading has no mark; the others have the kind of their mark."""
DATE = "date"
"""The kind of a section that a day, a month or a year of a chronicle heads; its number is the rank of the date."""
_CONCLUSION = Pattern(
    re.compile(r"^(?:下一步|下阶段|下一阶段|接下来|今后|总之|综上|总的来[看说]|以上(?:就)?是|特此)"),
    "下一步,我市将继续推进",
    "推进下一步工作",
)


@dataclass(slots=True)
class OpenSection:
    """One section of the stack."""

    section: Section
    kind: str
    number: int
    is_heading: bool
    """True if what follows belongs to it until the next mark; False if a paragraph opened it."""
    line: Line
    depth: int = 0
    """The level of the heading in a format that has levels, else 0."""
    paragraphs: int = 0
    """The number of paragraphs that it holds so far, those of inner sections included."""


@dataclass(slots=True)
class OpenSections:
    """A stack of sections, outermost first; the `position_…` methods say from which position on to close."""

    marked: MarkedLines
    sections: list[OpenSection] = field(default_factory=list)
    continued: set[str] = field(default_factory=set)
    """Kinds of marks of which a section went on with a paragraph that has no mark."""

    @property
    def path(self) -> tuple[Section, ...]:
        return tuple(level.section for level in self.sections if level.section.title or level.section.label)

    @property
    def numbered(self) -> list[OpenSection]:
        """The sections that a mark opened."""
        return [level for level in self.sections if level.kind not in (TITLE, DATE)]

    def position_for_date(self, rank: int, text: str) -> int:
        """A date closes the dates beside and below it, and the month that it does not lie in; it stays inside all else."""
        month = month_of(text)
        for position, level in enumerate(self.sections):
            is_other = bool(month and level.number > 1 and month_of(level.section.title) != month)
            if level.kind == DATE and (level.number >= rank or is_other):
                return position
        return len(self.sections)

    def position_for_title(self, depth: int) -> int:
        """A heading of that level (0: none) stays inside headings of outer levels alone."""
        outer = [
            position for position, level in enumerate(self.sections) if depth and 0 < level.depth < depth
        ]
        return outer[-1] + 1 if outer else 0

    def position_for_mark(self, mark: section_marks.Mark, line: Line) -> int:
        """A mark takes the position of the open section of its kind, else follows the sections it lies in."""
        kinds = [level.kind for level in self.sections]
        if mark.kind in kinds:
            return kinds.index(mark.kind)
        position = len(self.sections)
        while position and self._ends_at(self.sections[position - 1], mark, line):
            position -= 1
        return position

    def _ends_at(self, level: OpenSection, mark: section_marks.Mark, line: Line) -> bool:
        """Whether the mark cannot stand inside the open section, which is of another kind."""
        if level.kind == DATE:
            return False
        if level.kind == TITLE:
            depth = line.level if line.kind is LineKind.HEADING else 0
            return bool(depth and level.depth and level.depth >= depth)
        same_rank = section_marks.RANKS[level.kind] == section_marks.RANKS[mark.kind]
        unknown = self.marked.is_inside(level.kind, mark.kind) is None
        if unknown and same_rank and not level.is_heading and level.line is not line:
            return True
        return self.marked.stands_above(mark.kind, level.kind)

    def position_for_paragraph(self, text: str, next_mark: section_marks.Mark | None) -> int:
        """A paragraph without a mark stays in a section that a paragraph opened only if its series goes on after.

        The last section of a series takes one such paragraph too, if an earlier one did.
        """
        first = next((position for position, level in enumerate(self.sections) if not level.is_heading), None)
        if first is None:
            return len(self.sections)
        for position in range(len(self.sections) - 1, first - 1, -1):
            level = self.sections[position]
            if next_mark and next_mark.kind == level.kind and next_mark.number == level.number + 1:
                self.continued.add(level.kind)
                return position + 1
        outer = self.sections[first]
        if outer.kind in self.continued and outer.paragraphs == 1 and not is_conclusion(text):
            return first + 1
        return first


def is_conclusion(text: str) -> bool:
    """Whether a paragraph opens as the end of a report does: 下一步, 總之."""
    return bool(_CONCLUSION.regex.match(fold(text)))
