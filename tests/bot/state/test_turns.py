from __future__ import annotations

from bot.state.database import Database
from bot.state.turns import keep_sent, keep_turn, last_turn, sent_for
from retrieval.questions.follow_ups import Turn
from tests.bot.state.conftest import Clock


def test_the_last_turn_of_each_chat_is_kept_for_itself(database: Database) -> None:
    keep_turn(database, (1, 1), Turn("first"))
    keep_turn(database, (2, 1), Turn("other"))
    keep_turn(database, (1, 1), Turn("second", frozenset({"00000000000000a1"})))
    assert last_turn(database, (1, 1)) == Turn("second", frozenset({"00000000000000a1"}))
    assert last_turn(database, (2, 1)) == Turn("other")
    assert last_turn(database, (1, 2)) is None


def test_a_turn_is_forgotten_after_half_an_hour_even_before_it_is_pruned(
    database: Database, clock: Clock
) -> None:
    keep_turn(database, (1, 1), Turn("question"))
    clock.seconds += 30 * 60
    assert last_turn(database, (1, 1)) is not None
    clock.seconds += 1
    assert last_turn(database, (1, 1)) is None


def test_what_was_sent_for_a_message_is_found_by_it(database: Database) -> None:
    keep_sent(database, 1, 10, (11, 12))
    keep_sent(database, 1, 10, (13,))
    assert sent_for(database, 1, 10) == (13,)
    assert sent_for(database, 2, 10) == ()
