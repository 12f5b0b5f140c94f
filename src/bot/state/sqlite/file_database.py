"""Opens, checks and migrates the SQLite file; runs statements on it."""

from __future__ import annotations

import logging
import math
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from bot.state import schema
from bot.state.sqlite import connections, repair
from bot.state.sqlite.connections import IN_MEMORY
from retrieval.errors import BulletinBotError

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
_FAULTS_OF_STATEMENTS = (
    sqlite3.IntegrityError,
    sqlite3.ProgrammingError,
    sqlite3.DataError,
    sqlite3.InterfaceError,
)


class FileDatabase:
    """One SQLite connection, used by one thread; each `write` or `transaction` is atomic.

    While another process holds the lock, every write but the first fails at once instead of waiting for it. A file that is
    deleted meanwhile is written anew from what the connection holds; one that is replaced is taken; one that is damaged is
    set aside, and its readable rows are copied to a new one. Each is logged once.
    """

    def __init__(self, connection: sqlite3.Connection, clock: schema.Clock, path: Path = IN_MEMORY) -> None:
        self._connection = connection
        self.now = clock
        """Current time in seconds since 1970."""
        self._path = path
        self._inode = _inode_of(path)
        self._looked_at = 0.0
        self._broken_at: float | None = None
        self._write_fault = self._file_fault = ""
        self.faults = 0
        """Times that it could not be written or was repaired, since the start."""

    is_shared, session = False, 0
    """One process alone has the file (`ownership.only_server`)."""

    @staticmethod
    def check(path: Path) -> None:
        """Read the file without a change to it; raises BulletinBotError as `open_database`, and if it is damaged."""
        try:
            connections.check(path)
        except (OSError, sqlite3.Error) as error:
            raise BulletinBotError(_unopened(path, error)) from error

    @property
    def fault(self) -> str:
        """Why the state cannot be read or written at the moment, or is in no file; empty while all is well."""
        return self._file_fault or self._write_fault

    @property
    def seconds_broken(self) -> float:
        """Seconds since the first of the writes that all failed; 0 while they succeed."""
        return 0.0 if self._broken_at is None else time.monotonic() - self._broken_at

    def rows(self, query: str, values: Sequence[schema.Value] = ()) -> list[schema.Row]:
        """All rows of a query."""
        with self._guarded(is_write=False):
            rows: list[schema.Row] = self._connection.execute(query, values).fetchall()
        return rows

    def number(self, query: str, values: Sequence[schema.Value] = ()) -> int:
        """The integer that a query with one row and one column returns."""
        ((number,),) = self.rows(query, values)
        return int(number or 0)

    def write(self, statement: str, values: Sequence[schema.Value] = ()) -> int:
        """Run a statement and return the number of changed rows."""
        with self._guarded(is_write=True):
            return self._connection.execute(statement, values).rowcount

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Context of an immediate transaction: committed at the end, rolled back on any exception."""
        self.write("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        self.write("COMMIT")

    def columns(self) -> dict[str, tuple[str, ...]]:
        """The columns of each table, in order."""
        tables = self.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        query = "SELECT name FROM pragma_table_info(?) ORDER BY cid"
        return {str(table): tuple(str(name) for (name,) in self.rows(query, (table,))) for (table,) in tables}

    def take_role(self, role: str) -> bool:
        """Whether this process has the role: always, since it is alone."""
        del role
        return True

    def drop_role(self, role: str) -> None:
        """Keep the role, which nobody else wants."""

    def truncate_log(self) -> None:
        """Empty the write-ahead log, so that deleted rows do not remain in it."""
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def delete_damaged_copies(self, before: float = math.inf) -> int:
        """Delete the damaged files that were set aside and last written before a time; returns their number."""
        return 0 if self._path == IN_MEMORY else repair.delete_copies(self._path, before)

    def close(self) -> None:
        """Close the connection; no other method may be called afterwards."""
        self._connection.close()

    @contextmanager
    def _guarded(self, *, is_write: bool) -> Iterator[None]:
        self._look_at_file()
        try:
            yield
        except sqlite3.Error as error:
            self._note_failure(error)
            raise
        if is_write and self._write_fault:
            self._note_recovery()

    def _note_failure(self, error: sqlite3.Error) -> None:
        if isinstance(error, _FAULTS_OF_STATEMENTS) or (repair.is_damage(error) and self._repair()):
            return
        if not self._write_fault:
            self.faults += 1
            self._broken_at = time.monotonic()
            self._connection.execute("PRAGMA busy_timeout = 0")
            logger.error(
                "The state %s cannot be read or written (%s): questions are answered without it.",
                self._path,
                error,
            )
        self._write_fault = f"the state {self._path} cannot be read or written ({error})"

    def _note_recovery(self) -> None:
        logger.info("The state can be written again, after %.0f s.", self.seconds_broken)
        self._connection.execute(f"PRAGMA busy_timeout = {round(connections.LOCK_TIMEOUT_SECONDS * 1000)}")
        self._write_fault, self._broken_at = "", None

    def _look_at_file(self) -> None:
        """At most once a second, outside of transactions: restore the file if it is gone, take another in its place."""
        now = time.monotonic()
        if (
            self._path == IN_MEMORY
            or now - self._looked_at < _LOOK_SECONDS
            or self._connection.in_transaction
        ):
            return
        self._looked_at = now
        inode = _inode_of(self._path)
        if inode is not None and inode == self._inode:
            return
        self._inode = inode
        try:
            self._restore() if inode is None else self._reopen()
        except (OSError, sqlite3.Error, BulletinBotError) as error:
            if not self._file_fault:
                self.faults += 1
                logger.error(
                    "The state %s was taken away or replaced, and what is there cannot be used (%s): what is "
                    "remembered from now on is lost with this process.",
                    self._path,
                    error,
                )
            self._file_fault = f"the state {self._path} was taken away or replaced"
            return
        self.faults += 1
        self._inode, self._file_fault = _inode_of(self._path), ""

    def _restore(self) -> None:
        """Write the file anew from the connection, which still holds the deleted one."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        repair.drop_log(self._path)
        self._path.touch(mode=0o600)
        with closing(sqlite3.connect(self._path)) as restored:
            self._connection.backup(restored)
        self._open_anew()
        logger.error("The state %s was deleted: it is written anew, with all it held.", self._path)

    def _reopen(self) -> None:
        repair.check_replacement(self._path, schema.APPLICATION_ID, len(schema.MIGRATIONS))
        repair.drop_log(self._path)
        self._open_anew()
        logger.error("The state %s was replaced by another file, which is used from now on.", self._path)

    def _open_anew(self) -> None:
        """Close the connection and open the file at the path; the order matters, since closing deletes the log."""
        self._connection.close()
        try:
            self._connection = connections.connect(self._path)
        except BaseException:
            self._connection = connections.in_memory()
            raise

    def _repair(self) -> bool:
        """Whether the damaged file was set aside and a new one is in use."""
        if self._path == IN_MEMORY or not repair.was_a_database(self._path):
            return False
        self.faults += 1
        try:
            self._connection.close()
            self._connection = connections.repaired(self._path)
        except (OSError, sqlite3.Error, BulletinBotError) as error:
            logger.error("The damaged state %s cannot be replaced: %s", self._path, error)
            self._connection = connections.in_memory()
            self._file_fault = f"the damaged state {self._path} cannot be replaced"
        self._inode = _inode_of(self._path)
        return True


def open_database(path: Path, clock: schema.Clock = time.time, *, mend: bool = False) -> FileDatabase:
    """Open the database file, creating it if needed, and migrate it to the schema of this program.

    With `mend`, which is for the one process that serves, a damaged file is set aside and its readable rows are copied to a
    new one. Raises BulletinBotError if it cannot be opened, belongs to another program, or has a newer schema.
    """
    try:
        try:
            connection = connections.connect(path)
        except sqlite3.Error as error:
            if not (mend and repair.is_damage(error) and repair.was_a_database(path)):
                raise
            connection = connections.repaired(path)
    except (OSError, sqlite3.Error) as error:
        raise BulletinBotError(_unopened(path, error)) from error
    return FileDatabase(connection, clock, path)


def _unopened(path: Path, error: OSError | sqlite3.Error) -> str:
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
        return (
            f"The state in {path} is locked by another process: end what holds it (`fuser {path}` names it), "
            "or set STATE_DB to another file."
        )
    return f"The state in {path} cannot be opened ({error}): mend or remove the file, or set STATE_DB to another."


def _inode_of(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except OSError:
        return None
