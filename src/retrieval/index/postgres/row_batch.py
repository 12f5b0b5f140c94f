"""The contents of some passages as a few arrays: what candidates of a question cost is read and held without an object each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import LiteralString

import numpy as np
from numpy.typing import NDArray

from retrieval.index.postgres.stored_passages import TERM_NUMBER, TOKEN_COUNT
from retrieval.language import fold
from retrieval.storage import row_ranges
from retrieval.types import IntVector

NUMBER = np.dtype(">i4")
"""An integer as the server sends it."""
_ABSENT = -1
_COLUMNS = 11

# The server joins the values of 32 passages, so that a question receives 150 values and not 4,000.
GROUPED: LiteralString = """
select string_agg(int4send(position), ''::bytea order by position),
       string_agg(int4send(length), ''::bytea order by position),
       string_agg(int4send(octet_length(term_counts)), ''::bytea order by position),
       string_agg(int4send(octet_length(token_counts) / 2), ''::bytea order by position),
       string_agg(term_numbers, ''::bytea order by position),
       string_agg(term_counts, ''::bytea order by position),
       string_agg(token_counts, ''::bytea order by position),
       string_agg(sentences, ''::bytea order by position),
       string_agg(tokens, ''::bytea order by position),
       string_agg(int4send(octet_length(body)) || int4send(coalesce(octet_length(folded), -1))
                  || int4send(coalesce(octet_length(original), -1)) || int4send(coalesce(octet_length(recognized), -1)),
                  ''::bytea order by position),
       string_agg(convert_to(body, 'UTF8') || coalesce(convert_to(folded, 'UTF8'), '') || coalesce(original, '')
                  || coalesce(convert_to(recognized, 'UTF8'), ''), ''::bytea order by position)
from (select (row_number() over (order by position) - 1) / 32 as part, contents.*
      from ({chosen}) chosen join {contents} contents using (position)) numbered
group by part order by part
"""
"""The records of `RowBatch.from_records`, of the positions that {chosen} selects from {contents}."""


@dataclass(frozen=True, slots=True)
class StoredText:
    """The texts of a passage."""

    text: str
    folded: str
    recognized: str


def text_from(body: str, folded: str | None, original: bytes | None, recognized: str | None) -> StoredText:
    """The texts of a passage from its columns; an original is there where the server cannot hold the text as it is."""
    if original is not None:
        text = bytes(original).decode("utf-16-le", "surrogatepass")
        return StoredText(text, fold(text), recognized or "")
    return StoredText(body, body if folded is None else folded, recognized or "")


@dataclass(frozen=True, slots=True)
class RowBatch:
    """The texts, terms and vectors of some passages, one passage after the other."""

    positions: IntVector
    """(passages,) in rising order."""
    lengths: IntVector
    """(passages,) the number of terms of each text, repeated ones counted."""
    term_starts: IntVector
    """(passages + 1,)"""
    term_numbers: NDArray[np.uint32]
    term_counts: NDArray[np.uint8]
    sentence_starts: IntVector
    """(passages + 1,)"""
    token_starts: IntVector
    """(sentences + 1,)"""
    sentences: bytes
    tokens: bytes
    text_sizes: IntVector
    """(passages, 4) the bytes of body, folded text, original and recognition; -1 for none."""
    text_starts: IntVector
    """(passages + 1,)"""
    texts: bytes

    @classmethod
    def from_records(cls, records: Iterable[Sequence[bytes]]) -> RowBatch:
        """The batch of the records of a `GROUPED` query."""
        columns: list[list[bytes]] = [[] for _ in range(_COLUMNS)]
        for record in records:
            for column, part in zip(columns, record, strict=True):
                column.append(part)
        joined = [_joined(column) for column in columns]
        positions, lengths, terms, sentences = (
            np.frombuffer(content, NUMBER).astype(np.int64) for content in joined[:4]
        )
        sizes = np.frombuffer(joined[9], NUMBER).astype(np.int64).reshape(-1, 4)
        return cls(
            positions=positions,
            lengths=lengths,
            term_starts=_starts(terms),
            term_numbers=np.frombuffer(joined[4], TERM_NUMBER),
            term_counts=np.frombuffer(joined[5], np.uint8),
            sentence_starts=_starts(sentences),
            token_starts=_starts(np.frombuffer(joined[6], TOKEN_COUNT).astype(np.int64)),
            sentences=joined[7],
            tokens=joined[8],
            text_sizes=sizes,
            text_starts=_starts(np.maximum(sizes, 0).sum(axis=1)),
            texts=joined[10],
        )

    @property
    def size(self) -> int:
        """Bytes."""
        arrays = (self.term_numbers, self.term_counts, self.token_starts, self.text_sizes)
        others = 6 * self.positions.nbytes
        return (
            sum(array.nbytes for array in arrays)
            + len(self.sentences)
            + len(self.tokens)
            + len(self.texts)
            + others
        )

    def rows_of(self, positions: IntVector) -> IntVector | None:
        """(positions,) the row of each in this batch; None unless all are in it."""
        if not len(self.positions):
            return None if len(positions) else np.zeros(0, np.int64)
        rows = np.minimum(np.searchsorted(self.positions, positions), len(self.positions) - 1)
        return rows.astype(np.int64) if np.array_equal(self.positions[rows], positions) else None

    def terms_of(self, rows: IntVector) -> tuple[IntVector, NDArray[np.uint8], IntVector]:
        """The numbers of the terms of the rows, one row after the other, their counts, and the place of each row in `rows`."""
        starts, ends = self.term_starts[rows], self.term_starts[rows + 1]
        chosen = row_ranges.numbers_of(starts, ends)
        owners = np.repeat(np.arange(len(rows), dtype=np.int64), ends - starts)
        return self.term_numbers[chosen].astype(np.int64), self.term_counts[chosen], owners

    def text(self, row: int) -> StoredText:
        """The texts of the passage in the row."""
        at = int(self.text_starts[row])
        parts: list[bytes | None] = []
        for size in self.text_sizes[row].tolist():
            parts.append(None if size == _ABSENT else self.texts[at : at + size])
            at += max(size, 0)
        body, folded, original, recognized = parts
        return text_from(_decoded(body) or "", _decoded(folded), original, _decoded(recognized))


def _joined(parts: list[bytes]) -> bytes:
    """The parts in one piece; they are let go, since there are megabytes of them."""
    whole = b"".join(parts)
    parts.clear()
    return whole


def _decoded(content: bytes | None) -> str | None:
    return None if content is None else content.decode("utf-8")


def _starts(counts: IntVector) -> IntVector:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
