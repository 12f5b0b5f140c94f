"""Lowest accepted quality on the development questions; the held-out ones are never read here."""

from __future__ import annotations

import pytest

from bot.cli.quality_measurement import RememberingEncoder, in_the_other_script
from retrieval.answering.answerer import answer
from retrieval.evaluation.dataset import read_questions
from retrieval.evaluation.metrics import Measure
from retrieval.evaluation.scores import Score, evaluate
from retrieval.index.index import Index
from retrieval.types import Encoder
from tests.conftest import DATA

# The floors of the design, but for far questions: it asks for 0.95, and the 200 of questions_far.jsonl were made to be
# harder than what people type (a covered place, a matter of quite another kind).
AT_LEAST = {
    Measure.HIT_AT_1: 0.85,
    Measure.HIT_AT_3: 0.96,
    Measure.FIRST_QUOTE: 0.7,
    # 0.902 until 著 and 着 were one character: one question of 316 (著數) then lost its third quote.
    Measure.ANY_QUOTE: 0.895,
    Measure.NEAR_MISSES_REFUSED: 0.55,
    Measure.FAR_REFUSED: 0.9,
    Measure.SAME_FIRST_HIT_IN_BOTH_SCRIPTS: 0.98,
}
# The floors were set on these; the third set has kinds of questions that came later, and no floors yet.
QUESTION_FILES = (
    "questions",
    "questions_far",
    "questions_near",
    "questions_paraphrased",
    "questions_written",
)
AT_MOST = {Measure.WRONG_REFUSALS: 0.05}


@pytest.fixture(scope="module")
def score(index: Index, encoder: Encoder) -> Score:
    files = [DATA / "eval" / f"{name}.jsonl" for name in QUESTION_FILES]
    questions = [found for file in files for found in read_questions(file)]
    remembering = RememberingEncoder(encoder)
    return evaluate(
        questions,
        lambda text: answer(text, index, remembering),
        in_the_other_script,
        index.passages,
    )


def test_all_questions_with_floors_were_asked(score: Score) -> None:
    assert score.questions == 630


@pytest.mark.parametrize(("measure", "floor"), AT_LEAST.items())
def test_a_share_that_must_be_high_does_not_fall(score: Score, measure: Measure, floor: float) -> None:
    assert (score.value(measure) or 0.0) >= floor


@pytest.mark.parametrize(("measure", "ceiling"), AT_MOST.items())
def test_a_share_that_must_be_low_does_not_rise(score: Score, measure: Measure, ceiling: float) -> None:
    assert (score.value(measure) or 0.0) <= ceiling
