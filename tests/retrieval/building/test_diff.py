from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from retrieval.building.diff import PlaceChanges, compare, count_redated
from retrieval.types import Passage
from tests.doubles import SMALL_PASSAGES, make_passage

SOME_PASSAGES = st.lists(st.sampled_from(SMALL_PASSAGES), unique=True)


def of(place: str, changes: tuple[PlaceChanges, ...]) -> PlaceChanges:
    [found] = [change for change in changes if change.place == place]
    return found


def test_a_first_build_adds_everything_in_the_order_of_the_bulletins() -> None:
    changes = compare((), SMALL_PASSAGES)
    assert [change.place for change in changes] == ["北京", "上海", "江蘇南京", ""]
    assert [change.added for change in changes] == [2, 2, 1, 1]
    assert [change.passages for change in changes] == [2, 2, 1, 1]


@given(SOME_PASSAGES)
def test_what_stayed_is_no_change(passages: list[Passage]) -> None:
    for change in compare(passages, passages[::-1]):
        assert (change.added, change.changed, change.removed) == (0, 0, 0)


def test_another_text_under_the_same_path_is_a_change_not_an_addition_and_a_removal() -> None:
    edited = replace(SMALL_PASSAGES[0], passage_id="f" * 16, text="每月發佈12名月榜人物。")
    changes = compare(SMALL_PASSAGES, (edited, *SMALL_PASSAGES[1:]))
    assert of("北京", changes) == PlaceChanges("北京", passages=2, added=0, changed=1, removed=0)
    assert of("上海", changes) == PlaceChanges("上海", passages=2, added=0, changed=0, removed=0)


def test_a_place_that_is_gone_comes_last_with_what_was_removed() -> None:
    hangzhou = make_passage("e" * 16, "杭州。", place="浙江杭州")
    changes = compare(SMALL_PASSAGES, (*SMALL_PASSAGES[2:], hangzhou))
    assert [change.place for change in changes] == ["上海", "江蘇南京", "", "浙江杭州", "北京"]
    assert changes[-1] == PlaceChanges("北京", passages=0, added=0, changed=0, removed=2)


def test_one_of_two_paragraphs_under_a_path_that_is_edited_and_one_more_that_is_added() -> None:
    before = (make_passage("a" * 16, "甲。", section="一、事"),)
    after = (
        make_passage("b" * 16, "乙。", section="一、事"),
        make_passage("c" * 16, "丙。", section="一、事"),
    )
    assert compare(before, after) == (PlaceChanges("北京", passages=2, added=1, changed=1, removed=0),)


@given(SOME_PASSAGES, SOME_PASSAGES)
def test_the_counts_add_up_at_every_place(old: list[Passage], new: list[Passage]) -> None:
    for change in compare(old, new):
        before = sum((passage.place_name or "") == change.place for passage in old)
        assert before + change.added - change.removed == change.passages


def test_a_passage_with_another_date_is_counted_and_a_new_one_is_not() -> None:
    dated = replace(SMALL_PASSAGES[0], date="2023-05-06")
    renumbered = replace(SMALL_PASSAGES[1], issue="第12期")
    new = replace(SMALL_PASSAGES[2], passage_id="e" * 16, date="2023")
    assert count_redated(SMALL_PASSAGES, (dated, renumbered, new, *SMALL_PASSAGES[3:])) == 2
    assert count_redated((), SMALL_PASSAGES) == 0
