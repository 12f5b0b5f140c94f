"""Opens, checks and migrates the SQLite file; runs statements on it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.state.schema import APPLICATION_ID, MIGRATIONS
from retrieval.errors import BulletinBotError

IN_MEMORY = Path(":memory:")
"""Path of a database that leaves no file, such as that of the chat in a terminal."""

Value = str | int | float | None
Row = tuple[Value, ...]
Clock = Callable[[], float]

# Longest wait for the lock of another process, such as `bulletin-bot feedback`, which holds it for milliseconds.
_LOCK_TIMEOUT_SECONDS = 2.0
_RETRY_SECONDS = 0.02


class Database:
    """One SQLite connection, used by one thread; each `write` or `transaction` is atomic."""

    def __init__(self, connection: sqlite3.Connection, clock: Clock) -> None:
        self._connection = connection
        self.now = clock
        """Current time in seconds since 1970."""

    def rows(self, query: str, values: Sequence[Value] = ()) -> list[Row]:
        """All rows of a query."""
        rows: list[Row] = self._connection.execute(query, values).fetchall()
        return rows

    def number(self, query: str, values: Sequence[Value] = ()) -> int:
        """The integer that a query with one row and one column returns."""
        (number,) = self._connection.execute(query, values).fetchone()
        return int(number)

    def write(self, statement: str, values: Sequence[Value] = ()) -> int:
        """Run a statement and return the number of changed rows."""
        return self._connection.execute(statement, values).rowcount

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Context of an immediate transaction: committed at the end, rolled back on any exception."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def truncate_log(self) -> None:
        """Empty the write-ahead log, so that deleted rows do not remain in it."""
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the connection; no other method may be called afterwards."""
        self._connection.close()


def open_database(path: Path, clock: Clock = time.time) -> Database:
    """Open the database file, creating it if needed, and migrate it to the schema of this program.

    Raises BulletinBotError if it cannot be opened, belongs to another program, or has a newer schema.
    """
    try:
        if path != IN_MEMORY:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
        connection = sqlite3.connect(path, timeout=_LOCK_TIMEOUT_SECONDS, isolation_level=None)
        _prepare(connection, path)
    except (OSError, sqlite3.Error) as error:
        raise BulletinBotError(
            f"The state in {path} cannot be opened ({error}): mend or remove the file, or set STATE_DB to another."
        ) from error
    return Database(connection, clock)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    _check_owner(connection, path)
    # With a write-ahead log, readers and the writer do not wait for each other; with `synchronous = NORMAL`, a power
    # cut may lose the last writes but does not corrupt the file.
    _enable_write_ahead_log(connection)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("BEGIN IMMEDIATE")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise BulletinBotError(
            f"The state in {path} has schema {version} and this program knows {len(MIGRATIONS)}: "
            "get a newer bulletin-bot, or set STATE_DB to another file."
        )
    for script in MIGRATIONS[version:]:
        for statement in script.split(";"):
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    connection.execute("COMMIT")


def _enable_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Retries, because the switch needs an exclusive lock and SQLite's busy timeout does not apply to it."""
    deadline = time.monotonic() + _LOCK_TIMEOUT_SECONDS
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
    if owner != APPLICATION_ID and tables:
        raise BulletinBotError(
            f"{path} is the database of another program: set STATE_DB to a file of the bot's own."
        )
