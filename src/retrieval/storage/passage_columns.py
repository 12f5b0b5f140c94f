"""Passages as columns: numbers in arrays, what passages share (items, section paths) as JSON texts."""

from __future__ import annotations

import json
from array import array
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.storage.array_files import AnyArray
from retrieval.types import IntVector, PageRegion, Passage, Place, Recognition, Section

COLUMNS = ("ids", "order", "lines", "items", "sections", "item_places", "item_bulletins", "item_runs")
_CODES_OF_ITEMS = ("item_places", "item_bulletins", "item_runs")
TEXTS = ("texts", "folded", "item_texts", "section_texts")
RECOGNIZED = "recognized_texts"
"""Texts of a collection with scans only: the recognition of each passage as JSON."""
NONE = -1
"""The number of a missing line, place or passage."""

Codes = NDArray[np.int32]
SectionPath = tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class BulletinName:
    """A bulletin of the collection."""

    file: str
    label: str
    title: str
    collection: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """The fields that the passages of one bulletin about one place share, under one lead."""

    file: str
    collection: str | None
    bulletin: str
    bulletin_title: str
    place: Place | None
    lead: str
    date: str | None = None
    issue: str | None = None

    @property
    def bulletin_name(self) -> BulletinName:
        return BulletinName(self.file, self.bulletin, self.bulletin_title, self.collection)

    @classmethod
    def from_passage(cls, passage: Passage) -> Item:
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
    def from_json(cls, text: str) -> Item:
        # An index of an earlier version has neither date nor issue, and a title (no list) in place of the collection.
        file, within, bulletin, title, place, lead, *dated = json.loads(text)
        collection = within[0] if isinstance(within, list) else None
        return cls(file, collection, bulletin, title, Place(*place) if place else None, lead, *dated)

    def to_json(self) -> str:
        file, collection, *others = astuple(self)
        within = None if collection is None else [collection]
        return json.dumps([file, within, *others], ensure_ascii=False)


def sections_from_json(text: str) -> SectionPath:
    return tuple(Section(*section) for section in json.loads(text))


def sections_to_json(path: SectionPath) -> str:
    return json.dumps([astuple(section) for section in path], ensure_ascii=False)


def recognition_from_json(text: str) -> Recognition | None:
    if not text:
        return None
    score, source, regions = json.loads(text)
    return Recognition(score, source, tuple(PageRegion(*region) for region in regions))


def recognition_to_json(recognition: Recognition | None) -> str:
    return json.dumps(astuple(recognition)) if recognition else ""


def id_number(passage_id: str) -> int | None:
    """The id as a number; None if it is not 16 lower-case hexadecimal digits."""
    is_id = len(passage_id) == 16 and all(digit in "0123456789abcdef" for digit in passage_id)
    return int(passage_id, 16) if is_id else None


class ColumnBuilder:
    """Collects the columns of passages, one passage after the other."""

    def __init__(self) -> None:
        self.items: dict[Item, int] = {}
        self.sections: dict[SectionPath, int] = {}
        self.recognitions: list[str] = []
        """As JSON, one a passage; empty texts where it was not read from a picture."""
        self._ids, self._lines, self._items, self._sections = (array("q") for _ in range(4))

    def add(self, passage: Passage) -> str:
        """Add all fields but the text, which is returned. Raises ValueError for a malformed id."""
        number = id_number(passage.passage_id)
        if number is None:
            raise ValueError(f"{passage.passage_id!r} is no passage id: 16 hexadecimal digits")
        self._ids.append(number - (number >> 63 << 64))
        self._lines.append(NONE if passage.line is None else passage.line)
        self._items.append(self.items.setdefault(Item.from_passage(passage), len(self.items)))
        self._sections.append(self.sections.setdefault(passage.section_path, len(self.sections)))
        self.recognitions.append(recognition_to_json(passage.recognized))
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
    """The different values numbered in the order of their first occurrence; -1 for None."""
    known: dict[Hashable, int] = {}
    return np.asarray([NONE if v is None else known.setdefault(v, len(known)) for v in values], np.int32)


def columns_at(
    positions: IntVector, columns: Mapping[str, AnyArray]
) -> tuple[dict[str, AnyArray], IntVector]:
    """The columns of the passages at the positions alone, and the rows of the items that are left, in their new order."""
    items, item_rows = _by_first_occurrence(columns["items"][positions])
    taken = {name: columns[name][positions] for name in ("ids", "lines", "sections")}
    taken["order"] = np.argsort(taken["ids"], kind="stable").astype(np.int32)
    taken["items"] = item_rows
    taken |= {name: _renumbered(columns[name][items]) for name in _CODES_OF_ITEMS}
    return taken, items.astype(np.int64)


def _renumbered(codes: AnyArray) -> Codes:
    """The codes numbered anew in the order of their first occurrence; -1 stays."""
    numbers = np.full(len(codes), NONE, np.int32)
    is_code = codes != NONE
    numbers[is_code] = _by_first_occurrence(codes[is_code])[1]
    return numbers


def _by_first_occurrence(codes: AnyArray) -> tuple[AnyArray, Codes]:
    """The different codes in the order of their first occurrence, and the number of each in that order."""
    known, firsts, rows = np.unique(codes, return_index=True, return_inverse=True)
    order = np.argsort(firsts, kind="stable")
    ranks = np.empty(len(order), np.int32)
    ranks[order] = np.arange(len(order), dtype=np.int32)
    return known[order], ranks[rows]
