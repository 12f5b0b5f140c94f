"""Cost of the saved state for a question: `python -m benchmarks.speed.remember [ROWS]`.

Fills a state file with ROWS answers (20,000, the limit of retention), then times each read and write of a question, on
disk as in service. All of it runs on the event loop, so none may take long.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bot.state.answer_stats import outcomes_of_days, save_outcome
from bot.state.answers import answer_in, answer_quoting, save_answer
from bot.state.database import Database
from bot.state.records import GivenAnswer, QuotedSpan
from bot.state.retention import prune
from bot.state.sqlite import open_database
from bot.state.turns import last_turn, save_sent, save_turn
from bot.state.users import forget_person, language_of
from retrieval.questions.follow_ups import Turn

_ROUNDS = 500
_PEOPLE = 500


def given(number: int) -> GivenAnswer:
    """An answer of usual size to one of the people."""
    person = number % _PEOPLE
    passages = tuple(f"{number % 1000 + offset:016x}" for offset in range(3))
    turn = Turn("北京榜樣每個月評出多少人" * 2, frozenset(passages))
    spans = tuple(QuotedSpan(passage, 0, 40) for passage in passages)
    return GivenAnswer(f"answer-{number}", person, person, (number,), turn, turn, "generation", spans)


def fill(database: Database, rows: int) -> None:
    """Save `rows` answers, turns and outcomes."""
    for number in range(rows):
        answer = given(number)
        save_answer(database, answer)
        save_turn(database, (number, answer.user_id), answer.turn)
        save_sent(database, answer.chat_id, number, answer.message_ids)
        save_outcome(database, "answered", float(number % 300))


def timed(work: Callable[[int], object], rounds: int) -> str:
    """Median and maximum of the rounds, in microseconds."""
    times = []
    for number in range(rounds):
        started = time.perf_counter()
        work(number)
        times.append((time.perf_counter() - started) * 1e6)
    return f"{statistics.median(times):10.0f} {max(times):10.0f}"


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bot.sqlite3"
        database = open_database(path)
        fill(database, rows)
        print(f"{rows} rows, {path.stat().st_size / 1e6:.1f} MB; microseconds: median, slowest")
        works: dict[str, tuple[Callable[[int], object], int]] = {
            "last_turn": (lambda number: last_turn(database, (number, number % _PEOPLE)), _ROUNDS),
            "language_of": (lambda number: language_of(database, number), _ROUNDS),
            "answer_in": (lambda number: answer_in(database, number % _PEOPLE, number), _ROUNDS),
            "answer_quoting": (lambda number: answer_quoting(database, number, "0" * 16), _ROUNDS),
            "save_turn": (lambda number: save_turn(database, (number, 1), given(number).turn), _ROUNDS),
            "save_answer": (lambda number: save_answer(database, given(rows + number)), _ROUNDS),
            "save_outcome": (lambda number: save_outcome(database, "answered", 1.0), _ROUNDS),
            "outcomes_of_days": (lambda _: outcomes_of_days(database, 7), 5),
            "prune": (lambda _: prune(database), 5),
            "forget_person": (lambda number: forget_person(database, number), 50),
        }
        for name, (work, rounds) in works.items():
            print(f"{name:18} {timed(work, rounds)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
