"""A PostgreSQL server as the home of generations, as a folder is one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import BulletinBotError, DamagedIndexError
from retrieval.index import Index, generations
from retrieval.index.postgres import copy_in, copy_out
from retrieval.index.postgres.server import (
    Connection,
    ServerAddress,
    connected,
    follow_changes,
    schema,
    serving_row,
)
from retrieval.index.postgres.server_index import (
    load_server_index,
    open_generation,
    read_facts,
    read_manifest,
)
from retrieval.progress import Progress, no_progress
from retrieval.storage import lock, manifests


@dataclass(frozen=True, slots=True)
class ServerHome:
    """The generations on a server. Every method raises BulletinBotError in one sentence if the server cannot do it."""

    address: ServerAddress

    @classmethod
    def from_url(cls, url: str) -> ServerHome:
        """Raises BulletinBotError, without repeating the address, if it is malformed."""
        return cls(ServerAddress.from_url(url))

    @property
    def shown(self) -> str:
        return self.address.shown

    def served(self) -> tuple[str, ...]:
        with connected(self.address, "status", writes=False) as connection:
            return serving_row.read_served(connection, self.address).names

    def refused(self) -> tuple[str, ...]:
        """None: what the gate refuses stays in the folder where it was built."""
        return ()

    def has_current(self) -> bool:
        try:
            self.manifest()
        except BulletinBotError:
            return False
        return True

    def manifest(self) -> manifests.Manifest:
        found = open_generation(self.address)
        return read_manifest(found.connections, found.generation)

    def document(self, name: str) -> str | None:
        found = open_generation(self.address)
        facts = read_facts(found.connections, found.generation)
        return json.dumps(facts[name], ensure_ascii=False) if name in facts else None

    def load_current(self, encoder_name: str | None) -> Index:
        return load_server_index(self.address, encoder_name)

    def load_serving(self, encoder_name: str) -> Index:
        """As `load_current`: no part of a generation on a server is lost alone."""
        return load_server_index(self.address, encoder_name)

    def last_whole(self) -> Index | None:
        """The generation in service; None if nothing was built yet."""
        return load_server_index(self.address, None) if self.has_current() else None

    def check(self) -> str:
        """Counts the rows of the generation in service; raises DamagedIndexError if there are not as many as were built."""
        found = open_generation(self.address)
        manifest = read_manifest(found.connections, found.generation)
        statement = schema.in_schema(
            "select (select count(*) from {schema}.passages), (select count(*) from {schema}.contents)",
            found.generation,
        )
        (counts,) = found.connections.read(statement)
        if set(counts) != {manifest.passages}:
            raise DamagedIndexError(
                f"The generation {found.generation} on {self.shown} has {counts[0]} and {counts[1]} rows for "
                f"{manifest.passages} passages: run `bulletin-bot rollback`, or `bulletin-bot rebuild`."
            )
        ranked = (
            "pg_textsearch"
            if found.has_bm25
            else "the server's own full-text search: pg_textsearch is missing"
        )
        return f"{manifest.passages} passages whole; words by {ranked}"

    def builder(self) -> str | None:
        with connected(self.address, "status", writes=False) as connection:
            return serving_row.holder_on(connection)

    def rollback_target(self) -> Index | None:
        with connected(self.address, "status", writes=False) as connection:
            names = serving_row.before_served(connection, self.address)
        return load_server_index(self.address, None, generation=names[0]) if names else None

    def roll_back(self) -> str:
        with serving_row.only_builder(self.address, "rollback") as connection:
            return serving_row.point_back(connection, self.address)

    @contextmanager
    def building(self, index_folder: Path, work: str) -> Iterator[ServerPublisher]:
        """Hold the lock of builders; the folder serves what the server does. Yields what brings generations of it there.

        Raises ServerBusyError if another process holds the lock.
        """
        with serving_row.only_builder(self.address, work) as connection:
            self._bring_up_to_date(index_folder, work)
            yield ServerPublisher(self.address, connection, index_folder)

    def _bring_up_to_date(self, index_folder: Path, work: str) -> None:
        """Copy the generation in service to the folder, unless it serves there: what it has is not embedded again."""
        if self.has_current() and self.served()[:1] != _served_in(index_folder):
            self.copy_to(index_folder, work)

    def copy_from(self, index_folder: Path, progress: Progress = no_progress) -> str:
        """Copy the generation in service in the folder to the server, and put it into service there; returns its name."""
        folder = generations.current_folder(index_folder)
        with serving_row.only_builder(self.address, "copy-index") as connection:
            return self._receive(folder, connection, progress)

    def _receive(self, folder: Path, connection: Connection, progress: Progress) -> str:
        return copy_in.copy_to_server(folder, connection, self.address, progress)

    def copy_to(self, index_folder: Path, work: str = "copy-index") -> str:
        """Copy the generation in service on the server to the folder, and put it into service there; returns its name."""
        found = open_generation(self.address)
        with lock.only_builder(index_folder, work):
            generations.remove_leftovers(index_folder)
            return copy_out.copy_to_folder(found.connections, found.generation, index_folder)

    def follow(self, changed: Callable[[], None], stopped: Callable[[], bool], every: float) -> None:
        """Call `changed` at every change of the pointer, and every so many seconds, until `stopped`."""
        follow_changes(self.address, changed, stopped, every)


@dataclass(frozen=True, slots=True)
class ServerPublisher:
    """The `Publisher` of a server."""

    address: ServerAddress
    connection: Connection
    index_folder: Path

    def serve(self, generation: str, progress: Progress) -> None:
        copy_in.copy_to_server(self.index_folder / generation, self.connection, self.address, progress)

    def drop_earlier(self) -> tuple[str, ...]:
        return serving_row.drop_earlier(self.connection, self.address)


def _served_in(index_folder: Path) -> tuple[str, ...]:
    try:
        return generations.served(index_folder)[:1]
    except BulletinBotError:
        return ()
