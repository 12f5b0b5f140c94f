"""Connections to a server: one for a piece of work, or a few that are kept for questions."""

from __future__ import annotations

import os
import platform
import queue
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString, TypeVar

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import Composed

from retrieval.index.postgres.server.address import ServerAddress
from retrieval.index.postgres.server.faults import ServerLostError, faults_told

Connection = psycopg.Connection[tuple[Any, ...]]
Row = tuple[Any, ...]
Statement = LiteralString | Composed
_Collected = TypeVar("_Collected")

# Seconds; a host that is gone is given up, and the next one of INDEX_URL tried.
_CONNECT_WITHIN = 5
_KEEPALIVES: Mapping[str, int] = {
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
_ROWS_AT_ONCE = 8
_KEPT = 8
"""Connections kept open between questions, as many as are answered at once."""


@contextmanager
def connected(address: ServerAddress, work: str, *, writes: bool) -> Iterator[Connection]:
    """A connection for a piece of work, in autocommit; raises ServerError in one sentence, also for what is done in it.

    One that writes is to the primary; others are to any of the hosts, unless INDEX_URL says which.
    """
    with faults_told(address):
        connection = connect(address, work, writes=writes)
        try:
            yield connection
        finally:
            connection.close()


def connect(address: ServerAddress, work: str, *, writes: bool) -> Connection:
    """An open connection; raises psycopg.Error. The server's own list of activity shows the work and who does it."""
    who = f"bulletin-bot {work}, process {os.getpid()} on {platform.node()}"
    attributes = {"target_session_attrs": "read-write"} if writes else {}
    where = make_conninfo(
        address.url, application_name=who[:63], connect_timeout=_CONNECT_WITHIN, **_KEEPALIVES, **attributes
    )
    # A plan that was made for other values may find 3 rows where this one finds 40: none is kept.
    return psycopg.connect(where, autocommit=True, prepare_threshold=None)


class Connections:
    """Connections that questions share, prepared as they are opened; a broken one is replaced."""

    def __init__(self, address: ServerAddress, prepare: Callable[[Connection], None]) -> None:
        self.address = address
        self._prepare = prepare
        self._idle: queue.LifoQueue[Connection] = queue.LifoQueue()

    def read(self, statement: Statement, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """The rows of a query, in binary form, in one round trip.

        A connection that broke since the last question is replaced once. Raises ServerError in one sentence.
        """
        return self.read_with(list, statement, parameters)

    def read_with(
        self,
        collect: Callable[[Iterable[Row]], _Collected],
        statement: Statement,
        parameters: Mapping[str, object] | None = None,
    ) -> _Collected:
        """As `read`, what a function makes of the rows, which come to it some at a time: they are not kept besides."""
        try:
            return self._read(collect, statement, parameters)
        except ServerLostError:
            self.close()
            return self._read(collect, statement, parameters)

    def _read(
        self,
        collect: Callable[[Iterable[Row]], _Collected],
        statement: Statement,
        parameters: Mapping[str, object] | None,
    ) -> _Collected:
        with faults_told(self.address), self._taken() as connection, connection.cursor() as cursor:
            return collect(cursor.stream(statement, parameters, binary=True, size=_ROWS_AT_ONCE))

    @contextmanager
    def _taken(self) -> Iterator[Connection]:
        try:
            connection = self._idle.get_nowait()
        except queue.Empty:
            connection = self._opened()
        try:
            yield connection
        finally:
            if connection.broken or self._idle.qsize() >= _KEPT:
                connection.close()
            else:
                self._idle.put(connection)

    def _opened(self) -> Connection:
        connection = connect(self.address, "serving", writes=False)
        self._prepare(connection)
        return connection

    def renew(self) -> None:
        """One new connection in place of what is idle: after a large result a connection keeps buffers of its size."""
        with faults_told(self.address):
            opened = self._opened()
        self.close()
        self._idle.put(opened)

    def close(self) -> None:
        """Close what is idle; what is at work is closed when it comes back broken, or with this object."""
        while True:
            try:
                self._idle.get_nowait().close()
            except queue.Empty:
                return

    def __del__(self) -> None:
        self.close()


def rows_of(connection: Connection, statement: Statement, parameters: Sequence[object] = ()) -> list[Row]:
    """The rows of a query in binary form; raises psycopg.Error."""
    return connection.execute(statement, parameters, binary=True).fetchall()
