"""Unanswerable twins of the development questions."""

from __future__ import annotations

import opencc
import pytest

from retrieval.evaluation.dataset import NEAR_MISSES, EvaluationQuestion, Gold, read_questions
from retrieval.evaluation.twin_parts import Exchange, is_said
from retrieval.evaluation.unanswerable_twins import Twin, make_twins
from retrieval.language import fold
from retrieval.types import Reading
from tests.conftest import DATA
from tests.doubles import make_passage

QUESTIONS = {found.question_id: found for found in read_questions(DATA / "eval")}


@pytest.fixture(scope="module")
def twins(seed_reading: Reading) -> tuple[Twin, ...]:
    return make_twins(QUESTIONS.values(), seed_reading.passages)


def original_of(twin: Twin) -> EvaluationQuestion:
    return QUESTIONS[twin.question.question_id.partition("~")[0]]


def test_every_part_is_exchanged_in_some_question(twins: tuple[Twin, ...]) -> None:
    assert {twin.exchange for twin in twins} == set(Exchange)


def test_a_twin_is_its_question_but_for_one_part(twins: tuple[Twin, ...]) -> None:
    for twin in twins:
        text, original = twin.question.text, original_of(twin).text
        assert text != original
        assert twin.after in text
        assert len(text) - len(twin.after) == len(original) - len(twin.before)


def test_a_twin_is_a_near_miss_of_a_known_kind(twins: tuple[Twin, ...]) -> None:
    for twin in twins:
        assert twin.question.is_near_miss
        assert twin.question.golds == ()
        assert twin.question.note.removeprefix("near miss: ").partition(";")[0] in NEAR_MISSES


def test_the_place_of_a_twin_says_none_of_the_answers(twins: tuple[Twin, ...], seed_reading: Reading) -> None:
    texts: dict[str, list[str]] = {}
    for passage in seed_reading.passages:
        texts.setdefault(fold(passage.place_name or ""), []).append(fold(passage.text))
    placed = [twin for twin in twins if twin.exchange is Exchange.PLACE]
    assert len(placed) > 50
    for twin in placed:
        answers = [fold(gold.answer) for gold in original_of(twin).golds]
        assert not any(answer in text for text in texts[fold(twin.after)] for answer in answers)


def test_no_passage_names_the_year_of_a_twin(twins: tuple[Twin, ...], seed_reading: Reading) -> None:
    years = {twin.after.removesuffix("年") for twin in twins if twin.exchange is Exchange.YEAR}
    assert years
    assert not any(year in passage.text for passage in seed_reading.passages for year in years)


def test_a_simplified_question_has_a_simplified_twin(twins: tuple[Twin, ...]) -> None:
    simplified, traditional = opencc.OpenCC("t2s"), opencc.OpenCC("s2t")
    for twin in twins:
        original = original_of(twin).text
        if simplified.convert(original) == original != traditional.convert(original):
            assert simplified.convert(twin.after) == twin.after


def test_the_twins_are_the_same_for_a_seed_and_differ_between_seeds(
    twins: tuple[Twin, ...], seed_reading: Reading
) -> None:
    assert make_twins(QUESTIONS.values(), seed_reading.passages) == twins
    assert make_twins(QUESTIONS.values(), seed_reading.passages, seed=1) != twins


def test_without_a_place_that_lacks_the_answer_no_place_is_exchanged() -> None:
    both = (
        make_passage("a" * 16, "每月評出10名好人。"),
        make_passage("b" * 16, "這裡每月評出10名好人。", place="上海"),
    )
    asked = EvaluationQuestion(
        "q", "北京每月評出多少名好人?", "number", (Gold("篇1", "北京", "10名好人"),), ""
    )
    assert Exchange.PLACE not in {twin.exchange for twin in make_twins([asked], both)}


def test_a_sentence_with_an_answer_or_half_of_the_words_says_it() -> None:
    texts = [fold("志願者教老人使用手機。另外,圖書館延長開放時間。")]
    assert is_said(["志願者", "老人", "公園", "門票"], texts)
    assert not is_said(["志願者", "公園", "門票"], texts)
    assert not is_said(["志願者", "圖書館", "公園"], texts)  # in two sentences
    assert is_said([], texts, ["延长开放"])
