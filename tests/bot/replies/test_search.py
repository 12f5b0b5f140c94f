from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.locales import ZH_HANT
from bot.replies.callback_data import Choice
from bot.replies.search import (
    PATTERN_EXAMPLES,
    TypedSearch,
    choices_reply,
    read_search,
    search_reply,
    unknown_bulletin_reply,
    unknown_place_reply,
)
from bot.state.conversations import Search
from retrieval.types import Hit
from tests.chatting import a_passage, link, utf16_length
from tests.doubles import SMALL_PASSAGES
from tests.e2e.bot_api.formatting import parse_html

HITS = tuple(Hit(passage, 1.0, rank) for rank, passage in enumerate(SMALL_PASSAGES, start=1))


def test_the_words_of_the_search_are_bold_whatever_their_script() -> None:
    (message,) = search_reply(Search("志愿者"), HITS[:2], ZH_HANT, link).messages
    assert "<b>志願者</b>走進社區" in message
    assert message.startswith("<b>搜尋\uff1a志愿者</b>")


def test_pages_are_turned_and_passages_opened_by_buttons() -> None:
    first = search_reply(Search("志願者"), HITS, ZH_HANT, link)
    assert [button.label for button in first.rows[0]] == ["1", "2", "3", "4", "5"]
    assert [button.label for button in first.rows[1]] == ["下一頁 ›"]
    second = search_reply(Search("志願者"), HITS, ZH_HANT, link, 1)
    assert [button.label for button in second.rows[0]] == ["6"]
    assert second.rows[1][0].data == f"q:{Search('志願者').search_id}:0"
    assert search_reply(Search("志願者"), HITS, ZH_HANT, link, 99) == second


def test_a_filter_is_shown_as_it_would_be_typed_and_can_be_lifted() -> None:
    reply = search_reply(Search("志願者", "重慶", "篇3"), HITS[:1], ZH_HANT, link)
    assert reply.messages[0].startswith("<b>搜尋\uff1a志願者 @重慶 #篇3</b>")
    assert [button.label for button in reply.rows[-1]] == ["✕ 📍 重慶", "✕ 📄 篇3"]


def test_without_hits_it_is_said_and_filters_can_still_be_lifted() -> None:
    reply = search_reply(Search("志願者", "重慶"), (), ZH_HANT, link)
    assert ZH_HANT.no_results in reply.messages[0]
    assert reply.rows[0][0].label == "✕ 📍 重慶"


def test_that_no_passage_holds_the_words_is_said() -> None:
    assert ZH_HANT.no_words_match in search_reply(Search("量子力學"), HITS, ZH_HANT, link).messages[0]
    assert ZH_HANT.no_words_match not in search_reply(Search("志願者"), HITS, ZH_HANT, link).messages[0]


def test_a_search_is_limited_to_what_was_found_the_best_first() -> None:
    reply = choices_reply(Search("志願者"), Choice.PLACE, HITS[2:], ZH_HANT)
    assert [[button.label for button in row] for row in reply.rows] == [["上海", "江蘇南京"], ["‹ 返回"]]
    assert reply.rows[0][0].data.endswith(":00000000000000b1")


def test_an_unknown_filter_is_named_with_what_there_is() -> None:
    assert "「<火星>」" in parse_html(unknown_place_reply("<火星>", ["北京"], ZH_HANT).messages[0])[0]
    assert "篇1、篇2" in unknown_bulletin_reply("9", ["篇1", "篇2"], ZH_HANT).messages[0]


@given(
    text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6000),
    words=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=4000),
)
def test_whatever_is_searched_and_found_telegram_takes_the_reply(text: str, words: str) -> None:
    hit = Hit(a_passage(text, text), 0.5, 1)
    reply = search_reply(Search(words, text, text), (hit,) * 6, ZH_HANT, link)
    for message in reply.messages:
        assert utf16_length(parse_html(message)[0]) <= 4096
    for row in reply.rows:
        for button in row:
            assert len(button.data.encode()) <= 64


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("志願者", TypedSearch("志願者")),
        ("志願者 @重慶 #篇3", TypedSearch("志願者", "重慶", "篇3")),
        ("#3 志願者  保險 @重庆", TypedSearch("志願者 保險", "重庆", "3")),
        ("志願者 \uff20重慶 \uff03篇3", TypedSearch("志願者", "重慶", "篇3")),
        ("@重慶 @上海", TypedSearch("", "上海", None, ("上海",), ("重慶",))),
        ("a@b.c 好#人", TypedSearch("a@b.c 好#人")),
        ("@ #", TypedSearch("@ #")),
        ("", TypedSearch("")),
    ],
)
def test_filters_are_told_from_words(text: str, expected: TypedSearch) -> None:
    assert read_search(text) == expected


@pytest.mark.parametrize(("pattern", "example", "counterexample"), PATTERN_EXAMPLES)
def test_each_pattern_matches_its_example_and_not_its_counterexample(
    pattern: re.Pattern[str], example: str, counterexample: str
) -> None:
    assert pattern.search(example)
    assert not pattern.search(counterexample)
