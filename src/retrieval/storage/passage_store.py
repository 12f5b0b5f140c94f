"""The passages of a generation: texts and paths in mapped arrays, made into objects when they are asked for."""

from __future__ import annotations

import functools
import json
from array import array
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from retrieval.language import fold
from retrieval.storage.array_files import AnyArray, map_arrays, save_arrays
from retrieval.storage.text_column import TextColumn
from retrieval.types import IntVector, Passage, Place, Section

# Objects kept of those that were asked for last: all of a small collection, some 20 MB of a large one.
_KEPT = 8192
_COLUMNS = ("ids", "order", "lines", "items", "sections", "item_places", "item_bulletins", "item_runs")
_TEXTS = ("texts", "folded", "item_texts", "section_texts")
_NONE = -1

Codes = NDArray[np.int32]
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class BulletinName:
    """A bulletin of the collection."""

    file: str
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class _Item:
    """What the passages of one bulletin about one place share, under one lead."""

    file: str
    collection: str
    bulletin: str
    bulletin_title: str
    place: Place | None
    lead: str
    date: str | None = None
    issue: str | None = None

    @classmethod
    def of(cls, passage: Passage) -> _Item:
        return cls(
            file=passage.file,
            collection=passage.collection,
            bulletin=passage.bulletin,
            bulletin_title=passage.bulletin_title,
            place=passage.place,
            lead=passage.lead,
            date=passage.date,
            issue=passage.issue,
        )

    @classmethod
    def read(cls, text: str) -> _Item:
        file, collection, bulletin, title, place, lead, *dated = json.loads(
            text
        )  # older indexes lack date and issue
        return cls(file, collection, bulletin, title, Place(*place) if place else None, lead, *dated)

    def written(self) -> str:
        return json.dumps(astuple(self), ensure_ascii=False)


_SectionPath = tuple[Section, ...]


def _read_sections(text: str) -> _SectionPath:
    return tuple(Section(*section) for section in json.loads(text))


def _write_sections(path: _SectionPath) -> str:
    return json.dumps([astuple(section) for section in path], ensure_ascii=False)


class PassageStore(Sequence[Passage]):
    """Passages in the order of the bulletins, with what is asked of all of them at once as columns of numbers."""

    def __init__(self, columns: dict[str, AnyArray], texts: dict[str, TextColumn]) -> None:
        self._columns = columns
        self._texts = texts
        self._item = _remembered(lambda spot: _Item.read(texts["item_texts"][spot]))
        self._passage = _remembered(_reader(columns, texts, self._item))

    @classmethod
    def of(cls, passages: Iterable[Passage], folding: Callable[[str], str] = fold) -> PassageStore:
        """The passages as they are kept, with their texts folded; a store is given back as it is."""
        if isinstance(passages, PassageStore):
            return passages
        draft = _Draft()
        texts = TextColumn.of(map(draft.add, passages))
        stored = {
            "texts": texts,
            "folded": TextColumn.of(map(folding, texts)),
            "item_texts": TextColumn.of(item.written() for item in draft.items),
            "section_texts": TextColumn.of(map(_write_sections, draft.sections)),
        }
        return cls(draft.columns(), stored)

    @property
    def folded(self) -> TextColumn:
        """The folded text of each passage."""
        return self._texts["folded"]

    def __len__(self) -> int:
        return len(self._columns["ids"])

    @overload
    def __getitem__(self, spot: int) -> Passage: ...
    @overload
    def __getitem__(self, spot: slice) -> tuple[Passage, ...]: ...
    def __getitem__(self, spot: int | slice) -> Passage | tuple[Passage, ...]:
        if isinstance(spot, slice):
            return tuple(map(self._passage, range(*spot.indices(len(self)))))
        return self._passage(range(len(self))[spot])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(other) != len(self):
            return NotImplemented
        return all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    def position(self, passage_id: str) -> int | None:
        """Where the passage of that id stands; None if there is none."""
        number = _number(passage_id)
        if number is None:
            return None
        ids, order = self._columns["ids"], self._columns["order"]
        spot = int(np.searchsorted(ids, number, sorter=order))
        found = int(order[spot]) if spot < len(order) else _NONE
        return found if found != _NONE and ids[found] == number else None

    def repeated_id(self) -> str | None:
        """An id that two passages have; None where each has its own."""
        ordered = self.ids[self._columns["order"]]
        twice = np.flatnonzero(ordered[1:] == ordered[:-1])
        return f"{int(ordered[twice[0]]):016x}" if len(twice) else None

    @property
    def ids(self) -> NDArray[np.uint64]:
        """(passages,) the ids as numbers."""
        return self._columns["ids"]

    @functools.cached_property
    def places(self) -> tuple[Place, ...]:
        """The different places, in the order of the bulletins; `place_codes` counts in them."""
        firsts = np.unique(self._columns["item_places"], return_index=True)[1]
        items = (self._item(int(spot)) for spot in firsts)
        return tuple(item.place for item in items if item.place)

    @functools.cached_property
    def bulletins(self) -> tuple[BulletinName, ...]:
        """The different bulletins, in their order; `bulletin_codes` counts in them."""
        firsts = np.unique(self._columns["item_bulletins"], return_index=True)[1]
        items = (self._item(int(spot)) for spot in firsts)
        return tuple(BulletinName(item.file, item.bulletin, item.bulletin_title) for item in items)

    @functools.cached_property
    def place_codes(self) -> Codes:
        """(passages,) which of `places` each passage is about; -1 for none."""
        return self._of_items("item_places")

    @functools.cached_property
    def bulletin_codes(self) -> Codes:
        """(passages,) which of `bulletins` each passage is of."""
        return self._of_items("item_bulletins")

    def positions_of(self, bulletin: str, place: str | None) -> list[int]:
        """Where the passages stand of any bulletin of that label, about the place of that very name, or about none."""
        bulletins = [code for code, known in enumerate(self.bulletins) if known.label == bulletin]
        places = [code for code, known in enumerate(self.places) if known.name == place]
        codes = self.place_codes
        about = np.isin(codes, places) if place is not None else codes == _NONE
        found: list[int] = np.flatnonzero(about & np.isin(self.bulletin_codes, bulletins)).tolist()
        return found

    @functools.cached_property
    def item_starts(self) -> IntVector:
        """(items + 1,) where each item begins: the same file, bulletin and place, one passage after another."""
        codes = self._of_items("item_runs")
        changes = np.flatnonzero(np.diff(codes)) + 1
        return np.unique(np.concatenate([[0], changes, [len(codes)]])).astype(np.int64)

    def _of_items(self, name: str) -> Codes:
        return np.asarray(self._columns[name][self._columns["items"]], np.int32)

    def save(self, folder: Path) -> None:
        save_arrays(folder, self._columns)
        for name, texts in self._texts.items():
            texts.save(folder / name)

    @classmethod
    def load(cls, folder: Path) -> PassageStore:
        return cls(map_arrays(folder, *_COLUMNS), {name: TextColumn.load(folder / name) for name in _TEXTS})


