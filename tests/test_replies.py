from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.replies import (
    PassageView,
    answer_reply,
    citation_path,
    passage_reply,
    places_reply,
    search_reply,
)
from bot.texts import EN, ZH_HANS, ZH_HANT
from retrieval.follow_ups import Reading
from retrieval.types import Answer, Hit, Kind, Passage, Place, PlaceAnswer, Quote, Section, SmallTalk
from tests.e2e.bot_api.formatting import parse_html

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6000)


def _link(passage_id: str) -> str:
    return f"https://t.me/a_bot?start=p_{passage_id}"


def _passage(text: str = "每月發佈10名月榜人物。", heading: str = "把好“三關”") -> Passage:
    return Passage(
        passage_id="0123456789abcdef",
        file="a.txt",
        line=3,
        collection="簡報",
        bulletin="篇3",
        bulletin_title="簡報 篇3",
        place=Place("北京", "北京市"),
        section_path=(Section("二", heading),),
        lead="",
        text=text,
    )


def _answered(*quotes: Quote) -> Answer:
    hits = tuple(Hit(quote.passage, 1.0, rank) for rank, quote in enumerate(quotes, start=1))
    return Answer("問", "answered", None, 0.9, quotes, hits, 1.0)


def _refused(reason: str, *hits: Hit, uncovered: tuple[str, ...] = ()) -> Answer:
    return Answer("問", "refused", reason, 0.1, (), hits, 1.0, uncovered)  # type: ignore[arg-type]


def test_an_answer_is_the_quote_then_its_citation_then_the_folded_evidence() -> None:
    passage = _passage("先公示。每月發佈10名月榜人物。再年審。")
    (message,) = answer_reply(_answered(Quote(passage, 4, 16, 1.0)), [], ZH_HANT, _link).messages
    text = _shown(message)
    assert text.split("\n\n") == [
        "「每月發佈10名月榜人物。」〔1〕",
        "〔1〕北京・篇3・二、把好“三關”",
        "先公示。每月發佈10名月榜人物。再年審。",
    ]
    assert message.count('<a href="https://t.me/a_bot?start=p_0123456789abcdef">') == 2
    assert "<blockquote expandable>先公示。<b>每月發佈10名月榜人物。</b>再年審。</blockquote>" in message


def test_a_refusal_says_so_and_offers_what_may_be_related() -> None:
    (message,) = answer_reply(
        _refused("not_found", Hit(_passage(), 0.5, 1)), ["北京"], ZH_HANT, _link
    ).messages
    text = _shown(message)
    assert text.startswith(ZH_HANT.not_found)
    assert "可能相關" in text
    assert "1. 北京・篇3・二、把好“三關”" in text


def test_a_place_that_is_not_covered_is_named_with_those_that_are() -> None:
    answer = _refused("place_not_covered", Hit(_passage(), 0.5, 1), uncovered=("廣州<市>",))
    (message,) = answer_reply(answer, ["北京", "上海"], ZH_HANT, _link).messages
    assert _shown(message).startswith("簡報沒有收錄「廣州<市>」。收錄的地方有\uff1a北京、上海。")


def test_an_empty_question_is_asked_for_in_words() -> None:
    assert answer_reply(_refused("not_found"), [], EN, _link).messages == (EN.empty_question,)


def test_a_passage_view_has_buttons_only_to_neighbours_that_exist() -> None:
    reply = passage_reply(PassageView(_passage(), None, "fedcba9876543210"), ZH_HANT)
    assert [(button.label, button.data) for button in reply.buttons] == [("下一段 ›", "p:fedcba9876543210")]
    assert reply.messages == ("<b>北京・篇3・二、把好“三關”</b>\n\n每月發佈10名月榜人物。",)


def test_a_lead_paragraph_is_cited_as_one() -> None:
    lead = Passage("0" * 16, "a.txt", 1, "", "篇3", "", None, (), "", "導語。")
    assert citation_path(lead, ZH_HANT) == "篇3・導語"


def test_search_without_hits_says_so() -> None:
    assert search_reply((), ZH_HANT, _link).messages == (ZH_HANT.no_results,)


