"""How good the answers are: hits, quotes and refusals on questions with known answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval.text import fold
from retrieval.types import Answer, BulletinBotError, Passage

Asker = Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class Gold:
    """A passage that answers, by its path, and the words in it that do."""

    bulletin: str
    place: str
    answer: str

    def is_in(self, passage: Passage) -> bool:
        """Whether the passage is of that bulletin and place and holds the words."""
        same_path = passage.bulletin == self.bulletin and passage.place_name == self.place
        return same_path and self.answer in passage.text


@dataclass(frozen=True, slots=True)
class EvaluationQuestion:
    question_id: str
    text: str
    kind: str
    golds: tuple[Gold, ...]
    note: str

    @property
    def is_near_miss(self) -> bool:
        """Unanswerable although its place or topic is in the bulletins."""
        return not self.golds and self.note.startswith("near miss")


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of questions, 0 to 1; None where there was no question of the kind."""

    questions: int
    hit_at_1: float | None
    hit_at_3: float | None
    first_quote: float | None
    any_quote: float | None
    wrong_refusals: float | None
    near_misses_refused: float | None
    far_refused: float | None
    same_first_hit_in_both_scripts: float | None


def read_questions(path: Path) -> tuple[EvaluationQuestion, ...]:
    """The questions of a JSON lines file, or of all such files of a folder but held-out ones.

    Raises BulletinBotError naming the file and the line that cannot be read.
    """
    files = [path] if path.is_file() else sorted(path.glob("questions*.jsonl"))
    files = [file for file in files if file == path or "heldout" not in file.name]
    if not files:
        raise BulletinBotError(f"No questions at {path}: name a file with --questions.")
    return tuple(question for file in files for question in _questions_of(file))


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
            golds = tuple(Gold(gold["bulletin"], gold["place"], gold["answer"]) for gold in fields["gold"])
            note = fields.get("note", "")
            yield EvaluationQuestion(fields["id"], fields["q"], fields["type"], golds, note)
        except (ValueError, KeyError, TypeError) as error:
            raise BulletinBotError(
                f"{file}, line {number} is not a question with id, q, type and gold."
            ) from error


def evaluate(
    questions: Sequence[EvaluationQuestion], ask: Asker, other_script: Callable[[str], str]
) -> Score:
    """The scores over the questions; each is asked once as it stands and once in the other script."""
    answers = [(question, ask(question.text)) for question in questions]
    again = [ask(other_script(question.text)) for question in questions]
    answerable = [pair for pair in answers if pair[0].golds]
    near = [answer for question, answer in answers if question.is_near_miss]
    far = [answer for question, answer in answers if not question.golds and not question.is_near_miss]
    return Score(
        questions=len(questions),
        hit_at_1=_share(holds_hit(question, answer, 1) for question, answer in answerable),
        hit_at_3=_share(holds_hit(question, answer, 3) for question, answer in answerable),
        first_quote=_share(holds_quote(question, answer, 1) for question, answer in answerable),
        any_quote=_share(holds_quote(question, answer, None) for question, answer in answerable),
        wrong_refusals=_share(answer.status == "refused" for _, answer in answerable),
        near_misses_refused=_share(answer.status == "refused" for answer in near),
        far_refused=_share(answer.status == "refused" for answer in far),
        same_first_hit_in_both_scripts=_share(
            _first_hit(first) == _first_hit(second) for (_, first), second in zip(answers, again, strict=True)
        ),
    )


def holds_hit(question: EvaluationQuestion, answer: Answer, top_k: int) -> bool:
    """Whether one of the first hits is a passage that answers."""
    return any(gold.is_in(hit.passage) for hit in answer.hits[:top_k] for gold in question.golds)


def holds_quote(question: EvaluationQuestion, answer: Answer, first: int | None) -> bool:
    """Whether one of the first quotes (None: of all) holds the words that answer."""
    texts = [fold(quote.text) for quote in answer.quotes[:first]]
    return any(fold(gold.answer) in text for text in texts for gold in question.golds)


def _first_hit(answer: Answer) -> str | None:
    return answer.hits[0].passage.passage_id if answer.hits else None


def _share(outcomes: Iterable[bool]) -> float | None:
    found = list(outcomes)
    return sum(found) / len(found) if found else None
