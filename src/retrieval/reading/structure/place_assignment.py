"""Assigns a place to each paragraph: the one it opens with, of its headings, of its item, else of bulletin or file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.language import first_sentence, fold, numerals
from retrieval.places import Division, PlaceMention, area_within, display_place, is_unplaced
from retrieval.reading.lines import Line, LineKind, boilerplate
from retrieval.reading.structure.items import Item, LineFinding, Paragraph
from retrieval.reading.structure.predicates import (
    has_predicate,
    level_of_office,
    opens_with_organisation,
)
from retrieval.reading.structure.subject_places import heading_place, is_set_off, lead_place
from retrieval.types import Place, Section

# A longer sentence is a line that lost its punctuation.
_LONGEST_LEAD = 600
# A file that names no place and has so many items of places of their own reports from all over the country.
_FEWEST_OF_DIGEST = 3
_LEVELS = {"省": "province", "市": "city"}


@dataclass(frozen=True, slots=True)
class PlacedParagraph:
    """A paragraph with its place and the lead sentence of its item."""

    line: Line
    section_path: tuple[Section, ...]
    place: Place | None
    lead: str


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place and the text that names it."""

    mention: PlaceMention
    text: str

    @property
    def place(self) -> Place:
        return display_place(self.mention, self.text)

    @property
    def is_set_off(self) -> bool:
        """Whether the text goes on with a colon or a closing bracket after the name, or ends there."""
        return is_set_off(numerals.half_width(self.text[self.mention.end : self.mention.end + 2]))

    @property
    def acts(self) -> bool:
        """Whether the text goes on with what the place does."""
        return has_predicate(fold(self.text[self.mention.end : self.mention.end + 20]))

    @property
    def is_city(self) -> bool:
        """Whether it is a city of any level, as a county-level one is."""
        return self.mention.divisions[-1].name.endswith("市")

    def or_fuller(self, other: NamedPlace | None) -> NamedPlace:
        """The other if it is the same place and names more of the areas around it: 浙江紹興 for 紹興市.

        岳陽 below 湖南岳陽 is that city, and not the county of the same name in it.
        """
        if other is None:
            return self
        *wider, narrowest = other.mention.divisions
        typed = fold(self.text[self.mention.start : self.mention.end])
        is_fuller = narrowest == self.mention.divisions[-1] and len(wider) >= len(self.mention.divisions)
        is_shortened = bool(wider) and typed in (narrowest.short, narrowest.bare)
        return other if is_fuller or is_shortened else self

    def within(self, outer: NamedPlace | None) -> NamedPlace:
        """The same place; an area of unknown location is put inside the outer place."""
        *wider, narrowest = self.mention.divisions
        if outer is None or not is_unplaced(narrowest):
            return self
        area = area_within(outer.mention.divisions[-1], narrowest.name)
        return replace(self, mention=replace(self.mention, divisions=(*wider, area)))


@dataclass(frozen=True, slots=True)
class PlacesAround:
    """The places that the text around the items names."""

    bulletin: NamedPlace | None = None
    """Of the heading or the issuer."""
    about: NamedPlace | None = None
    """Of the title or the name of the file."""
    source: NamedPlace | None = None
    """Of the office that a page gives as its source: a site may as well collect news from everywhere."""

    def fallback(self, items: Sequence[NamedPlace]) -> tuple[NamedPlace | None, str]:
        """The place of paragraphs that name none, and where it is named; the source's only if all items lie in it."""
        if named := self.bulletin or self.about:
            return named, "its bulletin" if self.bulletin else "its file"
        is_source = self.source is not None and all(_contains(self.source, item) for item in items)
        return (self.source, "its source") if is_source else (None, "")


def place_paragraphs(
    items: Sequence[Item], around: PlacesAround
) -> tuple[list[PlacedParagraph], list[LineFinding]]:
    """The paragraphs of the items with their places; a finding for each item placed by its bulletin, file or source."""
    placed: list[PlacedParagraph] = []
    findings: list[LineFinding] = []
    names = (around.bulletin, around.about)
    context = tuple(division for named in names if named for division in named.mention.divisions)
    named_by_items = [_item_place(item, context) for item in items]
    fallback_place, source = around.fallback([*filter(None, named_by_items)])
    is_newsletter = len([*filter(None, named_by_items)]) >= _FEWEST_OF_DIGEST
    is_digest = fallback_place is None and is_newsletter
    for item, named_by_item in zip(items, named_by_items, strict=True):
        lead = _lead_of(item)
        item_place = named_by_item and named_by_item.within(fallback_place)
        guessed: Line | None = None
        for paragraph in item.paragraphs:
            is_apart = is_digest and _is_of_its_own(paragraph, item)
            if item_place and fallback_place and _is_of_level(paragraph, item_place, fallback_place):
                # 市城管局 below a county-level city may be its own, unless each item is a short piece of news.
                is_apart |= not item_place.is_city or (is_newsletter and not item.heading)
            inherited = None if is_apart else item_place
            named = _own_place(paragraph, item_place, fallback_place) or inherited
            guessed = paragraph.line if named is None and guessed is None else guessed
            shown = named or fallback_place
            place = shown.place if shown else None
            placed.append(PlacedParagraph(paragraph.line, paragraph.section_path, place, lead))
        if guessed and fallback_place:
            message = f"place {fallback_place.place.name} taken from {source}: a guess from afar"
            findings.append(LineFinding(guessed.number, message))
    return placed, findings


