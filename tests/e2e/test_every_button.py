"""A crawler that presses every button, follows every link and takes every inline result, breadth first."""

from __future__ import annotations

import logging
from ast import literal_eval
from collections import deque
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.application import build_application
from bot.groups import MOST_LINES, phone_lines
from bot.locales import LANGUAGES
from bot.operations.rebuilding import build
from bot.reports import update_inbox
from bot.serving.answerer import Answerer
from bot.settings import Settings, load_settings
from bot.subscriptions import Notifier, store
from retrieval.building.builder import build_generation
from retrieval.index.generations import load_current
from retrieval.types import Reading
from tests.doubles import HashEncoder, loaded
from tests.e2e.bot_api.emulator import DEFAULT_TOKEN
from tests.e2e.bot_api.formatting import parse_html
from tests.e2e.bot_api.in_process import EmulatedRequest, Telegram, new_state
from tests.e2e.bot_api.sent_message import Button, SentMessage, seen
from tests.e2e.bot_api.state import Chat, Message, User
from tests.e2e.bot_api.wire import JsonObject

DEPTH = 4
ADMIN, READER = 7, 9
ADMIN_SEEDS = ("/help", "/inbox", "/purge", "/purge 篇2", "/purge 篇9", "/rollback", "/stats", "/forget")
"""What an admin says, after a reader has reported two answers."""
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
    "/follow",
    "/follow 重慶 anytime",
    "/follow 志願者 anytime",
    "/following",
    "/forget",
)
SAID_IN_A_GROUP = ("/start@{bot}", *(f"@{{bot}} {said}" for said in SEEDS if not said.startswith("/")))


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

    async def runs(self, but: frozenset[str] | set[str] = frozenset()) -> None:
        """Press and follow until nothing new is found; the buttons with these labels are left."""
        while self.queue:
            depth, screen = self.queue.popleft()
            shown = self.telegram.shows(screen)
            before = seen(shown)
            for row in before.buttons:
                for button in (each for each in row if each.label not in but):
                    await self.tries(screen, button, depth)
            for _, url in before.links:
                await self.follows(url, depth)

    async def tries(self, screen: Message, button: Button, depth: int) -> None:
        """Press a button unless its like was pressed; it must change its message, send one, or say something."""
        assert button.callback_data or button.copy_text or button.url, button
        here = screen.text.text, repr(seen(screen).labels)
        edge = (
            f"{button.callback_data}"
            if button.callback_data[:2] not in {"m:", "f:", "c:", "fr", "ba", "bx"}
            else f"{button} {here}"
        )
        if button.url:
            await self.follows(button.url, depth)
            return
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

    async def is_told_of_news(self) -> None:
        """The message of what a chat follows, as after a rebuild that changed all of it."""
        application = self.telegram.application
        database, whole = application.bot_data.database, application.bot_data.answerer.whole
        passages = tuple(passage.passage_id for passage in whole.passages[:9])
        subscriptions = store.of_chat(database, self.telegram.chat.id)
        store.set_pending(database, {each.subscription_id: passages for each in subscriptions})
        before = self.telegram.chat.last_message_id
        await Notifier(application).look()
        (told,) = [message for message in self.telegram.shown() if message.message_id > before]
        assert len(told.links) == 5
        self.sees(told, 0)

    async def speaks_in_a_group(self) -> None:
        """Every answer there has at most five lines; its links and buttons lead into the private chat."""
        group, bot = Chat(-1001, title="群組"), self.telegram.state.bot.username
        for said in SAID_IN_A_GROUP:
            for message in await self.telegram.says_in(group, said.format(bot=bot)):
                if any("👍" in row for row in message.labels):
                    assert phone_lines.count_lines_of_markup(message.html) <= MOST_LINES, message.text
                urls = [button.url for row in message.buttons for button in row if button.url]
                for url in (*urls, *(url for _, url in message.links)):
                    await self.follows(url, DEPTH)

    async def calls_as_a_guest(self) -> None:
        """The answer in a chat that the bot never joined, with its links and its button."""
        for said in ("北京榜樣每個月評出多少人？", "哪些地方提到志願者？", "深圳垃圾分類怎麼罰？", ""):
            answer = (await self.telegram.calls_guest(said)).answer
            assert answer is not None, said
            content = answer["input_message_content"]
            assert phone_lines.count_lines(content["message_text"]) <= MOST_LINES
            (row,) = answer["reply_markup"]["inline_keyboard"]
            for url in (*(button["url"] for button in row), *_links(content["entities"])):
                await self.follows(url, DEPTH)

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


