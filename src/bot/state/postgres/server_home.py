"""The server of STATE_URL as a home of the state."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

import psycopg

from bot.state import schema
from bot.state.postgres import faults
from bot.state.postgres.server_database import ServerDatabase
from bot.state.postgres.session import SESSIONS, connect, open_session
from bot.state.postgres.tables import Connection, check_encoding, versions
from retrieval.errors import BulletinBotError
from retrieval.index.postgres.server import ServerAddress


@dataclass(frozen=True, slots=True)
class ServerHome:
    """The state in the schema `bulletin_bot_state` of a database; several processes of one bot share it."""

    address: ServerAddress
    another: ClassVar[str] = "set STATE_URL to another database"

    @classmethod
    def from_url(cls, url: str) -> ServerHome:
        """Raises BulletinBotError, without repeating the address, if it is malformed."""
        try:
            return cls(ServerAddress.from_url(url))
        except BulletinBotError:
            raise BulletinBotError(
                "STATE_URL is no address of a PostgreSQL server: write it as postgresql://user:password@host:5432/database, "
                "with %-codes for signs in the password."
            ) from None

    @property
    def shown(self) -> str:
        """Hosts and database, without user and password."""
        return self.address.shown

    def exists(self) -> bool:
        """True: the server is to be asked."""
        return True

    def open(self, clock: schema.Clock = time.time, *, serves: bool = False) -> ServerDatabase:
        """The state; a process that serves may claim updates."""
        try:
            session = open_session(self.address, serves=serves)
        except psycopg.Error as error:
            raise faults.unopened(error, self.address) from None
        return ServerDatabase(self.address, session, clock)

    def check(self) -> str:
        """A sentence about what is there; nothing is changed."""
        try:
            with connect(self.address, "doctor") as connection:
                check_encoding(connection, self.address)
                state, _ = versions(connection)
                ((server,),) = connection.execute("SELECT split_part(version(), ' ', 2)")
                serving = _serving(connection)
        except psycopg.Error as error:
            raise faults.unopened(error, self.address) from None
        if state > len(schema.MIGRATIONS):
            raise BulletinBotError(
                f"The state on {self.shown} has schema {state} and this program knows {len(schema.MIGRATIONS)}: get a newer "
                "bulletin-bot."
            )
        kept = (
            f"schema {state}, bots that serve from it: {serving}"
            if state
            else "its tables are made at the first start"
        )
        return f"{self.shown}: PostgreSQL {server}, {kept}"

    @contextmanager
    def unused(self) -> Iterator[None]:
        """Raises BulletinBotError if bots serve from the state; one that starts later is not kept out."""
        try:
            with connect(self.address, "copy") as connection:
                if serving := _serving(connection):
                    raise BulletinBotError(
                        f"The state on {self.shown} is in use (bots that serve from it: {serving}): stop them and try again."
                    )
                yield
        except psycopg.Error as error:
            raise faults.unopened(error, self.address) from None

    @contextmanager
    def only_server(self, seconds: float = 0.0) -> Iterator[None]:
        """Nothing is held: bots share the work."""
        del seconds
        yield


def _serving(connection: Connection) -> int:
    """The number of processes that serve from the state."""
    query = (
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = $1 AND objsubid = 2 "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    ((serving,),) = connection.execute(query, [SESSIONS])
    return int(serving)
