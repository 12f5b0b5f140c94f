"""The pointer: the row that names the generation in service and those before it; the lock of whoever builds."""

from __future__ import annotations

import logging
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from psycopg import errors
from psycopg.sql import SQL, Identifier

from retrieval.errors import BulletinBotError
from retrieval.index.postgres.server import schema
from retrieval.index.postgres.server.address import ServerAddress
from retrieval.index.postgres.server.connections import Connection, connected, rows_of
from retrieval.storage import current_pointer, lock

logger = logging.getLogger(__name__)

_RETAINED = 3
# Milliseconds that a drop waits for a reader; what is still read then is dropped by a later rebuild.
_DROP_WITHIN = 500
# Seconds that a reader has to move on to the newer generation before its connection is ended for a purge.
_READ_FOR = 10.0
_TRIES_TO_DROP = 100
# Longer than the server takes to free the lock of a process that has just ended.
_LOCK_WITHIN = "1s"


@dataclass(frozen=True, slots=True)
class Served:
    """The generation in service and those that were before it, the latest first."""

    generation: str
    previous: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return (self.generation, *self.previous)


def read_served(connection: Connection, address: ServerAddress) -> Served:
    """The pointer; raises BulletinBotError if nothing was built on the server yet."""
    try:
        rows = rows_of(
            connection,
            "select generation, previous from bulletin_bot.serving where name = %s",
            [schema.SERVING],
        )
    except (errors.UndefinedTable, errors.InvalidSchemaName):
        rows = []
    if not rows:
        raise BulletinBotError(
            f"No index on {address.shown} yet: run `bulletin-bot rebuild`, or `bulletin-bot copy-index FOLDER URL`."
        )
    ((generation, previous),) = rows
    return Served(generation, tuple(previous))


def point_to(connection: Connection, generation: str) -> None:
    """Put a generation into service, by one row of this transaction, and tell whoever listens."""
    connection.execute(
        "insert into bulletin_bot.serving(name, generation) values (%(name)s, %(generation)s)"
        " on conflict (name) do update set generation = excluded.generation,"
        " previous = (array_prepend(serving.generation, array_remove(serving.previous, excluded.generation)))"
        "[1:%(most)s] where serving.generation <> excluded.generation",
        {"name": schema.SERVING, "generation": generation, "most": _RETAINED - 1},
    )
    connection.execute("select pg_notify(%s, %s)", [schema.NOTIFY_CHANNEL, generation])


def point_back(connection: Connection, address: ServerAddress) -> str:
    """Put the generation before the present one into service again; raises BulletinBotError if there is none."""
    with connection.transaction():
        whole = before_served(connection, address)
        if not whole:
            served = read_served(connection, address)
            raise BulletinBotError(
                f"There is no generation before {served.generation} on {address.shown} to go back to."
            )
        connection.execute(
            "update bulletin_bot.serving set generation = %s, previous = %s where name = %s",
            [whole[0], whole[1:], schema.SERVING],
        )
        connection.execute("select pg_notify(%s, %s)", [schema.NOTIFY_CHANNEL, whole[0]])
    return whole[0]


def before_served(connection: Connection, address: ServerAddress) -> list[str]:
    """The generations before the one in service that are still there, the latest first; raises BulletinBotError."""
    previous = read_served(connection, address).previous
    return [name for name in previous if _exists(connection, name)]


def _exists(connection: Connection, generation: str) -> bool:
    found = rows_of(
        connection, "select to_regclass(%s) is not null", [f"{schema.schema_of(generation)}.facts"]
    )
    return bool(found[0][0])


def generations_on(connection: Connection) -> tuple[str, ...]:
    """The names of all generations on the server, oldest first."""
    rows = rows_of(
        connection, "select nspname::text from pg_namespace where nspname like 'g%%' order by nspname"
    )
    names = (schema.generation_of(name) for (name,) in rows)
    return tuple(name for name in names if current_pointer.is_generation_name(name))


