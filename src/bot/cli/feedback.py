"""`bulletin-bot feedback`: verdicts on answers, listed, and confirmed into evaluation questions."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.table import Table

from bot.operations import copies_elsewhere, evaluation_questions
from bot.output import json_line, terminal
from bot.settings import Settings
from bot.state import Database, feedback
from retrieval.errors import BulletinBotError


def open_state(settings: Settings) -> Database:
    """The database of the bot; raises BulletinBotError if there is none yet."""
    home = settings.state_home()
    if not home.exists():
        raise BulletinBotError(
            f"There is no state in {home.shown} yet: the bot makes it when it runs. STATE_DB names another file."
        )
    return home.open()


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
        evaluation_questions.VERDICTS[given.verdict],
        given.question,
        quoted,
        confirmed,
    )


def confirm_feedback(
    settings: Settings, ids: Sequence[int], correction: evaluation_questions.Correction
) -> None:
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
            line = evaluation_questions.question_line(given, passages, correction)
            feedback.save_confirmation(database, feedback_id, line)
    sys.stdout.write(f"Confirmed: {', '.join(map(str, ids))}.\n")


def export_feedback(settings: Settings, file: Path) -> None:
    """Append the confirmed questions that the file does not hold yet.

    Raises BulletinBotError if the file holds anything but evaluation questions.
    """
    verdicts = feedback.all_feedback(open_state(settings))
    lines = [verdict.confirmed for verdict in verdicts if verdict.confirmed]
    new = dict.fromkeys(lines)
    added = evaluation_questions.append_questions(file, tuple(new))
    copies_elsewhere.note_copy(settings, file)
    sys.stdout.write(f"{added} of {len(new)} confirmed questions added to {file}.\n")


def _when(given: feedback.Feedback) -> str:
    return datetime.fromtimestamp(given.at, UTC).strftime("%Y-%m-%d %H:%M")


def _as_json(given: feedback.Feedback) -> dict[str, object]:
    return {
        "id": given.feedback_id,
        "at": datetime.fromtimestamp(given.at, UTC).isoformat(timespec="seconds"),
        "verdict": evaluation_questions.VERDICTS[given.verdict],
        "question": given.question,
        "generation": given.generation,
        "quotes": [
            {"passage_id": quote.passage_id, "start": quote.start, "end": quote.end} for quote in given.quotes
        ],
        "confirmed": json.loads(given.confirmed) if given.confirmed else None,
    }
