from __future__ import annotations

from bot.serving.catalogs import Catalog, catalog_of
from retrieval.index.index import Index
from retrieval.storage.earlier_ids import EarlierId, EarlierIds
from retrieval.storage.passage_store import PassageStore
from retrieval.types import Passage, Place
from tests.doubles import SMALL_PASSAGES, make_passage


def test_passages_are_grouped_by_bulletin_place_and_section() -> None:
    catalog = Catalog(SMALL_PASSAGES)
    assert [bulletin.label for bulletin in catalog.bulletins] == ["篇1", "篇2", "篇3"]
    assert [place.name for place in catalog.places] == ["北京", "上海", "江蘇南京"]
    spot = catalog.locate("00000000000000b2")
    assert spot is not None
    assert [len(section.passages) for section in spot.item.sections] == [1, 1]
    assert spot.previous is SMALL_PASSAGES[2]
    assert spot.next is SMALL_PASSAGES[4]
    assert spot.bulletin.label == "篇2"


def test_neighbours_end_with_the_bulletin() -> None:
    spot = Catalog(SMALL_PASSAGES).locate("00000000000000a2")
    assert spot is not None
    assert spot.next is None


def test_a_place_written_in_both_scripts_is_one_place_of_one_province() -> None:
    passages = [
        Passage("0" * 16, "a.txt", 1, "", "篇1", "", Place("江蘇", "江蘇省"), (), "", "甲。"),
        Passage("1" * 16, "b.txt", 1, "", "篇1", "", Place("江苏", "江苏省"), (), "", "乙。"),
    ]
    (province,) = Catalog(passages).provinces
    (place,) = province.places
    assert len(place.items) == 2
    assert len(Catalog(passages).bulletins) == 2


def test_a_passage_about_no_place_stands_in_its_bulletin_alone() -> None:
    spot = Catalog([make_passage("0" * 16, "各地。", place=None)]).locate("0" * 16)
    assert spot is not None
    assert spot.place is None
    assert spot.province is None


def test_the_catalog_of_an_index_is_made_once(small_index: Index) -> None:
    assert catalog_of(small_index) is catalog_of(small_index)
    assert catalog_of(small_index).locate("f" * 16) is None


def test_an_earlier_id_opens_its_passage_and_one_of_another_text_leads_to_its_successor() -> None:
    store = PassageStore.from_passages(SMALL_PASSAGES)
    present = [int(passage.passage_id, 16) for passage in SMALL_PASSAGES[:2]]
    store.earlier_ids = EarlierIds.of(
        [EarlierId(1, present[0], is_same_text=True), EarlierId(2, present[1], is_same_text=False)]
    )
    catalog = Catalog(store)
    opened = catalog.locate("0000000000000001")
    assert opened
    assert opened.passage == SMALL_PASSAGES[0]
    assert catalog.locate("0000000000000002") is None
    assert catalog.successor("0000000000000002") == SMALL_PASSAGES[1]
    assert catalog.successor("0000000000000003") is None
