from __future__ import annotations

from dataclasses import replace

from bot.state.answers import keep_answer
from bot.state.database import Database
from bot.state.feedback import all_feedback, confirm, count_verdicts, feedback_of_id, keep_verdict
from bot.state.records import Verdict
from retrieval.questions.follow_ups import Turn
from tests.bot.state.test_answers import ANSWER


def test_a_verdict_holds_the_question_the_generation_and_what_was_quoted(database: Database) -> None:
    keep_answer(database, ANSWER)
    assert keep_verdict(database, "a1", 7, Verdict.WRONG_CITATION)
    (found,) = all_feedback(database)
    assert (found.verdict, found.question, found.generation) == (
        Verdict.WRONG_CITATION,
        ANSWER.turn.question,
        ANSWER.generation,
    )
    assert found.quotes == ANSWER.quotes
    assert found.at == database.now()
    assert feedback_of_id(database, found.feedback_id) == found
    assert feedback_of_id(database, found.feedback_id + 1) is None


def test_a_verdict_outlives_its_answer(database: Database) -> None:
    keep_answer(database, ANSWER)
    keep_verdict(database, "a1", 7, Verdict.GOOD)
    database.write("DELETE FROM answers")
    assert len(all_feedback(database)) == 1
    assert not keep_verdict(database, "a1", 7, Verdict.BAD)


def test_a_person_has_one_verdict_an_answer_and_changing_it_takes_the_confirmation_back(
    database: Database,
) -> None:
    keep_answer(database, ANSWER)
    keep_verdict(database, "a1", 7, Verdict.GOOD)
    keep_verdict(database, "a1", 8, Verdict.GOOD)
    first = all_feedback(database)[0]
    confirm(database, first.feedback_id, "{}")
    assert all_feedback(database)[0].confirmed == "{}"
    keep_verdict(database, "a1", 7, Verdict.BAD)
    assert [(found.verdict, found.confirmed) for found in all_feedback(database)] == [
        (Verdict.BAD, None),
        (Verdict.GOOD, None),
    ]
    assert count_verdicts(database) == {Verdict.GOOD: 1, Verdict.BAD: 1, Verdict.WRONG_CITATION: 0}


def test_a_question_with_half_a_surrogate_pair_can_be_kept(database: Database) -> None:
    keep_answer(database, replace(ANSWER, turn=Turn("\ud800")))
    assert keep_verdict(database, "a1", 7, Verdict.GOOD)
    assert all_feedback(database)[0].question == "?"
