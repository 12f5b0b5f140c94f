from __future__ import annotations

from bot.state.database import Database
from bot.state.updates import (
    PendingUpdate,
    finish_update,
    pending_updates,
    save_starts,
    save_update,
)
from tests.bot.state.conftest import Clock


def test_what_is_not_handled_is_there_in_the_order_in_which_it_came(database: Database, clock: Clock) -> None:
    at = clock.seconds
    for number in (9, 4, 7):
        assert save_update(database, number, f'"{number}"')
        clock.seconds += 1
    save_starts(database, 4, 1)
    finish_update(database, 9)
    assert pending_updates(database) == (
        PendingUpdate(4, '"4"', 1, at + 1),
        PendingUpdate(7, '"7"', 0, at + 2),
    )
    save_starts(database, 4, 0)
    assert pending_updates(database)[0].starts == 0


def test_what_telegram_sends_again_is_known_also_when_it_is_handled(database: Database) -> None:
    assert save_update(database, 1, "{}")
    assert not save_update(database, 1, "{}")
    finish_update(database, 1)
    assert not save_update(database, 1, "{}")


def test_another_update_with_a_number_that_was_used_is_no_repetition(database: Database) -> None:
    save_update(database, 1, '{"text": "of another bot"}')
    finish_update(database, 1)
    assert save_update(database, 1, '{"text": "of this bot"}')
    assert [update.body for update in pending_updates(database)] == ['{"text": "of this bot"}']


def test_of_a_handled_update_nothing_that_was_said_is_kept(database: Database) -> None:
    save_update(database, 1, '{"text": "private words"}')
    finish_update(database, 1)
    assert not any("private" in str(value) for value in database.rows("SELECT * FROM updates")[0])
