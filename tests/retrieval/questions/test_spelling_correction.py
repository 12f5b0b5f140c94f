from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answering.answerer import answer
from retrieval.index.index import Index
from retrieval.language.folding import fold
from retrieval.questions.question import read_question
from retrieval.questions.spelling_correction import correct_spelling, vocabulary_of
from retrieval.types import Encoder
from tests.conftest import DATA
from tests.doubles import HashEncoder

_MOST_ALTERED = 0.03
"""Share of well spelt questions that may be touched; those are 網路 and 報導, read as the bulletins write them."""


def _mended(text: str, index: Index) -> str:
    return correct_spelling(read_question(text), vocabulary_of(index))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("包合區的微薄", "包河區的微博"),
        ("线锁怎么征集", "线索怎么征集"),
        ("瑞进发什么副利", "瑞金发什么福利"),
        ("陕西好人宣船", "陕西好人宣传"),
        ("薪媒體", "新媒體"),
        ("黑龍冮的志原者", "黑龍江的志願者"),
        ("未城年人", "未成年人"),
        ("網路文明", "網絡文明"),
    ],
)
def test_what_the_index_does_not_know_is_read_as_what_it_does(index: Index, typed: str, meant: str) -> None:
    assert _mended(typed, index) == meant


@pytest.mark.parametrize(
    "text", ["義工受傷了怎麼辦", "廣州的好人", "心裡話", "what about Beijing", "", "主意是誰出的"]
)
def test_a_word_that_is_right_stays_although_no_bulletin_has_it(index: Index, text: str) -> None:
    assert _mended(text, index) == text


def test_hardly_any_well_spelt_question_is_altered(index: Index) -> None:
    lines = [
        json.loads(line)
        for name in ("questions.jsonl", "questions_written.jsonl")
        for line in (DATA / "eval" / name).read_text(encoding="utf-8").splitlines()
    ]
    texts = [line["q"] for line in lines if line["type"] != "typo"]
    altered = [text for text in texts if _mended(text, index) != read_question(text).text]
    assert len(altered) <= _MOST_ALTERED * len(texts), altered


def test_the_answer_keeps_the_question_as_typed_and_says_how_it_was_read(
    index: Index, encoder: Encoder
) -> None:
    found = answer("瑞进公众号过节给粉丝发什么副利", index, encoder)
    assert found.question == "瑞进公众号过节给粉丝发什么副利"
    assert found.read_as == "瑞金公众号过节给粉丝发什么福利"
    assert found.hits[0].passage.place_name == "江西瑞金"


@given(
    st.text(max_size=60)
    | st.text(alphabet=st.sampled_from("北京榜洋市民修身志原者三一好仁手策"), max_size=20)
)
def test_any_text_keeps_its_length_and_never_fails(small_index: Index, text: str) -> None:
    question = read_question(text)
    mended = correct_spelling(question, vocabulary_of(small_index))
    assert len(fold(mended)) == len(question.folded)
    answer(text, small_index, HashEncoder())