@given(
    text=ANY_TEXT, heading=ANY_TEXT, place=ANY_TEXT, start=st.integers(0, 6000), length=st.integers(1, 300)
)
def test_whatever_a_bulletin_holds_telegram_takes_the_reply_and_shows_it_unchanged(
    text: str, heading: str, place: str, start: int, length: int
) -> None:
    start = min(start, len(text) - 1)
    passage = _passage(text, heading)
    quote = Quote(passage, start, min(start + length, len(text)), 1.0)
    hit = Hit(passage, 0.5, 1)
    replies = [
        answer_reply(_answered(quote, quote, quote), [], ZH_HANT, _link),
        answer_reply(_refused("place_not_covered", hit, uncovered=(place[:600],)), ["上海"], ZH_HANT, _link),
        search_reply((hit,) * 5, ZH_HANT, _link),
    ]
    for reply in replies:
        for message in reply.messages:
            assert _length(_shown(message)) <= 4096
    assert f"「{quote.text}」".strip() in _shown(replies[0].messages[0])


@given(
    text=st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=20_000
    )
)
def test_a_paragraph_of_any_length_is_shown_whole_over_several_messages(text: str) -> None:
    reply = passage_reply(PassageView(_passage(text), None, None), ZH_HANT)
    shown = [_shown(message) for message in reply.messages]
    assert all(_length(message) <= 4096 for message in shown)
    assert "".join([shown[0].split("\n\n", 1)[1], *shown[1:]]) == text


@pytest.mark.parametrize("count", [1, 16, 400])
def test_the_list_of_places_is_split_before_it_is_too_long(count: int) -> None:
    leads = [
        Passage(f"{number:016x}", "a.txt", 1, "", "篇1", "", Place(f"第{number}縣"), (), "", "導語。")
        for number in range(count)
    ]
    messages = places_reply(leads, ZH_HANT, _link).messages
    assert all(_length(_shown(message)) <= 4096 for message in messages)
    assert sum(message.count("• ") for message in messages) == count


def _shown(message: str) -> str:
    return parse_html(message)[0]


def _length(text: str) -> int:
    """As Telegram counts: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def test_a_coverage_says_how_many_places_and_shows_a_block_a_place() -> None:
    passage = _passage()
    quote = Quote(passage, 0, 5, 1.0)
    places = (PlaceAnswer("北京", (quote,), 2), PlaceAnswer("上海", (quote,), 1))
    answer = replace(_answered(quote, quote), kind=Kind.COVERAGE, by_place=places)
    (message,) = answer_reply(answer, [], ZH_HANT, _link).messages
    assert _shown(message).split("\n\n") == [
        "共 2 個地方提到",
        "北京 2 段\n「每月發佈1」〔1〕",
        "上海 1 段\n「每月發佈1」〔1〕",
        "〔1〕北京・篇3・二、把好“三關”",
    ]


@given(place=ANY_TEXT, text=ANY_TEXT, count=st.integers(1, 60))
def test_any_number_of_places_is_split_before_telegram_refuses(place: str, text: str, count: int) -> None:
    quote = Quote(_passage(text), 0, min(len(text), 300), 1.0)
    blocks = tuple(PlaceAnswer(place, (quote,) * (number % 3)) for number in range(count))
    answer = replace(_answered(quote), kind=Kind.COMPARISON, by_place=(PlaceAnswer("甲", (quote,)), *blocks))
    for message in answer_reply(answer, [], ZH_HANT, _link).messages:
        assert _length(_shown(message)) <= 4096


def test_how_a_question_was_read_stands_first_in_italics() -> None:
    reading = Reading("重慶 <志願者>", "重慶・<志願者>")
    (message,) = answer_reply(_answered(Quote(_passage(), 0, 5, 1.0)), [], ZH_HANT, _link, reading).messages
    assert message.startswith("<i>理解為\uff1a重慶・&lt;志願者&gt;</i>\n\n「每月發佈1」")


def test_when_nothing_more_is_left_it_is_said() -> None:
    reading = Reading("問", "問", frozenset({"a"}))
    (message,) = answer_reply(_refused("not_found"), [], ZH_HANT, _link, reading).messages
    assert message.endswith(ZH_HANT.no_more)


@pytest.mark.parametrize("said", list(SmallTalk))
def test_small_talk_gets_its_own_short_reply_in_every_language(said: SmallTalk) -> None:
    answer = replace(_refused("out_of_scope"), small_talk=said)
    replies = {answer_reply(answer, [], texts, _link).messages[0] for texts in (ZH_HANT, ZH_HANS, EN)}
    assert len(replies) == 3
    assert not any("簡報裡沒有" in reply for reply in replies)
