"""The checkpoint of a build: vectors saved as they are computed, so that a killed build continues where it ended.

One SQLite file in the index folder with a write-ahead log; each group of texts is one transaction. A kill loses nothing
that was added, a power cut at most the last 32 MB or so, which are not yet synced. The file is deleted when a generation
with the same vectors is written.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.building.unique_texts import KEY_BYTES
from retrieval.errors import BulletinBotError
from retrieval.index import TextKeys
from retrieval.index.vectors import TokenCodes
from retrieval.types import FloatMatrix, FloatVector, IntVector

logger = logging.getLogger(__name__)

PREFIX = ".embedded-"
"""Prefix of the names of checkpoints and of the files that SQLite puts beside them."""
# Syncing after each group took half the time of a build on a busy disk. The lock of the index folder excludes other
# processes, so that the locking mode can be exclusive. A sentence takes some 14 KB: with pages of 16 KB instead of 4,
# adding 80 MB took 0.18 s of the processor instead of 0.25, and reading 0.07 instead of 0.10; larger pages were half empty.
_PREPARE = """
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA page_size = 16384;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA wal_autocheckpoint = 2048;
BEGIN;
CREATE TABLE IF NOT EXISTS paragraphs (row INTEGER PRIMARY KEY, key BLOB, vector BLOB, digest BLOB);
CREATE TABLE IF NOT EXISTS sentences
    (row INTEGER PRIMARY KEY, key BLOB, vector BLOB, scales BLOB, codes BLOB, digest BLOB);
