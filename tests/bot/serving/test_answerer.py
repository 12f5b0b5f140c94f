from __future__ import annotations

import asyncio
from copy import copy
from threading import Event

import pytest

from bot.serving.answerer import THREADS, ReadingDesk
from bot.state.conversations import Search
from retrieval.index.index import Generation
from retrieval.storage.passage_store import PassageStore
from retrieval.types import Encoder


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
def test_a_place_is_found_by_how_people_write_it(desk: ReadingDesk, typed: str, shown: str | None) -> None:
    assert desk.place_called(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"), [("篇3", "篇3"), ("3", "篇3"), ("\uff13", "篇3"), ("9", None), ("篇", None)]
)
def test_a_bulletin_is_found_by_its_label_or_its_number(
    desk: ReadingDesk, typed: str, shown: str | None
) -> None:
    assert desk.bulletin_called(typed) == shown


async def test_a_search_keeps_to_its_filters_and_one_that_fits_nothing_finds_nothing(
    desk: ReadingDesk,
) -> None:
    hits = await desk.search(Search("志願者", "重慶", "篇4"))
    assert {(hit.passage.place_name, hit.passage.bulletin) for hit in hits} == {("重慶", "篇4")}
    assert await desk.search(Search("志願者", "重慶", "篇1")) == ()
    assert await desk.search(Search("志願者", "火星")) == ()


async def test_turning_a_page_asks_the_model_nothing(
    desk: ReadingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    hits = await desk.search(Search("文明餐桌"))
    monkeypatch.setattr("bot.serving.answerer.search", None)
    assert await desk.search(Search("文明餐桌")) is hits


async def test_a_search_ends_on_the_generation_it_began_with(
    generation: Generation, encoder: Encoder
) -> None:
    desk, go_on = ReadingDesk(generation, encoder), Event()
    for _ in range(THREADS):
        desk._threads.submit(go_on.wait)
    search = asyncio.create_task(desk.search(Search("志願者", "重慶")))
    await asyncio.sleep(0)
    desk.generation = copy(generation)
    desk.generation.passages = PassageStore.of(())
    go_on.set()
    assert {hit.passage.place_name for hit in await search} == {"重慶"}
    desk.close()


def test_the_quick_search_turns_pages_without_repeating(desk: ReadingDesk) -> None:
    first, second = (desk.quotes_with_words("志願服務", start, 5) for start in (0, 5))
    assert len({quote.passage.passage_id for quote in (*first, *second)}) == 10
    assert all(quote.marks for quote in first)


def test_openings_are_the_first_sentences_of_the_items(desk: ReadingDesk) -> None:
    openings = desk.openings(0, 100)
    assert len(openings) == 16
    assert openings[0].passage.place_name == "上海"


def test_only_examples_about_places_that_are_covered_are_shown(desk: ReadingDesk) -> None:
    assert desk.covers("北京榜樣每個月評出多少人？")
    assert not desk.covers("廣州怎麼做")
    assert not desk.covers("怎麼做")
