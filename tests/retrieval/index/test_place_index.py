from __future__ import annotations

import numpy as np
import pytest

from retrieval.index.index import Index
from retrieval.index.place_index import PlaceIndex
from retrieval.places.recognition import PlaceMention, find_places
from tests.doubles import SMALL_PASSAGES, make_passage


def mention(name: str) -> PlaceMention:
    [found] = find_places(name)
    return found


def covering(name: str, coverage: PlaceIndex) -> list[int]:
    return [int(position) for position in coverage.positions_for(mention(name))]


def test_the_passages_about_a_place_are_found_by_any_of_its_names() -> None:
    coverage = PlaceIndex(SMALL_PASSAGES)
    for name in ("北京", "北京市"):
        assert covering(name, coverage) == [0, 1]
    for name in ("江蘇南京", "江苏南京", "南京", "南京市", "江蘇省南京市"):
        assert covering(name, coverage) == [4]


def test_a_province_means_the_places_inside_it_too() -> None:
    assert covering("江蘇", PlaceIndex(SMALL_PASSAGES)) == [4]


def test_a_place_inside_a_covered_one_is_covered_only_where_the_text_names_it() -> None:
    passages = (
        make_passage("a" * 16, "全省開展評選。", place="江蘇"),
        make_passage("b" * 16, "蘇州延長開放時間。", place="江蘇"),
    )
    assert covering("蘇州", PlaceIndex(passages)) == [1]
    assert covering("無錫", PlaceIndex(passages)) == []


@pytest.mark.parametrize("name", ["廣州", "台北", "新疆", "深圳"])
def test_no_passage_is_about_a_place_that_is_not_covered(name: str, index: Index) -> None:
    assert covering(name, index.place_index) == []


def test_every_place_of_the_seven_bulletins_is_covered_by_its_own_passages(index: Index) -> None:
    for place in index.places:
        own = {spot for spot, passage in enumerate(index.passages) if passage.place_name == place.name}
        assert own <= set(covering(place.name, index.place_index))


def test_a_city_is_not_its_neighbour(index: Index) -> None:
    found = covering("重慶", index.place_index)
    assert {index.passages[spot].place_name for spot in found} == {"重慶"}


def test_a_passage_without_a_place_is_about_none() -> None:
    coverage = PlaceIndex(SMALL_PASSAGES)
    everywhere = coverage.match([mention(name) for name in ("北京", "上海", "南京")], "")
    assert everywhere.tolist() == [1, 1, 1, 1, 1, 0]


def test_a_question_without_a_place_matches_no_passage() -> None:
    assert PlaceIndex(SMALL_PASSAGES).match([], "").tolist() == [0] * 6


def test_nothing_covers_nothing() -> None:
    coverage = PlaceIndex(())
    assert covering("北京", coverage) == []
    assert coverage.match([mention("北京")], "").tolist() == []


@pytest.mark.parametrize("question", ["重庆火锅哪家好吃", "how do baohe residents meet", "包河那边的居民"])
def test_a_covered_place_counts_within_a_word_and_in_pinyin(question: str, index: Index) -> None:
    matched = np.flatnonzero(index.place_index.match([], question))
    found = {index.passages[position].place_name for position in matched.tolist()}
    assert found in ({"重慶"}, {"安徽合肥包河區"})
