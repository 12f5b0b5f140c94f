"""Copies of bulletins that no purge reaches: backups and exports that this program wrote, folders that it put aside."""

from __future__ import annotations

import glob
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.settings import Settings
from bot.state import homes, upsert
from retrieval.errors import BulletinBotError
from retrieval.evaluation import read_questions
from retrieval.language import fold
from retrieval.types import Passage

_COPIES = "copies"
"""Purpose, in the table of keys, of the list of files that were written elsewhere."""


def note_copy(settings: Settings, path: Path) -> None:
    """Remember that a copy was written; without a state to remember it in, nothing happens."""
    home = settings.state_home()
    if not home.exists():
        return
    with homes.opened(home) as database:
        known = _noted(database.rows("SELECT key FROM keys WHERE purpose = ?", (_COPIES,)))
        listed = json.dumps([*dict.fromkeys([*known, str(path.resolve())])], ensure_ascii=False)
        database.write(upsert("keys", "purpose", "purpose, key"), (_COPIES, listed))


def known_copies(settings: Settings) -> tuple[Path, ...]:
    """The noted copies that are still there, and what `restore --replace` has put aside."""
    return tuple(dict.fromkeys((*_noted_copies(settings), *_put_aside(settings))))


def _noted_copies(settings: Settings) -> Iterator[Path]:
    home = settings.state_home()
    if not home.exists():
        return
    with homes.opened(home) as database:
        rows = database.rows("SELECT key FROM keys WHERE purpose = ?", (_COPIES,))
    yield from (path for path in map(Path, _noted(rows)) if path.exists())


def _noted(rows: Iterable[tuple[object, ...]]) -> list[str]:
    """The paths in the row, or none if it cannot be read."""
    for (value,) in rows:
        try:
            listed = json.loads(str(value))
        except ValueError:
            return []
        return [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
    return []


def _put_aside(settings: Settings) -> Iterator[Path]:
    for target in (settings.bulletins_dir, settings.index_dir, settings.state_db):
        yield from sorted(target.parent.glob(f"{glob.escape(target.name)}.before-*"))


def questions_quoting(settings: Settings, passages: Iterable[Passage]) -> tuple[Path, ...]:
    """The files of evaluation questions with an answer that stands in one of the passages."""
    given, texts = settings.development_questions, [fold(passage.text) for passage in passages]
    files = [given] if given.is_file() else sorted(given.rglob("questions*.jsonl"))
    return tuple(file for file in files if _quotes(file, texts))


def _quotes(file: Path, folded_texts: list[str]) -> bool:
    try:
        questions = read_questions(file)
    except BulletinBotError:
        return False
    answers = {fold(gold.answer) for question in questions for gold in question.golds}
    return any(answer in text for answer in answers for text in folded_texts)
