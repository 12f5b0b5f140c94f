"""Which place each paragraph of a bulletin is about: what it opens with, its item, its headings, else from afar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.language import first_sentence, numerals
from retrieval.places import Division, PlaceMention, place_of
from retrieval.reading.lines import Line, LineKind
from retrieval.reading.structure.items import Item, Paragraph
from retrieval.reading.structure.subject_places import heading_place, is_set_off, lead_place
from retrieval.types import Place, Section

# No sentence is longer; what is, is a line that lost its marks.
_LONGEST_LEAD = 600


@dataclass(frozen=True, slots=True)
class PlacedParagraph:
    line: Line
    section_path: tuple[Section, ...]
    place: Place | None
    lead: str


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place and the text that names it."""

    mention: PlaceMention
    text: str


def place_paragraphs(
    items: list[Item], bulletin: NamedPlace | None, about: NamedPlace | None
) -> tuple[list[PlacedParagraph], list[tuple[int | None, str]]]:
    """The paragraphs of the items with their places, and lines with what was guessed from bulletin or file."""
    placed: list[PlacedParagraph] = []
    guessed: list[tuple[int | None, str]] = []
    around = tuple(division for named in (bulletin, about) if named for division in named.mention.divisions)
    for item in items:
        near = _item_place(item, around)
        afar = bulletin or about
        found = [_placed_paragraph(paragraph, near, afar, _lead_of(item)) for paragraph in item.paragraphs]
        placed.extend(paragraph for paragraph, _ in found)
        doubtful = next((paragraph for paragraph, guess in found if guess), None)
        if doubtful and doubtful.place:
            source = "its bulletin" if bulletin else "its file"
            message = f"place {doubtful.place.name} taken from {source}: a guess from afar"
            guessed.append((doubtful.line.number, message))
    return placed, guessed


def _lead_of(item: Item) -> str:
    first = item.paragraphs[0]
    return (
        ""
        if any(section.label for section in first.section_path)
        else first_sentence(first.line.text[:_LONGEST_LEAD])
    )


def _item_place(item: Item, around: tuple[Division, ...]) -> NamedPlace | None:
    """The place of an item: from its lead paragraph, else from its heading."""
    first = item.paragraphs[0]
    heading = _named(item.heading, item.heading, around)
    if heading:
        around = (*around, *heading.mention.divisions)
    if not any(section.label for section in first.section_path) and first.line.kind is not LineKind.TABLE_ROW:
        found = _named(first_sentence(first.line.text[:_LONGEST_LEAD]), first.line.text, around)
        if found:
            return found
    return heading


def _named(text: str, whole: str, around: tuple[Division, ...]) -> NamedPlace | None:
    mention = lead_place(text, around)
    return NamedPlace(mention, whole) if mention else None


def first_named(texts: Sequence[str]) -> NamedPlace | None:
    """The place that the first of the texts names which names any."""
    return next((found for text in texts if (found := _named(text, text, ()))), None)


def _placed_paragraph(
    paragraph: Paragraph, near: NamedPlace | None, afar: NamedPlace | None, lead: str
) -> tuple[PlacedParagraph, bool]:
    """The paragraph with its place, and whether that is a guess from afar."""
    item = near or afar
    chosen = _own(paragraph, item, near is not None) or _from_headings(paragraph, item, near is not None)
    named = chosen or item
    place = place_of(named.mention, named.text) if named else None
    return PlacedParagraph(
        paragraph.line, paragraph.section_path, place, lead
    ), named is not None and named is afar


def _own(paragraph: Paragraph, item: NamedPlace | None, near: bool) -> NamedPlace | None:
    """The place a paragraph opens with, unless it says less than its item's or speaks of a partner."""
    mention = paragraph.subject
    if mention is None:
        return None
    named = NamedPlace(mention, paragraph.line.text)
    return named if _overrides(named, item, near) else None


def _overrides(named: NamedPlace, item: NamedPlace | None, near: bool) -> bool:
    if item is None or not near:
        return item is None or _is_more_specific(named, item) or _stands_alone(named)
    beside = _stands_alone(named) or _shares_province(named, item)
    return _is_more_specific(named, item) or (not _is_around(named, item) and beside)


def _shares_province(named: NamedPlace, item: NamedPlace) -> bool:
    """A neighbour as the subject is reported on; a place far away is a partner."""
    return named.mention.code[:2] == item.mention.code[:2]


def _is_more_specific(named: NamedPlace, item: NamedPlace) -> bool:
    return named.mention.divisions[-1].is_inside(item.mention.divisions[-1])


def _is_around(named: NamedPlace, item: NamedPlace) -> bool:
    mine, theirs = named.mention.divisions[-1], item.mention.divisions[-1]
    return mine == theirs or theirs.is_inside(mine)


def _stands_alone(named: NamedPlace) -> bool:
    end = named.mention.end
    return is_set_off(numerals.half_width(named.text[end : end + 2]))


def _from_headings(paragraph: Paragraph, item: NamedPlace | None, near: bool) -> NamedPlace | None:
    """The place of the innermost heading that names one: a title that is a place, or any where nothing is nearer."""
    around = item.mention.divisions if item else ()
    for section in reversed(paragraph.section_path):
        mention = heading_place(section.title, around) if section.title else None
        if mention is None:
            continue
        named = NamedPlace(mention, section.title)
        opens = mention.start == 0 and (
            _stands_alone(named) or (item is not None and _is_more_specific(named, item))
        )
        if item is None or not near or (opens and not _is_around(named, item)):
            return named
    return None
