"""Copies a generation from a folder to a server: rows first, indexes afterwards, checks, and the pointer last.

All is one transaction: a copy that fails or is killed at any moment leaves nothing, and the pointer as it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pgvector import HalfVector
from pgvector.psycopg import register_vector
from psycopg.types.json import Jsonb

from retrieval.index import Index, index_files
from retrieval.index.lexical import Hashes, TermCounts
from retrieval.index.postgres import books
from retrieval.index.postgres.copied_checks import check_copy
from retrieval.index.postgres.server import Connection, ServerAddress, extensions, schema, serving_row
from retrieval.index.postgres.server_index import MANIFEST_FACT
from retrieval.index.postgres.stored_passages import (
    TERM_NUMBER,
    StoredVectors,
    path_text,
    quantizers_for,
    term_text,
    vectors_of,
)
from retrieval.progress import Progress, Stage, no_progress
from retrieval.storage import manifests

if TYPE_CHECKING:
    from retrieval.index.quantized import Quantizers

# A vector index is built in memory if it fits: 1.2 KB a passage.
_MAINTENANCE_MEMORY = "512MB"
_REPORT_EVERY = 500
_VECTORS_AT_ONCE = 1024
_COPY_PASSAGES = "copy {schema}.passages from stdin (format binary)"
_COPY_CONTENTS = "copy {schema}.contents from stdin (format binary)"
_COPY_PICTURES = "copy {schema}.pictures from stdin (format binary)"


def copy_to_server(
    folder: Path, connection: Connection, address: ServerAddress, progress: Progress = no_progress
) -> str:
    """Copy the generation in the folder to the server and put it into service there; returns its name.

    The connection holds the lock of builders. One that is there already is put into service as it is. Raises
    DamagedIndexError if what was copied is not what was read, and psycopg.Error.
    """
    index = index_files.load_index(folder)
    found = extensions.require_extensions(connection, address)
    with connection.transaction():
        schema.create_serving(connection)
        if not _is_there(connection, index.name):
            _copy(index, _documents(folder), connection, progress)
            schema.create_indexes(connection, index.name, with_bm25=found.text_search is not None)
            check_copy(connection, index)
        serving_row.point_to(connection, index.name)
    serving_row.drop_old(connection, address)
    return index.name


def _is_there(connection: Connection, generation: str) -> bool:
    ((is_there,),) = connection.execute(
        "select to_regclass(%s) is not null", [f"{schema.schema_of(generation)}.facts"]
    ).fetchall()
    return bool(is_there)


def _documents(folder: Path) -> dict[str, str]:
    """The texts beside the parts, such as the report of the build, by name."""
    own = {manifests.MANIFEST_FILE, manifests.CHECKSUM_FILE}
    paths = (path for path in sorted(folder.glob("*.json")) if path.name not in own)
    return {path.name: path.read_text(encoding="utf-8") for path in paths}


def _copy(index: Index, documents: Mapping[str, str], connection: Connection, progress: Progress) -> None:
    connection.execute("select set_config('maintenance_work_mem', %s, true)", [_MAINTENANCE_MEMORY])
    schema.create_tables(connection, index.name, index.manifest.dimension)
    register_vector(connection)
    hashes, quantizers = books.vocabulary(index), quantizers_for(index)
    _copy_contents(index, (hashes, quantizers), connection, progress)
    _copy_passages(index, hashes, connection)
    _copy_pictures(index, connection)
    books.write_books(connection, index, hashes, quantizers)
    statement = schema.in_schema("insert into {schema}.facts(name, value) values (%s, %s)", index.name)
    facts: dict[str, object] = {MANIFEST_FACT: asdict(index.manifest)}
    facts |= {name: json.loads(text) for name, text in documents.items()}
    for name, value in facts.items():
        connection.execute(statement, [name, Jsonb(value)])


def _copy_contents(
    index: Index, coding: tuple[Hashes, Quantizers | None], connection: Connection, progress: Progress
) -> None:
    hashes, quantizers = coding
    total = len(index.passages)
    statement = schema.in_schema(_COPY_CONTENTS, index.name)
    types = [
        *("int4", "text", "text", "text", "text", "bytea", "text", "int4", "bytea", "bytea", "bytea"),
        *("bytea", "bytea", "bytea", "bytea", "bytea", "bytea"),
    ]
    with connection.cursor().copy(statement) as copy:
        copy.set_types(types)
        read = vectors_of(index, quantizers)
        for position, terms in enumerate(books.terms_of(index, hashes)):
            copy.write_row(_content_row(index, position, terms, read(position)))
            if position % _REPORT_EVERY == 0:
                progress(Stage.WRITING, position, total)
    progress(Stage.WRITING, total, total)


def _content_row(index: Index, position: int, terms: TermCounts, stored: StoredVectors) -> tuple[object, ...]:
    passage, folded = index.passages[position], index.folded_texts[position]
    body, original = storable(passage.text)
    return (
        position,
        passage.passage_id,
        storable(path_text(passage))[0],
        body,
        None if folded == passage.text else storable(folded)[0],
        original,
        index.passages.recognition(position) or None,
        books.length_of(index, position),
        terms.numbers.astype(TERM_NUMBER).tobytes(),
        terms.counts.tobytes(),
        stored.paragraph,
        stored.token_counts,
        stored.sentences,
        stored.tokens,
        stored.exact_sentences,
        stored.exact_tokens,
        stored.keys,
    )


def storable(text: str) -> tuple[str, bytes | None]:
    """The text as the server takes it; and as UTF-16 where that is not the same: NUL, halves of surrogate pairs."""
    stored = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "?")
    return stored, None if stored == text else text.encode("utf-16-le", "surrogatepass")


def _copy_passages(index: Index, hashes: Hashes, connection: Connection) -> None:
    places, bulletins = index.passages.place_codes, index.passages.bulletin_codes
    terms = (term_text(stored) for stored in books.terms_of(index, hashes))
    statement = schema.in_schema(_COPY_PASSAGES, index.name)
    with connection.cursor().copy(statement) as copy:
        copy.set_types(["int4", "int4", "int4", "text", "halfvec"])
        for position, (text, vector) in enumerate(zip(terms, _paragraphs(index), strict=True)):
            copy.write_row(
                (position, int(places[position]), int(bulletins[position]), text, HalfVector(vector))
            )


def _paragraphs(index: Index) -> Iterator[NDArray[np.float32]]:
    for start in range(0, len(index.passages), _VECTORS_AT_ONCE):
        rows = np.arange(start, min(start + _VECTORS_AT_ONCE, len(index.passages)), dtype=np.int64)
        yield from index.paragraphs.vectors(rows)


def _copy_pictures(index: Index, connection: Connection) -> None:
    pictures = ((place, index.passages.picture(place)) for place in index.passages.recognized_positions())
    with connection.cursor().copy(schema.in_schema(_COPY_PICTURES, index.name)) as copy:
        copy.set_types(["int4", "bytea"])
        for position, picture in pictures:
            if picture is not None:
                copy.write_row((position, picture))