COMMIT;
"""
_ADD_PARAGRAPH = "INSERT INTO paragraphs (key, vector, digest) VALUES (?, ?, ?)"
_ADD_SENTENCE = "INSERT INTO sentences (key, vector, scales, codes, digest) VALUES (?, ?, ?, ?, ?)"
_CONTENTS = ("key, vector, digest FROM paragraphs", "key, vector, scales, codes, digest FROM sentences")

SentenceVectors = tuple[FloatVector, TokenCodes]


def checkpoint_path(index_folder: Path, encoder_name: str, *, full: bool) -> Path:
    """The file of the checkpoint of builds with the encoder.

    Full builds have a file of their own: they continue only an interrupted full build.
    """
    name = hashlib.sha256(encoder_name.encode()).hexdigest()[:16]
    return index_folder / f"{PREFIX}{name}{'-full' if full else ''}.sqlite"


def remove_checkpoints(index_folder: Path) -> None:
    """Delete all checkpoints once a generation has their vectors; the caller must hold the lock of the folder."""
    for path in index_folder.glob(f"{PREFIX}*"):
        path.unlink(missing_ok=True)


@contextmanager
def open_checkpoint(path: Path | None, dimension: int) -> Iterator[Checkpoint]:
    """The checkpoint in the file, which is created when something is added; in memory without a path.

    A damaged one is deleted with a warning: its texts are embedded again.
    """
    checkpoint = Checkpoint(path, dimension)
    try:
        if path and path.exists() and not checkpoint.is_intact():
            logger.warning("The embedded texts in %s are damaged: they are embedded again.", path)
            checkpoint.close()
            path.unlink()
            checkpoint = Checkpoint(path, dimension)
        yield checkpoint
    finally:
        checkpoint.close()


class Checkpoint:
    """Vectors of paragraphs, vectors and tokens of sentences, by row in the order in which they were added."""

    def __init__(self, path: Path | None, dimension: int) -> None:
        self._path = path
        self._dimension = dimension
        self._open_connection: sqlite3.Connection | None = None

    @property
    def _connection(self) -> sqlite3.Connection:
        """Opened when first needed, so that a build that adds nothing makes no file."""
        if self._open_connection is None:
            self._open_connection = sqlite3.connect(self._path or ":memory:")
            self._open_connection.executescript(_PREPARE)
        return self._open_connection

    def close(self) -> None:
        if self._open_connection is not None:
            self._open_connection.close()
            self._open_connection = None

    def is_intact(self) -> bool:
        """Whether every row matches its digest; reads all rows."""
        try:
            return all(
                _digest(*fields) == digest
                for contents in _CONTENTS
                for *fields, digest in self._connection.execute(f"SELECT {contents}")
            )
        except sqlite3.Error:
            return False

    @property
    def keys(self) -> TextKeys:
        """The keys of all rows."""
        return TextKeys(self._keys("paragraphs"), self._keys("sentences"))

    def _keys(self, table: str) -> NDArray[np.uint8]:
        if self._is_empty():
            return np.zeros((0, KEY_BYTES), np.uint8)
        rows = self._connection.execute(f"SELECT key FROM {table} ORDER BY row")  # noqa: S608 - one of two constants
        return np.frombuffer(b"".join(key for (key,) in rows), np.uint8).reshape(-1, KEY_BYTES)

    def _is_empty(self) -> bool:
        return self._open_connection is None and not (self._path and self._path.exists())

    def add(
        self, paragraphs: Mapping[bytes, FloatVector], sentences: Mapping[bytes, SentenceVectors]
    ) -> None:
        """Add all rows in one transaction; once this returns a kill does not lose them.

        Raises BulletinBotError if they cannot be written.
        """
        try:
            with self._connection as transaction:
                transaction.executemany(_ADD_PARAGRAPH, _paragraph_rows(paragraphs))
                transaction.executemany(_ADD_SENTENCE, _sentence_rows(sentences))
        except sqlite3.Error as error:
            is_full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
            reason = os.strerror(ENOSPC) if is_full else str(error)
            raise BulletinBotError(
                f"What was embedded could not be written to {self._path} ({reason}): what was in service before "
                "stays; make room or set INDEX_DIR to another folder. What was written is not embedded again."
            ) from error

    def paragraph_vectors(self, rows: IntVector) -> FloatMatrix:
        """(rows, dimension) in the order given; rows are counted among the paragraphs."""
        return self._vectors("SELECT vector FROM paragraphs WHERE row = ?", rows)

    def sentence_vectors(self, rows: IntVector) -> FloatMatrix:
        """(rows, dimension) in the order given; rows are counted among the sentences."""
        return self._vectors("SELECT vector FROM sentences WHERE row = ?", rows)

    def _vectors(self, query: str, rows: IntVector) -> FloatMatrix:
        joined = b"".join(self._connection.execute(query, (row + 1,)).fetchone()[0] for row in rows.tolist())
        return np.frombuffer(joined, np.float32).reshape(-1, self._dimension)

    def token_codes(self, rows: IntVector) -> Sequence[TokenCodes]:
        """The token vectors of each of these sentences, as int8."""
        query = "SELECT scales, codes FROM sentences WHERE row = ?"
        contents = (self._connection.execute(query, (row + 1,)).fetchone() for row in rows.tolist())
        return [
            TokenCodes(
                np.frombuffer(codes, np.int8).reshape(-1, self._dimension), np.frombuffer(scales, np.float32)
            )
            for scales, codes in contents
        ]


def _paragraph_rows(paragraphs: Mapping[bytes, FloatVector]) -> Iterator[tuple[bytes, ...]]:
    return _with_digest((key, vector.tobytes()) for key, vector in paragraphs.items())


def _sentence_rows(sentences: Mapping[bytes, SentenceVectors]) -> Iterator[tuple[bytes, ...]]:
    return _with_digest(
        (key, vector.tobytes(), tokens.scales.tobytes(), tokens.codes.tobytes())
        for key, (vector, tokens) in sentences.items()
    )


def _with_digest(rows: Iterable[tuple[bytes, ...]]) -> Iterator[tuple[bytes, ...]]:
    return ((*row, _digest(*row)) for row in rows)


def _digest(*fields: bytes) -> bytes:
    """8 bytes of BLAKE2 over the fields of a row, which detect changes by a faulty disk."""
    digest = hashlib.blake2b(digest_size=8)
    for field in fields:
        digest.update(field)
    return digest.digest()
