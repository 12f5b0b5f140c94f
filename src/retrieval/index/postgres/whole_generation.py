"""A whole generation read from a server into memory: a small one to be served, any one to be written to a folder."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, LiteralString

import numpy as np
from psycopg.sql import SQL

from retrieval.errors import DamagedIndexError
from retrieval.index import Parts
from retrieval.index.lexical import TermCounts, index_of_terms
from retrieval.index.postgres import books
from retrieval.index.postgres.row_batch import GROUPED, RowBatch
from retrieval.index.postgres.server import Connections, ServerError, schema
from retrieval.index.postgres.server_vectors import coded_tokens, exact_tokens, sentence_vectors
from retrieval.index.postgres.stored_passages import KEY_BYTES, VECTOR
from retrieval.index.vectors import FaissIndex, VectorParts
from retrieval.storage import PassageStore, earlier_ids, text_column
from retrieval.types import FloatMatrix, IntVector, TextKeys

if TYPE_CHECKING:
    from retrieval.index.quantized import ProductQuantizer

logger = logging.getLogger(__name__)

_AT_ONCE = 1024
_OBJECTS_CACHED = 1024
"""Passages, items and section paths kept as objects: those of a hundred answers."""
_BLOCK: LiteralString = "select generate_series(%(first)s::int, %(last)s::int) as position"
_EXACT: LiteralString = """
(select position, length, body, folded, original, recognized, term_numbers, term_counts, token_counts,
        coalesce(exact_sentences, sentences) as sentences, coalesce(exact_tokens, tokens) as tokens
 from {schema}.contents)
"""
_VECTORS: LiteralString = """
select paragraph, (select p.paragraph::real[] from {schema}.passages p
                   where p.position = c.position and c.paragraph is null), keys
