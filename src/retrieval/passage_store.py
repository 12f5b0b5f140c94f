"""The passages of a generation: texts and paths in mapped arrays, made into objects when they are asked for."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

from retrieval.arrays import AnyArray, map_arrays, save_arrays
from retrieval.stored_texts import StoredTexts
from retrieval.text import fold
from retrieval.types import IntVector, Passage, Place, Section

# Objects kept of those that were asked for last: all of a small collection, some 20 MB of a large one.
_PASSAGES_KEPT = 8192
_COLUMNS = ("ids", "order", "lines", "paths", "path_places", "path_bulletins", "path_items")
_NONE = -1

Codes = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class BulletinName:
    """A bulletin of the collection."""

    file: str
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class _Path:
    """What the passages under one heading share."""

    file: str
    collection: str
    bulletin: str
    bulletin_title: str
    place: Place | None
    section_path: tuple[Section, ...]
    lead: str

    @classmethod
    def of(cls, passage: Passage) -> _Path:
        return cls(*(getattr(passage, name) for name in cls.__slots__))

    @classmethod
    def read(cls, text: str) -> _Path:
        *names, place, sections, lead = json.loads(text)
        return cls(*names, place and Place(*place), tuple(Section(*section) for section in sections), lead)

    def written(self) -> str:
        return json.dumps(astuple(self), ensure_ascii=False)


class PassageStore(Sequence[Passage]):
    """Passages in the order of the bulletins, with what is asked of all of them at once as columns of numbers."""

    def __init__(
        self, columns: dict[str, AnyArray], texts: StoredTexts, folded: StoredTexts, paths: StoredTexts
    ) -> None:
        self._columns = columns
        self._texts = texts
        self.folded = folded
        """The folded text of each passage."""
        self._paths = paths
        path_of = functools.lru_cache(_PASSAGES_KEPT)(lambda spot: _Path.read(paths[spot]))
        self._path = path_of
        self._passage = functools.lru_cache(_PASSAGES_KEPT)(_reader(columns, texts, path_of))

    @classmethod
    def of(cls, passages: Iterable[Passage]) -> PassageStore:
        """The passages as they are kept; a store is given back as it is."""
        if isinstance(passages, PassageStore):
            return passages
        draft = _Draft()
        texts = StoredTexts.of(map(draft.add, passages))
        folded = StoredTexts.of(map(fold, texts))
        return cls(draft.columns(), texts, folded, StoredTexts.of(path.written() for path in draft.paths))

    def __len__(self) -> int:
        return len(self._texts)

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
        firsts = np.unique(self._columns["path_places"], return_index=True)
        paths = (self._path(int(spot)) for code, spot in zip(*firsts, strict=True) if code != _NONE)
        return tuple(path.place for path in paths if path.place)

    @functools.cached_property
    def bulletins(self) -> tuple[BulletinName, ...]:
        """The different bulletins, in their order; `bulletin_codes` counts in them."""
        spots = np.unique(self._columns["path_bulletins"], return_index=True)[1]
        paths = (self._path(int(spot)) for spot in spots)
        return tuple(BulletinName(path.file, path.bulletin, path.bulletin_title) for path in paths)

    @functools.cached_property
    def place_codes(self) -> Codes:
        """(passages,) which of `places` each passage is about; -1 for none."""
        return self._of_paths("path_places")

    @functools.cached_property
    def bulletin_codes(self) -> Codes:
        """(passages,) which of `bulletins` each passage is of."""
        return self._of_paths("path_bulletins")

    @functools.cached_property
    def item_starts(self) -> IntVector:
        """(items + 1,) where each item begins: the same file, bulletin and place, one passage after another."""
        codes = self._of_paths("path_items")
        changes = np.flatnonzero(np.diff(codes)) + 1
        return np.concatenate([[0], changes, [len(codes)]]).astype(np.int64)

    def _of_paths(self, name: str) -> Codes:
        return np.asarray(self._columns[name][self._columns["paths"]], np.int32)

    def save(self, folder: Path) -> None:
        save_arrays(folder, self._columns)
        for name, texts in {"texts": self._texts, "folded": self.folded, "paths": self._paths}.items():
            texts.save(folder / name)

    @classmethod
    def load(cls, folder: Path) -> PassageStore:
        stored = (StoredTexts.load(folder / name) for name in ("texts", "folded", "paths"))
        return cls(map_arrays(folder, *_COLUMNS), *stored)


def _reader(
    columns: dict[str, AnyArray], texts: StoredTexts, path_of: Callable[[int], _Path]
) -> Callable[[int], Passage]:
    """What makes the passage at a position."""
    ids, lines, paths = columns["ids"], columns["lines"], columns["paths"]

    def read(position: int) -> Passage:
        path, line = path_of(int(paths[position])), int(lines[position])
        return Passage(
            passage_id=f"{int(ids[position]):016x}",
            file=path.file,
            line=None if line == _NONE else line,
            collection=path.collection,
            bulletin=path.bulletin,
            bulletin_title=path.bulletin_title,
            place=path.place,
            section_path=path.section_path,
            lead=path.lead,
            text=texts[position],
        )

    return read


def _number(passage_id: str) -> int | None:
    """The id as a number; None for what is no id."""
    is_id = len(passage_id) == 16 and all(digit in "0123456789abcdef" for digit in passage_id)
    return int(passage_id, 16) if is_id else None


class _Draft:
    """Gathers the columns while passages go by."""

    def __init__(self) -> None:
        self.paths: dict[_Path, int] = {}
        self._ids: list[int] = []
        self._lines: list[int] = []
        self._path_numbers: list[int] = []

    def add(self, passage: Passage) -> str:
        """Note everything but the text, which is given back. Raises ValueError for an id that is none."""
        number = _number(passage.passage_id)
        if number is None:
            raise ValueError(f"{passage.passage_id!r} is no passage id: 16 hexadecimal digits")
        self._ids.append(number)
        self._lines.append(_NONE if passage.line is None else passage.line)
        self._path_numbers.append(self.paths.setdefault(_Path.of(passage), len(self.paths)))
        return passage.text

    def columns(self) -> dict[str, AnyArray]:
        ids = np.asarray(self._ids, np.uint64)
        return {
            "ids": ids,
            "order": np.argsort(ids, kind="stable").astype(np.int32),
            "lines": np.asarray(self._lines, np.int32),
            "paths": np.asarray(self._path_numbers, np.int32),
            "path_places": _codes(path.place for path in self.paths),
            "path_bulletins": _codes((path.file, path.bulletin, path.bulletin_title) for path in self.paths),
            "path_items": _codes((path.file, path.bulletin, path.place and path.place.name) for path in self.paths),
        }


def _codes(values: Iterable[Hashable]) -> Codes:
    """The different values numbered as they come; -1 for None."""
    known: dict[Hashable, int] = {}
    return np.asarray([_NONE if v is None else known.setdefault(v, len(known)) for v in values], np.int32)


def only_in(one: Sequence[Passage], other: Sequence[Passage]) -> list[Passage]:
    """The passages of the first whose ids the second has not, in their order; two stores are compared by numbers."""
    if isinstance(one, PassageStore) and isinstance(other, PassageStore):
        missing = np.flatnonzero(~np.isin(one.ids, other.ids))
        return [one[int(position)] for position in missing]
    known = {passage.passage_id for passage in other}
    return [passage for passage in one if passage.passage_id not in known]
