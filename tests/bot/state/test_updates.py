from __future__ import annotations

from bot.state.database import Database
from bot.state.updates import (
    KeptUpdate,
    begin_update,
    finish_update,
    keep_update,
    leave_update,
    unfinished_updates,
)
from tests.bot.state.conftest import Clock


def test_what_is_not_handled_is_there_in_the_order_in_which_it_came(database: Database, clock: Clock) -> None:
    at = clock.seconds
    for number in (9, 4, 7):
        assert keep_update(database, number, f'"{number}"')
        clock.seconds += 1
    begin_update(database, 4)
    finish_update(database, 9)
    assert unfinished_updates(database) == (KeptUpdate(4, '"4"', 1, at + 1), KeptUpdate(7, '"7"', 0, at + 2))
    leave_update(database, 4)
    assert unfinished_updates(database)[0].starts == 0


def test_what_telegram_sends_again_is_known_also_when_it_is_handled(database: Database) -> None:
    assert keep_update(database, 1, "{}")
    assert not keep_update(database, 1, "{}")
    finish_update(database, 1)
    assert not keep_update(database, 1, "{}")


def test_another_update_with_a_number_that_was_used_is_no_repetition(database: Database) -> None:
    keep_update(database, 1, '{"text": "of another bot"}')
    finish_update(database, 1)
    assert keep_update(database, 1, '{"text": "of this bot"}')
    assert [kept.body for kept in unfinished_updates(database)] == ['{"text": "of this bot"}']


def test_of_a_handled_update_nothing_that_was_said_is_kept(database: Database) -> None:
    keep_update(database, 1, '{"text": "private words"}')
    finish_update(database, 1)
    assert not any("private" in str(value) for value in database.rows("SELECT * FROM updates")[0])
