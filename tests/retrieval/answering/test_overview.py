"""Overviews of places and bulletins, whole lists, and superlatives over figures."""

from __future__ import annotations

import pytest

from retrieval.answering.answerer import answer
from retrieval.answering.overview import is_overview
from retrieval.index.index import Index
from retrieval.questions.question import read_question
from retrieval.types import Encoder


@pytest.mark.parametrize(
    "question", ["重慶的經驗", "北京有哪些做法", "北京的主要做法是什麼?", "上海的情況怎麼樣"]
)
def test_a_question_for_no_matter_in_particular_is_for_an_overview(question: str) -> None:
    assert is_overview(read_question(question))


@pytest.mark.parametrize("question", ["重慶的志願服務經驗", "北京有什麼獎", "上海怎麼樣評選好人"])
def test_a_question_for_a_matter_is_not(question: str) -> None:
    assert not is_overview(read_question(question))


def test_an_overview_of_a_place_gives_its_lead_and_every_section(index: Index, encoder: Encoder) -> None:
    found = answer("北京的做法", index, encoder)
    passages = [quote.passage for quote in found.quotes]
    assert passages[0].section_path == ()
    assert [passage.section for passage in passages[1:]] == ["一", "二", "三", "四"]
    assert {passage.place_name for passage in passages} == {"北京"}


def test_an_overview_of_a_bulletin_is_of_that_one_alone(index: Index, encoder: Encoder) -> None:
    found = answer("篇1講什麼", index, encoder)
    assert {quote.passage.bulletin for quote in found.quotes} == {"篇1"}
    assert len(found.quotes) == 5


def test_the_bulletins_that_tell_of_a_place_are_quoted_one_by_one(index: Index, encoder: Encoder) -> None:
    found = answer("這七期裡,重慶在幾篇裡出現過?", index, encoder)
    assert [quote.passage.bulletin for quote in found.quotes] == ["篇3", "篇4"]


def test_a_list_that_is_announced_by_its_number_is_quoted_whole(index: Index, encoder: Encoder) -> None:
    found = answer("瑞金內容上的七掌是哪些", index, encoder)
    assert "以退為進" in found.quotes[0].text
    assert "服務民生" in found.quotes[0].text


def test_the_place_with_the_largest_figure_of_the_noun_comes_first(index: Index, encoder: Encoder) -> None:
    assert answer("哪一個城市好人廣場最多", index, encoder).quotes[0].passage.place_name == "山東"
    assert answer("哪個城市的粉絲最多", index, encoder).quotes[0].passage.place_name == "浙江"
    assert answer("哪個城市的火車站最多", index, encoder).status == "refused"


@pytest.mark.parametrize("question", ["介紹一下北京", "北京總的抓了哪四件事?", "跟我說說北京的做法"])
def test_a_place_that_is_introduced_or_counted_by_its_matters_gets_all_headings(
    question: str, index: Index, encoder: Encoder
) -> None:
    found = answer(question, index, encoder)
    assert [quote.passage.section for quote in found.quotes] == [None, "一", "二", "三", "四"]


def test_a_list_announced_by_the_lead_gives_the_headings_of_its_item(index: Index, encoder: Encoder) -> None:
    found = answer("12345 是哪五條", index, encoder)
    assert [quote.passage.section for quote in found.quotes] == [None, "一", "二", "三", "四", "五"]
    assert answer("重慶「12345」是哪一年度的工作思路", index, encoder).status == "refused"
