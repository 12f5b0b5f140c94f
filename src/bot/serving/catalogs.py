"""The catalog for browsing: provinces, places, items, sections; and bulletins in their order.

Passages are read only when shown; the catalog holds numbers, some 40 bytes an item, also of a million passages.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from retrieval.answering import bulletin_number
from retrieval.index import Index, cached_per_index
from retrieval.language import fold
from retrieval.storage import PassageStore
from retrieval.types import IntVector, Passage, Place

_Made = TypeVar("_Made")


class LazySequence(Sequence[_Made], Generic[_Made]):
    """A sequence of `count` things, each made by `make` at every access."""

    def __init__(self, count: int, make: Callable[[int], _Made]) -> None:
        self._count = count
        self._make = make

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> _Made: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[_Made, ...]: ...
    def __getitem__(self, index: int | slice) -> _Made | tuple[_Made, ...]:
        if isinstance(index, slice):
            return tuple(map(self._make, range(*index.indices(self._count))))
        return self._make(range(self._count)[index])


@dataclass(frozen=True, slots=True)
class SectionOfItem:
    """The passages under one outermost heading, or the lead; never empty."""

    passages: tuple[Passage, ...]

    @property
    def first(self) -> Passage:
        return self.passages[0]


@dataclass(frozen=True, slots=True)
class Item:
    """The passages of one bulletin about one place; never empty."""

    start: int
    end: int
    """Positions among all passages, the end exclusive."""
    _among: Sequence[Passage] = field(repr=False, compare=False)

    @property
    def first(self) -> Passage:
        return self._among[self.start]

    @property
    def passages(self) -> tuple[Passage, ...]:
        return tuple(self._among[position] for position in range(self.start, self.end))

    @property
    def sections(self) -> tuple[SectionOfItem, ...]:
        runs = groupby(self.passages, key=lambda passage: passage.section_path[:1])
        return tuple(SectionOfItem(tuple(run)) for _, run in runs)


@dataclass(frozen=True, slots=True)
class CatalogPlace:
    """A place with its items, in the order of the bulletins."""

    name: str
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Province:
    """A province with its places, which may include the province itself."""

    name: str
    places: tuple[CatalogPlace, ...]

    @property
    def first(self) -> Passage:
        return self.places[0].items[0].first


@dataclass(frozen=True, slots=True)
class CatalogBulletin:
    """A bulletin with its items."""

    label: str
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class CatalogPosition:
    """A passage with everything around it that a button may lead to."""

    passage: Passage
    previous: Passage | None
    next: Passage | None
    """The neighbours in its bulletin."""
    section: SectionOfItem
    item: Item
    place: CatalogPlace | None
    province: Province | None
    bulletin: CatalogBulletin


class _Groups:
    """Items grouped by number, each group in the order of the bulletins; items numbered -1 are in no group."""

    def __init__(self, numbers: IntVector, count: int) -> None:
        self.numbers = numbers
        self._order = np.argsort(numbers, kind="stable")
        self._starts = np.searchsorted(numbers[self._order], np.arange(count + 1))

    def items(self, group: int) -> IntVector:
        return self._order[self._starts[group] : self._starts[group + 1]]


class Catalog:
    """All passages of an index, grouped; names that differ only in script are one."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._store = store = PassageStore.from_passages(passages)
        self._starts = store.item_starts
        item_starts = self._starts[:-1]
        names = [(bulletin.file, bulletin.label) for bulletin in store.bulletins]
        self._bulletins = _grouped(names, store.bulletin_codes[item_starts])
        self._places = _grouped([fold(place.name) for place in store.places], store.place_codes[item_starts])
        labels = {key: key[1] for key in names}
        self._labels = list(labels.values())
        self.bulletins: Sequence[CatalogBulletin] = LazySequence(len(self._labels), self._bulletin)
        places = {fold(place.name): place for place in reversed(store.places)}
        known = list({fold(place.name): None for place in store.places})
        self._by_number = [self._place(number, places[name]) for number, name in enumerate(known)]
        self.provinces = tuple(_provinces(zip(self._by_number, map(places.get, known), strict=True)))

    @property
    def places(self) -> tuple[CatalogPlace, ...]:
        """Places of the bulletins, province by province, provinces in the order of the bulletins."""
        return tuple(place for province in self.provinces for place in province.places)

    def locate(self, passage_id: str) -> CatalogPosition | None:
        """The position of the passage of that id; None if there is none."""
        position = self._store.position(passage_id)
        if position is None:
            return None
        number = int(np.searchsorted(self._starts, position, side="right")) - 1
        item, bulletin = self._item(number), int(self._bulletins.numbers[number])
        place = int(self._places.numbers[number])
        passage = self._passages[position]
        return CatalogPosition(
            passage=passage,
            previous=self._beside(position, number, -1),
            next=self._beside(position, number, 1),
            section=next(section for section in item.sections if passage in section.passages),
            item=item,
            place=self._by_number[place] if place >= 0 else None,
            province=self._province_of[place] if place >= 0 else None,
            bulletin=self._bulletin(bulletin),
        )

    def successor(self, passage_id: str) -> Passage | None:
        """The passage that came in the place of one that is gone; None if none did or the id was never known."""
        position = self._store.successor(passage_id)
        return None if position is None else self._passages[position]

    @functools.cached_property
    def newest(self) -> CatalogBulletin | None:
        """The bulletin of the latest date; None if none bears a date that can be compared (20xx-05 cannot)."""
        dates = [bulletin.items[0].first.date or "" for bulletin in self.bulletins]
        dated = [number for number, date in enumerate(dates) if date and "x" not in date]
        return self.bulletins[max(dated, key=lambda number: dates[number])] if dated else None

    @functools.cached_property
    def highest_numbered(self) -> CatalogBulletin | None:
        """The bulletin of the highest number in its label; None if none has a number."""
        numbers = [bulletin_number(bulletin.label) for bulletin in self.bulletins]
        return self.bulletins[int(np.argmax(numbers))] if max(numbers, default=0) else None

    @functools.cached_property
    def _province_of(self) -> dict[int, Province]:
        numbers = {id(place): number for number, place in enumerate(self._by_number)}
        return {numbers[id(place)]: province for province in self.provinces for place in province.places}

    def _beside(self, position: int, number: int, step: int) -> Passage | None:
        """The next (step 1) or previous (step -1) passage of the bulletin, whose items need not be adjacent."""
        if self._starts[number] <= position + step < self._starts[number + 1]:
            return self._passages[position + step]
        items = self._bulletins.items(int(self._bulletins.numbers[number]))
        neighbour = int(np.searchsorted(items, number)) + step
        if not 0 <= neighbour < len(items):
            return None
        item = self._item(int(items[neighbour]))
        return self._passages[item.start if step > 0 else item.end - 1]

    def _item(self, number: int) -> Item:
        return Item(int(self._starts[number]), int(self._starts[number + 1]), self._passages)

    def _items(self, numbers: IntVector) -> Sequence[Item]:
        return LazySequence(len(numbers), lambda index: self._item(int(numbers[index])))

    def _bulletin(self, number: int) -> CatalogBulletin:
        return CatalogBulletin(self._labels[number], self._items(self._bulletins.items(number)))

    def _place(self, number: int, place: Place) -> CatalogPlace:
        return CatalogPlace(place.name, self._items(self._places.items(number)))


@cached_per_index
def catalog_of(index: Index) -> Catalog:
    """The catalog of an index, made once an index."""
    return Catalog(index.passages)


def _grouped(keys: Sequence[object], codes: NDArray[np.int32]) -> _Groups:
    """The items grouped by the key of their code; groups are numbered in the order of first appearance."""
    numbers: dict[object, int] = {}
    group_of_code = [numbers.setdefault(key, len(numbers)) for key in keys]
    return _Groups(np.asarray([*group_of_code, -1], np.int64)[codes], len(numbers))


def _provinces(places: Iterable[tuple[CatalogPlace, Place | None]]) -> Iterator[Province]:
    """The places grouped by province, both in the order of first appearance."""
    groups: dict[str, list[CatalogPlace]] = {}
    names: dict[str, str] = {}
    for shown, place in places:
        name = (place.province if place else None) or shown.name
        names.setdefault(fold(name), name)
        groups.setdefault(fold(name), []).append(shown)
    return (Province(names[key], tuple(group)) for key, group in groups.items())
