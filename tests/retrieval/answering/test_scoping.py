"""Questions limited to a bulletin, a date or the newest issue, and those with places left out."""

from __future__ import annotations

import pytest

from retrieval.answering.answerer import answer
from retrieval.index.index import Index
from retrieval.types import Encoder
from tests.answers import as_answered, as_refused, places_of
from tests.retrieval.answering.test_counts import index_of


@pytest.fixture(scope="module")
def years(encoder: Encoder) -> Index:
    return index_of(encoder, "2022简报.txt", "2023简报.txt")


@pytest.mark.parametrize(
    ("question", "figure", "date"),
    [
        ("2023年常州注册志愿者有多少人?", "九十八万人", "2023-12-22"),
        ("2022年常州注册志愿者有多少人?", "八十三万人", "2022-12-20"),
        ("最新一期简报里常州注册志愿者有多少?", "九十八万人", "2023-12-22"),
        ("常州注册志愿者有多少人?", "九十八万人", "2023-12-22"),
        ("2022年那一期钟楼区邻里食堂有几处?", "四处", "2022-12-20"),
    ],
)
def test_a_year_is_answered_from_its_bulletin_and_no_year_from_the_newest(
    question: str, figure: str, date: str, years: Index, encoder: Encoder
) -> None:
    found = answer(question, years, encoder)
    assert figure in found.quotes[0].text
    assert found.quotes[0].passage.date == date


def test_a_year_without_a_bulletin_is_said_to_be_missing(years: Index, encoder: Encoder) -> None:
    found = as_refused(answer("2021年常州注册志愿者有多少人?", years, encoder))
    assert found.reason == "date_not_covered"
    assert found.hits


def test_a_masked_year_is_quoted_as_masked(index: Index, encoder: Encoder) -> None:
    found = as_refused(answer("2016年浙江開通運行了什麼微信公眾號?", index, encoder))
    assert found.reason == "date_not_covered"
    assert found.masked is not None
    assert "20xx年" in found.masked.text


def test_a_bulletin_is_asked_by_its_number(index: Index, encoder: Encoder) -> None:
    found = answer("第6篇推出了多少項公益項目?", index, encoder)
    assert found.quotes
    assert {quote.passage.bulletin for quote in found.quotes} == {"篇6"}


def test_a_place_left_out_is_not_listed(index: Index, encoder: Encoder) -> None:
    everywhere = {place.place for place in places_of(answer("哪些地方用二維碼?", index, encoder))}
    others = {place.place for place in places_of(answer("除了南京還有哪些地方用二維碼?", index, encoder))}
    assert others == everywhere - {"江蘇南京"}


def test_the_issues_are_no_topic(index: Index, encoder: Encoder) -> None:
    plain = answer("哪些地方提到家風", index, encoder)
    assert places_of(answer("這幾期裡哪些地方提到家風", index, encoder)) == places_of(plain) != ()


def test_the_highest_number_is_the_newest_where_no_bulletin_has_a_date(
    index: Index, encoder: Encoder
) -> None:
    found = as_answered(answer("最新一篇簡報裡有哪些活動", index, encoder))
    assert {quote.passage.bulletin for quote in found.quotes} == {"篇7"}
    assert found.taken_as_newest == "篇7"


def test_the_newest_by_date_needs_no_number(years: Index, encoder: Encoder) -> None:
    found = as_answered(answer("最新一期简报里常州注册志愿者有多少?", years, encoder))
    assert found.taken_as_newest is None


@pytest.mark.parametrize("question", ["篇2入面寫咗幾多個城市?", "第2篇裡有哪些城市", "第二篇讲到几个城市"])
def test_the_places_of_a_bulletin_are_listed_whole_with_their_leads(
    question: str, index: Index, encoder: Encoder
) -> None:
    found = as_answered(answer(question, index, encoder))
    expected = {passage.place_name for passage in index.passages if passage.bulletin == "篇2"}
    assert {place.place for place in found.by_place} == expected == set(found.places_within)
    assert all(place.quotes[0].start == 0 for place in found.by_place)
