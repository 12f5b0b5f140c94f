from __future__ import annotations

from dataclasses import replace

from bot.state.answers import save_answer
from bot.state.database import Database
from bot.state.feedback import all_feedback, count_verdicts, feedback_by_id, save_confirmation, save_verdict
from bot.state.records import Verdict
from retrieval.questions.follow_ups import Turn
from tests.bot.state.test_answers import ANSWER


def test_a_verdict_holds_the_question_the_generation_and_what_was_quoted(database: Database) -> None:
    save_answer(database, ANSWER)
    assert save_verdict(database, "a1", 7, Verdict.WRONG_CITATION)
    (stored,) = all_feedback(database)
    assert (stored.verdict, stored.question, stored.generation) == (
        Verdict.WRONG_CITATION,
        ANSWER.turn.question,
        ANSWER.generation,
    )
    assert stored.quotes == ANSWER.quotes
    assert stored.at == database.now()
    assert feedback_by_id(database, stored.feedback_id) == stored
    assert feedback_by_id(database, stored.feedback_id + 1) is None


def test_a_verdict_outlives_its_answer(database: Database) -> None:
    save_answer(database, ANSWER)
    save_verdict(database, "a1", 7, Verdict.GOOD)
    database.write("DELETE FROM answers")
    assert len(all_feedback(database)) == 1
    assert not save_verdict(database, "a1", 7, Verdict.BAD)


def test_a_person_has_one_verdict_an_answer_and_changing_it_takes_the_confirmation_back(
    database: Database,
) -> None:
    save_answer(database, ANSWER)
    save_verdict(database, "a1", 7, Verdict.GOOD)
    save_verdict(database, "a1", 8, Verdict.GOOD)
    first = all_feedback(database)[0]
    save_confirmation(database, first.feedback_id, "{}")
    assert all_feedback(database)[0].confirmed == "{}"
    save_verdict(database, "a1", 7, Verdict.BAD)
    assert [(stored.verdict, stored.confirmed) for stored in all_feedback(database)] == [
        (Verdict.BAD, None),
        (Verdict.GOOD, None),
    ]
    assert count_verdicts(database) == {Verdict.GOOD: 1, Verdict.BAD: 1, Verdict.WRONG_CITATION: 0}


def test_a_question_with_half_a_surrogate_pair_can_be_kept(database: Database) -> None:
    save_answer(database, replace(ANSWER, turn=Turn("\ud800")))
    assert save_verdict(database, "a1", 7, Verdict.GOOD)
    assert all_feedback(database)[0].question == "?"
