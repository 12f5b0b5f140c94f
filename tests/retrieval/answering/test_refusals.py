"""Refusals of near misses: the topic is in the bulletins, the answer is not."""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.answering.answerer import answer
from retrieval.evaluation.dataset import read_questions
from retrieval.index.index import Index
from retrieval.questions.question import read_question
from retrieval.types import Elsewhere, Encoder
from tests.answers import as_refused, places_of
from tests.conftest import DATA


@pytest.mark.parametrize(
    ("question", "told_elsewhere"),
    [
        ("大連也有擺公益廣告飲料機嗎?", "瑞金的公益廣告飲料機擺在哪裡?"),
        ("成都每个月选几名“好人之星”", "山东每月选几名“好人之星”"),
    ],
)
def test_what_only_another_place_does_is_not_said_of_the_place_asked_about(
    question: str, told_elsewhere: str, index: Index, encoder: Encoder
) -> None:
    refused, told = as_refused(answer(question, index, encoder)), answer(told_elsewhere, index, encoder)
    assert refused.reason == "not_found"
    assert told.status == "answered"
    assert refused.elsewhere == Elsewhere(question[:2], told.quotes[0].passage.place_name or "")


def test_no_other_place_is_named_where_it_says_nothing_of_the_kind_either(
    index: Index, encoder: Encoder
) -> None:
    found = as_refused(answer("「網絡文明能量大放送」編了多少預算", index, encoder))
    assert (found.reason, found.elsewhere) == ("not_found", None)


def test_a_place_inside_the_one_asked_about_may_answer(index: Index, encoder: Encoder) -> None:
    assert answer("合肥网络平台收集网民意见后督办解决了多少项问题?", index, encoder).status == "answered"


@pytest.mark.parametrize(
    "question",
    ["「網絡文明能量大放送」編了多少預算", "文明瑞金过节一次送几个G流量", "邊啲名人幫北京榜樣頒獎?"],
)
def test_quotes_that_hold_no_sum_number_or_name_answer_no_question_for_one(
    question: str, index: Index, encoder: Encoder
) -> None:
    assert answer(question, index, encoder).reason == "not_found"


@pytest.mark.parametrize(
    "question", ["山東最大的好人廣場在哪座城市?", "Which city of Shandong has the most good people?"]
)
def test_which_city_is_answered_by_quotes_that_name_one_alone(
    question: str, index: Index, encoder: Encoder
) -> None:
    assert answer(question, index, encoder).reason == "not_found"


def test_who_asks_about_one_place_is_quoted_nothing_of_others(index: Index, encoder: Encoder) -> None:
    for asked in read_questions(DATA / "eval")[::6]:
        question = read_question(asked.text)
        found = answer(asked.text, index, encoder)
        if len(question.places) == 1 and not places_of(found) and not found.read_as:
            spots = np.asarray([index.position(quote.passage.passage_id) for quote in found.quotes], np.int64)
            assert index.place_index.match(question.places, question.folded, spots).all(), asked.text
