"""Evaluation questions made of verdicts, and the file of the operator's own, in the form that `evaluate` reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal

from bot.settings import Settings
from bot.state import feedback, records
from retrieval.errors import BulletinBotError
from retrieval.evaluation import read_questions
from retrieval.language import fold, scripts
from retrieval.storage import PassageStore
from retrieval.types import Passage

OWN_QUESTIONS = "questions_feedback.jsonl"
"""Name of the operator's own file in the folder of evaluation questions."""

Unanswerable = Literal["near", "far"]

_NOTES: dict[Unanswerable, str] = {"near": "near miss: from feedback", "far": "far: from feedback"}
_MOST_GOLDS = 3
VERDICTS = {
    records.Verdict.GOOD: "good",
    records.Verdict.BAD: "bad",
    records.Verdict.WRONG_CITATION: "wrong citation",
}
"""English names of verdicts, for the command line."""


@dataclass(frozen=True, slots=True)
class Correction:
    """The right answer to a question, as an operator states it: words of the bulletins, or that there are none."""

    words: str | None = None
    unanswerable: Unanswerable | None = None
    is_quote_right: bool = False
    """Whether the first quote answers, whatever the person's verdict was."""


class Lack(StrEnum):
    """Why no right answer is known."""

    NOT_SAID = "not said"
    QUOTE_GONE = "quote gone"
    UNKNOWN_WORDS = "unknown words"
    COMMON_WORDS = "common words"


class NoGoldError(BulletinBotError):
    """The right answer is not known."""

    def __init__(self, sentence: str, lack: Lack, count: int = 0) -> None:
        super().__init__(sentence)
        self.lack = lack
        self.count = count
        """Number of passages that hold the words."""


def own_questions_file(settings: Settings) -> Path:
    """The file that questions made of reports are added to."""
    given = settings.development_questions
    return given if given.suffix == ".jsonl" else given / OWN_QUESTIONS


def append_questions(file: Path, lines: Sequence[str]) -> int:
    """Append the questions that the file does not hold yet, and return their number.

    Raises BulletinBotError if the file holds anything but evaluation questions, or cannot be written.
    """
    held = {question.question_id for question in read_questions(file)} if file.exists() else set()
    new = {json.loads(line)["id"]: line for line in lines}
    missing = [line for question_id, line in new.items() if question_id not in held]
    try:
        _append(file, missing)
    except OSError as error:
        raise BulletinBotError(f"{file} cannot be written ({error.strerror}): name another file.") from error
    return len(missing)


def _append(file: Path, lines: Sequence[str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    seam = "\n" if before and not before.endswith("\n") else ""
    with file.open("a", encoding="utf-8") as target:
        target.write(seam + "".join(f"{line}\n" for line in lines))


def question_line(given: feedback.Feedback, passages: Sequence[Passage], correction: Correction) -> str:
    """The verdict as a JSON line of evaluation questions; its id is a hash of its content."""
    golds = _golds(given, passages, correction)
    content = json.dumps([given.question, golds], ensure_ascii=False)
    fields = {
        "id": f"feedback-{hashlib.sha256(content.encode()).hexdigest()[:8]}",
        "q": given.question,
        "script": _script(given.question),
        "type": "feedback" if golds else "unanswerable",
        "place": golds[0]["place"] if golds else None,
        "gold": golds,
        "note": _NOTES[correction.unanswerable] if correction.unanswerable else "from feedback",
    }
    return json.dumps(fields, ensure_ascii=False)


def _golds(
    given: feedback.Feedback, passages: Sequence[Passage], correction: Correction
) -> list[dict[str, str | None]]:
    if correction.unanswerable:
        return []
    if correction.words:
        return _golds_of_words(correction.words, passages)
    is_right = correction.is_quote_right or given.verdict is records.Verdict.GOOD
    if not is_right or not given.quotes:
        raise NoGoldError(
            f"Feedback {given.feedback_id} ({VERDICTS[given.verdict]}, {'answered' if given.quotes else 'refused'}) "
            "does not say what is right: add --answer WORDS, in the words of the bulletins, or --unanswerable near|far.",
            Lack.NOT_SAID,
        )
    first = given.quotes[0]
    store = PassageStore.from_passages(passages)
    position = store.position(first.passage_id)
    if position is None:
        raise NoGoldError(
            f"The passage {first.passage_id} that feedback {given.feedback_id} is about is not in the generation in "
            "service: say the answer with --answer WORDS.",
            Lack.QUOTE_GONE,
        )
    passage = store[position]
    return [_gold(passage, passage.text[first.start : first.end])]


def _golds_of_words(words: str, passages: Sequence[Passage]) -> list[dict[str, str | None]]:
    """A gold answer for each passage that holds the words, in either script, in the script of the passage."""
    folded, store = fold(words.strip()), PassageStore.from_passages(passages)
    positions = store.folded.holding(folded).tolist()
    if not positions:
        raise NoGoldError(
            f"No passage of the generation in service holds “{words}”: copy the words from one.",
            Lack.UNKNOWN_WORDS,
        )
    if len(positions) > _MOST_GOLDS:
        raise NoGoldError(
            f"“{words}” stands in {len(positions)} passages: copy more of the sentence that answers.",
            Lack.COMMON_WORDS,
            len(positions),
        )
    starts = [(store[position], store.folded[position].find(folded)) for position in positions]
    return [_gold(passage, passage.text[start : start + len(folded)]) for passage, start in starts]


def _gold(passage: Passage, words: str) -> dict[str, str | None]:
    return {
        "bulletin": passage.bulletin,
        "place": passage.place_name,
        "section": passage.section,
        "answer": words,
    }


def _script(text: str) -> str:
    if scripts.to_simplified(text) != text:
        return "hant"
    return "hans" if scripts.to_traditional(text) != text else "any"