def _is_of_its_own(paragraph: Paragraph, item: Item) -> bool:
    """Whether a paragraph of a digest, below no heading, is about an organisation that is not the item's place's."""
    is_lead = paragraph is item.paragraphs[0]
    return not (is_lead or paragraph.section_path) and opens_with_organisation(fold(paragraph.line.text[:20]))


def _is_of_level(paragraph: Paragraph, item_place: NamedPlace, fallback_place: NamedPlace) -> bool:
    """Whether a paragraph below no heading is about an office of the bulletin's own level: 市城管局 after a county's news."""
    level = _LEVELS.get(level_of_office(fold(paragraph.line.text[:20])))
    around = fallback_place.mention.divisions[-1]
    is_inside = item_place.mention.divisions[-1].is_inside(around)
    return not paragraph.section_path and level == around.level and is_inside


def _lead_paragraph(item: Item) -> Paragraph:
    """The first paragraph of an item, or the one below the offices to which it is addressed."""
    first, *others = item.paragraphs
    is_address = boilerplate.forms.is_addressee_list(boilerplate.forms.plain(first.line.text))
    return others[0] if others and is_address else first


def _lead_of(item: Item) -> str:
    """The first sentence of the item's lead paragraph, unless that stands in a numbered section."""
    first = _lead_paragraph(item)
    if any(section.label for section in first.section_path):
        return ""
    return first_sentence(first.line.text[:_LONGEST_LEAD])


def _item_place(item: Item, context: tuple[Division, ...]) -> NamedPlace | None:
    """The place of an item: from its lead paragraph, else from its heading."""
    first = _lead_paragraph(item)
    heading = _named(item.heading, item.heading, context)
    if heading:
        context = (*context, *heading.mention.divisions)
    is_numbered = any(section.label for section in first.section_path)
    if is_numbered or first.line.kind is LineKind.TABLE_ROW:
        return heading
    sentence = first_sentence(first.line.text[:_LONGEST_LEAD])
    lead = lead_place(sentence, context)
    mention = first.subject if first.subject and (not lead or first.subject.start < lead.start) else lead
    return NamedPlace(mention, first.line.text).or_fuller(heading) if mention else heading


def _named(text: str, whole: str, context: tuple[Division, ...]) -> NamedPlace | None:
    mention = lead_place(text, context)
    return NamedPlace(mention, whole) if mention else None


def first_named(texts: Sequence[str]) -> NamedPlace | None:
    """The place named by the first of the texts that names one."""
    return next((named for text in texts if (named := _named(text, text, ()))), None)


def _own_place(
    paragraph: Paragraph, item_place: NamedPlace | None, fallback_place: NamedPlace | None
) -> NamedPlace | None:
    """The place that the paragraph itself or its headings name; None if it has the place of its item."""
    opening = NamedPlace(paragraph.subject, paragraph.line.text) if paragraph.subject else None
    opening = opening and opening.within(item_place or fallback_place)
    if opening and _overrides(opening, item_place, fallback_place):
        return opening
    return _heading_place(paragraph, item_place, fallback_place)


def _overrides(opening: NamedPlace, item_place: NamedPlace | None, fallback_place: NamedPlace | None) -> bool:
    """Whether the place a paragraph opens with is its own: not a partner, and no wider than its item's."""
    if item_place is None:
        if fallback_place is None or _is_more_specific(opening, fallback_place):
            return True
        return opening.is_set_off or (opening.acts and not _contains(opening, fallback_place))
    beside = opening.is_set_off or opening.acts or _shares_province(opening, item_place)
    return _is_more_specific(opening, item_place) or (not _contains(opening, item_place) and beside)


def _shares_province(named: NamedPlace, item_place: NamedPlace) -> bool:
    """A neighbour as the subject is reported on; a place far away is a partner unless it acts."""
    return named.mention.code[:2] == item_place.mention.code[:2]


def _is_more_specific(named: NamedPlace, other: NamedPlace) -> bool:
    return named.mention.divisions[-1].is_inside(other.mention.divisions[-1])


def _contains(named: NamedPlace, other: NamedPlace) -> bool:
    """Whether the other is the same place or lies inside it."""
    outer, inner = named.mention.divisions[-1], other.mention.divisions[-1]
    return outer == inner or inner.is_inside(outer)


def _heading_place(
    paragraph: Paragraph, item_place: NamedPlace | None, fallback_place: NamedPlace | None
) -> NamedPlace | None:
    """The place of the innermost heading that names one; inside a placed item, of one that is a place itself."""
    surrounding = item_place or fallback_place
    context = surrounding.mention.divisions if surrounding else ()
    for section in reversed(paragraph.section_path):
        mention = heading_place(section.title, context) if section.title else None
        if mention is None:
            continue
        named = NamedPlace(mention, section.title)
        if item_place is None:
            return named
        is_place = mention.start == 0 and (named.is_set_off or _is_more_specific(named, item_place))
        if is_place and not _contains(named, item_place):
            return named
    return None
