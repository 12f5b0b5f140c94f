"""The scores of many answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.evaluation.dataset import EvaluationQuestion, Gold
from retrieval.evaluation.estimates import estimate_mean
from retrieval.evaluation.metrics import Measure
from retrieval.evaluation.scores import evaluate
from retrieval.types import Answer, Answered, Hit, Passage, Quote, Refused
from tests.doubles import SMALL_PASSAGES

PEOPLE, VOLUNTEERS = SMALL_PASSAGES[:2]
GOLD = Gold("篇1", "北京", "10名月榜人物")


def question(text: str, *golds: Gold, note: str = "") -> EvaluationQuestion:
    return EvaluationQuestion(text, text, "number" if golds else "unanswerable", golds, note)


def answered(*passages: Passage) -> Answered:
    """An answer that quotes each passage whole, and hits them in that order."""
    hits = tuple(Hit(passage, 1 / rank, rank) for rank, passage in enumerate(passages, start=1))
    quotes = tuple(Quote(passage, 0, len(passage.text), 1.0) for passage in passages)
    return Answered(question="", confidence=0.9, quotes=quotes, hits=hits)


def refused(*passages: Passage) -> Refused:
    return Refused(question="", reason="not_found", confidence=0.1, hits=answered(*passages).hits)


QUESTIONS = [
    question("first", GOLD),
    question("second", GOLD),
    question("missed", GOLD),
    question("refused", GOLD),
    question("near", note="near miss: no number"),
    question("far refused"),
    question("far answered"),
]
ANSWERS: dict[str, Answer] = {
    "first": answered(PEOPLE),
    "second": answered(VOLUNTEERS, PEOPLE),
    "missed": answered(VOLUNTEERS),
    "refused": refused(PEOPLE),
    "near": answered(PEOPLE),
    "far refused": refused(PEOPLE),
    "far answered": answered(PEOPLE),
    "FIRST": answered(VOLUNTEERS),
}


def other_script(text: str) -> str:
    return text.upper() if text == "first" else text


def test_the_scores_are_shares_of_the_questions_of_their_kind() -> None:
    score = evaluate(QUESTIONS, ANSWERS.__getitem__, other_script, SMALL_PASSAGES)
    assert score.questions == 7
    assert (score.value(Measure.HIT_AT_1), score.value(Measure.HIT_AT_3)) == (2 / 4, 3 / 4)
    assert (score.value(Measure.FIRST_QUOTE), score.value(Measure.ANY_QUOTE)) == (1 / 4, 2 / 4)
    assert score.value(Measure.WRONG_REFUSALS) == 1 / 4
    assert score.value(Measure.NEAR_MISSES_REFUSED) == 0.0
    assert score.value(Measure.FAR_REFUSED) == 1 / 2
    assert score.value(Measure.SAME_FIRST_HIT_IN_BOTH_SCRIPTS) == 6 / 7


def test_each_type_of_question_has_scores_of_its_own() -> None:
    score = evaluate(QUESTIONS, ANSWERS.__getitem__, other_script, SMALL_PASSAGES)
    assert list(score.by_type) == ["number", "unanswerable"]
    assert Measure.HIT_AT_1 not in score.by_type["unanswerable"]
    assert score.by_type["number"][Measure.WRONG_REFUSALS].questions == 4


def test_confidence_is_held_against_whether_the_first_hit_answers() -> None:
    score = evaluate(QUESTIONS, ANSWERS.__getitem__, other_script, SMALL_PASSAGES)
    assert sum(cases.cases for cases in score.calibration.curve) == 7
    surest = score.calibration.curve[-1]
    assert (surest.cases, surest.right) == (5, 1 / 5)


def test_a_share_of_no_questions_is_not_a_number() -> None:
    score = evaluate([question("q", GOLD)], lambda _: answered(PEOPLE), str, SMALL_PASSAGES)
    assert score.value(Measure.NEAR_MISSES_REFUSED) is None
    assert evaluate([], lambda _: answered(PEOPLE), str, SMALL_PASSAGES).value(Measure.HIT_AT_1) is None


@given(st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=60))
def test_an_interval_holds_the_mean_and_comes_out_the_same_again(values: list[float]) -> None:
    found = estimate_mean(values)
    assert found.low - 1e-9 <= found.value <= found.high + 1e-9
    assert found == estimate_mean(values)


def test_more_questions_make_a_narrower_interval() -> None:
    few, many = estimate_mean([0.0, 1.0] * 5), estimate_mean([0.0, 1.0] * 500)
    assert many.high - many.low < (few.high - few.low) / 3


def test_a_share_of_a_few_that_are_all_right_has_wilsons_interval() -> None:
    found = estimate_mean([1.0] * 10)
    assert (found.value, round(found.low, 3), found.high, found.method) == (1.0, 0.722, 1.0, "wilson")


def test_a_graded_measure_has_a_bootstrap_interval() -> None:
    found = estimate_mean([0.5, 1.0, 0.33, 0.2], is_share=False)
    assert found.method == "bootstrap"
    assert found.low < found.value < found.high
    score = evaluate(QUESTIONS, ANSWERS.__getitem__, other_script, SMALL_PASSAGES)
    methods = {measure: estimate.method for measure, estimate in score.estimates.items()}
    assert {measure for measure, method in methods.items() if method == "bootstrap"} == {
        Measure.MRR_AT_10,
        Measure.NDCG_AT_10,
    }


def test_the_last_turn_of_a_conversation_is_asked_after_the_others_and_counts_apart() -> None:
    asked = replace(question("second", GOLD), kind="followup", earlier=("first",))
    heard: list[tuple[str, ...]] = []

    def converse(turns: Sequence[str]) -> Answer:
        heard.append(tuple(turns))
        return ANSWERS[turns[-1]]

    score = evaluate(
        [*QUESTIONS, asked], ANSWERS.__getitem__, other_script, SMALL_PASSAGES, converse=converse
    )
    assert heard == [("first", "second"), ("FIRST", "second")]
    assert score.estimates[Measure.FOLLOW_UPS].questions == 1
    assert score.estimates[Measure.HIT_AT_1].questions == 4
    assert sum(cases.cases for cases in score.calibration.curve) == 7


def test_a_conversation_that_cannot_be_held_is_an_error() -> None:
    asked = replace(question("second", GOLD), earlier=("first",))
    with pytest.raises(ValueError, match="second"):
        evaluate([asked], ANSWERS.__getitem__, other_script, SMALL_PASSAGES)


def test_near_misses_count_by_kind_questions_by_file_and_twins_in_pairs() -> None:
    questions = [
        replace(QUESTIONS[0], file="a"),
        replace(QUESTIONS[2], file="b", twin_of="first"),
        replace(QUESTIONS[4], file="b", note="near miss: reason"),
    ]
    score = evaluate(questions, ANSWERS.__getitem__, other_script, SMALL_PASSAGES)
    assert {kind: estimate.value for kind, estimate in score.near_misses.items()} == {"reason": 0.0}
    assert [found[Measure.HIT_AT_1].value for found in score.by_file.values()] == [1.0, 0.0]
    assert score.twins.english[Measure.HIT_AT_1].value == 0.0
    assert score.twins.chinese[Measure.HIT_AT_1].value == 1.0
