"""The texts of passages on a server, read as they are asked for."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import Literal, LiteralString, NoReturn, overload

import numpy as np

from retrieval.index.postgres.row_store import RowStore
from retrieval.index.postgres.server import schema
from retrieval.types import IntVector

Column = Literal["text", "folded", "recognized"]
_SEARCHES_CACHED = 64
_HOLDING: dict[Column, LiteralString] = {
    "text": "select position from {schema}.contents where strpos(body, %(words)s) > 0 order by position",
    "folded": (
        "select position from {schema}.contents where strpos(coalesce(folded, body), %(words)s) > 0 order by position"
    ),
    "recognized": "select position from {schema}.contents where strpos(recognized, %(words)s) > 0 order by position",
}


class ServerTexts:
    """One kind of text of the passages of an index, or of some of them numbered anew."""

    def __init__(
        self, rows: RowStore, column: Column, sizes: IntVector, positions: IntVector | None = None
    ) -> None:
        """The sizes are those of the passages' texts, folded or not, by position."""
        self._rows = rows
        self._column = column
        self.sizes = sizes
        self._size = len(sizes)
        self._positions = positions
        self._of = attrgetter(column)
        search = functools.partial(_holding, rows, column)
        self._search = functools.lru_cache(_SEARCHES_CACHED)(search)

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[str]:
        return (self[position] for position in range(self._size))

    @overload
    def __getitem__(self, position: int) -> str: ...
    @overload
    def __getitem__(self, position: slice) -> tuple[str, ...]: ...
    def __getitem__(self, position: int | slice) -> str | tuple[str, ...]:
        if isinstance(position, slice):
            return self.at(np.arange(*position.indices(self._size), dtype=np.int64))
        row = range(self._size)[position]
        text: str = self._of(self._rows.text(row if self._positions is None else int(self._positions[row])))
        return text

    def at(self, positions: IntVector) -> tuple[str, ...]:
        """The texts at the positions."""
        own = positions if self._positions is None else self._positions[positions]
        return tuple(self._of(text) for text in self._rows.texts(own))

    def holding(self, words: str) -> IntVector:
        """The positions of the texts that hold the words, in order: the server reads all texts, some 50 ms of 100,000."""
        if not words:
            return np.arange(self._size, dtype=np.int64)
        found = self._search(words)
        if self._positions is None:
            return found
        own = np.searchsorted(self._positions, found)
        inside = own < len(self._positions)
        inside[inside] = self._positions[own[inside]] == found[inside]
        return np.asarray(own[inside], np.int64)

    def among(self, words: str, positions: IntVector) -> IntVector:
        """Those of the positions whose text holds the words."""
        return positions[np.isin(positions, self.holding(words))] if len(positions) else positions

    def taking(self, positions: IntVector) -> ServerTexts:
        """The texts at the positions, in order."""
        own = positions if self._positions is None else self._positions[positions]
        return ServerTexts(self._rows, self._column, self.sizes[positions], own)

    def save(self, folder: Path) -> NoReturn:
        """Raises TypeError: a generation on a server is copied, not saved."""
        raise TypeError(f"texts on a server are not saved ({folder})")


def _holding(rows: RowStore, column: Column, words: str) -> IntVector:
    try:
        words.encode("utf-8")
    except UnicodeEncodeError:
        return np.zeros(0, np.int64)
    if "\0" in words:
        return np.zeros(0, np.int64)
    statement = schema.in_schema(_HOLDING[column], rows.generation)
    found = rows.connections.read(statement, {"words": words})
    return np.asarray([position for (position,) in found], np.int64)
