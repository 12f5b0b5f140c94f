from __future__ import annotations

from dataclasses import astuple, fields, replace
from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.confidence import (
    COEFFICIENTS,
    INTERCEPT,
    THRESHOLD,
    Evidence,
    confidence,
    gather_evidence,
)
from retrieval.answering.quote_selection import choose_quotes
from retrieval.answering.refusals import lacks_answer_type
from retrieval.index.index import Index
from retrieval.questions.question import encode_question, read_question
from retrieval.ranking.ranker import rank_passages
from retrieval.types import Encoder
from tests.doubles import HashEncoder

NAMES = [field.name for field in fields(Evidence)]
# Every field is a cosine, a difference of two, or a share.
ANY_EVIDENCE = st.lists(st.floats(-2, 2), min_size=len(NAMES), max_size=len(NAMES)).map(
    lambda values: Evidence(*values)
)


def evidence_for(text: str, index: Index, encoder: Encoder) -> Evidence:
    query = encode_question(read_question(text), encoder)
    ranked = rank_passages(index, query)
    return gather_evidence(index, query, ranked, choose_quotes(index, query, ranked)[0])


@given(ANY_EVIDENCE)
def test_any_evidence_gives_a_probability(evidence: Evidence) -> None:
    assert 0 <= confidence(evidence) <= 1


def test_there_is_one_coefficient_for_each_piece_of_evidence() -> None:
    assert len(COEFFICIENTS) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_piece_of_evidence_moves_the_confidence_the_way_its_coefficient_says(
    name: str, small_index: Index
) -> None:
    evidence = evidence_for("志願者", small_index, HashEncoder())
    coefficients = dict(zip(NAMES, COEFFICIENTS, strict=True))
    logit = INTERCEPT + sum(coefficients[field] * getattr(evidence, field) for field in NAMES)
    # Weighed where the curve is steep: far out, a probability is 0 or 1 to the last bit.
    level = replace(evidence, maxsim=evidence.maxsim - logit / coefficients["maxsim"])
    more = replace(level, **{name: getattr(level, name) + 0.01})
    assert confidence(level) == pytest.approx(0.5)
    assert (confidence(more) > confidence(level)) == (coefficients[name] > 0)


def test_shares_of_terms_are_0_and_1_where_nothing_is_known(small_index: Index) -> None:
    evidence = evidence_for("qqqq zzzz", small_index, HashEncoder())
    assert (evidence.coverage, evidence.unseen) == (0.0, 1.0)


def test_a_question_in_the_words_of_a_passage_is_covered_by_it(small_index: Index) -> None:
    evidence = evidence_for("南京的圖書館延長開放時間", small_index, HashEncoder())
    assert evidence.coverage == pytest.approx(1.0)
    assert evidence.unseen == 0.0


def test_a_question_without_any_term_can_be_weighed(small_index: Index) -> None:
    evidence = evidence_for("مرحبا", small_index, HashEncoder())
    assert (evidence.coverage, evidence.unseen, evidence.foreign) == (0.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("text", "foreign"), [("北京榜樣有多少人", 0.0), ("How many people?", 1.0), ("北京榜样 app 叫什么", 0.0)]
)
def test_a_question_is_foreign_if_few_of_its_letters_are_han(
    text: str, foreign: float, small_index: Index
) -> None:
    evidence = evidence_for(text, small_index, HashEncoder())
    assert evidence.foreign == foreign
    assert evidence.foreign_maxsim == pytest.approx(foreign * evidence.maxsim)


def test_evidence_is_made_of_finite_numbers(index: Index, encoder: Encoder) -> None:
    for text in ("北京榜樣每個月評出多少人?", "股市", "a", "مرحبا"):
        assert all(isfinite(value) for value in astuple(evidence_for(text, index, encoder)))


@pytest.mark.parametrize(
    ("text", "is_lacking"),
    [
        ("“南京好人”基金會的理事長叫什麼名字?", True),
        ("中國雷鋒網的網址是什麼?", True),
        ("浙江的啟動儀式是幾月幾號辦的?", True),
        ("日照每年撥多少錢養網站?", False),
        ("北京榜樣每個月評出多少人?", False),
        ("為什麼要建立好人工作室?", False),
    ],
)
def test_a_name_a_date_or_a_sum_must_stand_near_the_best_sentence(
    text: str, is_lacking: bool, index: Index, encoder: Encoder
) -> None:
    assert lacks_answer_type(evidence_for(text, index, encoder)) == is_lacking


def test_what_the_bulletins_answer_is_surer_than_what_they_do_not(index: Index, encoder: Encoder) -> None:
    near = confidence(evidence_for("北京榜樣每個月評出多少人?", index, encoder))
    far = confidence(evidence_for("紅燒肉要燉多久才軟?", index, encoder))
    assert far < THRESHOLD < near
