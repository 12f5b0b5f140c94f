"""Evaluation questions with known answers, read from the JSON lines files in `data/eval`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from retrieval.errors import BulletinBotError
from retrieval.types import Passage


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
    """What the person asked before in the same conversation, oldest first; none for a question asked alone."""

    def is_answered_by(self, passage: Passage) -> bool:
        """Whether the passage is one of the expected ones."""
        return any(gold.is_in(passage) for gold in self.golds)

    @property
    def is_near_miss(self) -> bool:
        """Whether it has no answer although its place or topic is in the bulletins."""
        return not self.golds and self.note.startswith("near miss")


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
    files = [file for file in files if file == path or "heldout" not in file.name]
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
            fields = json.loads(line)
            golds = tuple(
                Gold(gold["bulletin"], gold["place"], gold["answer"], gold.get("section"))
                for gold in fields["gold"]
            )
            note = fields.get("note", "")
            earlier = tuple(fields.get("turns", ())[:-1])
            yield EvaluationQuestion(fields["id"], fields["q"], fields["type"], golds, note, earlier)
        except (ValueError, KeyError, TypeError) as error:
            raise BulletinBotError(
                f"{file}, line {number} is not a question with id, q, type and gold (bulletin, place, answer)."
            ) from error
