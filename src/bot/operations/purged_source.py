"""The source file of a bulletin that is taken out, and the record beside the files that keeps it out."""

from __future__ import annotations

from pathlib import Path

from bot.operations.purge_journal import PurgeJournal
from bot.settings import Settings
from retrieval.errors import BulletinBotError
from retrieval.index import Index
from retrieval.reading import source_files
from retrieval.reading.structure import taken_out
from retrieval.storage import manifests


def record(settings: Settings, journal: PurgeJournal) -> None:
    """Note the bulletin beside the files, so that no later rebuild brings it back, from a copy neither."""
    key = journal.key
    entry = taken_out.TakenOut(key.file, key.label, key.title, journal.day, journal.digests)
    if settings.bulletins_dir.is_dir():
        try:
            taken_out.add_entry(settings.bulletins_dir, entry)
        except OSError as error:
            raise BulletinBotError(
                f"The folder of bulletins {settings.bulletins_dir} cannot be written ({error.strerror}): let this user write "
                "to it; the purge is then finished by the next start."
            ) from error


def path_of(settings: Settings, journal: PurgeJournal) -> Path | None:
    """The source file of the bulletin; None once it is gone."""
    if not settings.bulletins_dir.is_dir():
        return None
    return source_files(settings.bulletins_dir).get(journal.source_name)


def delete(settings: Settings, journal: PurgeJournal) -> str:
    """Delete the source file if it holds this bulletin alone; returns its name once it is gone, else nothing."""
    if not journal.deletes_source:
        return ""
    path = path_of(settings, journal)
    if path and manifests.file_hash(path) != journal.source_hash:
        return ""
    try:
        if path:
            path.unlink()
    except OSError as error:
        raise BulletinBotError(
            f"The file {path} cannot be deleted ({error.strerror}): let this user write to its folder; the purge is then "
            "finished by the next start."
        ) from error
    return journal.source_name


def sources_without(settings: Settings, index: Index, journal: PurgeJournal) -> dict[str, str]:
    """The sources of the new generation: those of the one before, but for the deleted file, and with the record."""
    sources = dict(index.manifest.sources)
    if journal.deletes_source and path_of(settings, journal) is None:
        sources.pop(journal.source_name, None)
    noted = settings.bulletins_dir / taken_out.TAKEN_OUT_FILE
    return sources | ({noted.name: manifests.file_hash(noted)} if noted.is_file() else {})