def drop_old(connection: Connection, address: ServerAddress) -> None:
    """Drop every generation that the pointer does not name, except those that somebody reads."""
    named = read_served(connection, address).names
    for generation in generations_on(connection):
        if generation not in named:
            _drop(connection, generation)


def drop_earlier(connection: Connection, address: ServerAddress) -> tuple[str, ...]:
    """Drop every generation but the one in service; returns their names.

    A reader that has not moved on after some seconds loses its connection. Raises BulletinBotError if one holds on still.
    """
    connection.execute("update bulletin_bot.serving set previous = '{}' where name = %s", [schema.SERVING])
    served = read_served(connection, address).generation
    names = tuple(name for name in generations_on(connection) if name != served)
    for name in names:
        _drop_for_good(connection, name)
    return names


def _drop_for_good(connection: Connection, generation: str) -> None:
    started = time.monotonic()
    for _ in range(_TRIES_TO_DROP):
        if _drop(connection, generation):
            return
        if time.monotonic() - started > _READ_FOR:
            connection.execute(
                "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objsubid = 2"
                " and classid = %s and objid = %s and pid <> pg_backend_pid()"
                " and database = (select oid from pg_database where datname = current_database())",
                [schema.LEASE_CLASS, lease_key(generation)],
            )
        time.sleep(_READ_FOR / _TRIES_TO_DROP * 2)
    raise BulletinBotError(
        f"The generation {generation} is still read, and cannot be dropped: stop what reads it."
    )


def _drop(connection: Connection, generation: str) -> bool:
    """Drop a generation unless somebody reads it; returns whether it is gone."""
    try:
        with connection.transaction():
            ((is_free,),) = rows_of(
                connection,
                "select pg_try_advisory_xact_lock(%s, %s)",
                [schema.LEASE_CLASS, lease_key(generation)],
            )
            if not is_free:
                logger.info("The generation %s is still read: it is dropped later.", generation)
                return False
            connection.execute("select set_config('lock_timeout', %s, true)", [f"{_DROP_WITHIN}ms"])
            name = Identifier(schema.schema_of(generation))
            connection.execute(SQL("drop schema {} cascade").format(name))
    except errors.LockNotAvailable:
        logger.info("The generation %s is still read: it is dropped later.", generation)
        return False
    return True


def lease_key(generation: str) -> int:
    """The number of the advisory lock that readers of the generation share; 31 bits of a hash of its name."""
    return zlib.crc32(generation.encode()) & 0x7FFFFFFF


class ServerBusyError(lock.IndexBusyError):
    """Another process builds on the server; the message names it."""

    def __init__(self, address: ServerAddress, holder: str | None) -> None:
        BulletinBotError.__init__(
            self,
            f"Another process works on the index on {address.shown} ({holder or 'it has not said who it is'}): wait until it "
            "is done, or stop it and try again.",
        )
        self.holder = None


@contextmanager
def only_builder(address: ServerAddress, work: str) -> Iterator[Connection]:
    """A connection to the primary that holds the advisory lock of builders; the server frees it if this process dies.

    Raises ServerBusyError if another process holds it.
    """
    with connected(address, work, writes=True) as connection:
        try:
            connection.execute("select set_config('lock_timeout', %s, false)", [_LOCK_WITHIN])
            connection.execute("select pg_advisory_lock(%s)", [schema.LOCK_KEY])
            connection.execute("reset lock_timeout")
        except errors.LockNotAvailable:
            raise ServerBusyError(address, holder_on(connection)) from None
        try:
            yield connection
        finally:
            if not connection.closed:
                connection.execute("select pg_advisory_unlock(%s)", [schema.LOCK_KEY])


def holder_on(connection: Connection) -> str | None:
    """The process that holds the lock of builders, as it calls itself; None if there is none."""
    rows = rows_of(
        connection,
        "select a.application_name::text from pg_locks l join pg_stat_activity a using (pid) where l.locktype = 'advisory'"
        " and granted and objid = %s and objsubid = 1"
        " and database = (select oid from pg_database where datname = current_database())",
        [schema.LOCK_KEY],
    )
    return str(rows[0][0]) if rows else None
