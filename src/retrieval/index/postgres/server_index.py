"""Loads the index of a generation on a server: what every question needs is held here, the rest read as it is asked for."""

from __future__ import annotations

import functools
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import BulletinBotError
from retrieval.index import Index, Parts
from retrieval.index.postgres import books
from retrieval.index.postgres.row_store import RowStore
from retrieval.index.postgres.server import (
    Connection,
    Connections,
    ServerAddress,
    ServerError,
    connected,
    extensions,
    schema,
    serving_row,
)
from retrieval.index.postgres.server_contents import PassageCodes, ServerContents
from retrieval.index.postgres.server_keywords import ServerKeywords, TermNumbers
from retrieval.index.postgres.server_texts import ServerTexts
from retrieval.index.postgres.server_vectors import (
    SentenceRows,
    ServerParagraphs,
    ServerSentences,
    ServerTokens,
)
from retrieval.index.postgres.stored_passages import HELD_UP_TO
from retrieval.index.postgres.whole_generation import quantizer_of, read_whole, store_of
from retrieval.storage import manifests
from retrieval.types import TextKeys

Codes = NDArray[np.int32]

logger = logging.getLogger(__name__)

MANIFEST_FACT = "manifest"
"""The name of the manifest among the facts; the others are named as the files beside it."""
_TRIES = 3


def load_server_index(
    address: ServerAddress,
    encoder_name: str | None,
    held_up_to: int = HELD_UP_TO,
    generation: str | None = None,
) -> Index:
    """The index of the generation in service, or of another one that is there.

    Raises BulletinBotError if there is none, or it is of another encoder.
    """
    return _load(open_generation(address, generation), encoder_name, held_up_to)


def open_generation(address: ServerAddress, generation: str | None = None) -> OpenGeneration:
    """A generation, by default the one in service; raises BulletinBotError if it is not there.

    It is not dropped as long as its connections stand.
    """
    for _ in range(_TRIES):
        with connected(address, "serving", writes=False) as connection:
            name = generation or serving_row.read_served(connection, address).generation
            found = extensions.installed_extensions(connection, address)
        connections = Connections(address, functools.partial(_prepare, name))
        if _is_there(connections, name):
            return OpenGeneration(connections, name, found.text_search is not None)
    raise ServerError(
        f"The generation {name} that the pointer on {address.shown} names is not there: run `bulletin-bot rollback`, or "
        "`bulletin-bot rebuild`."
    )


@dataclass(frozen=True, slots=True)
class OpenGeneration:
    """A generation with the connections that read it."""

    connections: Connections
    generation: str
    has_bm25: bool
    """Whether the server ranks by pg_textsearch, and not by its own full-text search."""


def _prepare(generation: str, connection: Connection) -> None:
    """Settings of a reader, and its share of the lock that keeps the generation from being dropped."""
    connection.execute(
        "set default_transaction_read_only = on; set hnsw.ef_search = 200; set hnsw.iterative_scan = relaxed_order"
    )
    connection.execute(
        "select pg_advisory_lock_shared(%s, %s)", [schema.LEASE_CLASS, serving_row.lease_key(generation)]
    )


def _is_there(connections: Connections, generation: str) -> bool:
    name = f"{schema.schema_of(generation)}.facts"
    ((is_there,),) = connections.read("select to_regclass(%(name)s) is not null", {"name": name})
    return bool(is_there)


def read_manifest(connections: Connections, generation: str) -> manifests.Manifest:
    """The manifest of a generation; raises BulletinBotError for one of another version of this program."""
    fields: dict[str, Any] = read_facts(connections, generation)[MANIFEST_FACT]
    if fields["format"] != manifests.FORMAT:
        raise BulletinBotError(
            f"The index on {connections.address.shown} has format {fields['format']} and this program writes "
            f"{manifests.FORMAT}: run `bulletin-bot rebuild`."
        )
    return manifests.Manifest(**fields)


def read_facts(connections: Connections, generation: str) -> Mapping[str, Any]:
    """The manifest, and the documents that were beside it, by name."""
    return dict(connections.read(schema.in_schema("select name, value from {schema}.facts", generation)))


def _load(found: OpenGeneration, encoder_name: str | None, held_up_to: int) -> Index:
    manifest = read_manifest(found.connections, found.generation)
    if encoder_name is not None and not manifests.is_served_by(manifest.encoder, encoder_name):
        raise BulletinBotError(
            f"The index on {found.connections.address.shown} was built with the encoder {manifest.encoder} but "
            f"{encoder_name} is configured: run `bulletin-bot rebuild`, or set EMBEDDING_MODEL back."
        )
    if manifest.passages <= held_up_to:
        return Index(manifest, read_whole(found.connections, found.generation))
    return Index(manifest, _parts(found, manifest))


def _parts(found: OpenGeneration, manifest: manifests.Manifest) -> Parts:
    arrays = books.read_books(found.connections, found.generation)
    hashes, frequencies = books.read_terms(found.connections, found.generation)
    rows = RowStore(found.connections, found.generation)
    size, dimension = manifest.passages, manifest.dimension
    sizes = arrays[books.TEXT_SIZES]
    folded = ServerTexts(rows, "folded", sizes)
    texts = {"texts": ServerTexts(rows, "text", sizes), "folded": folded}
    if _has_recognized(found):
        texts["recognized_texts"] = ServerTexts(rows, "recognized", sizes)
    store = store_of(arrays, texts, found.connections, found.generation)
    sentences = SentenceRows(rows, arrays[books.SENTENCE_COUNTS])
    of_sentences, of_tokens = quantizer_of(arrays, "sentences"), quantizer_of(arrays, "tokens")
    codes = PassageCodes(store.place_codes, store.bulletin_codes)
    contents = ServerContents(rows, codes, TermNumbers(hashes), found.has_bm25)
    collection_of = _collection_codes(codes.bulletins, [bulletin.collection for bulletin in store.bulletins])
    statistics = functools.partial(books.statistics_at, hashes, frequencies, collection_of)
    found.connections.renew()
    return Parts(
        passages=store,
        bm25=ServerKeywords(rows, folded, statistics, contents.nearest_by_words),
        paragraphs=ServerParagraphs(rows, size, dimension),
        sentences=ServerSentences(sentences, dimension, of_sentences),
        tokens=ServerTokens(sentences, dimension, of_tokens),
        spans=arrays[books.SPANS],
        keys=_no_keys(size, sentences.size),
        remote=contents,
    )


def _collection_codes(bulletin_codes: Codes, names: list[str | None]) -> Codes:
    """(passages,) the number of the collection of each, in the order of their first bulletins."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return np.asarray([numbers[name] for name in names], np.int32)[bulletin_codes]


def _has_recognized(found: OpenGeneration) -> bool:
    statement = schema.in_schema(
        "select exists(select from {schema}.contents where recognized is not null)", found.generation
    )
    ((has_recognized,),) = found.connections.read(statement)
    return bool(has_recognized)


def _no_keys(passages: int, sentences: int) -> TextKeys:
    """Keys stay on the server, since only a build reads them; these take no memory."""
    key = np.zeros((1, 16), np.uint8)
    return TextKeys(np.broadcast_to(key, (passages, 16)), np.broadcast_to(key, (sentences, 16)))
