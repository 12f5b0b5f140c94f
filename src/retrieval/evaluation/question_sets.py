"""The sets of evaluation questions: for each collection those held out, then those for development."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from retrieval.errors import BulletinBotError
from retrieval.evaluation.dataset import HELD_OUT, EvaluationQuestion, read_conversations, read_questions

MAIN = "bulletins"
"""The collection in service; its files of questions lie in the folder itself."""

COLLECTIONS = "collections"
"""The folder of the other collections, each with its files of questions and its `bulletins`."""

TRAINING_FILES = "training_files.json"
"""A JSON object beside the questions: names of the files that a learned model was trained on, with their SHA-256."""


class Split(StrEnum):
    """The use of a set of questions."""

    HELD_OUT = "heldout"
    """Only for measuring."""
    DEVELOPMENT = "development"
    """For work, fits and the regression gate."""


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions of one collection and use."""

    collection: str
    split: Split
    files: tuple[str, ...]
    """Names relative to the folder of questions, with slashes."""
    questions: tuple[EvaluationQuestion, ...]
    """Those asked alone, then the last turns of conversations, file by file."""


@dataclass(frozen=True, slots=True)
class QuestionSets:
    """All that is to be measured, and what may not be."""

    sets: tuple[QuestionSet, ...]
    """Collection by collection, held out before development; none without questions."""
    trained_on: tuple[str, ...]
    """The files left out because a learned model was trained on them."""


def read_question_sets(folder: Path, collection: str | None = None) -> QuestionSets:
    """The sets of the collection in service and of those in `collections`, or of one of them.

    Raises BulletinBotError for an unknown collection, without any questions, and for a file that cannot be read.
    """
    folders = {MAIN: folder} | {found.name: found for found in sorted(folder.glob(f"{COLLECTIONS}/*/"))}
    if collection is not None and collection not in folders:
        raise BulletinBotError(
            f"There is no collection {collection} in {folder / COLLECTIONS}: there are {', '.join(folders)}."
        )
    chosen = {name: found for name, found in folders.items() if collection in (None, name)}
    files = {name: sorted(found.glob("questions*.jsonl")) for name, found in chosen.items()}
    if not any(files.values()):
        raise BulletinBotError(f"No questions at {folder}: name a file with --questions.")
    trained = trained_on((file for found in files.values() for file in found), folder)
    fresh = {name: [file for file in found if file not in trained] for name, found in files.items()}
    return QuestionSets(
        sets=tuple(found for name, own in fresh.items() for found in _splits(name, own, folder)),
        trained_on=tuple(_relative(file, folder) for file in trained),
    )


def question_set_of(path: Path) -> QuestionSet:
    """The questions of one file, or of those of a folder that are not held out, about the collection in service."""
    split = Split.HELD_OUT if path.is_file() and HELD_OUT in path.name else Split.DEVELOPMENT
    return QuestionSet(MAIN, split, (path.name,), (*read_questions(path), *read_conversations(path)))


def trained_on(files: Iterable[Path], folder: Path) -> list[Path]:
    """Those of the files that `training_files.json` lists, by name or, under another name, by content."""
    listed = _read_training_files(folder / TRAINING_FILES)
    digests = frozenset(listed.values())
    return [file for file in files if _relative(file, folder) in listed or _digest(file) in digests]


def _read_training_files(path: Path) -> Mapping[str, str]:
    if not path.exists():
        return {}
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BulletinBotError(
            f"{path} cannot be read: it is a JSON object of file names and SHA-256."
        ) from error
    if not isinstance(listed, dict) or not all(isinstance(digest, str) for digest in listed.values()):
        raise BulletinBotError(f"{path} is not a JSON object of file names and their SHA-256.")
    return listed


def _splits(collection: str, files: Sequence[Path], folder: Path) -> Iterable[QuestionSet]:
    for split in Split:
        own = [file for file in files if (HELD_OUT in file.name) == (split is Split.HELD_OUT)]
        questions = [found for file in own for found in (*read_questions(file), *read_conversations(file))]
        if questions:
            names = tuple(_relative(file, folder) for file in own)
            yield QuestionSet(collection, split, names, tuple(questions))


def _relative(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix() if file.is_relative_to(folder) else file.name


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
