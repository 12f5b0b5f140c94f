"""What a build has embedded, kept as it comes: a build that was killed is taken up where it ended.

One SQLite file in the index folder, each group of texts one transaction in its write-ahead log: all that was added
survives a kill at once, and a power cut but for the last 32 MB or so, for which alone the disk is waited. What was
being written is rolled back when the file is opened. It is dropped when a generation that holds the same is written.
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
"""How the names of journals, and of what SQLite puts beside them, begin."""
# Waiting for the disk after each group took half the time of a build where the disk was busy. The lock of the index folder
# lets no one else in, so that nothing needs to be shared beside the file. A sentence takes some 14 KB: with pages of that
# size, instead of the usual 4 KB, adding took 0.18 s of the processor for 80 MB instead of 0.25, and reading 0.07 instead
# of 0.10; larger pages were left half empty.
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
    """The journal of builds with the encoder; those that embed everything anew keep one of their own.

    So a full build takes up only what another full build, broken off before it, has embedded.
    """
    name = hashlib.sha256(encoder_name.encode()).hexdigest()[:16]
    return index_folder / f"{PREFIX}{name}{'-full' if full else ''}.sqlite"


def remove_checkpoints(index_folder: Path) -> None:
    """Once a generation is written that holds what they hold; only for whoever holds the folder."""
    for path in index_folder.glob(f"{PREFIX}*"):
        path.unlink(missing_ok=True)


@contextmanager
def open_checkpoint(path: Path | None, dimension: int) -> Iterator[Checkpoint]:
    """The journal in the file, which is made when something is added; in memory where there is no path.

    One that is damaged is dropped, with a warning: what it held is embedded again.
    """
    journal = Checkpoint(path, dimension)
    try:
        if path and path.exists() and not journal.is_whole():
            logger.warning("The embedded texts in %s are damaged: they are embedded again.", path)
            journal.close()
            path.unlink()
            journal = Checkpoint(path, dimension)
        yield journal
    finally:
        journal.close()


class Checkpoint:
    """Vectors of paragraphs, vectors and tokens of sentences, in the order in which they were added, rows from 0."""

    def __init__(self, path: Path | None, dimension: int) -> None:
        self._path = path
        self._dimension = dimension
        self._opened: sqlite3.Connection | None = None

    @property
    def _connection(self) -> sqlite3.Connection:
        """Opened when first needed, so that a build that adds nothing makes no file."""
        if self._opened is None:
            self._opened = sqlite3.connect(self._path or ":memory:")
            self._opened.executescript(_PREPARE)
        return self._opened

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def is_whole(self) -> bool:
        """Whether every row is as it was written; reads all of them."""
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
        """Of all rows."""
        return TextKeys(self._keys("paragraphs"), self._keys("sentences"))

    def _keys(self, table: str) -> NDArray[np.uint8]:
        if self._is_empty():
            return np.zeros((0, KEY_BYTES), np.uint8)
        found = self._connection.execute(f"SELECT key FROM {table} ORDER BY row")  # noqa: S608 - one of two constants
        return np.frombuffer(b"".join(key for (key,) in found), np.uint8).reshape(-1, KEY_BYTES)

    def _is_empty(self) -> bool:
        return self._opened is None and not (self._path and self._path.exists())

    def add(
        self, paragraphs: Mapping[bytes, FloatVector], sentences: Mapping[bytes, SentenceVectors]
    ) -> None:
        """All of it or, whatever happens, nothing; no kill loses it when this has returned.

        Raises BulletinBotError if it cannot be written.
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
        """(rows, dimension)"""
        return self._vectors("SELECT vector FROM paragraphs WHERE row = ?", rows)

    def sentence_vectors(self, rows: IntVector) -> FloatMatrix:
        """(rows, dimension)"""
        return self._vectors("SELECT vector FROM sentences WHERE row = ?", rows)

    def _vectors(self, query: str, rows: IntVector) -> FloatMatrix:
        joined = b"".join(self._connection.execute(query, (row + 1,)).fetchone()[0] for row in rows.tolist())
        return np.frombuffer(joined, np.float32).reshape(-1, self._dimension)

    def token_codes(self, rows: IntVector) -> Sequence[TokenCodes]:
        """Of each of the sentences."""
        query = "SELECT scales, codes FROM sentences WHERE row = ?"
        found = (self._connection.execute(query, (row + 1,)).fetchone() for row in rows.tolist())
        return [
            TokenCodes(
                np.frombuffer(codes, np.int8).reshape(-1, self._dimension), np.frombuffer(scales, np.float32)
            )
            for scales, codes in found
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
    """Of the fields of a row, which a disk may have changed; 8 bytes."""
    digest = hashlib.blake2b(digest_size=8)
    for field in fields:
        digest.update(field)
    return digest.digest()
