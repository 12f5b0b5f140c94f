from __future__ import annotations

from dataclasses import replace

from bot.state.answers import answer_by_id, answer_in, answer_quoting, save_answer
from bot.state.database import Database
from bot.state.records import GivenAnswer, QuotedSpan
from retrieval.questions.follow_ups import Turn

ANSWER = GivenAnswer(
    answer_id="a1",
    chat_id=1,
    user_id=7,
    message_ids=(11, 12),
    turn=Turn("北京有多少志願者", frozenset({"00000000000000a1"})),
    before=Turn("北京"),
    generation="20260101T000000.000000Z",
    quotes=(QuotedSpan("00000000000000a1", 0, 5),),
)


def test_an_answer_comes_back_as_it_was_by_its_id_and_by_each_of_its_messages(database: Database) -> None:
    refusal = replace(ANSWER, answer_id="a2", message_ids=(14,), before=None, quotes=())
    save_answer(database, ANSWER)
    save_answer(database, refusal)
    assert answer_by_id(database, "a1") == answer_in(database, 1, 11) == answer_in(database, 1, 12) == ANSWER
    assert answer_in(database, 1, 14) == refusal
    assert answer_by_id(database, "a3") is None
    assert answer_in(database, 2, 11) is None


def test_of_several_answers_that_quote_a_passage_the_last_to_the_person_counts(database: Database) -> None:
    save_answer(database, ANSWER)
    save_answer(database, replace(ANSWER, answer_id="a2", message_ids=(13,)))
    save_answer(database, replace(ANSWER, answer_id="a3", message_ids=(14,), user_id=8))
    answer = answer_quoting(database, 7, "00000000000000a1")
    assert answer is not None
    assert answer.answer_id == "a2"
    assert answer_quoting(database, 9, "00000000000000a1") is None
    assert answer_quoting(database, 7, "00000000000000b1") is None


def test_an_answer_given_anew_in_the_same_message_takes_its_place(database: Database) -> None:
    save_answer(database, ANSWER)
    anew = replace(ANSWER, answer_id="a2", message_ids=(11,))
    save_answer(database, anew)
    assert answer_in(database, 1, 11) == anew
    assert answer_in(database, 1, 12) == ANSWER


def test_messages_go_with_their_answer(database: Database) -> None:
    save_answer(database, ANSWER)
    database.write("DELETE FROM answers")
    assert database.number("SELECT count(*) FROM answer_messages") == 0
