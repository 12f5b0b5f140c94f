"""Items of a bulletin: a report with its heading and paragraphs, and what begins the next one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from retrieval.language import numerals
from retrieval.places import Division, PlaceMention, is_local_area
from retrieval.reading.lines import Line
from retrieval.reading.structure.subject_places import is_set_off, lead_place, opening_place
from retrieval.types import Section


class LineFinding(NamedTuple):
    """Something doubtful: the number of its line in the file, and a message."""

    line: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A body paragraph with the sections around it; an empty path is the lead of its item."""

    line: Line
    section_path: tuple[Section, ...]
    subject: PlaceMention | None = None
    """The place with which it opens, if it does; its offsets are those of `line.text`."""


@dataclass(slots=True)
class Item:
    """A report: its heading, if it has one, its lead paragraph and the paragraphs of its sections."""

    heading: str = ""
    paragraphs: list[Paragraph] = field(default_factory=list)

    def ends_at_title(self, title: str) -> bool:
        """Whether an outermost title begins another report, rather than a section of this one."""
        return not self.paragraphs or bool(self.heading) or lead_place(title) is not None

    def ends_at_place(self, text: str, *, in_section: bool) -> bool:
        """Whether a paragraph opens with another place than this item is about."""
        mention = opening_place(text)
        if mention is None:
            return False
        opening = mention.divisions[-1]
        subject = next((paragraph.subject for paragraph in self.paragraphs if paragraph.subject), None)
        if subject is None:
            heading = lead_place(self.heading) if self.heading else None
            is_its_own = heading is not None and _are_related(heading.divisions[-1], opening)
            is_apart = is_set_off(numerals.half_width(text[mention.end : mention.end + 2])) or in_section
            return is_apart and not is_its_own
        return not is_local_area(opening) and not _are_related(subject.divisions[-1], opening)


def _are_related(one: Division, other: Division) -> bool:
    """Whether the two are the same or one lies inside the other."""
    return one == other or one.is_inside(other) or other.is_inside(one)
