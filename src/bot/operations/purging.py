"""Takes a bulletin out for good: a generation without it, then all that still holds it is deleted whole.

Every step can be done again: a purge that was killed is finished by the next start, rebuild or purge, and is never left half
done once its journal is written.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.operations import copies_elsewhere, purged_source
from bot.operations.bulletin_removal import Removal, SourceFate, digests_of, holding
from bot.operations.generation_without import write_without
from bot.operations.purge_journal import PurgeJournal, delete_journal, read_journal, write_journal
from bot.settings import Settings
from bot.state import feedback, homes
from retrieval.building import checkpoint
from retrieval.errors import BulletinBotError
from retrieval.index import Index, generations
from retrieval.index import homes as index_homes
from retrieval.progress import Progress, no_progress
from retrieval.reading.formats.conversion import drop_conversions, source_of
from retrieval.storage import lock, manifests
from retrieval.types import Encoder

logger = logging.getLogger(__name__)


class OnlyBulletinError(BulletinBotError):
    """Without the bulletin the index would be empty."""


class ChangedIndexError(BulletinBotError):
    """Another generation is in service than the one that was shown before the confirmation."""


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """The outcome of a purge."""

    name: str
    """Of the bulletin, as it is shown."""
    generation: str
    """The generation in service, without the bulletin; empty if there was no index to build it from."""
    passage_ids: frozenset[str]
    generations: tuple[str, ...]
    """Those that were deleted whole."""
    older_kept: int
    """Number of earlier generations that a rollback can go to: those that never held the bulletin."""
    answers: int
    reports: int
    conversions: int
    deleted_source: str
    """Cited name of the source file that was deleted; empty if it was left."""
    out_of_reach: tuple[Path, ...]
    """Files and folders that may still hold it: backups, exports, questions, the source file if it was left."""


def purge(
    settings: Settings, removal: Removal, *, encoder: Encoder | None = None, progress: Progress = no_progress
) -> PurgeReport:
    """Take out what was shown; nothing is embedded again, since a generation has the vectors of all that stays.

    Raises OnlyBulletinError, ChangedIndexError and IndexBusyError before anything is changed; after a BulletinBotError
    that comes later, such as for a full disk, the purge is finished by the next start.
    """
    if removal.is_only_one:
        raise OnlyBulletinError(
            f"{removal.key.name} is the only bulletin of the index: add another one and rebuild first."
        )
    with _only_worker(settings) as publisher:
        tools = _Tools(publisher, encoder, progress)
        _finish_earlier(settings, tools)
        if generations.current_folder(settings.index_dir).name != removal.index:
            raise ChangedIndexError(
                "Another index has come into service meanwhile: look again what would be removed."
            )
        journal = _journal_of(settings, removal)
        write_journal(settings.index_dir, journal)
        return _finish(settings, journal, tools)


@dataclass(frozen=True, slots=True)
class _Tools:
    """The things that the steps work with."""

    publisher: index_homes.Publisher
    encoder: Encoder | None
    progress: Progress = no_progress


@contextmanager
def _only_worker(settings: Settings) -> Iterator[index_homes.Publisher]:
    """Hold the locks of the home and of the folder, which serves what the home does. Raises IndexBusyError."""
    with (
        settings.index_home().building(settings.index_dir, "purge") as publisher,
        lock.only_builder(settings.index_dir, "purge"),
    ):
        yield publisher


def finish_purge(settings: Settings, encoder: Encoder | None = None) -> PurgeReport | None:
    """Finish a purge that was killed; None if there is none. Raises IndexBusyError if another process works there."""
    if read_journal(settings.index_dir) is None:
        return None
    with _only_worker(settings) as publisher:
        return _finish_earlier(settings, _Tools(publisher, encoder))


def finish_purge_in_build(
    settings: Settings, publisher: index_homes.Publisher, encoder: Encoder | None = None
) -> None:
    """The same for a build, which holds the locks already."""
    _finish_earlier(settings, _Tools(publisher, encoder))


def _finish_earlier(settings: Settings, tools: _Tools) -> PurgeReport | None:
    journal = read_journal(settings.index_dir)
    if journal is None:
        return None
    logger.warning("A purge of %s was not finished: it is finished now.", journal.key.name)
    return _finish(settings, journal, tools)


def _journal_of(settings: Settings, removal: Removal) -> PurgeJournal:
    deletes = removal.fate is SourceFate.DELETED and removal.source is not None
    content = removal.source.read_bytes() if removal.source else b""
    pages = {passage.recognized.source for passage in removal.passages if passage.recognized}
    return PurgeJournal(
        key=removal.key,
        day=datetime.now(UTC).date().isoformat(),
        passage_ids=removal.passage_ids,
        digests=tuple(sorted(digests_of(removal.passages))),
        source_name=removal.source_name,
        deletes_source=deletes,
        source_hash=manifests.file_hash(removal.source) if deletes and removal.source else "",
        conversions=tuple(sorted({*pages, source_of(content)} if removal.source else pages)),
        questions=tuple(map(str, copies_elsewhere.questions_quoting(settings, removal.passages))),
    )


def _finish(settings: Settings, journal: PurgeJournal, tools: _Tools) -> PurgeReport:
    """All steps, in an order in which whatever is not done yet still finds what it needs."""
    index_dir = settings.index_dir
    generations.remove_leftovers(index_dir)
    purged_source.record(settings, journal)
    deleted_source = purged_source.delete(settings, journal)
    generation, doomed = _replace_generations(settings, journal, tools)
    checkpoint.remove_checkpoints(index_dir)
    answers, given = _erase_answers(settings, journal)
    conversions = drop_conversions(journal.conversions)
    delete_journal(index_dir)
    left = [] if deleted_source else [purged_source.path_of(settings, journal)]
    known = (*left, *map(Path, journal.questions), *copies_elsewhere.known_copies(settings))
    return PurgeReport(
        name=journal.key.name,
        generation=generation,
        passage_ids=frozenset(journal.passage_ids),
        generations=tuple(doomed),
        older_kept=len(settings.index_home().served()) - 1 if generation else 0,
        answers=answers,
        reports=given,
        conversions=conversions,
        deleted_source=deleted_source,
        out_of_reach=tuple(path for path in known if path and path.exists()),
    )


def _replace_generations(
    settings: Settings, journal: PurgeJournal, tools: _Tools
) -> tuple[str, tuple[str, ...]]:
    """The name of the generation that serves without the bulletin, empty without any, and of those deleted.

    The others that hold it go first: so those that never held it are not pushed out by the new one. On a server all others
    go: they were built anywhere, and may hold it.
    """
    index_dir, index = settings.index_dir, generations.last_whole(settings.index_dir)
    if index is None:
        return "", ()
    held = holding(index_dir, journal.key, frozenset(journal.digests))
    generations.drop(
        index_dir, [name for name in held if name not in {index.name, generations.served(index_dir)[0]}]
    )
    generation = _build_without(settings, index, journal, tools)
    generations.drop(index_dir, [name for name in held if name != generation])
    tools.publisher.serve(generation, tools.progress)
    gone = dict.fromkeys((*held, *tools.publisher.drop_earlier()))
    return generation, tuple(name for name in gone if name != generation)


def _build_without(settings: Settings, index: Index, journal: PurgeJournal, tools: _Tools) -> str:
    """Put a generation without the bulletin into service, unless the one in service is; returns its name.

    It is made of the generation in service and not of the files: nothing but the bulletin changes.
    """
    gone = frozenset(journal.key.positions_in(index.passages))
    if not gone and index.name == generations.served(settings.index_dir)[0]:
        return index.name
    sources = purged_source.sources_without(settings, index, journal)
    return write_without(settings, index, gone, sources, (tools.encoder, tools.progress))


def _erase_answers(settings: Settings, journal: PurgeJournal) -> tuple[int, int]:
    """Delete the stored answers and reports that quote the bulletin; returns the number of each."""
    home = settings.state_home()
    if not home.exists():
        return 0, 0
    with homes.opened(home) as database:
        return feedback.delete_quoting(database, frozenset(journal.passage_ids))
