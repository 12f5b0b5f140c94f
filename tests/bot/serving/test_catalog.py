from __future__ import annotations

from bot.serving.catalog import Catalogue, catalogue_of
from retrieval.index.index import Generation
from retrieval.types import Passage, Place
from tests.doubles import SMALL_PASSAGES, make_passage


def test_passages_are_grouped_by_bulletin_place_and_section() -> None:
    catalogue = Catalogue(SMALL_PASSAGES)
    assert [bulletin.label for bulletin in catalogue.bulletins] == ["篇1", "篇2", "篇3"]
    assert [place.name for place in catalogue.places] == ["北京", "上海", "江蘇南京"]
    spot = catalogue.spot("00000000000000b2")
    assert spot is not None
    assert [len(section.passages) for section in spot.item.sections] == [1, 1]
    assert spot.previous is SMALL_PASSAGES[2]
    assert spot.next is SMALL_PASSAGES[4]
    assert spot.bulletin.label == "篇2"


def test_neighbours_end_with_the_bulletin() -> None:
    spot = Catalogue(SMALL_PASSAGES).spot("00000000000000a2")
    assert spot is not None
    assert spot.next is None


def test_a_place_written_in_both_scripts_is_one_place_of_one_province() -> None:
    passages = [
        Passage("0" * 16, "a.txt", 1, "", "篇1", "", Place("江蘇", "江蘇省"), (), "", "甲。"),
        Passage("1" * 16, "b.txt", 1, "", "篇1", "", Place("江苏", "江苏省"), (), "", "乙。"),
    ]
    (province,) = Catalogue(passages).provinces
    (place,) = province.places
    assert len(place.items) == 2
    assert len(Catalogue(passages).bulletins) == 2


def test_a_passage_about_no_place_stands_in_its_bulletin_alone() -> None:
    spot = Catalogue([make_passage("0" * 16, "各地。", place=None)]).spot("0" * 16)
    assert spot is not None
    assert spot.place is None
    assert spot.province is None


def test_the_catalogue_of_a_generation_is_made_once(small_generation: Generation) -> None:
    assert catalogue_of(small_generation) is catalogue_of(small_generation)
    assert catalogue_of(small_generation).spot("f" * 16) is None
