"""The bulletins as a person leafs through them: provinces, places, items, sections; bulletins as they came."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar
from weakref import WeakKeyDictionary

from retrieval.generation import Generation
from retrieval.text import fold
from retrieval.types import Passage

_Grouped = TypeVar("_Grouped")


@dataclass(frozen=True, slots=True)
class SectionOfItem:
    """The passages under one outermost heading, or the lead; never empty."""

    passages: tuple[Passage, ...]

    @property
    def first(self) -> Passage:
        return self.passages[0]


@dataclass(frozen=True, slots=True)
class Item:
    """What one bulletin says of one place; never empty."""

    sections: tuple[SectionOfItem, ...]

    @property
    def first(self) -> Passage:
        return self.sections[0].first

    @property
    def passages(self) -> tuple[Passage, ...]:
        return tuple(passage for section in self.sections for passage in section.passages)


@dataclass(frozen=True, slots=True)
class CataloguePlace:
    """A place with its items, in the order of the bulletins."""

    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Province:
    """A province with the places in it, itself perhaps among them."""

    name: str
    places: tuple[CataloguePlace, ...]

    @property
    def first(self) -> Passage:
        return self.places[0].items[0].first


@dataclass(frozen=True, slots=True)
class CatalogueBulletin:
    """A bulletin with its items."""

    label: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a passage stands: everything around it that a button may lead to."""

    passage: Passage
    previous: Passage | None
    next: Passage | None
    """The passages beside it in its bulletin."""
    section: SectionOfItem
    item: Item
    place: CataloguePlace | None
    province: Province | None
    bulletin: CatalogueBulletin


class Catalogue:
    """All passages of a generation, grouped; names that differ only in script are one."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        items = [Item(_sections(group)) for group in _runs(passages, _item_path)]
        self.bulletins = tuple(
            CatalogueBulletin(group[0].first.bulletin, tuple(group))
            for group in _grouped(items, lambda item: (item.first.file, item.first.bulletin))
        )
        placed = [item for item in items if item.first.place]
        places = [
            CataloguePlace(group[0].first.place_name or "", tuple(group))
            for group in _grouped(placed, lambda item: fold(item.first.place_name or ""))
        ]
        self.provinces = tuple(
            Province(_province(group[0]), tuple(group))
            for group in _grouped(places, lambda place: fold(_province(place)))
        )
        self._spots = {spot.passage.passage_id: spot for spot in self._all_spots(items)}

    def spot(self, passage_id: str) -> Spot | None:
        """Where the passage of that id stands; None if there is none."""
        return self._spots.get(passage_id)

    @property
    def places(self) -> tuple[CataloguePlace, ...]:
        """All places, province by province."""
        return tuple(place for province in self.provinces for place in province.places)

    def _all_spots(self, items: Iterable[Item]) -> Iterable[Spot]:
        bulletins = {id(item): bulletin for bulletin in self.bulletins for item in bulletin.items}
        around = {
            id(item): (place, province)
            for province in self.provinces
            for place in province.places
            for item in place.items
        }
        beside = dict(_neighbours(self.bulletins))
        for item in items:
            place, province = around.get(id(item), (None, None))
            for section in item.sections:
                for passage in section.passages:
                    before, after = beside[passage.passage_id]
                    yield Spot(passage, before, after, section, item, place, province, bulletins[id(item)])


_CATALOGUES: WeakKeyDictionary[Generation, Catalogue] = WeakKeyDictionary()


def catalogue_of(generation: Generation) -> Catalogue:
    """The catalogue of a generation, made once and let go with it."""
    found = _CATALOGUES.get(generation)
    if found is None:
        found = _CATALOGUES[generation] = Catalogue(generation.passages)
    return found


def _item_path(passage: Passage) -> tuple[str, str, str | None]:
    return passage.file, passage.bulletin, passage.place_name


def _sections(passages: Iterable[Passage]) -> tuple[SectionOfItem, ...]:
    runs = _runs(passages, lambda passage: passage.section_path[:1])
    return tuple(SectionOfItem(tuple(run)) for run in runs)


def _province(place: CataloguePlace) -> str:
    found = place.items[0].first.place
    return (found.province if found else None) or place.name


def _neighbours(
    bulletins: Iterable[CatalogueBulletin],
) -> Iterable[tuple[str, tuple[Passage | None, Passage | None]]]:
    for bulletin in bulletins:
        row = [passage for item in bulletin.items for passage in item.passages]
        for passage, before, after in zip(row, [None, *row], [*row[1:], None], strict=False):
            yield passage.passage_id, (before, after)


def _runs(values: Iterable[Passage], key: Callable[[Passage], object]) -> Iterable[list[Passage]]:
    return [list(group) for _, group in groupby(values, key=key)]


def _grouped(values: Iterable[_Grouped], key: Callable[[_Grouped], object]) -> list[list[_Grouped]]:
    """The values that share a key together, in the order in which the keys first come."""
    groups: dict[object, list[_Grouped]] = {}
    for value in values:
        groups.setdefault(key(value), []).append(value)
    return list(groups.values())
