"""What people thought of answers: listed for an operator, and confirmed into evaluation questions."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import opencc
from rich.console import Console
from rich.table import Table

from bot.settings import Settings
from bot.state import feedback
from bot.state.database import Database, open_database
from bot.state.feedback import Feedback
from bot.state.records import Verdict
from retrieval.errors import BulletinBotError
from retrieval.evaluation import read_questions
from retrieval.index import generations, load_index
from retrieval.language import fold
from retrieval.storage import PassageStore
from retrieval.types import Passage

Unanswerable = Literal["near", "far"]
VERDICTS = {Verdict.GOOD: "good", Verdict.BAD: "bad", Verdict.WRONG_CITATION: "wrong citation"}

_NOTES: dict[Unanswerable, str] = {"near": "near miss: from feedback", "far": "far: from feedback"}
_MOST_GOLDS = 3


@dataclass(frozen=True, slots=True)
class Correction:
    """What an operator says is right: words of the bulletins that answer, or that there are none."""

    words: str | None = None
    unanswerable: Unanswerable | None = None


def open_state(settings: Settings) -> Database:
    """The state that the bot keeps; raises BulletinBotError where it has kept none yet."""
    if not settings.state_db.is_file():
        raise BulletinBotError(
            f"There is no state in {settings.state_db} yet: the bot makes it when it runs. STATE_DB names another file."
        )
    return open_database(settings.state_db)


def show_feedback(settings: Settings, *, as_json: bool) -> None:
    """Print every verdict, oldest first: a table, or a line of JSON each."""
    found = feedback.all_feedback(open_state(settings))
    if as_json:
        sys.stdout.writelines(json.dumps(_as_json(one), ensure_ascii=False) + "\n" for one in found)
        return
    table = Table("id", "when (UTC)", "verdict", "question", "quoted", "confirmed")
    for one in found:
        quoted = " ".join(dict.fromkeys(quote.passage_id for quote in one.quotes)) or "refused"
        confirmed = "yes" if one.confirmed else ""
        table.add_row(
            str(one.feedback_id), _when(one), VERDICTS[one.verdict], one.question, quoted, confirmed
        )
    Console(highlight=False, markup=False, soft_wrap=not sys.stdout.isatty()).print(table)


def confirm_feedback(settings: Settings, ids: Sequence[int], correction: Correction) -> None:
    """Make an evaluation question of each verdict and keep it, all or none.

    Raises BulletinBotError for an unknown id, and where nobody has said yet what would be right.
    """
    database = open_state(settings)
    passages = load_index(generations.current_folder(settings.index_dir)).passages
    with database.transaction():
        for feedback_id in ids:
            found = feedback.feedback_by_id(database, feedback_id)
            if found is None:
                raise BulletinBotError(f"There is no feedback {feedback_id}: see `bulletin-bot feedback`.")
            feedback.save_confirmation(database, feedback_id, question_line(found, passages, correction))
    sys.stdout.write(f"Confirmed: {', '.join(map(str, ids))}.\n")


def export_feedback(settings: Settings, file: Path) -> None:
    """Add every confirmed question to the file that it does not hold yet; what stands in it stays as it is.

    Raises BulletinBotError if the file holds anything but evaluation questions.
    """
    lines = [one.confirmed for one in feedback.all_feedback(open_state(settings)) if one.confirmed]
    held = {question.question_id for question in read_questions(file)} if file.exists() else set()
    new = {json.loads(line)["id"]: line for line in lines}
    wanted = [line for question_id, line in new.items() if question_id not in held]
    try:
        _append(file, wanted)
    except OSError as error:
        raise BulletinBotError(f"{file} cannot be written ({error.strerror}).") from error
    sys.stdout.write(f"{len(wanted)} of {len(new)} confirmed questions added to {file}.\n")


def _append(file: Path, lines: Sequence[str]) -> None:
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    seam = "\n" if before and not before.endswith("\n") else ""
    with file.open("a", encoding="utf-8") as target:
        target.write(seam + "".join(f"{line}\n" for line in lines))


def question_line(found: Feedback, passages: Sequence[Passage], correction: Correction) -> str:
    """The verdict as a line of evaluation questions; its id is the same whenever its content is."""
    golds = _golds(found, passages, correction)
    content = json.dumps([found.question, golds], ensure_ascii=False)
    fields = {
        "id": f"feedback-{hashlib.sha256(content.encode()).hexdigest()[:8]}",
        "q": found.question,
        "script": _script(found.question),
        "type": "feedback" if golds else "unanswerable",
        "place": golds[0]["place"] if golds else None,
        "gold": golds,
        "note": _NOTES[correction.unanswerable] if correction.unanswerable else "from feedback",
    }
    return json.dumps(fields, ensure_ascii=False)


def _golds(
    found: Feedback, passages: Sequence[Passage], correction: Correction
) -> list[dict[str, str | None]]:
    if correction.unanswerable:
        return []
    if correction.words:
        return _golds_of_words(correction.words, passages)
    if found.verdict is not Verdict.GOOD or not found.quotes:
        raise BulletinBotError(
            f"Feedback {found.feedback_id} ({VERDICTS[found.verdict]}, {'answered' if found.quotes else 'refused'}) "
            "does not say what is right: add --answer WORDS, in the words of the bulletins, or --unanswerable near|far."
        )
    first = found.quotes[0]
    store = PassageStore.of(passages)
    position = store.position(first.passage_id)
    if position is None:
        raise BulletinBotError(
            f"The passage {first.passage_id} that feedback {found.feedback_id} is about is not in the generation in "
            "service: say the answer with --answer WORDS."
        )
    passage = store[position]
    return [_gold(passage, passage.text[first.start : first.end])]


def _golds_of_words(words: str, passages: Sequence[Passage]) -> list[dict[str, str | None]]:
    """The passages that hold the words, in either script; the gold is as the passage writes them."""
    wanted, store = fold(words.strip()), PassageStore.of(passages)
    positions = store.folded.holding(wanted).tolist()
    if not positions:
        raise BulletinBotError(
            f"No passage of the generation in service holds “{words}”: copy the words from one."
        )
    if len(positions) > _MOST_GOLDS:
        raise BulletinBotError(
            f"“{words}” stands in {len(positions)} passages: copy more of the sentence that answers."
        )
    spots = [(store[position], store.folded[position].find(wanted)) for position in positions]
    return [_gold(passage, passage.text[at : at + len(wanted)]) for passage, at in spots]


def _gold(passage: Passage, words: str) -> dict[str, str | None]:
    return {
        "bulletin": passage.bulletin,
        "place": passage.place_name,
        "section": passage.section,
        "answer": words,
    }


def _script(text: str) -> str:
    if opencc.OpenCC("t2s").convert(text) != text:
        return "hant"
    return "hans" if opencc.OpenCC("s2t").convert(text) != text else "any"


def _when(found: Feedback) -> str:
    return datetime.fromtimestamp(found.at, UTC).strftime("%Y-%m-%d %H:%M")


def _as_json(found: Feedback) -> dict[str, object]:
    return {
        "id": found.feedback_id,
        "at": datetime.fromtimestamp(found.at, UTC).isoformat(timespec="seconds"),
        "verdict": VERDICTS[found.verdict],
        "question": found.question,
        "generation": found.generation,
        "quotes": [
            {"passage_id": quote.passage_id, "start": quote.start, "end": quote.end} for quote in found.quotes
        ],
        "confirmed": json.loads(found.confirmed) if found.confirmed else None,
    }
