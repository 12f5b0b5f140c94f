from __future__ import annotations

import html
import re

import pytest

from bot.locales import ZH_HANT
from bot.replies import answers
from bot.serving.answerer import Answerer
from bot.web.question_pages import QuestionSlots
from tests.bot.web.conftest import MakeReader, Reader

QUESTION = "北京榜樣每個月評出多少人？"


async def test_an_answer_is_that_of_the_chat_with_links_to_the_quoted_words(
    reader_of: MakeReader, answerer: Answerer
) -> None:
    reader = reader_of(answerer)
    page = (await reader.post("/ask", data={"question": QUESTION})).text
    exchange = await answerer.reply(QUESTION)
    said = answers.answer_reply(exchange.answer, answerer.covered_places(), ZH_HANT, lambda p, s: f"/p/{p}")
    quote = exchange.answer.quotes[0]
    assert re.sub("<[^>]+>", "", said.messages[0])[:40] in html.unescape(re.sub("<[^>]+>", "", page))
    address = f"/p/{quote.passage.passage_id}?q={quote.start}-{quote.end}"
    assert html.escape(address) in page
    opened = await reader.get(address, follow_redirects=True)
    marked = re.search(r"<mark[^>]*>([^<]+)</mark>", opened.text)
    assert marked is not None
    assert html.unescape(marked[1]) == quote.text


async def test_a_comparison_is_a_table(reader_of: MakeReader, answerer: Answerer) -> None:
    page = (await reader_of(answerer).post("/ask", data={"question": "北京和山東的好人怎麼評選？"})).text
    assert "<table" in page
    assert page.count("/p/") >= 2


async def test_what_the_bulletins_do_not_say_is_said_to_be_missing(
    reader_of: MakeReader, answerer: Answerer
) -> None:
    page = (await reader_of(answerer).post("/ask", data={"question": "東京奧運會有多少項目？"})).text
    assert "「" not in re.sub("<[^>]+>", "", page[page.index('class="answer"') :].partition("最接近")[0])


async def test_search_marks_the_words_and_filters_by_place_and_bulletin(
    reader_of: MakeReader, answerer: Answerer
) -> None:
    reader = reader_of(answerer)
    page = (await reader.post("/search", data={"words": "志願者"})).text
    assert "<mark>志願者</mark>" in page
    only = (await reader.post("/search", data={"words": "志願者", "place": "重庆", "bulletin": "3"})).text
    titles = re.findall(r">\d+\. ([^<]+)</a>", only)
    assert titles
    assert all("重慶" in title and "篇3" in title for title in titles)


async def test_pages_of_hits_are_turned_by_a_form(reader_of: MakeReader, answerer: Answerer) -> None:
    reader = reader_of(answerer)
    first = (await reader.post("/search", data={"words": "志願服務"})).text
    second = (await reader.post("/search", data={"words": "志願服務", "page": "2"})).text
    ranks = [re.findall(r">(\d+)\. ", page) for page in (first, second)]
    assert ranks[0][0] == "1"
    assert ranks[1][0] == "11"


async def test_a_filter_that_fits_nothing_is_named(reader: Reader) -> None:
    page = (await reader.post("/search", data={"words": "圖書館", "place": "火星"})).text
    assert "簡報沒有收錄「火星」" in page
    page = (await reader.post("/search", data={"words": "圖書館", "bulletin": "篇99"})).text
    assert "沒有「篇99」這一篇" in page


@pytest.mark.parametrize("path", ["/ask", "/search"])
async def test_words_in_the_address_are_not_taken(reader: Reader, path: str) -> None:
    page = (await reader.get(f"{path}?question=北京&words=北京")).text
    assert 'class="answer"' not in page
    assert 'class="block' not in page
    assert 'method="post"' in page


async def test_a_body_that_is_too_large_or_no_form_is_refused(reader: Reader) -> None:
    assert (await reader.post("/ask", content=b"question=" + b"a" * 60_000)).status_code == 413
    assert (await reader.post("/ask", content=b"&".join([b"a=1"] * 100))).status_code == 400
    assert (await reader.post("/ask", content=b"question=%ff%fe")).status_code == 200
    assert (await reader.post("/ask", content=b"\xff\xfe")).status_code == 400


async def test_a_crowd_of_readers_waits_in_line_and_is_sent_away_in_a_sentence(
    reader_of: MakeReader, small: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    slots = QuestionSlots(count=1, seconds=0.01)
    monkeypatch.setattr("bot.web.question_pages.slots_of", lambda _: slots)
    reader = reader_of(small)
    async with slots.slot():
        sent_away = await reader.post("/ask", data={"question": "圖書館"})
    assert sent_away.status_code == 503
    assert sent_away.headers["retry-after"] == "5"
    assert ZH_HANT.web.busy in sent_away.text
    assert (await reader.post("/ask", data={"question": "圖書館"})).status_code == 200
