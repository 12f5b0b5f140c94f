from __future__ import annotations

from bot.conversations import Conversations, GivenAnswer, QuotedSpan, Search, Verdict, new_answer_id
from retrieval.follow_ups import Turn


def test_the_last_turn_of_each_chat_is_kept_for_itself() -> None:
    conversations = Conversations()
    conversations.remember((1, 1), Turn("first"))
    conversations.remember((2, 1), Turn("other"))
    conversations.remember((1, 1), Turn("second"))
    assert conversations.last_turn((1, 1)) == Turn("second")
    assert conversations.last_turn((2, 1)) == Turn("other")
    assert conversations.last_turn((1, 2)) is None


def test_a_turn_is_forgotten_after_its_time() -> None:
    now = [0.0]
    conversations = Conversations(seconds_kept=60.0, clock=lambda: now[0])
    conversations.remember((1, 1), Turn("question"))
    now[0] = 60.0
    assert conversations.last_turn((1, 1)) is not None
    now[0] = 60.1
    assert conversations.last_turn((1, 1)) is None


def test_the_chat_silent_for_longest_is_forgotten_first() -> None:
    conversations = Conversations(most=2)
    for chat in (1, 2, 1, 3):
        conversations.remember((chat, 0), Turn(str(chat)))
    assert [conversations.last_turn((chat, 0)) for chat in (1, 2, 3)] == [Turn("1"), None, Turn("3")]


def _answer(answer_id: str = "a1", user_id: int = 7, message_ids: tuple[int, ...] = (11, 12)) -> GivenAnswer:
    quotes = (QuotedSpan("00000000000000a1", 0, 5),)
    return GivenAnswer(answer_id, 1, user_id, message_ids, Turn("問"), None, "generation", quotes)


def test_an_answer_is_found_by_its_id_by_each_of_its_messages_and_by_what_it_quotes() -> None:
    conversations = Conversations()
    conversations.remember_answer(_answer())
    assert conversations.answer("a1") == _answer()
    assert conversations.answer_in(1, 11) == conversations.answer_in(1, 12) == _answer()
    assert conversations.answer_in(2, 11) is None
    assert conversations.answer_quoting(7, "00000000000000a1") == _answer()
    assert conversations.answer_quoting(8, "00000000000000a1") is None
    assert conversations.answer_quoting(7, "00000000000000b1") is None


def test_of_several_answers_that_quote_a_passage_the_last_counts() -> None:
    conversations = Conversations()
    conversations.remember_answer(_answer("old"))
    conversations.remember_answer(_answer("new", message_ids=(13,)))
    found = conversations.answer_quoting(7, "00000000000000a1")
    assert found is not None
    assert found.answer_id == "new"


def test_answers_searches_and_languages_are_bounded() -> None:
    conversations = Conversations(most=1)
    conversations.remember_answer(_answer("a1"))
    conversations.remember_answer(_answer("a2"))
    first = conversations.remember_search(Search("志願者"))
    second = conversations.remember_search(Search("志願者", place="重慶"))
    conversations.set_language(1, "en")
    conversations.set_language(2, "zh-hans")
    assert conversations.answer("a1") is None
    assert conversations.search(first) is None
    assert conversations.search(second) == Search("志願者", "重慶")
    assert (conversations.language_of(1), conversations.language_of(2)) == (None, "zh-hans")


def test_the_same_search_has_always_the_same_short_id() -> None:
    assert Search("志願者").search_id == Search("志願者").search_id
    assert Search("志願者").search_id != Search("志願者", bulletin="篇3").search_id
    assert len(Search("\ud800" * 4096).search_id) == 12


def test_an_id_of_an_answer_is_short_and_its_own() -> None:
    ids = {new_answer_id() for _ in range(100)}
    assert len(ids) == 100
    assert max(map(len, ids)) <= 20


def test_what_was_sent_for_a_message_is_kept_for_when_it_is_edited() -> None:
    conversations = Conversations()
    conversations.remember_sent(1, 10, (11, 12))
    assert conversations.sent_for(1, 10) == (11, 12)
    assert conversations.sent_for(2, 10) == ()


def test_a_verdict_on_a_forgotten_answer_is_not_kept() -> None:
    conversations = Conversations()
    conversations.remember_answer(_answer())
    assert conversations.remember_verdict("a1", 7, Verdict.GOOD)
    assert not conversations.remember_verdict("a2", 7, Verdict.BAD)
