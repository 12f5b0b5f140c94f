"""Citations in the chat that open the page of the passage, beside Telegram's own links."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.serving.answerer import Answerer
from bot.settings import load_settings
from bot.web import web_application
from tests.chatting import Chat, a_group, new_chat
from tests.e2e.bot_api.emulator import DEFAULT_TOKEN
from tests.e2e.bot_api.sent_message import Button, SentMessage

QUESTION = "北京榜樣每個月評出多少人？"
WEB = "https://bulletins.example/read"
NewChat = Callable[..., Awaitable[Chat]]


@pytest.fixture
async def chat_with(answerer: Answerer) -> AsyncIterator[NewChat]:
    """Makes chats under settings."""
    async with AsyncExitStack() as stack:
        chats: list[Chat] = []

        async def make(**given: object) -> Chat:
            made = new_chat(answerer, settings=load_settings(telegram_bot_token=DEFAULT_TOKEN, **given))
            await stack.enter_async_context(made.application)
            chats.append(made)
            return made

        yield make
        assert all(chat.request.refused == [] for chat in chats)


def page_buttons(message: SentMessage) -> list[Button]:
    return [
        button
        for row in message.buttons
        for button in row
        if "🌐" in button.label and not button.callback_data
    ]


async def test_without_an_address_a_citation_has_telegram_s_link_alone(chat_with: NewChat) -> None:
    answer, *_ = await (await chat_with()).person.says(QUESTION)
    assert page_buttons(answer) == []
    assert "start=p_" in answer.links[0][1]


async def test_in_private_an_https_page_opens_inside_the_chat(chat_with: NewChat) -> None:
    answer, *_ = await (await chat_with(web_url=WEB)).person.says(QUESTION)
    (button,) = page_buttons(answer)
    assert button.url == ""
    assert re.fullmatch(WEB + r"/p/[0-9a-f]{16}\?q=\d+-\d+", button.web_app)
    assert "start=p_" in answer.links[0][1]


async def test_in_a_group_it_is_a_link(chat_with: NewChat) -> None:
    chat = await chat_with(web_url=WEB)
    answer, *_ = await chat.person.says_in(a_group(), f"/ask {QUESTION}")
    (button,) = page_buttons(answer)
    assert button.web_app == ""
    assert button.url.startswith(f"{WEB}/p/")


@pytest.mark.parametrize(("web_url", "count"), [("http://127.0.0.1:8080", 1), ("http://localhost:8080", 0)])
async def test_a_page_without_encryption_is_a_link_where_telegram_takes_it(
    chat_with: NewChat, web_url: str, count: int
) -> None:
    answer, *_ = await (await chat_with(web_url=web_url)).person.says(QUESTION)
    assert [button.url[: len(web_url)] for button in page_buttons(answer)] == [web_url] * count


async def test_the_paragraph_of_a_deep_link_has_its_page_too(chat_with: NewChat) -> None:
    chat = await chat_with(web_url=WEB)
    answer, *_ = await chat.person.says(QUESTION)
    paragraph, *_ = await chat.person.says(f"/start {answer.links[0][1].partition('=')[2]}")
    assert [button.web_app for button in page_buttons(paragraph)] == [page_buttons(answer)[0].web_app]


async def test_a_comparison_has_a_page_for_each_of_the_first_citations(chat_with: NewChat) -> None:
    answer, *_ = await (await chat_with(web_url=WEB)).person.says("北京和山東的好人怎麼評選？")
    buttons = page_buttons(answer)
    assert 2 <= len(buttons) <= 3
    assert len({button.web_app for button in buttons}) == len(buttons)


async def test_a_link_for_certain_chats_opens_the_page_for_whoever_got_it(
    chat_with: NewChat, answerer: Answerer
) -> None:
    given: dict[str, object] = {"web_url": "https://bulletins.example", "allowed_chats": "-1001,7"}
    chat = await chat_with(**given)
    answer, *_ = await chat.person.says_in(a_group(), f"/ask {QUESTION}")
    address = page_buttons(answer)[0].url
    assert parse_qs(urlsplit(address).query)["t"]
    settings = load_settings(telegram_bot_token=DEFAULT_TOKEN, **given)
    transport = httpx.ASGITransport(web_application(settings, answerer, DEFAULT_TOKEN))
    async with httpx.AsyncClient(transport=transport) as reader:
        assert (await reader.get(re.sub("[?&]t=[^&]+", "", address))).status_code == 401
        page = await reader.get(address, follow_redirects=True)
    assert page.status_code == 200
    assert "10名月榜人物" in page.text[page.text.index("<mark") :].partition("</mark>")[0]
    assert "t=" not in str(page.url.query)


@pytest.mark.parametrize("question", ["北京和山東的好人怎麼評選？", "哪些地方提到志願者？"])
async def test_in_a_group_the_pages_are_those_of_the_citations_that_the_few_lines_have(
    chat_with: NewChat, question: str
) -> None:
    chat = await chat_with(web_url=WEB)
    answer, *_ = await chat.person.says_in(a_group(), f"/ask {question}")
    numbers = [button.label.partition("〔")[2].rstrip("〕") for button in page_buttons(answer)]
    assert numbers == re.findall("〔([0-9]+)〕", answer.text)[:3]
    ids = [re.findall("/p/([0-9a-f]{16})", button.url)[0] for button in page_buttons(answer)]
    for number, passage_id in zip(numbers, ids, strict=True):
        assert any(
            f"p_{passage_id}" in address for text, address in answer.links if text.startswith(f"〔{number}〕")
        )
