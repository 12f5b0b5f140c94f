"""The homes of generations, a folder or a server, behind one protocol."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from retrieval.errors import BulletinBotError
from retrieval.index import generations
from retrieval.index.index import Index
from retrieval.index.index_files import load_index
from retrieval.progress import Progress
from retrieval.storage import lock, manifests

if TYPE_CHECKING:
    from retrieval.index.postgres import ServerHome


class Publisher(Protocol):
    """Brings what was built in a folder into its home; that of a folder finds it there already."""

    def serve(self, generation: str, progress: Progress) -> None:
        """Put a generation of the folder into service in the home."""

    def drop_earlier(self) -> tuple[str, ...]:
        """Drop every generation of the home but the one in service, for good; returns their names."""


SCHEMES = ("postgresql://", "postgres://")
"""The beginnings of an address of a server."""


class IndexHome(Protocol):
    """A place where generations are kept. Every method raises BulletinBotError for what the operator can mend."""

    def __hash__(self) -> int: ...

    @property
    def shown(self) -> str:
        """The folder, or the hosts and the database without a password."""

    def served(self) -> tuple[str, ...]:
        """The names of the present generations that are or were in service, the current one first."""

    def refused(self) -> tuple[str, ...]:
        """The names of what the regression gate refused."""

    def has_current(self) -> bool:
        """Whether a generation is in service that this version of the program can read."""

    def manifest(self) -> manifests.Manifest:
        """The manifest of the generation in service."""

    def document(self, name: str) -> str | None:
        """The text of that name that was stored with the generation in service, such as the report of its build."""

    def load_current(self, encoder_name: str | None) -> Index:
        """The generation in service, of this encoder, or of any for None."""

    def load_serving(self, encoder_name: str) -> Index:
        """The generation in service or, if it is damaged, the last intact one before it."""

    def last_whole(self) -> Index | None:
        """The generation in service or, if it cannot be read, the last readable one before it, of any encoder."""

    def check(self) -> str:
        """The parts of the generation in service that were checked; raises DamagedIndexError if a part of it is not whole."""

    def builder(self) -> str | None:
        """The process that builds now, as it calls itself; None if there is none."""

    def rollback_target(self) -> Index | None:
        """The generation that `roll_back` would put into service; None if there is none before the current one."""

    def roll_back(self) -> str:
        """Put the generation before the current one into service again; returns its name."""

    def building(self, index_folder: Path, work: str) -> AbstractContextManager[Publisher]:
        """While a generation is built in the folder: other builders are kept out, and the folder has what is served."""


@dataclass(frozen=True, slots=True)
class FolderHome:
    """The generations in a folder."""

    folder: Path

    @property
    def shown(self) -> str:
        return str(self.folder)

    def served(self) -> tuple[str, ...]:
        return generations.served(self.folder)

    def refused(self) -> tuple[str, ...]:
        return tuple(folder.name for folder in generations.refused_folders(self.folder))

    def has_current(self) -> bool:
        return generations.has_current(self.folder)

    def manifest(self) -> manifests.Manifest:
        return manifests.read_manifest(generations.current_folder(self.folder))

    def document(self, name: str) -> str | None:
        path = generations.current_folder(self.folder) / name
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, ValueError):
            return None

    def load_current(self, encoder_name: str | None) -> Index:
        if encoder_name is None:
            return load_index(generations.current_folder(self.folder))
        return generations.load_current(self.folder, encoder_name)

    def load_serving(self, encoder_name: str) -> Index:
        return generations.load_serving(self.folder, encoder_name)

    def last_whole(self) -> Index | None:
        return generations.last_whole(self.folder)

    def check(self) -> str:
        manifest = self.manifest()
        manifests.check_parts(generations.current_folder(self.folder), manifest)
        return f"{len(manifest.parts)} parts whole"

    def builder(self) -> str | None:
        holder = lock.holder_of(self.folder)
        return str(holder) if holder else None

    def rollback_target(self) -> Index | None:
        return generations.rollback_target(self.folder)

    def roll_back(self) -> str:
        return generations.roll_back(self.folder)

    @contextmanager
    def building(self, index_folder: Path, work: str) -> Iterator[Publisher]:
        """The build itself holds the lock of the folder and puts its generation into service there."""
        del index_folder, work
        yield _InPlace()


class _InPlace:
    """The `Publisher` of a folder: who builds there serves and drops there."""

    def serve(self, generation: str, progress: Progress) -> None:
        """Nothing: it serves."""

    def drop_earlier(self) -> tuple[str, ...]:
        """Nothing: who purges knows which of the folder hold what is purged."""
        return ()


def open_home(index_folder: Path, url: str | None) -> IndexHome:
    """The server at the address or, without one, the folder. Raises BulletinBotError for a malformed address."""
    if url is None:
        return FolderHome(index_folder)
    return open_server(url)


def open_server(url: str) -> ServerHome:
    """The server at the address; raises BulletinBotError if the address is malformed or the extra is missing."""
    try:
        from retrieval.index.postgres import ServerHome
    except ImportError:
        raise BulletinBotError(
            "An index on a PostgreSQL server needs the extra `postgres`: run `make postgres`, or install the wheel with it."
        ) from None
    return ServerHome.from_url(url)


def copy_index(source: str, target: str, progress: Progress) -> str:
    """Copy the generation in service from a folder to a server, or the other way; returns its name. Nothing is embedded."""
    from_server, to_server = (place.startswith(SCHEMES) for place in (source, target))
    if from_server == to_server:
        raise BulletinBotError(
            "copy-index copies between a folder and a server: give a folder and a postgresql:// address, in either order."
        )
    if to_server:
        return open_server(target).copy_from(Path(source), progress)
    return open_server(source).copy_to(Path(target))
