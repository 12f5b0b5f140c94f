"""The SQLite file of a checkpoint: rows of bytes, each with a digest, in a few tables.

It has a write-ahead log; each group of rows is one transaction. A kill loses nothing that was added, a power cut at most the
last 32 MB or so, which are not yet synced.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from errno import ENOSPC
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.building.unique_texts import KEY_BYTES
from retrieval.errors import BulletinBotError
from retrieval.types import IntVector

# Syncing after each group took half the time of a build on a busy disk. The lock of the index folder excludes other
# processes, so that the locking mode can be exclusive. An exact sentence takes some 14 KB: with pages of 16 KB instead of 4,
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
CREATE TABLE IF NOT EXISTS coded_sentences
    (row INTEGER PRIMARY KEY, key BLOB, vector BLOB, tokens BLOB, digest BLOB);
CREATE TABLE IF NOT EXISTS quantizers (row INTEGER PRIMARY KEY, key BLOB, array BLOB, digest BLOB);
COMMIT;
"""
_FIELDS = {
    "paragraphs": ("key", "vector"),
    "sentences": ("key", "vector", "scales", "codes"),
    "coded_sentences": ("key", "vector", "tokens"),
    "quantizers": ("key", "array"),
}

Row = tuple[bytes, ...]


class CheckpointFile:
    """Rows are numbered from 0 in each table, in the order in which they were added; the first field is a key."""

    def __init__(self, path: Path | None) -> None:
        """In memory without a path."""
        self._path = path
        self._open_connection: sqlite3.Connection | None = None

    @property
    def _connection(self) -> sqlite3.Connection:
        """Opened when first needed, so that a build that adds nothing makes no file."""
        if self._open_connection is None:
            self._open_connection = sqlite3.connect(self._path or ":memory:")
            self._open_connection.executescript(_PREPARE)
        return self._open_connection

    @property
    def is_empty(self) -> bool:
        """Whether there is no file yet."""
        return self._open_connection is None and not (self._path and self._path.exists())

    def close(self) -> None:
        """Close the file and keep its rows; it opens again when it is next needed."""
        if self._open_connection is not None:
            self._open_connection.close()
            self._open_connection = None

    def delete(self) -> None:
        """Close and remove the file."""
        self.close()
        if self._path:
            self._path.unlink()

    def is_intact(self) -> bool:
        """Whether every row matches its digest; reads all rows."""
        try:
            return all(
                _digest(*fields) == digest
                for table, names in _FIELDS.items()
                for *fields, digest in self._connection.execute(
                    f"SELECT {', '.join(names)}, digest FROM {table}"  # noqa: S608 - constants of this module
                )
            )
        except sqlite3.Error:
            return False

    def keys(self, table: str) -> NDArray[np.uint8]:
        """(rows, 16) the keys of all rows of the table."""
        if self.is_empty:
            return np.zeros((0, KEY_BYTES), np.uint8)
        rows = self._connection.execute(f"SELECT key FROM {table} ORDER BY row")  # noqa: S608 - a constant
        return np.frombuffer(b"".join(key for (key,) in rows), np.uint8).reshape(-1, KEY_BYTES)

    def add(self, rows: Mapping[str, Iterable[Row]]) -> None:
        """Add rows by table in one transaction; once this returns a kill does not lose them.

        Raises BulletinBotError if they cannot be written.
        """
        try:
            with self._connection as transaction:
                for table, contents in rows.items():
                    marks = ", ".join("?" for _ in (*_FIELDS[table], "digest"))
                    transaction.executemany(
                        f"INSERT INTO {table} VALUES (NULL, {marks})",  # noqa: S608 - constants of this module
                        ((*row, _digest(*row)) for row in contents),
                    )
        except sqlite3.Error as error:
            raise self._unwritten(error) from error

    def _unwritten(self, error: sqlite3.Error) -> BulletinBotError:
        is_full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        reason = os.strerror(ENOSPC) if is_full else str(error)
        return BulletinBotError(
            f"What was embedded could not be written to {self._path} ({reason}): what was in service before "
            "stays; make room or set INDEX_DIR to another folder. What was written is not embedded again."
        )

    def read(self, table: str, rows: IntVector, *names: str) -> Iterator[Row]:
        """These fields of each of the rows, in the order given."""
        query = f"SELECT {', '.join(names)} FROM {table} WHERE row = ?"  # noqa: S608 - constants of this package
        return (self._connection.execute(query, (row + 1,)).fetchone() for row in rows.tolist())


def _digest(*fields: bytes) -> bytes:
    """8 bytes of BLAKE2 over the fields of a row, which detect changes by a faulty disk."""
    digest = hashlib.blake2b(digest_size=8)
    for field in fields:
        digest.update(field)
    return digest.digest()
