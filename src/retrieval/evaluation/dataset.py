"""Evaluation questions with known answers, read from the JSON lines files in `data/eval`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from retrieval.errors import BulletinBotError
from retrieval.types import Passage

HELD_OUT = "heldout"
"""Part of the name of every file of questions that nothing may be tuned on."""

NEAR_MISSES = (
    "number",
    "name",
    "date",
    "money",
    "reason",
    "rule",
    "list",
    "comparison",
    "only_b",
    "other",
)
"""The kinds of near misses, by what is asked for in vain; `only_b`: only another place does it."""

# The notes of the older files say "near miss: person not given"; what is not here is of the kind `other`.
_OLDER_NOTES = {
    "person": "name",
    "title": "name",
    "company": "name",
    "organisation": "name",
    "list of names": "list",
    "titles": "list",
    "weekday": "date",
    "duration": "date",
    "cost": "money",
    "count": "number",
    "percentage": "number",
    "age": "number",
    "rank": "number",
    "wrong place": "only_b",
}
# The kinds of questions of the older files, which have no `need`, that ask for an answer of each place.
_ASK_FOR_EACH_PLACE = frozenset({"compare", "coverage"})


@dataclass(frozen=True, slots=True)
class Gold:
    """An expected answer: the path of the passage and the words in it."""

    bulletin: str
    place: str
    answer: str
    section: str | None = None
    """The outermost label alone; None for a lead paragraph."""

    def is_in(self, passage: Passage) -> bool:
        """Whether the passage is of that bulletin and place and holds the words."""
        same_path = passage.bulletin == self.bulletin and passage.place_name == self.place
        return same_path and self.answer in passage.text


@dataclass(frozen=True, slots=True)
class EvaluationQuestion:
    """A question with the passages that answer it; none for a question to be refused."""

    question_id: str
    text: str
    kind: str
    golds: tuple[Gold, ...]
    note: str
    earlier: tuple[str, ...] = ()
    """The questions before it in the same conversation, oldest first; none for a question asked alone."""
    needs_all: bool = False
    """Whether every gold is needed; otherwise any of them is enough."""
    twin_of: str | None = None
    """The id of the Chinese question that this English one translates."""
    file: str = ""
    """The name of the file that it was read from."""

    def is_answered_by(self, passage: Passage) -> bool:
        """Whether the passage is one of the expected ones."""
        return any(gold.is_in(passage) for gold in self.golds)

    @property
    def is_near_miss(self) -> bool:
        """Whether it has no answer although its place or topic is in the bulletins."""
        return not self.golds and self.note.startswith("near miss")

    @property
    def near_miss(self) -> str:
        """The kind of near miss, one of `NEAR_MISSES`."""
        noted = self.note.removeprefix("near miss").removeprefix(": ").partition(";")[0]
        kind = noted.removesuffix(" not given")
        kind = _OLDER_NOTES.get(kind, kind)
        return kind if kind in NEAR_MISSES else "other"

    @property
    def needed(self) -> tuple[tuple[Gold, ...], ...]:
        """Groups of golds, each to be answered by one of its own; none where a single gold is enough.

        Each gold is a group where all are needed; in comparisons and coverages of the older files, those of a place are.
        """
        if self.needs_all:
            return tuple((gold,) for gold in self.golds)
        if self.kind not in _ASK_FOR_EACH_PLACE:
            return ()
        by_place = groupby(sorted(self.golds, key=_place), key=_place)
        return tuple(tuple(golds) for _, golds in by_place)


def _place(gold: Gold) -> str:
    return gold.place or ""


def read_questions(path: Path) -> tuple[EvaluationQuestion, ...]:
    """The questions asked alone of a JSON lines file, or of all such files in a folder except held-out ones.

    Raises BulletinBotError naming the file and the line that cannot be read.
    """
    return tuple(question for question in _read(path) if not question.earlier)


def read_conversations(path: Path) -> tuple[EvaluationQuestion, ...]:
    """The last questions of the conversations (`turns`) of the same files; errors as for `read_questions`."""
    return tuple(question for question in _read(path) if question.earlier)


def _read(path: Path) -> Iterable[EvaluationQuestion]:
    files = [path] if path.is_file() else sorted(path.glob("questions*.jsonl"))
    files = [file for file in files if file == path or HELD_OUT not in file.name]
    if not files:
        raise BulletinBotError(f"No questions at {path}: name a file with --questions.")
    return (question for file in files for question in _questions_of(file))


def _questions_of(file: Path) -> Iterable[EvaluationQuestion]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BulletinBotError(
            f"The questions in {file} cannot be read: is it a text file in UTF-8?"
        ) from error
    for number, line in enumerate(lines, start=1):
        try:
            yield replace(_question(json.loads(line)), file=file.name)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BulletinBotError(
                f"{file}, line {number} is not a question with id, q, type and gold (bulletin, place, answer)."
            ) from error


def _question(fields: Mapping[str, Any]) -> EvaluationQuestion:
    """The question of a line; raises KeyError, TypeError or AttributeError for one that has other fields."""
    golds = tuple(
        Gold(gold["bulletin"], gold["place"], gold["answer"], gold.get("section")) for gold in fields["gold"]
    )
    return EvaluationQuestion(
        question_id=fields["id"],
        text=fields["q"],
        kind=fields["type"],
        golds=golds,
        note=fields.get("note", ""),
        earlier=tuple(fields.get("turns", ())[:-1]),
        needs_all=fields.get("need") == "all",
        twin_of=fields.get("twin_of"),
    )