def _links(entities: list[JsonObject]) -> list[str]:
    return [str(entity["url"]) for entity in entities if entity["type"] == "text_link"]


@pytest.fixture(scope="module")
def quick_desk(seed_reading: Reading) -> Iterator[Answerer]:
    """The seven bulletins under an encoder without meaning: what it finds is as long, linked and buttoned as ever."""
    encoder = HashEncoder()
    answerer = Answerer(loaded(build_generation(seed_reading.passages, encoder), encoder), encoder)
    yield answerer
    answerer.close()


@pytest.mark.parametrize(("language", "most_screens"), [("zh-hant", 300), ("zh-hans", 100), ("en", 100)])
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
        await crawl.is_told_of_news()
        await crawl.speaks_in_a_group()
        await crawl.calls_as_a_guest()
        await crawl.runs()
    assert len(crawl.screens) == most_screens
    assert request.refused == []
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.fixture
def two_generations(tmp_path: Path) -> Settings:
    """Two bulletins in service, and a generation before them without the second; an admin."""
    (tmp_path / "bulletins").mkdir()
    settings = load_settings(
        bulletins_dir=tmp_path / "bulletins",
        index_dir=tmp_path / "index",
        state_db=tmp_path / "state.sqlite3",
        development_questions=tmp_path / "eval",
        admin_ids={ADMIN},
    )
    for number, place in ((1, "上海"), (2, "江蘇南京"), (3, "重慶")):
        text = f"工作簡報\n篇{number}\n{place}\n一、發放讀物\n{place}發放手冊{number}萬冊,人手一本。\n"
        (settings.bulletins_dir / f"{number}.txt").write_text(text, encoding="utf-8")
        build(settings, encoder=HashEncoder(), force=True)
    return settings


@pytest.mark.parametrize("language", ["zh-hant", "zh-hans", "en"])
async def test_every_button_of_an_admin_leads_somewhere_until_nothing_new_is_found(
    two_generations: Settings, language: str, caplog: pytest.LogCaptureFixture
) -> None:
    """As above, with what only admins see; taking out, going back and deleting are pressed last, each once."""
    encoder, state = HashEncoder(), new_state()
    answerer = Answerer(load_current(two_generations.index_dir, encoder.name), encoder)
    request = EmulatedRequest(state)
    async with build_application(two_generations, answerer, DEFAULT_TOKEN, request) as application:
        services = application.bot_data
        admin = Telegram(state, application, User(ADMIN, "Admin", "", language))
        reader = Telegram(state, application, User(READER, "Reader", "", language))
        await admin.says("/start")
        for place in ("上海", "重慶"):
            (answer,) = await reader.says(f"{place}發放手冊多少冊?")
            await reader.presses(reader.stored(answer), answer.button("👎"))
        await update_inbox(services)
        crawl = Crawl(admin, request, language)
        for message in admin.shown():
            crawl.sees(message, 0)
        for said in ADMIN_SEEDS:
            for message in await admin.says(said):
                crawl.sees(message, 0)
        texts = LANGUAGES[language].admin
        final = {texts.purge.confirm, texts.rollback.confirm, LANGUAGES[language].about.forget_yes}
        await crawl.runs(but=final)
        assert final <= {
            label for _, labels in crawl.screens for row in literal_eval(labels) for label in row
        }
        await services.transport.background_tasks.close(5.0)
        for label in (texts.rollback.confirm, texts.purge.confirm, LANGUAGES[language].about.forget_yes):
            screen = next(
                m for m in crawl.screens.values() if label in [b for r in seen(m).labels for b in r]
            )
            await crawl.tries(screen, seen(screen).button(label), DEPTH)
            await services.rebuild.wait()
    answerer.close()
    assert len(crawl.screens) > 15
    assert request.refused == []
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
