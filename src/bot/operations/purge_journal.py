"""The journal of a purge in the index folder: written before anything is deleted, so that a killed purge is finished."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.operations.bulletin_removal import BulletinKey
from retrieval.errors import BulletinBotError
from retrieval.storage import durable_files

_JOURNAL = ".purge.json"


@dataclass(frozen=True, slots=True)
class PurgeJournal:
    """All that a purge needs once the first of its steps is done."""

    key: BulletinKey
    day: str
    """ISO date of its confirmation, UTC."""
    passage_ids: tuple[str, ...]
    digests: tuple[str, ...]
    """Of the paragraphs; the text itself is not written."""
    source_name: str
    """The name under which the source file is cited; that of the archive for a document in one."""
    deletes_source: bool
    source_hash: str
    """SHA-256 of the file to be deleted: another file of its name stays. Empty if none is."""
    conversions: tuple[str, ...]
    """Digests by which what was made of the file is found in the cache of conversions."""
    questions: tuple[str, ...] = ()
    """Paths of files of evaluation questions whose answers quote the bulletin."""


def write_journal(index_dir: Path, journal: PurgeJournal) -> None:
    """Write it in one step that is durable: from then on the purge will be finished."""
    durable_files.replace_text(index_dir / _JOURNAL, json.dumps(asdict(journal), ensure_ascii=False))


def read_journal(index_dir: Path) -> PurgeJournal | None:
    """The journal of a purge that was not finished, or None.

    Raises BulletinBotError if it cannot be read, since what it began would then be left half done.
    """
    path = index_dir / _JOURNAL
    if not path.is_file():
        return None
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        key = BulletinKey(**fields.pop("key"))
        lists = {name: tuple(value) for name, value in fields.items() if isinstance(value, list)}
        return PurgeJournal(key=key, **{**fields, **lists})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BulletinBotError(
            f"The purge noted in {path} cannot be finished, for the note is damaged: delete it, and purge the bulletin "
            "again."
        ) from error


def delete_journal(index_dir: Path) -> None:
    """Note that the purge is finished."""
    (index_dir / _JOURNAL).unlink(missing_ok=True)
    durable_files.sync(index_dir)
