"""The passages of an index: texts and paths in mapped arrays, made into objects on access."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

from retrieval.language import fold
from retrieval.storage.array_files import AnyArray, map_arrays, save_arrays
from retrieval.storage.earlier_ids import EarlierIds
from retrieval.storage.passage_columns import (
    COLUMNS,
    NONE,
    RECOGNIZED,
    TEXTS,
    BulletinName,
    Codes,
    ColumnBuilder,
    columns_at,
    id_number,
    sections_to_json,
)
from retrieval.storage.passage_readers import OBJECTS_CACHED, passage_readers
from retrieval.storage.pictures import Pictures, PictureSource, save_pictures
from retrieval.storage.text_column import TextColumn, Texts
from retrieval.types import IntVector, Passage, Place


class PassageStore(Sequence[Passage]):
    """Passages in the order of the bulletins, with places, bulletins and items of all as columns of numbers."""

    def __init__(
        self,
        columns: dict[str, AnyArray],
        texts: Mapping[str, Texts],
        earlier_ids: EarlierIds | None = None,
        pictures: PictureSource | None = None,
        *,
        objects_cached: int = OBJECTS_CACHED,
    ) -> None:
        self.earlier_ids = earlier_ids or EarlierIds.of(())
        self._columns = columns
        self._texts = texts
        self._pictures = pictures
        self._item, self._passage = passage_readers(columns, texts, objects_cached)

    @classmethod
    def from_passages(cls, passages: Iterable[Passage], folding: Callable[[str], str] = fold) -> PassageStore:
        """A store of the passages and of their folded texts; a store is returned as it is."""
        if isinstance(passages, PassageStore):
            return passages
        builder = ColumnBuilder()
        texts = TextColumn.from_texts(map(builder.add, passages))
        stored = {
            "texts": texts,
            "folded": TextColumn.from_texts(map(folding, texts)),
            "item_texts": TextColumn.from_texts(item.to_json() for item in builder.items),
            "section_texts": TextColumn.from_texts(map(sections_to_json, builder.sections)),
        }
        if any(builder.recognitions):
            stored[RECOGNIZED] = TextColumn.from_texts(builder.recognitions)
        return cls(builder.columns(), stored)

    @property
    def folded(self) -> Texts:
        """The folded text of each passage."""
        return self._texts["folded"]

    @property
    def text_sizes(self) -> IntVector:
        """(passages,) the length of each text in UTF-16 units."""
        return self._texts["texts"].sizes

    def __len__(self) -> int:
        return len(self._columns["ids"])

    @overload
    def __getitem__(self, position: int) -> Passage: ...
    @overload
    def __getitem__(self, position: slice) -> tuple[Passage, ...]: ...
    def __getitem__(self, position: int | slice) -> Passage | tuple[Passage, ...]:
        if isinstance(position, slice):
            return tuple(map(self._passage, range(*position.indices(len(self)))))
        return self._passage(range(len(self))[position])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(other) != len(self):
            return NotImplemented
        return all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    def position(self, passage_id: str) -> int | None:
        """The position of the passage of that id, or of an earlier id of the same text; None if there is none."""
        number = id_number(passage_id)
        if number is None:
            return None
        position = self._position_of(number)
        earlier = self.earlier_ids.find(number) if position is None else None
        return self._position_of(earlier.current) if earlier and earlier.is_same_text else position

    def successor(self, passage_id: str) -> int | None:
        """The position of the passage that replaced one that is gone, under the same path; None if there is none."""
        number = id_number(passage_id)
        earlier = None if number is None else self.earlier_ids.find(number)
        return self._position_of(earlier.current) if earlier else None

    def holds(self, number: int) -> bool:
        """Whether a passage has the number as its present id."""
        return self._position_of(number) is not None

    def _position_of(self, number: int) -> int | None:
        ids, order = self._columns["ids"], self._columns["order"]
        rank = int(np.searchsorted(ids, np.uint64(number), sorter=order))
        position = int(order[rank]) if rank < len(order) else NONE
        return position if position != NONE and int(ids[position]) == number else None

    def repeated_id(self) -> str | None:
        """An id that two passages share; None if there is none."""
        ordered = self.ids[self._columns["order"]]
        twice = np.flatnonzero(ordered[1:] == ordered[:-1])
        return f"{int(ordered[twice[0]]):016x}" if len(twice) else None

    @property
    def ids(self) -> NDArray[np.uint64]:
        """(passages,) the ids as numbers."""
        return self._columns["ids"]

    @functools.cached_property
    def places(self) -> tuple[Place, ...]:
        """The different places, in the order of the bulletins; `place_codes` are indexes of it."""
        rows = np.unique(self._columns["item_places"], return_index=True)[1]
        items = (self._item(int(row)) for row in rows)
        return tuple(item.place for item in items if item.place)

    @functools.cached_property
    def bulletins(self) -> tuple[BulletinName, ...]:
        """The different bulletins, in their order; `bulletin_codes` are indexes of it."""
        rows = np.unique(self._columns["item_bulletins"], return_index=True)[1]
        return tuple(self._item(int(row)).bulletin_name for row in rows)

    @functools.cached_property
    def place_codes(self) -> Codes:
        """(passages,) the index in `places` of the place of each passage; -1 for none."""
        return self._of_items("item_places")

    @functools.cached_property
    def bulletin_codes(self) -> Codes:
        """(passages,) the index in `bulletins` of the bulletin of each passage."""
        return self._of_items("item_bulletins")

    @functools.cached_property
    def collections(self) -> tuple[str | None, ...]:
        """The names of the different collections, in their order; None alone where all is one."""
        return tuple(dict.fromkeys(bulletin.collection for bulletin in self.bulletins))

    def positions_in(self, collections: Iterable[str | None]) -> IntVector:
        """The positions of the passages of these collections, in order."""
        wanted = frozenset(collections)
        codes = [code for code, bulletin in enumerate(self.bulletins) if bulletin.collection in wanted]
        return np.flatnonzero(np.isin(self.bulletin_codes, codes)).astype(np.int64)

    def taking(self, positions: IntVector) -> PassageStore:
        """The passages at the positions, in order, as a store of their own; texts of one range are not copied.

        Pictures stay with the whole store.
        """
        columns, items = columns_at(positions, self._columns)
        own = [name for name in ("texts", "folded", RECOGNIZED) if name in self._texts]
        texts = {name: self._texts[name].taking(positions) for name in own}
        texts["item_texts"] = self._texts["item_texts"].taking(items)
        return PassageStore(columns, {**self._texts, **texts}, self.earlier_ids)

    def positions_of(self, bulletin: str, place: str | None) -> list[int]:
        """The positions of the passages of any bulletin of that label, about a place of that name; None is no place."""
        bulletins = [code for code, known in enumerate(self.bulletins) if known.label == bulletin]
        places = [code for code, known in enumerate(self.places) if known.name == place]
        codes = self.place_codes
        about = np.isin(codes, places) if place is not None else codes == NONE
        positions: list[int] = np.flatnonzero(about & np.isin(self.bulletin_codes, bulletins)).tolist()
        return positions

    @functools.cached_property
    def item_starts(self) -> IntVector:
        """(items + 1,) the first position of each item (same file, bulletin and place, consecutive), and the end."""
        codes = self._of_items("item_runs")
        changes = np.flatnonzero(np.diff(codes)) + 1
        return np.unique(np.concatenate([[0], changes, [len(codes)]])).astype(np.int64)

    def _of_items(self, name: str) -> Codes:
        return np.asarray(self._columns[name][self._columns["items"]], np.int32)

    def count_by_place(self) -> dict[str, int]:
        """The number of passages about each place by its name, in the order of first occurrence; "" for none."""
        codes, first_positions, counts = np.unique(self.place_codes, return_index=True, return_counts=True)
        names = [self.places[code].name if code != NONE else "" for code in codes.tolist()]
        totals: Counter[str] = Counter()
        for row in np.argsort(first_positions).tolist():
            totals[names[row]] += int(counts[row])
        return dict(totals)

    def missing_from(self, other: PassageStore) -> list[Passage]:
        """The passages whose ids the other store lacks, in order."""
        missing = np.flatnonzero(~np.isin(self.ids, other.ids))
        return [self[int(position)] for position in missing]

    def picture(self, position: int) -> bytes | None:
        """The picture (JPEG) of a passage that was read from one, or None where it has none."""
        return self._pictures.picture(position) if self._pictures else None

    @property
    def columns(self) -> Mapping[str, AnyArray]:
        """The columns of numbers by name, to be written elsewhere."""
        return self._columns

    def shared_texts(self, name: str) -> TextColumn:
        """`item_texts` or `section_texts`: JSON that passages share, to be written elsewhere."""
        return TextColumn.from_texts(self._texts[name][:])

    def recognition(self, position: int) -> str:
        """The reading of the passage from a picture, as JSON; empty where it was not."""
        recognized = self._texts.get(RECOGNIZED)
        return "" if recognized is None else recognized[position]

    def recognized_positions(self) -> list[int]:
        """The positions of the passages that were read from a picture, in order."""
        recognized = self._texts.get(RECOGNIZED)
        return [] if recognized is None else [place for place in range(len(self)) if recognized[place]]

    def save_pictures(self, folder: Path, picture_of: Callable[[Passage], bytes | None]) -> None:
        """Write the pictures of the passages that were read from one, below the folder of the store."""
        passages = ((position, self[position]) for position in self.recognized_positions())
        pictures = ((position, picture_of(passage)) for position, passage in passages)
        save_pictures(folder, ((position, picture) for position, picture in pictures if picture))

    def save(self, folder: Path) -> None:
        save_arrays(folder, self._columns)
        for name, texts in self._texts.items():
            texts.save(folder / name)

    @classmethod
    def load(cls, folder: Path) -> PassageStore:
        names = (*TEXTS, RECOGNIZED) if (folder / RECOGNIZED).is_dir() else TEXTS
        texts = {name: TextColumn.load(folder / name) for name in names}
        return cls(map_arrays(folder, *COLUMNS), texts, EarlierIds.load(folder), Pictures.load(folder))
