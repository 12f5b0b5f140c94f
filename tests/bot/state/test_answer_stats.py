from __future__ import annotations

import pytest

from bot.state.answer_stats import Outcomes, outcomes_of_days, save_outcome
from bot.state.database import Database
from tests.bot.state.conftest import Clock


def test_without_questions_there_are_no_times(database: Database) -> None:
    assert outcomes_of_days(database, 7) == Outcomes({}, None, None)


@pytest.mark.parametrize(
    ("questions", "median", "slow"), [(1, 1.0, 1.0), (2, 1.0, 2.0), (20, 10.0, 19.0), (100, 50.0, 95.0)]
)
def test_percentiles_are_times_that_were_measured(
    database: Database, questions: int, median: float, slow: float
) -> None:
    for milliseconds in range(questions, 0, -1):
        save_outcome(database, "answered", float(milliseconds))
    assert outcomes_of_days(database, 7) == Outcomes({"answered": questions}, median, slow)


def test_outcomes_are_counted_by_kind_within_the_days(database: Database, clock: Clock) -> None:
    save_outcome(database, "answered", 9_000.0)
    clock.seconds += 8 * 24 * 60 * 60
    for outcome in ("not_found", "answered", "answered"):
        save_outcome(database, outcome, 10.0)
    week = outcomes_of_days(database, 7)
    assert week == Outcomes({"answered": 2, "not_found": 1}, 10.0, 10.0)
    assert week.questions == 3
    assert outcomes_of_days(database, 90).questions == 4


def test_an_outcome_holds_nothing_of_the_person_the_chat_or_the_question(database: Database) -> None:
    assert database.columns()["outcomes"] == ("outcome", "milliseconds", "at")
