from __future__ import annotations

import asyncio
import threading
from copy import copy
from threading import Event

import pytest

from bot.serving.answerer import THREADS, Answerer
from bot.state.conversations import Search
from retrieval.index.index import Index
from retrieval.questions import follow_ups
from retrieval.questions.follow_ups import Turn, next_turn
from retrieval.storage.passage_store import PassageStore
from retrieval.types import Encoder, SmallTalkReply


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("重慶", "重慶"),
        ("重庆", "重慶"),
        ("南京", "江蘇南京"),
        ("包河", "安徽合肥包河區"),
        ("火星", None),
        ("廣州", None),
    ],
)
def test_a_place_is_found_by_how_people_write_it(answerer: Answerer, typed: str, shown: str | None) -> None:
    assert answerer.place_called(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"), [("篇3", "篇3"), ("3", "篇3"), ("\uff13", "篇3"), ("9", None), ("篇", None)]
)
def test_a_bulletin_is_found_by_its_label_or_its_number(
    answerer: Answerer, typed: str, shown: str | None
) -> None:
    assert answerer.bulletin_called(typed) == shown


async def test_a_search_keeps_to_its_filters_and_one_that_fits_nothing_finds_nothing(
    answerer: Answerer,
) -> None:
    hits = await answerer.search(Search("志願者", "重慶", "篇4"))
    assert {(hit.passage.place_name, hit.passage.bulletin) for hit in hits} == {("重慶", "篇4")}
    assert await answerer.search(Search("志願者", "重慶", "篇1")) == ()
    assert await answerer.search(Search("志願者", "火星")) == ()


async def test_turning_a_page_asks_the_model_nothing(
    answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    hits = await answerer.search(Search("文明餐桌"))
    monkeypatch.setattr("bot.serving.answerer.search", None)
    assert await answerer.search(Search("文明餐桌")) is hits


async def test_a_search_ends_on_the_generation_it_began_with(index: Index, encoder: Encoder) -> None:
    answerer, go_on = Answerer(index, encoder), Event()
    for _ in range(THREADS):
        answerer._threads.submit(go_on.wait)
    search = asyncio.create_task(answerer.search(Search("志願者", "重慶")))
    await asyncio.sleep(0)
    answerer.whole = copy(index)
    answerer.whole.passages = PassageStore.from_passages(())
    go_on.set()
    assert {hit.passage.place_name for hit in await search} == {"重慶"}
    answerer.close()


def test_the_quick_search_turns_pages_without_repeating(answerer: Answerer) -> None:
    first, second = (answerer.quotes_with_words("志願服務", start, 5) for start in (0, 5))
    assert len({quote.passage.passage_id for quote in (*first, *second)}) == 10
    assert all(quote.marks for quote in first)


def test_openings_are_the_first_sentences_of_the_items(answerer: Answerer) -> None:
    openings = answerer.openings(0, 100)
    assert len(openings) == 16
    assert openings[0].passage.place_name == "上海"


def test_only_examples_about_places_that_are_covered_are_shown(answerer: Answerer) -> None:
    assert answerer.covers("北京榜樣每個月評出多少人？")
    assert not answerer.covers("廣州怎麼做")
    assert not answerer.covers("怎麼做")


async def test_a_message_is_answered_as_what_it_asks_after_the_turn_before(answerer: Answerer) -> None:
    first = await answerer.reply("重慶有多少志願者?")
    assert first.resolved is None
    assert first.turn is not None
    assert first.turn.question == "重慶有多少志願者?"
    then = await answerer.reply("那江蘇呢?", first.turn)
    assert then.resolved is not None
    assert then.resolved.description == "江蘇・多少志願者"
    assert then.answer.question == "江蘇 多少志願者"
    assert then.turn == next_turn("那江蘇呢?", then.answer, then.resolved)


async def test_a_message_is_read_off_the_event_loop(
    answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers: list[threading.Thread] = []
    resolve = follow_ups.resolve_message

    def resolved(*given: object) -> follow_ups.ResolvedMessage | None:
        readers.append(threading.current_thread())
        return resolve(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(follow_ups, "resolve_message", resolved)
    await answerer.reply("重慶有多少志願者?")
    assert len(readers) == 1
    assert readers[0] is not threading.current_thread()


async def test_who_asks_for_more_is_quoted_other_passages_which_the_next_turn_knows(
    answerer: Answerer,
) -> None:
    first = await answerer.reply("重慶的志願者怎麼考核?")
    more = await answerer.reply("還有嗎?", first.turn)
    assert first.turn is not None
    assert more.turn is not None
    assert not {quote.passage.passage_id for quote in more.answer.quotes} & first.turn.shown
    assert more.turn.shown > first.turn.shown


async def test_a_message_that_names_no_place_is_about_that_of_the_answer_it_replies_to(
    answerer: Answerer,
) -> None:
    exchange = await answerer.reply("新媒體聯盟是什麼時候建立的", Turn("日照遇到重大報道怎麼發?"), "山東日照")
    assert exchange.resolved is not None
    assert exchange.resolved.question == "山東日照 新媒體聯盟是什麼時候建立的"


async def test_small_talk_leaves_no_turn(answerer: Answerer) -> None:
    exchange = await answerer.reply("謝謝!", Turn("北京有多少志願者?"))
    assert isinstance(exchange.answer, SmallTalkReply)
    assert exchange.turn is None


async def test_a_message_refused_by_itself_is_answered_about_the_place_of_the_turn_before(
    answerer: Answerer,
) -> None:
    turn = Turn("包河區收集了多少條意見?")
    exchange = await answerer.reply("辦了多少", turn)
    assert exchange.answer.status == "answered"
    assert exchange.resolved is not None
    assert exchange.resolved.description == "包河區・收集了條意見・辦了多少"
    assert "783項" in exchange.answer.quotes[0].text


async def test_a_message_that_stays_unanswered_there_too_is_refused_as_typed(answerer: Answerer) -> None:
    exchange = await answerer.reply("院長叫什麼", Turn("上海雷鋒學院做什麼?"))
    assert (exchange.answer.status, exchange.resolved) == ("refused", None)
