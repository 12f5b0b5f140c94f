"""A crawler that presses every button, follows every link and takes every inline result, breadth first."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.application import build_application
from bot.serving.answerer import Answerer
from bot.settings import load_settings
from retrieval.building.builder import build_generation
from retrieval.types import Reading
from tests.doubles import HashEncoder, loaded
from tests.e2e.bot_api.emulator import DEFAULT_TOKEN
from tests.e2e.bot_api.formatting import parse_html
from tests.e2e.bot_api.in_process import EmulatedRequest, Telegram, new_state
from tests.e2e.bot_api.sent_message import Button, SentMessage, seen
from tests.e2e.bot_api.state import Message, User

DEPTH = 4
SEEDS = (
    "/start",
    "北京榜樣每個月評出多少人？",
    "/search 志願者",
    "哪些地方提到志願者？",
    "/compare 北京 山東 好人",
    "深圳垃圾分類怎麼罰？",
    "/start p_0000000000000000",
    "/help",
    "你好",
    "重慶的經驗",
    "篇2講什麼",
    "有哪些地方?",
    "最新一期",
    "瑞金七掌是哪些",
    "2",
    "還有嗎?",
    "/search 志願者 @重慶 @北京",
    "/compare 北京 火星 好人",
    "杭州有什麼經驗?",
    "/basket",
)


@dataclass(slots=True)
class Crawl:
    """What has been seen and what is still to be pressed."""

    telegram: Telegram
    request: EmulatedRequest
    language: str
    screens: dict[tuple[str, str], Message] = field(default_factory=dict)
    leads_to: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    notices: set[str] = field(default_factory=set)
    most_screens: int = 500
    queue: deque[tuple[int, Message]] = field(default_factory=deque)
    pressed: int = 0

    def sees(self, message: SentMessage, depth: int) -> tuple[str, str]:
        """Check a message and queue it if it is new; buttons that name the answer differ from answer to answer."""
        stored = self.telegram.chat.messages[message.message_id]
        parse_html(message.html)
        assert not message.dropped, message.dropped
        assert message.document_name or message.link_preview == {"is_disabled": True}
        key = message.text, repr(message.labels)
        if key not in self.screens and len(self.screens) < self.most_screens and depth <= DEPTH:
            self.screens[key] = copy(stored)
            self.queue.append((depth, self.screens[key]))
        return key

    async def runs(self) -> None:
        """Press and follow until nothing new is found."""
        while self.queue:
            depth, screen = self.queue.popleft()
            shown = self.telegram.shows(screen)
            before = seen(shown)
            for row in before.buttons:
                for button in row:
                    await self.tries(screen, button, depth)
            for _, url in before.links:
                await self.follows(url, depth)

    async def tries(self, screen: Message, button: Button, depth: int) -> None:
        """Press a button unless its like was pressed; it must change its message, send one, or say something."""
        assert button.callback_data or button.copy_text, button
        here = screen.text.text, repr(seen(screen).labels)
        edge = (
            f"{button.callback_data}"
            if button.callback_data[:2] not in {"m:", "f:", "c:", "ba", "bx"}
            else f"{button} {here}"
        )
        if button.copy_text:
            assert len(button.copy_text) < 256
            return
        if edge in self.leads_to:
            known = self.leads_to[edge]
            assert edge in self.notices or known != {here}, f"{button} leads from {here[0]!r} to itself"
            return
        shown = self.telegram.shows(screen)
        question, sent = await self.telegram.presses(shown, button)
        self.telegram.application.bot_data.conversations.save_language(7, self.language)
        self.pressed += 1
        assert question.answer is not None, f"{button} spins for ever"
        found = {self.sees(message, depth + 1) for message in sent}
        if shown.revisions:
            found.add(self.sees(seen(shown), depth + 1))
        if question.answer["text"]:
            self.notices.add(edge)
        self.leads_to[edge] = found
        assert question.answer["text"] or (found and found != {here}), (
            f"{button} does nothing below {here[0]!r}"
        )
        assert self.request.refused == []

    async def takes_inline_results(self) -> None:
        """Every page of results, with and without words; the links in them are opened."""
        for query in ("", "志願服務"):
            offset, results = "", []
            while True:
                answer = (await self.telegram.inline(query, offset)).answer
                assert answer is not None
                results += answer["results"]
                offset = answer["next_offset"]
                if not offset:
                    break
            assert len({result["id"] for result in results}) == len(results) > 10
            for result in results:
                for entity in result["input_message_content"]["entities"]:
                    if entity["type"] == "text_link":
                        await self.follows(entity["url"], 1)

    async def follows(self, url: str, depth: int) -> None:
        """Open a deep link unless it was opened."""
        if url in self.leads_to:
            return
        (payload,) = parse_qs(urlsplit(url).query)["start"]
        sent = await self.telegram.says(f"/start {payload}")
        assert sent, f"{url} opens nothing"
        self.leads_to[url] = {self.sees(message, depth + 1) for message in sent}
        self.pressed += 1
        assert self.request.refused == []


@pytest.fixture(scope="module")
def quick_desk(seed_reading: Reading) -> Iterator[Answerer]:
    """The seven bulletins under an encoder without meaning: what it finds is as long, linked and buttoned as ever."""
    encoder = HashEncoder()
    answerer = Answerer(loaded(build_generation(seed_reading.passages, encoder), encoder), encoder)
    yield answerer
    answerer.close()


@pytest.mark.parametrize(("language", "most_screens"), [("zh-hant", 450), ("zh-hans", 100), ("en", 100)])
async def test_every_button_link_and_inline_result_leads_somewhere_within_the_limits(
    quick_desk: Answerer, language: str, most_screens: int, caplog: pytest.LogCaptureFixture
) -> None:
    state = new_state()
    request = EmulatedRequest(state)
    async with build_application(load_settings(), quick_desk, DEFAULT_TOKEN, request) as application:
        telegram = Telegram(state, application, User(7, "Person", "", language))
        crawl = Crawl(telegram, request, language, most_screens=most_screens)
        for said in SEEDS:
            for message in await telegram.says(said):
                crawl.sees(message, 0)
        await crawl.takes_inline_results()
        await crawl.runs()
    assert len(crawl.screens) == most_screens
    assert request.refused == []
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
