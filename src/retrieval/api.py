"""The library in one class: open an index, ask it, search it; and build one from a folder of bulletins."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass, replace
from pathlib import Path

import platformdirs

from retrieval.answering import TOP_HITS, answer, search
from retrieval.building import build_generation, checkpoint, write_generation
from retrieval.embedding import load_encoder
from retrieval.index import Filter, Index, collections, generations, homes
from retrieval.progress import Progress, no_progress
from retrieval.reading import preparation, read_collection, source_files
from retrieval.storage import lock, manifests
from retrieval.types import Answer, Encoder, Hit

Folder = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class BulletinIndex:
    """An index with the encoder that it was built with; safe to use from several threads."""

    index: Index
    encoder: Encoder
    chosen: tuple[str, ...] = ()
    """The names of the collections that answer; without any, the default one."""

    @property
    def collections(self) -> tuple[str, ...]:
        """The names of all collections, the default one first."""
        return collections.names_of(self.index)

    def within(self, *names: str) -> BulletinIndex:
        """The same with these collections answering; raises BulletinBotError for a name that none has."""
        return replace(self, chosen=collections.chosen_names(self.index, names))

    @property
    def places(self) -> tuple[str, ...]:
        """The names of the places that the bulletins cover, in the order of the bulletins."""
        return tuple(place.name for place in self._answering.places)

    @property
    def _answering(self) -> Index:
        return collections.within(self.index, self.chosen)

    def ask(self, question: str) -> Answer:
        """Quotes with their citations (`Answered`), a refusal with its reason (`Refused`), or a `SmallTalkReply`."""
        return answer(question, self._answering, self.encoder)

    def search(
        self, query: str, *, place: str | None = None, bulletin: str | None = None, top_k: int = TOP_HITS
    ) -> tuple[Hit, ...]:
        """The nearest passages, best first; of a place and of a bulletin only, if they are given.

        Raises BulletinBotError if no passage is of the place or the bulletin.
        """
        return search(query, self._answering, self.encoder, only=Filter(place, bulletin), top_k=top_k)


def open_index(folder: Folder, encoder: Encoder | str = "bundled") -> BulletinIndex:
    """The index in service in the folder; if a file of it is damaged, the last whole one before it.

    In place of a folder, a postgresql:// address opens the index of a server (the extra `postgres`).

    The encoder is the one that the index was built with: itself, a model's name on the hub, or its folder. Raises
    BulletinBotError if there is no index of this encoder.
    """
    loaded = _encoder(encoder)
    url = str(folder) if str(folder).startswith(homes.SCHEMES) else None
    return BulletinIndex(homes.open_home(Path(folder), url).load_serving(loaded.name), loaded)


def build(
    bulletins: Folder,
    folder: Folder,
    encoder: Encoder | str = "bundled",
    progress: Progress = no_progress,
) -> BulletinIndex:
    """Read all bulletins below a folder, embed the new texts, and put the new index into service.

    The index in service is not touched before the new one is written and verified. Raises BulletinBotError if there are
    no bulletins, if another build is under way, or if the disk is full.
    """
    source, target = Path(bulletins), Path(folder)
    with lock.only_builder(target, "build"):
        generations.remove_leftovers(target)
        sources = manifests.hash_sources(source_files(source))
        passages = read_collection(source, progress).passages
        loaded = _encoder(encoder)
        reuse = generations.whole_generations(target, loaded.name)
        checkpoint_file = checkpoint.checkpoint_path(target, loaded.name, full=False)
        parts = build_generation(passages, loaded, progress, reuse, checkpoint_file=checkpoint_file)
        index = write_generation(
            parts, loaded, target, sources, progress=progress, picture_of=preparation.picture_of
        )
        checkpoint.remove_checkpoints(target)
    return BulletinIndex(index, loaded)


def _encoder(encoder: Encoder | str) -> Encoder:
    return _load_encoder(encoder) if isinstance(encoder, str) else encoder


@functools.cache
def _load_encoder(name: str) -> Encoder:
    return load_encoder(name, platformdirs.user_cache_path("bulletin-bot") / "models")
