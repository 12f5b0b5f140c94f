from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.building.diff import count_places, only_in
from retrieval.language.folding import fold
from retrieval.storage.passage_store import PassageStore
from retrieval.storage.text_column import TextColumn
from retrieval.types import PageRegion, Passage, Place, Recognition, Section
from tests.doubles import SMALL_PASSAGES, make_passage

WORDS = st.text(st.sampled_from("北京甲乙ab"), max_size=4)
PLACES = st.one_of(st.none(), st.builds(Place, WORDS, st.one_of(st.none(), WORDS)))
PASSAGES = st.lists(
    st.builds(
        Passage,
        passage_id=st.integers(0, 2**64 - 1).map("{:016x}".format),
        file=WORDS,
        line=st.one_of(st.none(), st.integers(0, 10**6)),
        collection=WORDS,
        bulletin=WORDS,
        bulletin_title=WORDS,
        place=PLACES,
        section_path=st.lists(st.builds(Section, WORDS, WORDS), max_size=2).map(tuple),
        lead=WORDS,
        text=WORDS,
        date=st.one_of(st.none(), st.sampled_from(["2023-05-06", "20xx-05"])),
        issue=st.one_of(st.none(), WORDS),
        recognized=st.one_of(
            st.none(), st.just(Recognition(0.912, "0f" * 20, (PageRegion(3, 0.1, 0.25, 0.9, 0.3125),)))
        ),
    ),
    max_size=8,
    unique_by=lambda passage: passage.passage_id,
)


@given(PASSAGES)
def test_passages_come_back_as_they_were_put_in(passages: list[Passage]) -> None:
    store = PassageStore.from_passages(passages)
    assert list(store) == passages
    assert list(store.folded[:]) == [fold(passage.text) for passage in passages]
    assert [store.position(passage.passage_id) for passage in passages] == list(range(len(passages)))


@settings(max_examples=20)
@given(PASSAGES)
def test_passages_are_loaded_as_they_were_saved(passages: list[Passage]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        PassageStore.from_passages(passages).save(Path(folder))
        loaded = PassageStore.load(Path(folder))
        assert loaded == passages
        assert loaded.places == PassageStore.from_passages(passages).places


@given(PASSAGES)
def test_places_bulletins_and_items_are_those_of_the_passages(passages: list[Passage]) -> None:
    store = PassageStore.from_passages(passages)
    assert store.places == tuple(dict.fromkeys(found.place for found in passages if found.place))
    for passage, place, bulletin in zip(passages, store.place_codes, store.bulletin_codes, strict=True):
        assert (store.places[place] if place >= 0 else None) == passage.place
        assert store.bulletins[bulletin].label == passage.bulletin
    path = [(found.file, found.bulletin, found.place_name) for found in passages]
    starts = [spot for spot in range(len(path)) if spot == 0 or path[spot] != path[spot - 1]]
    assert store.item_starts.tolist() == [*starts, len(passages)]


@given(PASSAGES, PASSAGES)
def test_what_only_one_of_two_stores_has_is_found_by_numbers_as_by_ids(
    one: list[Passage], other: list[Passage]
) -> None:
    assert only_in(PassageStore.from_passages(one), PassageStore.from_passages(other)) == only_in(one, other)


@given(PASSAGES)
def test_places_are_counted_by_numbers_as_one_by_one(passages: list[Passage]) -> None:
    assert list(count_places(PassageStore.from_passages(passages)).items()) == list(
        count_places(passages).items()
    )


@pytest.mark.parametrize("passage_id", ["", "DEV_0", "F" * 16, "0" * 15, "0x" + "0" * 14])
def test_a_malformed_id_has_no_position_and_is_not_stored(passage_id: str) -> None:
    assert PassageStore.from_passages(SMALL_PASSAGES).position(passage_id) is None
    with pytest.raises(ValueError, match="16 hexadecimal digits"):
        PassageStore.from_passages([make_passage(passage_id, "一。")])


def test_an_id_that_two_passages_have_is_returned() -> None:
    assert PassageStore.from_passages(SMALL_PASSAGES).repeated_id() is None
    twice = replace(SMALL_PASSAGES[3], passage_id=SMALL_PASSAGES[1].passage_id)
    assert PassageStore.from_passages((*SMALL_PASSAGES, twice)).repeated_id() == SMALL_PASSAGES[1].passage_id


def test_passages_are_found_by_bulletin_and_place() -> None:
    store = PassageStore.from_passages(SMALL_PASSAGES)
    assert store.positions_of("篇2", "上海") == [2, 3]
    assert store.positions_of("篇3", None) == [5]
    assert store.positions_of("篇9", "上海") == []
    assert np.array_equal(store.ids, [0xA1, 0xA2, 0xB1, 0xB2, 0xC1, 0xD1])


def test_an_index_from_before_bulletins_had_dates_still_loads(tmp_path: Path) -> None:
    store = PassageStore.from_passages([make_passage("0" * 16, "正文")])
    store.save(tmp_path)
    items = [json.loads(item)[:6] for item in store._texts["item_texts"][:]]
    TextColumn.from_texts(json.dumps(item) for item in items).save(tmp_path / "item_texts")
    (passage,) = PassageStore.load(tmp_path)
    assert (passage.date, passage.issue) == (None, None)


@given(st.lists(st.integers(0, 7), unique=True).map(sorted))
def test_taking_some_passages_gives_the_store_of_these_alone(chosen: list[int]) -> None:
    passages = [
        *SMALL_PASSAGES,
        replace(SMALL_PASSAGES[0], passage_id="e" * 16, recognized=Recognition(0.9, "a", ())),
    ]
    passages.append(replace(SMALL_PASSAGES[2], passage_id="f" * 16, file="other.txt"))
    taken = PassageStore.from_passages(passages).taking(np.asarray(chosen, np.int64))
    alone = PassageStore.from_passages([passages[position] for position in chosen])
    assert list(taken) == list(alone)
    assert (taken.places, taken.bulletins) == (alone.places, alone.bulletins)
    np.testing.assert_array_equal(taken.place_codes, alone.place_codes)
    np.testing.assert_array_equal(taken.bulletin_codes, alone.bulletin_codes)
    np.testing.assert_array_equal(taken.item_starts, alone.item_starts)
    assert [taken.position(passage.passage_id) for passage in passages] == [
        alone.position(passage.passage_id) for passage in passages
    ]
    assert taken.folded.holding("修身").tolist() == alone.folded.holding("修身").tolist()
