"""SQLite connections to a state file: opened, checked, migrated, or put in the place of a damaged one."""

from __future__ import annotations

import logging
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

from bot.state import schema
from bot.state.sqlite import repair
from retrieval.errors import BulletinBotError

logger = logging.getLogger(__name__)

IN_MEMORY = Path(":memory:")
"""Path of a database that leaves no file, such as that of the chat in a terminal."""

# Longest wait for the lock of another process, such as `bulletin-bot feedback`, which holds it for milliseconds. The bot
# answers nobody meanwhile.
LOCK_TIMEOUT_SECONDS = 1.0
_RETRY_SECONDS = 0.02


def connect(path: Path) -> sqlite3.Connection:
    """A connection to the file, created if needed, checked, and migrated to the schema of this program.

    Raises sqlite3.Error or OSError, and BulletinBotError if it belongs to another program or has a newer schema.
    """
    if path != IN_MEMORY:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
    connection = sqlite3.connect(path, timeout=LOCK_TIMEOUT_SECONDS, isolation_level=None)
    try:
        _prepare(connection, path)
        if not repair.is_sound(connection):
            raise _DamagedError("the file is damaged inside")
    except BaseException:
        connection.close()
        raise
    return connection


def check(path: Path) -> None:
    """Open the file for reading alone: it keeps its schema and every byte.

    Raises sqlite3.Error, and BulletinBotError if it belongs to another program, has a newer schema or is damaged.
    """
    # A log beside the file is that of a process that serves; without one, SQLite would create one to read with.
    has_log = path.with_name(f"{path.name}-wal").exists()
    uri = f"{path.resolve().as_uri()}?{'mode=ro' if has_log else 'immutable=1'}"
    connection = sqlite3.connect(uri, uri=True, timeout=LOCK_TIMEOUT_SECONDS, isolation_level=None)
    with closing(connection):
        _check_owner(connection, path)
        _check_schema(connection, path)
        if not repair.is_sound(connection):
            raise _DamagedError("the file is damaged inside")


def in_memory() -> sqlite3.Connection:
    """A connection to an empty state that leaves no file."""
    connection = sqlite3.connect(IN_MEMORY, isolation_level=None)
    _prepare(connection, IN_MEMORY)
    return connection


class _DamagedError(sqlite3.DatabaseError):
    """A damage that `quick_check` finds, with the code that SQLite gives for it."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


def repaired(path: Path) -> sqlite3.Connection:
    """A new file in the place of the damaged one, with its readable rows."""
    aside = repair.set_aside(path)
    connection = connect(path)
    copied = 0
    with suppress(sqlite3.Error):
        copied = repair.copy_readable_rows(aside, connection)
    logger.error(
        "The state %s is damaged: it is kept as %s, and %d rows that can be read are in a new file.",
        path,
        aside,
        copied,
    )
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    _check_owner(connection, path)
    # With a write-ahead log, readers and the writer do not wait for each other; with `synchronous = NORMAL`, a power
    # cut may lose the last writes but does not corrupt the file.
    _enable_write_ahead_log(connection)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("BEGIN IMMEDIATE")
    for script in schema.MIGRATIONS[_check_schema(connection, path) :]:
        for statement in script.split(";"):
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {len(schema.MIGRATIONS)}")
    connection.execute("COMMIT")


def _check_schema(connection: sqlite3.Connection, path: Path) -> int:
    """The version of the schema; raises BulletinBotError for a newer one than this program knows."""
    version: int
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(schema.MIGRATIONS):
        raise BulletinBotError(
            f"The state in {path} has schema {version} and this program knows {len(schema.MIGRATIONS)}: "
            "get a newer bulletin-bot, or set STATE_DB to another file."
        )
    return version


def _enable_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Retries, because the switch needs an exclusive lock and SQLite's busy timeout does not apply to it."""
    deadline = time.monotonic() + LOCK_TIMEOUT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_RETRY_SECONDS)
        else:
            return


def _check_owner(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN")  # one snapshot for both reads: another process may be creating the tables
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    connection.execute("COMMIT")
    if owner != schema.APPLICATION_ID and tables:
        raise BulletinBotError(
            f"{path} is the database of another program: set STATE_DB to a file of the bot's own."
        )
