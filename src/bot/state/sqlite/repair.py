"""Repair of a damaged state file: it is set aside, and what can be read of it goes into a new one."""

from __future__ import annotations

import contextlib
import glob
import logging
import math
import sqlite3
import time
from pathlib import Path

from retrieval.errors import BulletinBotError

logger = logging.getLogger(__name__)

_MAGIC = b"SQLite format 3\x00"
_BESIDE = ("", "-wal", "-shm")
_PRIMARY_CODE = 0xFF
_DAMAGED = ".damaged-"


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is at fault, and not a lock, the disk or the statement."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & _PRIMARY_CODE in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def was_a_database(path: Path) -> bool:
    """Whether the file begins as one of SQLite, or with nothing but zeros, as after a power cut; a text does not."""
    try:
        with path.open("rb") as file:
            beginning = file.read(len(_MAGIC))
    except OSError:
        return False
    return beginning == _MAGIC or (len(beginning) == len(_MAGIC) and not any(beginning))


def check_replacement(path: Path, application_id: int, newest_schema: int) -> None:
    """Raises BulletinBotError or sqlite3.Error unless the file can be used in the place of another state file.

    Nothing beside the file is read or written: a log that still lies there belongs to the file before it.
    """
    uri = f"{path.resolve().as_uri()}?immutable=1"
    with contextlib.closing(sqlite3.connect(uri, uri=True)) as connection:
        ((owner,),) = connection.execute("PRAGMA application_id")
        ((version,),) = connection.execute("PRAGMA user_version")
        if owner != application_id or version > newest_schema or not is_sound(connection):
            raise BulletinBotError("it is damaged, or not of this program")


def drop_log(path: Path) -> None:
    """Delete the write-ahead log beside the file."""
    for suffix in _BESIDE[1:]:
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def is_sound(connection: sqlite3.Connection) -> bool:
    """Whether SQLite finds no fault in the structure of the file; 30 MB take about 0.1 s."""
    return connection.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)]


def set_aside(path: Path) -> Path:
    """Rename the file with those that SQLite keeps beside it; returns the new path."""
    aside = path.with_name(f"{path.name}{_DAMAGED}{time.strftime('%Y%m%dT%H%M%S')}")
    for suffix in _BESIDE:
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    return aside


def delete_copies(path: Path, before: float = math.inf) -> int:
    """Delete the damaged files that were set aside and last written before a time; returns their number."""
    deleted = 0
    for copy in sorted(path.parent.glob(f"{glob.escape(path.name)}{_DAMAGED}*")):
        try:
            if copy.stat().st_mtime < before:
                copy.unlink()
                deleted += 1
        except OSError as error:
            logger.warning("The damaged state %s cannot be deleted (%s): delete it.", copy, error.strerror)
    return deleted


def copy_readable_rows(damaged: Path, connection: sqlite3.Connection) -> int:
    """Copy the rows of every table that can be read, from its beginning and from its end; returns their number."""
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    copied = 0
    with contextlib.closing(sqlite3.connect(damaged, isolation_level=None)) as source:
        # Otherwise SQLite refuses all of a file that is shorter than its header says.
        source.execute("PRAGMA writable_schema = ON")
        connection.execute("BEGIN IMMEDIATE")
        for table in sorted(tables):
            before = connection.total_changes
            for direction in ("ASC", "DESC"):
                with contextlib.suppress(sqlite3.Error):
                    _copy(source, connection, table, direction)
            copied += connection.total_changes - before
        connection.execute("COMMIT")
    return copied


def _copy(source: sqlite3.Connection, target: sqlite3.Connection, table: str, direction: str) -> None:
    columns = [row[1] for row in target.execute(f"PRAGMA table_info({table})")]
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    for row in source.execute(f"SELECT {names} FROM {table} ORDER BY rowid {direction}"):  # noqa: S608
        with contextlib.suppress(sqlite3.Error):
            target.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", row)  # noqa: S608
