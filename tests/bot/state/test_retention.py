from __future__ import annotations

import pytest

from bot.state.conversations import Conversations
from bot.state.database import Database
from bot.state.retention import LIMITS, Limit, prune
from bot.state.sqlite import IN_MEMORY, open_database
from bot.state.turns import last_turn, save_turn
from retrieval.questions.follow_ups import Turn
from tests.bot.state.conftest import Clock


def test_every_table_is_pruned_or_hangs_on_one_that_is_but_for_the_keys(database: Database) -> None:
    assert set(database.columns()) == {limit.table for limit in LIMITS} | {"answer_messages", "keys"}


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.table)
def test_rows_go_when_their_time_is_over(database: Database, clock: Clock, limit: Limit) -> None:
    _insert(database, limit.table, 1)
    clock.seconds += limit.seconds
    assert prune(database) == 0
    clock.seconds += 1
    assert prune(database) == 1
    assert database.number(f"SELECT count(*) FROM {limit.table}") == 0  # noqa: S608


def test_of_too_many_rows_the_oldest_go(database: Database, clock: Clock) -> None:
    for chat in (1, 2, 1, 3):
        clock.seconds += 1
        save_turn(database, (chat, 0), Turn(str(chat)))
    assert prune(database, (Limit("turns", 60, 2),)) == 1
    assert [last_turn(database, (chat, 0)) for chat in (1, 2, 3)] == [Turn("1"), None, Turn("3")]


def _insert(database: Database, table: str, number: int) -> None:
    """A row of the table with the number or its text in every column but the time."""
    columns = open_database(IN_MEMORY).rows(f"PRAGMA table_info({table})")
    kinds = {str(name): str(kind) for _, name, kind, *_ in columns}
    values = [
        database.now() if name == "at" else str(number) if kind == "TEXT" else number
        for name, kind in kinds.items()
    ]
    marks = ", ".join("?" * len(values))
    database.write(f"INSERT INTO {table} ({', '.join(kinds)}) VALUES ({marks})", values)  # noqa: S608


DAY = 24 * 60 * 60.0


def _pruned(database: Database) -> None:
    """As a process does that has just started."""
    Conversations(database).save_turn((1, 1), Turn("問"))


def _verdicts(database: Database) -> int:
    return database.number("SELECT count(*) FROM feedback")


@pytest.mark.parametrize("days", [400, 4000, -400, -4000])
@pytest.mark.parametrize("was_pruned", [True, False])
def test_wrong_readings_of_the_clock_cost_no_feedback(
    database: Database, clock: Clock, days: int, was_pruned: bool
) -> None:
    _insert(database, "feedback", 1)
    if was_pruned:
        _pruned(database)
    for _ in range(3):
        right = clock.seconds
        clock.seconds += days * DAY
        _pruned(database)
        clock.seconds = right + 600
        _pruned(database)
    assert _verdicts(database) == 1


def test_after_a_long_pause_the_prunings_catch_up(database: Database, clock: Clock) -> None:
    _insert(database, "feedback", 1)
    _pruned(database)
    clock.seconds += 370 * DAY
    for _ in range(360):
        _pruned(database)
    assert _verdicts(database) == 1
    for _ in range(15):
        _pruned(database)
    assert _verdicts(database) == 0


@pytest.mark.parametrize("kept", ["garbage", "nan", "inf", ""])
def test_a_damaged_note_of_the_last_pruning_is_passed_over(
    database: Database, clock: Clock, kept: str
) -> None:
    _insert(database, "feedback", 1)
    database.write("INSERT INTO keys VALUES ('pruned_at', ?)", (kept,))
    clock.seconds += 400 * DAY
    _pruned(database)
    assert _verdicts(database) == 1
