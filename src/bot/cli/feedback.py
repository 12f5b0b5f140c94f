"""`bulletin-bot feedback`: verdicts on answers, listed, and confirmed into evaluation questions."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from rich.table import Table

from bot.output import json_line, terminal
from bot.settings import Settings
from bot.state import Database, feedback, open_database, records
from retrieval.errors import BulletinBotError
from retrieval.evaluation import read_questions
from retrieval.language import fold, scripts
from retrieval.storage import PassageStore
from retrieval.types import Passage

Unanswerable = Literal["near", "far"]
VERDICTS = {
    records.Verdict.GOOD: "good",
    records.Verdict.BAD: "bad",
    records.Verdict.WRONG_CITATION: "wrong citation",
}

_NOTES: dict[Unanswerable, str] = {"near": "near miss: from feedback", "far": "far: from feedback"}
_MOST_GOLDS = 3


@dataclass(frozen=True, slots=True)
class Correction:
    """The right answer to a question, as an operator states it: words of the bulletins, or that there are none."""

    words: str | None = None
    unanswerable: Unanswerable | None = None


def open_state(settings: Settings) -> Database:
    """The database of the bot; raises BulletinBotError if there is none yet."""
    if not settings.state_db.is_file():
        raise BulletinBotError(
            f"There is no state in {settings.state_db} yet: the bot makes it when it runs. STATE_DB names another file."
        )
    return open_database(settings.state_db)


def show_feedback(settings: Settings, *, as_json: bool) -> None:
    """Print every verdict, oldest first: a table, or a line of JSON each."""
    verdicts = feedback.all_feedback(open_state(settings))
    if as_json:
        sys.stdout.writelines(json_line(_as_json(verdict)) + "\n" for verdict in verdicts)
        return
    table = Table("id", "when (UTC)", "verdict", "question", "quoted", "confirmed")
    for verdict in verdicts:
        table.add_row(*_cells(verdict))
    terminal(markup=False).print(table)


def _cells(given: feedback.Feedback) -> tuple[str, ...]:
    quoted = " ".join(dict.fromkeys(quote.passage_id for quote in given.quotes)) or "refused"
    confirmed = "yes" if given.confirmed else ""
    return (
        str(given.feedback_id),
        _when(given),
        VERDICTS[given.verdict],
        given.question,
        quoted,
        confirmed,
    )


def confirm_feedback(settings: Settings, ids: Sequence[int], correction: Correction) -> None:
    """Store an evaluation question for each verdict, all or none.

    Raises BulletinBotError for an unknown id, and if the right answer is not known.
    """
    database = open_state(settings)
    passages = settings.index_home().load_current(None).passages
    with database.transaction():
        for feedback_id in ids:
            given = feedback.feedback_by_id(database, feedback_id)
            if given is None:
                raise BulletinBotError(f"There is no feedback {feedback_id}: see `bulletin-bot feedback`.")
            feedback.save_confirmation(database, feedback_id, question_line(given, passages, correction))
    sys.stdout.write(f"Confirmed: {', '.join(map(str, ids))}.\n")


def export_feedback(settings: Settings, file: Path) -> None:
    """Append the confirmed questions that the file does not hold yet.

    Raises BulletinBotError if the file holds anything but evaluation questions.
    """
    verdicts = feedback.all_feedback(open_state(settings))
    lines = [verdict.confirmed for verdict in verdicts if verdict.confirmed]
    held = {question.question_id for question in read_questions(file)} if file.exists() else set()
    new = {json.loads(line)["id"]: line for line in lines}
    missing = [line for question_id, line in new.items() if question_id not in held]
    try:
        _append(file, missing)
    except OSError as error:
        raise BulletinBotError(f"{file} cannot be written ({error.strerror}): name another file.") from error
    sys.stdout.write(f"{len(missing)} of {len(new)} confirmed questions added to {file}.\n")


def _append(file: Path, lines: Sequence[str]) -> None:
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
    if given.verdict is not records.Verdict.GOOD or not given.quotes:
        raise BulletinBotError(
            f"Feedback {given.feedback_id} ({VERDICTS[given.verdict]}, {'answered' if given.quotes else 'refused'}) "
            "does not say what is right: add --answer WORDS, in the words of the bulletins, or --unanswerable near|far."
        )
    first = given.quotes[0]
    store = PassageStore.from_passages(passages)
    position = store.position(first.passage_id)
    if position is None:
        raise BulletinBotError(
            f"The passage {first.passage_id} that feedback {given.feedback_id} is about is not in the generation in "
            "service: say the answer with --answer WORDS."
        )
    passage = store[position]
    return [_gold(passage, passage.text[first.start : first.end])]


def _golds_of_words(words: str, passages: Sequence[Passage]) -> list[dict[str, str | None]]:
    """A gold answer for each passage that holds the words, in either script, in the script of the passage."""
    folded, store = fold(words.strip()), PassageStore.from_passages(passages)
    positions = store.folded.holding(folded).tolist()
    if not positions:
        raise BulletinBotError(
            f"No passage of the generation in service holds “{words}”: copy the words from one."
        )
    if len(positions) > _MOST_GOLDS:
        raise BulletinBotError(
            f"“{words}” stands in {len(positions)} passages: copy more of the sentence that answers."
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


def _when(given: feedback.Feedback) -> str:
    return datetime.fromtimestamp(given.at, UTC).strftime("%Y-%m-%d %H:%M")


def _as_json(given: feedback.Feedback) -> dict[str, object]:
    return {
        "id": given.feedback_id,
        "at": datetime.fromtimestamp(given.at, UTC).isoformat(timespec="seconds"),
        "verdict": VERDICTS[given.verdict],
        "question": given.question,
        "generation": given.generation,
        "quotes": [
            {"passage_id": quote.passage_id, "start": quote.start, "end": quote.end} for quote in given.quotes
        ],
        "confirmed": json.loads(given.confirmed) if given.confirmed else None,
    }
