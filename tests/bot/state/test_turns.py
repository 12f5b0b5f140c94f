from __future__ import annotations

from bot.state.database import Database
from bot.state.records import Search
from bot.state.turns import last_turn, save_search, save_sent, save_turn, search_by_id, sent_for
from retrieval.questions.follow_ups import Turn
from tests.bot.state.conftest import Clock


def test_the_last_turn_of_each_chat_is_kept_for_itself(database: Database) -> None:
    save_turn(database, (1, 1), Turn("first"))
    save_turn(database, (2, 1), Turn("other"))
    save_turn(database, (1, 1), Turn("second", frozenset({"00000000000000a1"})))
    assert last_turn(database, (1, 1)) == Turn("second", frozenset({"00000000000000a1"}))
    assert last_turn(database, (2, 1)) == Turn("other")
    assert last_turn(database, (1, 2)) is None


def test_a_turn_is_forgotten_after_half_an_hour_even_before_it_is_pruned(
    database: Database, clock: Clock
) -> None:
    save_turn(database, (1, 1), Turn("question"))
    clock.seconds += 30 * 60
    assert last_turn(database, (1, 1)) is not None
    clock.seconds += 1
    assert last_turn(database, (1, 1)) is None


def test_what_was_sent_for_a_message_is_found_by_it(database: Database) -> None:
    save_sent(database, 1, 10, (11, 12))
    save_sent(database, 1, 10, (13,))
    assert sent_for(database, 1, 10) == (13,)
    assert sent_for(database, 2, 10) == ()


def test_a_search_is_found_by_its_id_with_whatever_was_typed(database: Database) -> None:
    for search in (Search("志願者", place="重慶"), Search("\ud800\x00")):
        save_search(database, search)
        assert search_by_id(database, search.search_id) == search
    assert search_by_id(database, "0" * 12) is None
