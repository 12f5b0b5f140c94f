"""The contents that questions read: those of many passages in one round trip, the latest of them kept."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Mapping
from typing import LiteralString

from psycopg.sql import SQL, Composable, Composed

from retrieval.index.postgres.row_batch import GROUPED, RowBatch, StoredText, text_from
from retrieval.index.postgres.server import Connections, schema
from retrieval.types import IntVector

# Bytes of batches that a thread keeps; its latest it keeps in any case. A question is answered in one thread and needs what it
# read some times until then; the next one reads its own.
_KEPT_BYTES = 4 * 2**20
_TEXTS_KEPT = 1024
# A text is seldom read alone: its neighbours come along, some 20 KB.
_BLOCK = 64
_GIVEN: LiteralString = "select unnest(%(positions)s::int[]) as position"
_TEXTS: LiteralString = """
select position, body, folded, original, recognized from {schema}.contents
where position between %(first)s and %(last)s
"""


class RowStore:
    """The contents of one generation; safe to read from any number of threads."""

    def __init__(self, connections: Connections, generation: str) -> None:
        self.connections = connections
        self.generation = generation
        self._lock = threading.Lock()
        self._own = threading.local()
        self._texts: OrderedDict[int, StoredText] = OrderedDict()

    def rows(self, positions: IntVector) -> tuple[RowBatch, IntVector]:
        """A batch with these passages, and the row of each in it; read in one round trip unless this thread has one."""
        for batch in self._batches:
            rows = batch.rows_of(positions)
            if rows is not None:
                return batch, rows
        wanted = {"positions": sorted({*positions.tolist()})}
        batch = self.add(self.grouped(SQL(_GIVEN)), wanted)
        rows = batch.rows_of(positions)
        if rows is None:
            raise IndexError(f"a passage of {self.generation} is missing on the server")
        return batch, rows

    def grouped(self, chosen: Composable) -> Composed:
        """The statement whose records `add` takes, for the positions that a query selects."""
        contents = schema.in_schema("{schema}.contents", self.generation)
        return schema.in_schema(GROUPED, self.generation, chosen=chosen, contents=contents)

    @property
    def _batches(self) -> deque[RowBatch]:
        """Those of this thread, the latest first."""
        batches: deque[RowBatch] = self._own.__dict__.setdefault("batches", deque())
        return batches

    def add(self, statement: Composed, parameters: Mapping[str, object]) -> RowBatch:
        """Read the batch of a `GROUPED` statement; this thread keeps it, and drops its oldest ones that are too much."""
        batches = self._batches
        while batches and sum(each.size for each in batches) > _KEPT_BYTES:
            batches.pop()  # before the next one takes its place
        batch = self.connections.read_with(RowBatch.from_records, statement, parameters)
        batches.appendleft(batch)
        return batch

    def text(self, position: int) -> StoredText:
        """The texts at the position; its neighbours are read along."""
        with self._lock:
            text = self._texts.get(position)
        if text:
            return text
        for batch in self._batches:
            row = int(batch.positions.searchsorted(position))
            if row < len(batch.positions) and batch.positions[row] == position:
                return batch.text(row)
        return self._read_block(position // _BLOCK)[position]

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
