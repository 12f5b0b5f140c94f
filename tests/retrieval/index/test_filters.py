from __future__ import annotations

import pytest

from retrieval.building.builder import build_generation
from retrieval.errors import BulletinBotError
from retrieval.index.filters import Filter
from retrieval.index.index import Index
from tests.doubles import HashEncoder, loaded, make_passage


def test_everything_passes_where_nothing_is_asked_for(small_index: Index) -> None:
    assert Filter().positions(small_index).tolist() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("place", ["南京", "江蘇南京", "江苏", "江蘇省"])
def test_a_place_lets_through_what_is_about_it_however_it_is_written(place: str, small_index: Index) -> None:
    assert Filter(place=place).positions(small_index).tolist() == [4]


def test_a_place_that_no_gazetteer_knows_is_found_by_the_name_it_is_shown_under() -> None:
    passages = [make_passage("0" * 16, "甲。", place="桃花源"), make_passage("1" * 16, "乙。", place="北京")]
    encoder = HashEncoder()
    index = loaded(build_generation(passages, encoder), encoder)
    assert Filter(place="桃花源").positions(index).tolist() == [0]


@pytest.mark.parametrize("bulletin", ["篇2", "篇\uff12"])
def test_a_bulletin_lets_through_its_passages_in_either_width(bulletin: str, small_index: Index) -> None:
    assert Filter(bulletin=bulletin).positions(small_index).tolist() == [2, 3, 4]


def test_a_place_and_a_bulletin_let_through_what_is_of_both(small_index: Index) -> None:
    assert Filter("上海", "篇2").positions(small_index).tolist() == [2, 3]


def test_a_place_and_a_bulletin_that_do_not_meet_let_nothing_through(small_index: Index) -> None:
    assert Filter("北京", "篇2").positions(small_index).tolist() == []


@pytest.mark.parametrize("place", ["廣州", "Paris", "", "🙂"])
def test_a_place_that_no_bulletin_is_about_is_one_sentence_with_the_places_there_are(
    place: str, small_index: Index
) -> None:
    with pytest.raises(BulletinBotError, match=r"the places are 北京、上海、江蘇南京\.$") as refusal:
        Filter(place=place).positions(small_index)
    assert repr(place) in str(refusal.value)


@pytest.mark.parametrize("bulletin", ["篇9", "", "2"])
def test_a_bulletin_that_is_not_there_is_one_sentence_with_those_there_are(
    bulletin: str, small_index: Index
) -> None:
    with pytest.raises(BulletinBotError, match=r"there are 篇1、篇2、篇3\.$"):
        Filter(bulletin=bulletin).positions(small_index)
