"""The SQLite file: opened, checked, brought up to date; then rows in and out."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.state.schema import APPLICATION_ID, MIGRATIONS
from retrieval.errors import BulletinBotError

IN_MEMORY = Path(":memory:")
"""For a conversation that nothing is kept of, such as the one in a terminal."""

Value = str | int | float | None
Row = tuple[Value, ...]
Clock = Callable[[], float]

# How long to wait for another process, such as `bulletin-bot feedback`, which writes for milliseconds.
_SECONDS_FOR_THE_LOCK = 2.0
_SECONDS_BETWEEN_TRIES = 0.02


class Database:
    """One connection, used by one thread. Every write is whole: what crashes in the middle has not happened."""

    def __init__(self, connection: sqlite3.Connection, clock: Clock) -> None:
        self._connection = connection
        self.now = clock
        """Seconds since 1970."""

    def rows(self, query: str, values: Sequence[Value] = ()) -> list[Row]:
        """The rows that a query finds."""
        found: list[Row] = self._connection.execute(query, values).fetchall()
        return found

    def number(self, query: str, values: Sequence[Value] = ()) -> int:
        """The one number that a query counts."""
        (found,) = self._connection.execute(query, values).fetchone()
        return int(found)

    def write(self, statement: str, values: Sequence[Value] = ()) -> int:
        """How many rows the statement changed."""
        return self._connection.execute(statement, values).rowcount

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """All writes within happen together or not at all."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def wipe_log(self) -> None:
        """Let nothing that was deleted linger in the write-ahead log."""
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()


def open_database(path: Path, clock: Clock = time.time) -> Database:
    """The database in the file, made if there is none and brought up to this program's schema.

    Raises BulletinBotError if it cannot be opened, is not ours, or was written by a newer program.
    """
    try:
        if path != IN_MEMORY:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
        connection = sqlite3.connect(path, timeout=_SECONDS_FOR_THE_LOCK, isolation_level=None)
        _prepare(connection, path)
    except (OSError, sqlite3.Error) as error:
        raise BulletinBotError(
            f"The state in {path} cannot be opened ({error}): mend or remove the file, or set STATE_DB to another."
        ) from error
    return Database(connection, clock)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    _check_owner(connection, path)
    # Readers and the writer do not wait for each other; a power cut may cost the last writes, never the file.
    _log_ahead(connection)
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


def _log_ahead(connection: sqlite3.Connection) -> None:
    """The switch wants the file alone for a moment, for which SQLite does not wait by itself."""
    end = time.monotonic() + _SECONDS_FOR_THE_LOCK
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(_SECONDS_BETWEEN_TRIES)
        else:
            return


def _check_owner(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN")  # both of one moment: another process may be making the tables
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (owner,) = connection.execute("PRAGMA application_id").fetchone()
    connection.execute("COMMIT")
    if owner != APPLICATION_ID and tables:
        raise BulletinBotError(
            f"{path} is the database of another program: set STATE_DB to a file of the bot's own."
        )
