"""The homes of a state, a file or a server, behind one protocol."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from bot.state import ownership
from bot.state.database import Database
from bot.state.schema import Clock
from bot.state.sqlite import IN_MEMORY, FileDatabase, open_database
from retrieval.errors import BulletinBotError

__all__ = ["IN_MEMORY", "FileHome", "StateHome", "home_at", "open_home", "open_to_serve", "opened"]


_SCHEMES = ("postgresql://", "postgres://")


class StateHome(Protocol):
    """A place where the state is kept. Every method raises BulletinBotError for what the operator can mend."""

    @property
    def shown(self) -> str:
        """The file, or the hosts and the database without a password."""

    def exists(self) -> bool:
        """Whether a bot has kept anything there yet, or is to be asked whether it has."""

    @property
    def another(self) -> str:
        """A sentence about what to do to keep a state elsewhere."""

    def open(self, clock: Clock = time.time, *, serves: bool = False) -> Database:
        """The state, made if needed and brought to the schema of this program.

        For a process that serves, a damaged file is mended, and updates of a server can be claimed.
        """

    def check(self) -> str:
        """A sentence about what is there, after it was looked into without a change to it."""

    def only_server(self, seconds: float = ownership.WAIT_SECONDS) -> AbstractContextManager[None]:
        """Held by the process that serves, where one alone may: after waiting so long for another."""

    def unused(self) -> AbstractContextManager[None]:
        """Held while the state is copied or replaced; raises BulletinBotError if a process serves from it."""


@dataclass(frozen=True, slots=True)
class FileHome:
    """The state in a SQLite file, or in memory."""

    path: Path
    another: ClassVar[str] = "set STATE_DB to another file"

    @property
    def shown(self) -> str:
        return str(self.path)

    def exists(self) -> bool:
        return self.path != IN_MEMORY and self.path.is_file()

    def open(self, clock: Clock = time.time, *, serves: bool = False) -> Database:
        return open_database(self.path, clock, mend=serves)

    def check(self) -> str:
        if not self.path.exists():
            return f"{self.path} is made at the first start"
        FileDatabase.check(self.path)
        return str(self.path)

    def only_server(self, seconds: float = ownership.WAIT_SECONDS) -> AbstractContextManager[None]:
        return ownership.only_server(self.path, seconds)

    def unused(self) -> AbstractContextManager[None]:
        return ownership.only_server(self.path, seconds=0.0)


def open_home(path: Path, url: str | None) -> StateHome:
    """The server at the address or, without one, the file. Raises BulletinBotError for a malformed address."""
    return FileHome(path) if url is None else open_server(url)


def open_server(url: str) -> StateHome:
    """The server at the address; raises BulletinBotError if the address is malformed or the extra is missing."""
    try:
        from bot.state.postgres import ServerHome
    except ImportError:
        raise BulletinBotError(
            "A state on a PostgreSQL server needs the extra `postgres`: run `make postgres`, or install the wheel with it."
        ) from None
    return ServerHome.from_url(url)


def home_at(place: str) -> StateHome:
    """The server at an address, else the file at a path."""
    return open_server(place) if place.startswith(_SCHEMES) else FileHome(Path(place))


def open_to_serve(home: StateHome, bot_id: int) -> Database:
    """The state for a bot that serves; raises BulletinBotError if it is that of another bot."""
    database = home.open(serves=True)
    try:
        ownership.claim(database, home.shown, home.another, bot_id)
    except BaseException:
        database.close()
        raise
    return database


@contextmanager
def opened(home: StateHome) -> Iterator[Database]:
    """The state while this is open."""
    database = home.open()
    try:
        yield database
    finally:
        database.close()