from {schema}.contents c where position between %(first)s and %(last)s order by position
"""
_PICTURE: LiteralString = "select picture from {schema}.pictures where position = %(position)s"


class ServerPictures:
    """The pictures of passages that were read from scans, each read as it is shown."""

    def __init__(self, connections: Connections, generation: str) -> None:
        self._connections = connections
        self._generation = generation

    def picture(self, position: int) -> bytes | None:
        """The picture of the passage at the position, or None, also where the server cannot be reached."""
        statement = schema.in_schema(_PICTURE, self._generation)
        try:
            rows = self._connections.read(statement, {"position": position})
        except ServerError as error:
            logger.warning("%s", error)
            return None
        return bytes(rows[0][0]) if rows else None


def store_of(
    arrays: Mapping[str, books.Array],
    texts: Mapping[str, text_column.Texts],
    connections: Connections,
    generation: str,
) -> PassageStore:
    """The passages of these texts, with their columns and what they share."""
    prefix = "columns."
    columns = {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
    shared = {
        name: text_column.TextColumn(books.PackedBytes(arrays[f"{name}.content"]), arrays[f"{name}.starts"])
        for name in books.SHARED_TEXTS
    }
    ids = earlier_ids.EarlierIds(arrays[books.EARLIER_IDS])
    pictures = ServerPictures(connections, generation)
    return PassageStore(columns, {**shared, **texts}, ids, pictures, objects_cached=_OBJECTS_CACHED)


def quantizer_of(arrays: Mapping[str, books.Array], name: str) -> ProductQuantizer | None:
    """The codebook of the sentences or of the tokens; None where their vectors are not coded."""
    prefix = f"{name}."
    parts = {each.removeprefix(prefix): array for each, array in arrays.items() if each.startswith(prefix)}
    if not parts:
        return None
    from retrieval.index.quantized import ProductQuantizer

    return ProductQuantizer(**parts)


def read_whole(connections: Connections, generation: str) -> Parts:
    """The parts of a generation, as those of a folder; raises ServerError."""
    arrays = books.read_books(connections, generation)
    hashes, _ = books.read_terms(connections, generation)
    size = len(arrays[books.SENTENCE_COUNTS])
    rows = _read_rows(connections, generation, size)
    keys, paragraphs, is_exact = _read_paragraphs(connections, generation, size)
    stored = [rows.text(row) for row in range(size)]
    texts = {
        "texts": text_column.TextColumn.from_texts(each.text for each in stored),
        "folded": text_column.TextColumn.from_texts(each.folded for each in stored),
    }
    if any(each.recognized for each in stored):
        texts["recognized_texts"] = text_column.TextColumn.from_texts(each.recognized for each in stored)
    vectors = _exact_vectors(rows, paragraphs) if is_exact else _coded_vectors(rows, paragraphs, arrays)
    return Parts(
        passages=store_of(arrays, texts, connections, generation),
        bm25=index_of_terms(hashes, list(_terms_of(rows)), rows.lengths),
        paragraphs=vectors.paragraphs,
        sentences=vectors.sentences,
        tokens=vectors.tokens,
        spans=arrays[books.SPANS],
        keys=keys,
    )


def _read_rows(connections: Connections, generation: str, count: int) -> RowBatch:
    """The contents of all passages, with the exact vectors of sentences where they are kept."""
    exact = schema.in_schema(_EXACT, generation)
    statement = schema.in_schema(GROUPED, generation, chosen=SQL(_BLOCK), contents=exact)
    blocks = (connections.read(statement, bounds) for bounds in _bounds(count))
    return RowBatch.from_records([record for records in blocks for record in records])


def _bounds(count: int) -> Iterator[dict[str, int]]:
    """The first and the last position of each block."""
    for first in range(0, count, _AT_ONCE):
        yield {"first": first, "last": first + _AT_ONCE - 1}


def _terms_of(rows: RowBatch) -> Iterator[TermCounts]:
    for start, end in itertools.pairwise(rows.term_starts.tolist()):
        yield TermCounts(rows.term_numbers[start:end], rows.term_counts[start:end])


def _read_paragraphs(
    connections: Connections, generation: str, count: int
) -> tuple[TextKeys, FloatMatrix, bool]:
    """The keys of the texts of all passages, (passages, dimension) their vectors, and whether they are exact."""
    paragraphs, keys, is_exact = [], [], False
    statement = schema.in_schema(_VECTORS, generation)
    for bounds in _bounds(count):
        for exact, half, own_keys in connections.read(statement, bounds):
            paragraphs.append(np.asarray(half, np.float32) if exact is None else np.frombuffer(exact, VECTOR))
            is_exact = is_exact or exact is not None
            keys.append(np.frombuffer(own_keys, np.uint8).reshape(-1, KEY_BYTES))
    of_texts = TextKeys(np.stack([own[0] for own in keys]), np.concatenate([own[1:] for own in keys]))
    return of_texts, np.stack(paragraphs).astype(np.float32), is_exact


def _exact_vectors(rows: RowBatch, paragraphs: FloatMatrix) -> VectorParts:
    own, owners = _owners(rows)
    dimension = paragraphs.shape[1]
    return VectorParts(
        FaissIndex.build(paragraphs, own),
        FaissIndex.build(sentence_vectors(rows, dimension, None), owners),
        exact_tokens(rows, dimension),
    )


def _coded_vectors(rows: RowBatch, paragraphs: FloatMatrix, arrays: Mapping[str, books.Array]) -> VectorParts:
    from retrieval.index.quantized import IVFIndex, QuantizedSentences, QuantizedVectors

    of_sentences, of_tokens = quantizer_of(arrays, "sentences"), quantizer_of(arrays, "tokens")
    if of_sentences is None or of_tokens is None:
        raise DamagedIndexError("A generation on the server lacks its codebooks: run `bulletin-bot rebuild`.")
    own, owners = _owners(rows)
    content = np.frombuffer(rows.sentences, np.uint8)
    codes = QuantizedVectors(of_sentences, content.reshape(-1, of_sentences.row_bytes))
    return VectorParts(
        IVFIndex.build(paragraphs, own), QuantizedSentences(codes, owners), coded_tokens(rows, of_tokens)
    )


def _owners(rows: RowBatch) -> tuple[IntVector, IntVector]:
    """(passages,) their positions; (sentences,) the position of the passage of each."""
    own = np.arange(len(rows.positions), dtype=np.int64)
    return own, np.repeat(own, np.diff(rows.sentence_starts))
