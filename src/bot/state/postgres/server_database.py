"""The state on a server: runs the statements of the stores, and goes on by itself after a lost connection."""

from __future__ import annotations

import asyncio
import logging
import math
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import psycopg

from bot.state import schema
from bot.state.postgres import faults, tables
from bot.state.postgres.dialect import server_statement, storable
from bot.state.postgres.faults import StateLostError
from bot.state.postgres.session import ROLES, Session
from bot.state.postgres.session_opener import SessionOpener
from retrieval.index.postgres.server import ServerAddress

logger = logging.getLogger(__name__)

# The bot answers nobody meanwhile; a server that restarts is back by then, and nothing was lost.
_LONGEST_WAIT = 1.0
_TAKE_OVER = "UPDATE updates SET owner = ? WHERE owner = ? AND body IS NOT NULL"

Cursor = psycopg.Cursor[tuple[Any, ...]]


class ServerDatabase:
    """One connection, used by one thread; each `write` or `transaction` is atomic.

    A lost connection is opened anew by another thread, and the statement that met the loss is run again if that takes less than
    a second and it is in no transaction: each is an update that may be made twice. Until then statements raise
    `StateLostError` at once. What the session before had claimed is taken over, as far as no other bot has it by then.
    """

    is_shared = True

    def __init__(self, address: ServerAddress, session: Session, clock: schema.Clock) -> None:
        self._address = address
        self._session: Session | None = session
        self.session = session.number
        """Number of the last session: `owner` of what this process has claimed; 0 for a command, which claims nothing."""
        self.since = -math.inf
        """When the connection was last opened anew, as `time.monotonic()` gives it."""
        self.now = clock
        self.faults = 0
        self._roles: set[str] = set()
        self._opener = SessionOpener(address)
        self._broken_at: float | None = None
        self._fault = ""
        self._is_lost = self._has_waited = self._is_in_transaction = False
        self._woken: Callable[[], None] | None = None
        self._watched: int | None = None

    @property
    def fault(self) -> str:
        """Why the state cannot be read or written at the moment; empty while all is well."""
        return self._fault

    @property
    def seconds_broken(self) -> float:
        """Seconds since the first of the statements that all failed; 0 while they succeed."""
        return 0.0 if self._broken_at is None else time.monotonic() - self._broken_at

    def rows(self, query: str, values: Sequence[schema.Value] = ()) -> list[schema.Row]:
        """All rows of a query."""
        return self._run(query, values, is_write=False).fetchall()

    def number(self, query: str, values: Sequence[schema.Value] = ()) -> int:
        """The integer that a query with one row and one column returns."""
        ((number,),) = self.rows(query, values)
        return int(number or 0)

    def write(self, statement: str, values: Sequence[schema.Value] = ()) -> int:
        """Run a statement and return the number of changed rows."""
        return self._run(statement, values).rowcount

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Context of a transaction: committed at the end, rolled back on any exception."""
        self._run("BEGIN", is_write=False)
        self._is_in_transaction = True
        try:
            yield
            self._run("COMMIT")
        except BaseException:
            if self._session:
                with suppress(psycopg.Error):
                    self._session.connection.execute("ROLLBACK")
            raise
        finally:
            self._is_in_transaction = False
        if self._broken_at is not None:
            self._recover()

    def columns(self) -> dict[str, tuple[str, ...]]:
        """The columns of each table of `schema`, in order, without those that only a server has."""
        return tables.columns_in(self.rows(tables.ALL_COLUMNS, (tables.SCHEMA,)))

    def take_role(self, role: str) -> bool:
        """Whether this process now has a role that one bot at a time has, such as polling; lost with the connection."""
        if role in self._roles:
            self.rows("SELECT 1")  # the role is had as long as the connection stands
        if role not in self._roles:
            rows = self.rows(f"SELECT pg_try_advisory_lock({ROLES}, ?)::integer", (_key(role),))
            self._roles |= {role} if rows[0][0] else set()
        return role in self._roles

    def drop_role(self, role: str) -> None:
        """Let another bot have the role."""
        if role in self._roles:
            self._roles.discard(role)
            with suppress(sqlite3.Error):  # a lost connection has lost the role too
                self.rows(f"SELECT pg_advisory_unlock({ROLES}, ?)::integer", (_key(role),))

    def watch(self, woken: Callable[[], None]) -> None:
        """Call this, on the running event loop, when an update may be claimed, or the connection is lost."""
        self._woken = woken
        if self._session:
            self._session.connection.add_notify_handler(lambda _: woken())
            with suppress(psycopg.Error):  # lost already, which the next statement finds out
                self._watched = self._session.connection.fileno()
                asyncio.get_running_loop().add_reader(self._watched, self._read)

    def truncate_log(self) -> None:
        """Nothing: deleted rows leave the server's files by its own vacuum."""

    def delete_damaged_copies(self, before: float = math.inf) -> int:
        """Nothing: there are none."""
        del before
        return 0

    def close(self) -> None:
        """Close the connection, which frees its claims and roles; no other method may be called afterwards."""
        self._opener.close()
        self._end_session()

    def _run(self, statement: str, values: Sequence[schema.Value] = (), *, is_write: bool = True) -> Cursor:
        try:
            cursor = self._attempt(self._session or self._resumed(0.0), statement, values)
        except StateLostError:
            if self._is_in_transaction or self._has_waited:
                raise
            self._has_waited = True
            cursor = self._attempt(self._resumed(_LONGEST_WAIT), statement, values)
        if self._broken_at is not None and (is_write or self._is_lost) and not self._is_in_transaction:
            self._recover()
        return cursor

    def _attempt(self, session: Session, statement: str, values: Sequence[schema.Value]) -> Cursor:
        text = server_statement(statement)
        try:
            return session.connection.execute(text, [storable(value) for value in values])
        except psycopg.Error as error:
            if not (session.connection.broken or session.connection.closed):
                raise self._noted(error) from error
            self._lose()
            raise StateLostError(self._fault) from None

    def _noted(self, error: psycopg.Error) -> sqlite3.Error:
        """The error as the stores know it; one of the server is logged, once until a statement succeeds."""
        of_statement = faults.as_of_a_statement(error)
        if of_statement:
            return of_statement
        said = faults.sentence(error, self._address)
        if self._broken_at is None:
            self._break(said)
            logger.error("The state cannot be read or written: %s", said)
        return sqlite3.OperationalError(said)

    def _lose(self) -> None:
        """Close what is left of the connection, and have another one opened."""
        if self._session is None:
            return
        self._end_session()
        self._roles.clear()
        if self.session:
            self._opener.begin()
        if self._is_lost:
            return  # it was lost again before anything was done with it
        self._is_lost = True
        self._break(f"the state on {self._address.shown} cannot be reached")
        logger.error(
            "The connection to the state on %s is lost: updates wait until it is back, and another bot may take them.",
            self._address.shown,
        )

    def _break(self, fault: str) -> None:
        self.faults += 1
        self._fault = fault
        self._broken_at = self._broken_at or time.monotonic()

    def _recover(self) -> None:
        logger.info("The state can be read and written again, after %.1f s.", self.seconds_broken)
        self._fault, self._broken_at, self._is_lost = "", None, False

    def _resumed(self, seconds: float) -> Session:
        """The connection that was opened anew, with the claims of the one before; raises StateLostError if there is none."""
        session = self._opener.take(seconds)
        if session is None:
            raise StateLostError(self._fault)
        before, self._session, self.session = self.session, session, session.number
        self.since, self._has_waited = time.monotonic(), False
        if self._woken:
            self.watch(self._woken)
        try:
            self._attempt(session, _TAKE_OVER, (self.session, before))
        except StateLostError:
            raise
        except sqlite3.Error:  # logged; another bot takes the updates then
            pass
        return session

    def _read(self) -> None:
        """Take what the server says unasked: a notification, or the end of the connection."""
        if self._session is None:
            return
        connection = self._session.connection
        try:
            connection.pgconn.consume_input()
            while connection.pgconn.notifies():
                pass
        except psycopg.Error:
            self._lose()
        if self._woken:
            self._woken()

    def _end_session(self) -> None:
        if self._session is None:
            return
        connection, self._session = self._session.connection, None
        if self._watched is not None:
            with suppress(RuntimeError):  # without a loop any more
                asyncio.get_running_loop().remove_reader(self._watched)
            self._watched = None
        connection.close()


def _key(role: str) -> int:
    """The number of the role's advisory lock; 31 bits of a hash of its name."""
    return zlib.crc32(role.encode()) & 0x7FFFFFFF
