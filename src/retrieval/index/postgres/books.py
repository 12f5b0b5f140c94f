"""The arrays of a generation that every reader holds: columns of numbers, shared texts, term statistics, codebooks."""

from __future__ import annotations

import functools
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from retrieval.index import Index
from retrieval.index.lexical import BM25Index, Hashes, TermCounts, terms_by_text, vocabulary_of
from retrieval.index.postgres.server import Connection, Connections, schema
from retrieval.types import IntVector

if TYPE_CHECKING:
    from retrieval.index.quantized import ProductQuantizer, Quantizers

SHARED_TEXTS = ("item_texts", "section_texts")
EARLIER_IDS = "earlier_ids"
SPANS, SENTENCE_COUNTS, TEXT_SIZES = "spans", "sentence_counts", "text_sizes"
ALL_TERMS = -1
"""The row of `terms` with the hashes of all terms; the others hold the frequencies of a collection."""

_PACKED_AT_ONCE = 1 << 15
_UNPACKED = 4

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class TermStatistics:
    """The frequencies of terms in some collections."""

    hashes: Hashes
    """(terms,) in rising order."""
    frequencies: NDArray[np.int32]
    """(terms,) the number of texts that hold each."""
    size: int
    average_length: float


@dataclass(frozen=True, slots=True)
class CollectionTerms:
    """The frequencies of terms in one collection."""

    frequencies: NDArray[np.int32]
    """(terms,)"""
    length: int
    """The sum of the lengths of its texts in terms."""

    @classmethod
    def from_bytes(cls, content: bytes) -> CollectionTerms:
        numbers = np.frombuffer(content, "<i8")
        return cls(numbers[:-1].astype(np.int32), int(numbers[-1]))


