"""A whole generation read from a server into memory: a small one to be served, any one to be written to a folder."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, LiteralString

import numpy as np

from retrieval.errors import DamagedIndexError
from retrieval.index import Parts
from retrieval.index.lexical import index_of_terms
from retrieval.index.postgres import books
from retrieval.index.postgres.row_store import StoredRow, row_from
from retrieval.index.postgres.server import Connections, ServerError, schema
from retrieval.index.postgres.server_vectors import joined_codes, joined_tokens, sentence_vectors
from retrieval.index.postgres.stored_passages import KEY_BYTES, VECTOR
from retrieval.index.vectors import FaissIndex, VectorParts
from retrieval.storage import PassageStore, earlier_ids, text_column
from retrieval.types import FloatMatrix, IntVector, TextKeys

if TYPE_CHECKING:
    from retrieval.index.quantized import ProductQuantizer

logger = logging.getLogger(__name__)

_AT_ONCE = 1024
_EXACT_COLUMNS: LiteralString = """
position, body, folded, original, recognized, length, term_numbers, term_counts, token_counts,
coalesce(exact_sentences, sentences), coalesce(exact_tokens, tokens)
"""
_ROWS: LiteralString = """
select paragraph, (select p.paragraph::real[] from {schema}.passages p
                   where p.position = c.position and c.paragraph is null), keys, {columns}
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
        name: text_column.TextColumn(arrays[f"{name}.content"], arrays[f"{name}.starts"])
        for name in books.SHARED_TEXTS
    }
    ids = earlier_ids.EarlierIds(arrays[books.EARLIER_IDS])
    return PassageStore(columns, {**shared, **texts}, ids, ServerPictures(connections, generation))


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
    rows, keys, paragraphs, is_exact = _read_rows(connections, generation, len(arrays[books.SENTENCE_COUNTS]))
    texts = {
        "texts": text_column.TextColumn.from_texts(row.texts.text for row in rows),
        "folded": text_column.TextColumn.from_texts(row.texts.folded for row in rows),
    }
    if any(row.texts.recognized for row in rows):
        texts["recognized_texts"] = text_column.TextColumn.from_texts(row.texts.recognized for row in rows)
    lengths = np.asarray([row.length for row in rows], np.int64)
    vectors = _exact_vectors(rows, paragraphs) if is_exact else _coded_vectors(rows, paragraphs, arrays)
    return Parts(
        passages=store_of(arrays, texts, connections, generation),
        bm25=index_of_terms(hashes, [row.terms for row in rows], lengths),
        paragraphs=vectors.paragraphs,
        sentences=vectors.sentences,
        tokens=vectors.tokens,
        spans=arrays[books.SPANS],
        keys=keys,
    )


def _read_rows(
    connections: Connections, generation: str, count: int
) -> tuple[list[StoredRow], TextKeys, FloatMatrix, bool]:
    """The rows of all passages, the keys of their texts, (passages, dimension) their vectors, and whether they are exact."""
    rows, paragraphs, keys, is_exact = [], [], [], False
    statement = schema.in_schema(_ROWS, generation, columns=_EXACT_COLUMNS)
    for first in range(0, count, _AT_ONCE):
        bounds = {"first": first, "last": first + _AT_ONCE - 1}
        for exact, half, own_keys, *record in connections.read(statement, bounds):
            paragraphs.append(np.asarray(half, np.float32) if exact is None else np.frombuffer(exact, VECTOR))
            is_exact = is_exact or exact is not None
            keys.append(np.frombuffer(own_keys, np.uint8).reshape(-1, KEY_BYTES))
            rows.append(row_from(record)[1])
    of_texts = TextKeys(np.stack([own[0] for own in keys]), np.concatenate([own[1:] for own in keys]))
    return rows, of_texts, np.stack(paragraphs).astype(np.float32), is_exact


def _exact_vectors(rows: list[StoredRow], paragraphs: FloatMatrix) -> VectorParts:
    own, owners = _owners(rows)
    dimension = paragraphs.shape[1]
    return VectorParts(
        FaissIndex.build(paragraphs, own),
        FaissIndex.build(sentence_vectors(rows, dimension, None), owners),
        joined_tokens(rows, dimension),
    )


def _coded_vectors(
    rows: list[StoredRow], paragraphs: FloatMatrix, arrays: Mapping[str, books.Array]
) -> VectorParts:
    from retrieval.index.quantized import IVFIndex, QuantizedSentences, QuantizedVectors

    of_sentences, of_tokens = quantizer_of(arrays, "sentences"), quantizer_of(arrays, "tokens")
    if of_sentences is None or of_tokens is None:
        raise DamagedIndexError("A generation on the server lacks its codebooks: run `bulletin-bot rebuild`.")
    own, owners = _owners(rows)
    content = np.frombuffer(b"".join(row.sentences for row in rows), np.uint8)
    codes = QuantizedVectors(of_sentences, content.reshape(-1, of_sentences.row_bytes))
    return VectorParts(
        IVFIndex.build(paragraphs, own), QuantizedSentences(codes, owners), joined_codes(rows, of_tokens)
    )


def _owners(rows: list[StoredRow]) -> tuple[IntVector, IntVector]:
    """(passages,) their positions; (sentences,) the position of the passage of each."""
    own = np.arange(len(rows), dtype=np.int64)
    return own, np.repeat(own, [len(row.token_counts) for row in rows])