def _remembered(read: Callable[[int], _Read]) -> Callable[[int], _Read]:
    """What was read last is not read again. A function of what it reads from alone: a store ends with its last user."""
    return functools.lru_cache(_KEPT)(read)


def _reader(
    columns: dict[str, AnyArray], texts: dict[str, TextColumn], item_of: Callable[[int], _Item]
) -> Callable[[int], Passage]:
    """What makes the passage at a position."""
    sections_of = _remembered(lambda spot: _read_sections(texts["section_texts"][spot]))

    def read(position: int) -> Passage:
        item, line = item_of(int(columns["items"][position])), int(columns["lines"][position])
        return Passage(
            passage_id=f"{int(columns['ids'][position]):016x}",
            file=item.file,
            line=None if line == _NONE else line,
            collection=item.collection,
            bulletin=item.bulletin,
            bulletin_title=item.bulletin_title,
            place=item.place,
            section_path=sections_of(int(columns["sections"][position])),
            lead=item.lead,
            text=texts["texts"][position],
            date=item.date,
            issue=item.issue,
        )

    return read


def _number(passage_id: str) -> int | None:
    """The id as a number; None for what is no id."""
    is_id = len(passage_id) == 16 and all(digit in "0123456789abcdef" for digit in passage_id)
    return int(passage_id, 16) if is_id else None


class _Draft:
    """Gathers the columns while passages go by."""

    def __init__(self) -> None:
        self.items: dict[_Item, int] = {}
        self.sections: dict[_SectionPath, int] = {}
        self._ids, self._lines, self._items, self._sections = (array("q") for _ in range(4))

    def add(self, passage: Passage) -> str:
        """Note everything but the text, which is given back. Raises ValueError for an id that is none."""
        number = _number(passage.passage_id)
        if number is None:
            raise ValueError(f"{passage.passage_id!r} is no passage id: 16 hexadecimal digits")
        self._ids.append(number - (number >> 63 << 64))
        self._lines.append(_NONE if passage.line is None else passage.line)
        self._items.append(self.items.setdefault(_Item.of(passage), len(self.items)))
        self._sections.append(self.sections.setdefault(passage.section_path, len(self.sections)))
        return passage.text

    def columns(self) -> dict[str, AnyArray]:
        ids = np.asarray(self._ids).view(np.uint64)
        runs = ((item.file, item.bulletin, item.place and item.place.name) for item in self.items)
        return {
            "ids": ids,
            "order": np.argsort(ids, kind="stable").astype(np.int32),
            "lines": np.asarray(self._lines).astype(np.int32),
            "items": np.asarray(self._items).astype(np.int32),
            "sections": np.asarray(self._sections).astype(np.int32),
            "item_places": _codes(item.place for item in self.items),
            "item_bulletins": _codes((item.file, item.bulletin, item.bulletin_title) for item in self.items),
            "item_runs": _codes(runs),
        }


def _codes(values: Iterable[Hashable]) -> Codes:
    """The different values numbered as they come; -1 for None."""
    known: dict[Hashable, int] = {}
    return np.asarray([_NONE if v is None else known.setdefault(v, len(known)) for v in values], np.int32)


def count_places(passages: Sequence[Passage]) -> dict[str, int]:
    """How many passages are about each place, by its name, in the order in which the names first come; "" for none."""
    if not isinstance(passages, PassageStore):
        return dict(Counter(passage.place_name or "" for passage in passages))
    codes, firsts, counts = np.unique(passages.place_codes, return_index=True, return_counts=True)
    names = [passages.places[code].name if code != _NONE else "" for code in codes.tolist()]
    found: Counter[str] = Counter()
    for spot in np.argsort(firsts).tolist():
        found[names[spot]] += int(counts[spot])
    return dict(found)


def only_in(one: Sequence[Passage], other: Sequence[Passage]) -> list[Passage]:
    """The passages of the first whose ids the second has not, in their order; two stores are compared by numbers."""
    if isinstance(one, PassageStore) and isinstance(other, PassageStore):
        missing = np.flatnonzero(~np.isin(one.ids, other.ids))
        return [one[int(position)] for position in missing]
    known = {passage.passage_id for passage in other}
    return [passage for passage in one if passage.passage_id not in known]