class PackedBytes:
    """Bytes kept compressed, of which a slice is unpacked as it is read: texts that questions share take a third."""

    def __init__(self, content: NDArray[np.uint8]) -> None:
        blocks = range(0, len(content), _PACKED_AT_ONCE)
        self._blocks = [zlib.compress(content[at : at + _PACKED_AT_ONCE].tobytes()) for at in blocks]
        self._unpacked = functools.lru_cache(_UNPACKED)(lambda number: zlib.decompress(self._blocks[number]))

    def __getitem__(self, span: slice) -> NDArray[np.uint8]:
        first = span.start // _PACKED_AT_ONCE
        numbers = range(first, -(-span.stop // _PACKED_AT_ONCE))
        content = b"".join(map(self._unpacked, numbers))
        at = first * _PACKED_AT_ONCE
        return np.frombuffer(content, np.uint8)[span.start - at : span.stop - at]


def write_books(connection: Connection, index: Index, hashes: Hashes, quantizers: Quantizers | None) -> None:
    """Write the arrays and the term statistics of an index in files."""
    statement = schema.in_schema(
        "insert into {schema}.books(name, kind, shape, content) values (%b, %b, %b, %b)", index.name
    )
    for name, array in _books(index, quantizers).items():
        shape = list(array.shape)
        connection.execute(statement, [name, array.dtype.str, shape, np.ascontiguousarray(array).tobytes()])
    statement = schema.in_schema(
        "insert into {schema}.terms(collection, content) values (%b, %b)", index.name
    )
    connection.execute(statement, [ALL_TERMS, np.asarray(hashes, "<u8").tobytes()])
    for collection, content in _frequencies(index, hashes):
        connection.execute(statement, [collection, content.tobytes()])


def _books(index: Index, quantizers: Quantizers | None) -> dict[str, Array]:
    arrays: dict[str, Array] = {f"columns.{name}": array for name, array in index.passages.columns.items()}
    for name in SHARED_TEXTS:
        content, starts = index.passages.shared_texts(name).arrays
        arrays |= {f"{name}.content": content, f"{name}.starts": starts}
    arrays[SPANS] = np.asarray(index.spans[:], np.int32)
    starts, ends = index.sentence_ranges(np.arange(len(index.passages), dtype=np.int64))
    arrays[SENTENCE_COUNTS] = (ends - starts).astype(np.int32)
    arrays[TEXT_SIZES] = index.passages.text_sizes.astype(np.int32)
    arrays[EARLIER_IDS] = index.passages.earlier_ids.rows
    if quantizers:
        arrays |= _quantizer("sentences", quantizers.sentences) | _quantizer("tokens", quantizers.tokens)
    return arrays


def _quantizer(name: str, quantizer: ProductQuantizer) -> dict[str, Array]:
    return {f"{name}.{part.name}": getattr(quantizer, part.name) for part in fields(quantizer)}


def _frequencies(index: Index, hashes: Hashes) -> Iterator[tuple[int, Array]]:
    """For each collection its number, and the frequency of each term in it; then the sum of the lengths."""
    names = index.passages.collections
    lengths = np.asarray(cast("BM25Index", index.bm25).lengths)
    for number, name in enumerate(names):
        positions = index.passages.positions_in([name])
        own = cast("BM25Index", index.bm25.taking(positions)) if len(names) > 1 else index.bm25
        frequencies = _frequencies_of(cast("BM25Index", own), hashes)
        yield number, np.append(frequencies, int(lengths[positions].sum())).astype("<i8")


def _frequencies_of(bm25: BM25Index, hashes: Hashes) -> IntVector:
    totals = np.zeros(len(hashes), np.int64)
    for segment in bm25.segments:
        totals[np.searchsorted(hashes, segment.hashes)] += np.diff(segment.starts)
    return totals


def vocabulary(index: Index) -> Hashes:
    """The hashes of all terms of an index in files, in rising order."""
    return vocabulary_of(cast("BM25Index", index.bm25))


def length_of(index: Index, position: int) -> int:
    """The number of terms of a text of an index in files, repeated ones counted."""
    return int(cast("BM25Index", index.bm25).lengths[position])


def terms_of(index: Index, hashes: Hashes) -> Iterator[TermCounts]:
    """The terms of each text of an index in files."""
    return terms_by_text(cast("BM25Index", index.bm25), hashes)


def read_books(connections: Connections, generation: str) -> dict[str, Array]:
    """The arrays by name; raises ServerError."""
    statement = schema.in_schema("select name, kind, shape, content from {schema}.books", generation)
    rows = connections.read(statement)
    return {name: np.frombuffer(content, kind).reshape(shape) for name, kind, shape, content in rows}


def read_terms(connections: Connections, generation: str) -> tuple[Hashes, Mapping[int, CollectionTerms]]:
    """The hashes of all terms, and by the number of a collection their frequencies in it."""
    statement = schema.in_schema("select collection, content from {schema}.terms", generation)
    rows: dict[int, bytes] = dict(connections.read(statement))
    hashes = np.frombuffer(rows.pop(ALL_TERMS), "<u8")
    return hashes, {number: CollectionTerms.from_bytes(content) for number, content in rows.items()}


def statistics_at(
    hashes: Hashes,
    collections: Mapping[int, CollectionTerms],
    collection_of: NDArray[np.int32],
    positions: IntVector | None,
) -> TermStatistics:
    """The statistics of the passages at the positions, which are whole collections; of all for None."""
    numbers = np.unique(collection_of if positions is None else collection_of[positions]).tolist()
    chosen = [collections[number] for number in numbers]
    size = len(collection_of if positions is None else positions)
    length = sum(collection.length for collection in chosen)
    return TermStatistics(hashes, _added(chosen, len(hashes)), size, length / max(size, 1))


def _added(chosen: Sequence[CollectionTerms], terms: int) -> NDArray[np.int32]:
    """(terms,) the sums of their frequencies; those of a single collection are not copied."""
    if len(chosen) == 1:
        return chosen[0].frequencies
    total = np.zeros(terms, np.int32)
    for each in chosen:
        total += each.frequencies
    return total
