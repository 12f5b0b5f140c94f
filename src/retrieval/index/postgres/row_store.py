"""The rows of `contents` that questions read: many in one round trip, the latest of them kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

import numpy as np
from numpy.typing import NDArray

from retrieval.index.lexical import TermCounts
from retrieval.index.postgres.server import Connections, schema
from retrieval.index.postgres.stored_passages import TERM_NUMBER, TOKEN_COUNT
from retrieval.language import fold
from retrieval.types import IntVector

# Bytes of vectors kept: those of some 3,000 coded passages, or of 700 whose tokens take a byte a component.
_KEPT_BYTES = 24 * 2**20
_TEXTS_KEPT = 8192
# A text is seldom read alone: its neighbours come along, some 20 KB.
_BLOCK = 64
COLUMNS: LiteralString = """
position, body, folded, original, recognized, length, term_numbers, term_counts, token_counts, sentences, tokens
"""
_CONTENTS: LiteralString = """
select {columns} from {schema}.contents where position = any(%(positions)s)
"""
_TEXTS: LiteralString = """
select position, body, folded, original, recognized from {schema}.contents
where position between %(first)s and %(last)s
"""


@dataclass(frozen=True, slots=True)
class StoredText:
    """The texts of a passage."""

    text: str
    folded: str
    recognized: str


@dataclass(frozen=True, slots=True)
class StoredRow:
    """The texts, terms and vectors of a passage."""

    texts: StoredText
    terms: TermCounts
    length: int
    token_counts: NDArray[np.uint16]
    sentences: bytes
    tokens: bytes

    @property
    def size(self) -> int:
        """Bytes, about."""
        return (
            len(self.sentences)
            + len(self.tokens)
            + self.terms.numbers.nbytes
            + len(self.texts.text) * 4
            + 500
        )


def row_from(record: Sequence[Any]) -> tuple[int, StoredRow]:
    """The position and the row of a record of `COLUMNS`."""
    position, body, folded, original, recognized, length, numbers, counts, token_counts, sentences, tokens = (
        record
    )
    return position, StoredRow(
        texts=text_from(body, folded, original, recognized),
        terms=TermCounts(np.frombuffer(numbers, TERM_NUMBER), np.frombuffer(counts, np.uint8)),
        length=length,
        token_counts=np.frombuffer(token_counts, TOKEN_COUNT),
        sentences=bytes(sentences),
        tokens=bytes(tokens),
    )


def text_from(body: str, folded: str | None, original: bytes | None, recognized: str | None) -> StoredText:
    if original is not None:
        text = bytes(original).decode("utf-16-le", "surrogatepass")
        return StoredText(text, fold(text), recognized or "")
    return StoredText(body, body if folded is None else folded, recognized or "")


class RowStore:
    """The contents of one generation; safe to read from any number of threads."""

    def __init__(self, connections: Connections, generation: str) -> None:
        self.connections = connections
        self.generation = generation
        self._lock = threading.Lock()
        self._rows: OrderedDict[int, StoredRow] = OrderedDict()
        self._size = 0
        self._texts: OrderedDict[int, StoredText] = OrderedDict()

    def rows(self, positions: IntVector) -> list[StoredRow]:
        """The rows at the positions, in their order; those that are not kept are read in one round trip."""
        wanted = positions.tolist()
        with self._lock:
            known = {position: self._rows[position] for position in wanted if position in self._rows}
            for position in known:
                self._rows.move_to_end(position)
        missing = [position for position in wanted if position not in known]
        if missing:
            known |= self.add(
                self.connections.read(
                    schema.in_schema(_CONTENTS, self.generation, columns=COLUMNS), {"positions": missing}
                )
            )
        return [known[position] for position in wanted]

    def add(self, records: Iterable[Sequence[Any]]) -> dict[int, StoredRow]:
        """Keep the rows of records of `COLUMNS`; returns them by position."""
        rows = dict(map(row_from, records))
        with self._lock:
            for position, row in rows.items():
                if position not in self._rows:
                    self._size += row.size
                self._rows[position] = row
            while self._size > _KEPT_BYTES and self._rows:
                self._size -= self._rows.popitem(last=False)[1].size
        return rows

    def text(self, position: int) -> StoredText:
        """The texts at the position; its neighbours are read along."""
        with self._lock:
            row = self._rows.get(position)
            text = row.texts if row else self._texts.get(position)
        return text or self._read_block(position // _BLOCK)[position]

    def texts(self, positions: IntVector) -> list[StoredText]:
        """The texts at the positions, in their order."""
        return [self.text(position) for position in positions.tolist()]

    def _read_block(self, number: int) -> dict[int, StoredText]:
        bounds = {"first": number * _BLOCK, "last": (number + 1) * _BLOCK - 1}
        records = self.connections.read(schema.in_schema(_TEXTS, self.generation), bounds)
        texts = {position: text_from(*columns) for position, *columns in records}
        with self._lock:
            self._texts |= texts
            while len(self._texts) > _TEXTS_KEPT:
                self._texts.popitem(last=False)
        return texts
