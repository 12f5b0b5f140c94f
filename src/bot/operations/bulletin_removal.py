"""The bulletins of an index, found by name, and what taking one of them out would remove."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from bot.settings import Settings
from retrieval.building import diff, reports
from retrieval.errors import BulletinBotError
from retrieval.index import Index, collections, generations
from retrieval.language import fold
from retrieval.reading import source_files
from retrieval.reading.structure import taken_out
from retrieval.storage import PassageStore, manifests
from retrieval.types import Passage


class SourceFate(StrEnum):
    """The fate of the source file of a bulletin that is taken out."""

    DELETED = "deleted"
    KEPT = "kept"
    """It holds other bulletins too, or was changed since the index was built."""
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class BulletinKey:
    """A bulletin by what tells it from all others."""

    file: str
    """The name under which its file is cited."""
    label: str
    title: str
    collection: str | None = None

    @property
    def bulletin_id(self) -> str:
        """12 hexadecimal digits for callback data."""
        return hashlib.sha256(
            f"{self.file}\x1f{self.label}\x1f{self.title}".encode(errors="replace")
        ).hexdigest()[:12]

    @property
    def name(self) -> str:
        """As it is shown."""
        return self.title if self.label in self.title else f"{self.label} {self.title}".strip()

    def positions_in(self, store: PassageStore) -> list[int]:
        """The positions of its passages in the store."""
        own = (self.file, self.label, self.title)
        codes = [
            code for code, each in enumerate(store.bulletins) if (each.file, each.label, each.title) == own
        ]
        return np.flatnonzero(np.isin(store.bulletin_codes, codes)).tolist()


@dataclass(frozen=True, slots=True)
class Removal:
    """A bulletin with all that goes with it."""

    key: BulletinKey
    index: str
    """Name of the generation that this was found in."""
    passages: tuple[Passage, ...]
    fate: SourceFate
    source: Path | None
    """The source file; None if it is missing."""
    source_name: str
    """The name under which it is cited; for a document in an archive, that of the archive."""
    generations: tuple[str, ...]
    """Names of the generations that hold the bulletin, refused ones too; these are deleted whole."""
    is_only_one: bool
    """Whether the index holds no other passage."""
    passage_ids: tuple[str, ...] = ()
    """The ids of its passages, and those that they had before rebuilds: what people kept may name any of them."""

    @property
    def places(self) -> tuple[str, ...]:
        """Names of the places, in the order of the text."""
        return tuple(dict.fromkeys(passage.place_name for passage in self.passages if passage.place_name))

    @property
    def digest(self) -> str:
        """8 hexadecimal digits that change with what would be removed: who confirms has seen this."""
        shown = (self.index, self.fate, *self.generations, *(passage.passage_id for passage in self.passages))
        return hashlib.sha256("\x1f".join(shown).encode()).hexdigest()[:8]


def bulletins_of(index: Index, names: Iterable[str] = ()) -> tuple[BulletinKey, ...]:
    """The bulletins, in their order; of the collections of these names alone, if any are given.

    Raises BulletinBotError for a name that no collection has.
    """
    wanted = collections.within(index, [*names]) if [*names] else index
    return tuple(
        BulletinKey(each.file, each.label, each.title, each.collection) for each in wanted.passages.bulletins
    )


def named(text: str, bulletins: Iterable[BulletinKey]) -> tuple[BulletinKey, ...]:
    """The bulletins that the text names, in either script: by label, title or file as a whole, else by a part of it."""
    wanted = fold(text.strip())
    known = {
        each: {fold(part) for part in (each.label, each.title, each.name, each.file)} for each in bulletins
    }
    exact = tuple(each for each, names in known.items() if wanted in names)
    return exact or tuple(each for each, names in known.items() if any(wanted in name for name in names))


def removal_of(settings: Settings, index: Index, key: BulletinKey) -> Removal:
    """All that taking the bulletin out of the index in service would remove; raises BulletinBotError if it is not in it."""
    passages = tuple(index.passages[position] for position in key.positions_in(index.passages))
    if not passages:
        raise BulletinBotError(
            f"{key.name} ({key.file}) is not in the index in service: see `bulletin-bot purge`."
        )
    name, path = _source_of(settings.bulletins_dir, key.file)
    folders = holding(settings.index_dir, key, digests_of(passages))
    return Removal(
        key=key,
        index=index.name,
        passages=passages,
        fate=_fate(index, key, name, path),
        source=path,
        source_name=name,
        generations=_that_go(settings, folders),
        is_only_one=len(passages) == len(index.passages),
        passage_ids=_ids_ever(settings.index_dir, index, key, folders),
    )


def _that_go(settings: Settings, folders: tuple[str, ...]) -> tuple[str, ...]:
    """The generations that hold it in the folder; of a server all that it has, wherever they were built."""
    return (
        tuple(dict.fromkeys((*settings.index_home().served(), *folders))) if settings.index_url else folders
    )


def _ids_ever(index_dir: Path, index: Index, key: BulletinKey, folders: Iterable[str]) -> tuple[str, ...]:
    """The ids that passages of the bulletin have in the index or in the generations, and those that came before these."""
    ids = set(_ids_in(index.passages, key))
    for name in folders:
        with suppress(
            OSError, ValueError, KeyError, BulletinBotError
        ):  # what cannot be read is deleted whole
            ids.update(_ids_in(PassageStore.load(index_dir / name / "passages"), key))
    return tuple(sorted(ids))


def _ids_in(store: PassageStore, key: BulletinKey) -> Iterator[str]:
    own = {store[position].passage_id for position in key.positions_in(store)}
    yield from own
    numbers = {int(each, 16) for each in own}
    yield from (f"{each.earlier:016x}" for each in store.earlier_ids.entries() if each.current in numbers)


def _source_of(folder: Path, file: str) -> tuple[str, Path | None]:
    """The name and the path of the file on disk; a document in an archive has that of the archive."""
    files = source_files(folder) if folder.is_dir() else {}
    names = [name for name in files if file == name or file.startswith(f"{name}/")]
    name = max(names, key=len, default=file)
    return name, files.get(name)


def _fate(index: Index, key: BulletinKey, name: str, path: Path | None) -> SourceFate:
    if path is None:
        return SourceFate.MISSING
    in_file = {
        (each.file, each.label, each.title)
        for each in index.passages.bulletins
        if each.file == name or each.file.startswith(f"{name}/")
    }
    is_changed = index.manifest.sources.get(name) != manifests.file_hash(path)
    is_alone = in_file == {(key.file, key.label, key.title)} and not is_changed
    return SourceFate.DELETED if is_alone else SourceFate.KEPT


def digests_of(passages: Iterable[Passage]) -> frozenset[str]:
    """The digests of the paragraphs, by which they are known again."""
    return frozenset(taken_out.paragraph_digest(passage.text) for passage in passages)


def holding(index_dir: Path, key: BulletinKey, digests: AbstractSet[str]) -> tuple[str, ...]:
    """The generations, in service, earlier or refused, that hold the bulletin or a paragraph of it, reports included."""
    folders = (*generations.generation_folders(index_dir), *generations.refused_folders(index_dir))
    return tuple(folder.name for folder in folders if _holds(folder, key, digests))


def _holds(folder: Path, key: BulletinKey, digests: AbstractSet[str]) -> bool:
    """Whether the generation holds any of it; one that cannot be read may."""
    try:
        store = PassageStore.load(folder / "passages")
        if key.positions_in(store) or any(taken_out.folded_digest(text) in digests for text in store.folded):
            return True
    except (OSError, ValueError, KeyError, BulletinBotError):
        return True
    return any(_tells_of(change, key, digests) for change in _changes_in(folder))


def _changes_in(folder: Path) -> Iterator[diff.PassageChange]:
    """The changes that the report of the generation lists, with their texts."""
    report = reports.read_report(folder)
    yield from report.details if report else ()


def _tells_of(change: diff.PassageChange, key: BulletinKey, digests: AbstractSet[str]) -> bool:
    texts = filter(None, (change.before, change.after))
    is_own = (change.file, change.bulletin) == (key.file, key.label)
    return is_own or any(taken_out.paragraph_digest(text) in digests for text in texts)
