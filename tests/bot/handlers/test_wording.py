"""Worded answers in a chat: the quotes at once, the sentences that hold above them later, and nothing sent without need."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from bot.locales import LANGUAGES, ZH_HANT
from bot.serving.answerer import Answerer
from bot.settings import load_settings
from bot.state import users
from bot.state.records import Reason
from tests import model_server as double
from tests.chatting import Chat, a_group, new_chat
from tests.e2e.bot_api.sent_message import SentMessage, seen

QUESTION = "北京榜樣每個月評出多少人?"
HOLDS = "通過市屬媒體每週發佈5名周榜人物，每月發佈10名月榜人物。[1]"
LIES = "北京榜樣每年評出10人，並發給獎金。[1]"
LABEL = ZH_HANT.wording.label


@pytest.fixture
def model() -> Iterator[double.ModelServer]:
    with double.model_server(double.says(f"{HOLDS}\n{LIES}")) as server:
        yield server


@asynccontextmanager
async def _chat(answerer: Answerer, model: double.ModelServer, **more: object) -> AsyncIterator[Chat]:
    settings = load_settings(llm_base_url=model.url, llm_model=double.MODEL, llm_api_key=double.KEY, **more)
    chat = new_chat(answerer, settings=settings)
    async with chat.application:
        yield chat
        await chat.services.transport.background_tasks.close(10)
    assert chat.request.refused == []
    assert model.refused == []


async def _worded(chat: Chat, text: str) -> SentMessage:
    """The answer once the work behind it has ended."""
    (answer,) = await chat.person.says(text)
    await chat.services.transport.background_tasks.close(10)
    return seen(chat.person.stored(answer))


async def test_the_quotes_come_at_once_and_the_sentences_that_hold_are_put_above_them(
    answerer: Answerer, model: double.ModelServer
) -> None:
    async with _chat(answerer, model) as chat:
        answer = await _worded(chat, QUESTION)
        worded, label, told, *quotes = answer.text.split("\n")
        assert worded == "通過市屬媒體每週發佈5名周榜人物，每月發佈10名月榜人物。〔1〕"
        assert label == LABEL
        assert "127.0.0.1" in told
        assert any("每月發佈10名月榜人物" in line and line.startswith("「") for line in quotes)
        assert LIES[:8] not in answer.text
        assert answer.spans("italic")[:2] == [worded.removesuffix("〔1〕"), LABEL]
        assert answer.labels[0] == ["閱讀全節", "更多結果", "複製引文"]
        assert answer.labels[-1] == ["👍", "👎", "引用有誤"]
        again = await _worded(chat, QUESTION)
        assert LABEL in again.text
        assert "127.0.0.1" not in again.text


async def test_when_nothing_holds_the_plain_answer_stays_as_it_was(
    answerer: Answerer, model: double.ModelServer
) -> None:
    model.behaviour = double.says(LIES)
    async with _chat(answerer, model) as chat:
        answer = await _worded(chat, QUESTION)
        assert LABEL not in answer.text
        assert answer.text.startswith("「")
        assert chat.services.wording is not None
        assert chat.services.wording.counts["dropped"] == 1
        assert chat.services.awaiting_wording == {}


@pytest.mark.parametrize(
    "message",
    [
        "你好",
        "謝謝",
        "/search 志願者",
        "/places",
        "/help",
        "深圳垃圾分類不扔對會罰多少錢",
        "/compare 北京 山東 好人",
    ],
)
async def test_nothing_is_sent_for_small_talk_search_refusals_and_comparisons(
    answerer: Answerer, model: double.ModelServer, message: str
) -> None:
    async with _chat(answerer, model) as chat:
        await chat.person.says(message)
        await chat.services.transport.background_tasks.close(10)
    assert model.requests == []


async def test_what_is_sent_is_the_question_and_its_quotes_and_nothing_of_the_person(
    answerer: Answerer, model: double.ModelServer
) -> None:
    async with _chat(answerer, model) as chat:
        await _worded(chat, QUESTION)
    assert QUESTION in model.sent
    assert "每月發佈10名月榜人物" in model.sent
    assert "Person" not in model.sent
    assert set(model.requests[0]) == {"model", "messages", "temperature", "max_tokens"}


async def test_a_person_turns_wording_off_and_on(answerer: Answerer, model: double.ModelServer) -> None:
    async with _chat(answerer, model) as chat:
        (off,) = await chat.person.says("/wording off")
        assert off.text == ZH_HANT.wording.is_off.format(host="127.0.0.1")
        assert LABEL not in (await _worded(chat, QUESTION)).text
        assert model.requests == []
        (state,) = await chat.person.says("/wording")
        assert state.text.startswith(ZH_HANT.wording.is_off.format(host="127.0.0.1"))
        await chat.person.says("/wording on")
        assert LABEL in (await _worded(chat, QUESTION)).text
        await chat.person.says("/wording off")
        users.forget_person(chat.services.database, 7)
        assert chat.services.conversations.wants_wording(7)


async def test_beyond_the_limit_of_the_day_answers_are_plain(
    answerer: Answerer, model: double.ModelServer
) -> None:
    async with _chat(answerer, model, llm_daily_limit=1) as chat:
        assert LABEL in (await _worded(chat, QUESTION)).text
        assert LABEL not in (await _worded(chat, QUESTION)).text
    assert len(model.requests) == 1


async def test_an_edited_question_is_never_overwritten_by_the_wording_of_the_old_one(
    answerer: Answerer, model: double.ModelServer
) -> None:
    async with _chat(answerer, model) as chat:
        (answer,) = await chat.person.says(QUESTION)
        given = chat.services.conversations.answer_in(7, answer.message_id)
        assert given is not None
        chat.services.conversations.save_answer(
            type(given)(
                answer_id="fedcba9876543210",
                chat_id=given.chat_id,
                user_id=given.user_id,
                message_ids=given.message_ids,
                turn=given.turn,
                before=None,
                generation=given.generation,
                quotes=given.quotes,
            )
        )
        await chat.services.transport.background_tasks.close(10)
        assert LABEL not in seen(chat.person.stored(answer)).text


async def test_without_a_model_nothing_is_worded_and_the_command_says_so(chat: Chat) -> None:
    assert LABEL not in (await _worded(chat, QUESTION)).text
    (reply,) = await chat.person.says("/wording on")
    assert reply.text == ZH_HANT.wording.unavailable
    (help_text,) = await chat.person.says("/help")
    assert "/wording off" not in help_text.text


async def test_the_help_says_what_leaves_the_house_and_where_to(
    answerer: Answerer, model: double.ModelServer
) -> None:
    async with _chat(answerer, model) as chat:
        messages = await chat.person.says("/help")
    assert any("127.0.0.1" in message.text and "/wording off" in message.text for message in messages)


def test_every_language_names_the_host_where_text_leaves_for_it() -> None:
    for texts in LANGUAGES.values():
        assert all(
            "{host}" in line for line in (texts.wording.sent_to, texts.wording.help, texts.wording.is_on)
        )


async def test_the_five_lines_of_an_answer_in_a_group_are_not_worded(
    answerer: Answerer, model: double.ModelServer
) -> None:
    async with _chat(answerer, model) as chat:
        group = a_group()
        await chat.person.says_in(group, f"/ask@{chat.application.bot.username} {QUESTION}")
        await chat.services.transport.background_tasks.close(10)
        shown = [seen(message) for message in group.messages.values() if message.sender.is_bot]
        assert shown
        assert LABEL not in shown[0].text
    assert model.requests == []


def _held_back(model: double.ModelServer) -> threading.Event:
    """Lets the model reply only once the event is set."""
    go = threading.Event()

    def waits(handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        go.wait(20)
        double.says(HOLDS)(handler, body)

    model.behaviour = waits
    return go


@pytest.mark.parametrize(
    "edited", ["你好", "/search 志願者", "幫助", "北京有多少志願者?", "深圳垃圾分類怎麼罰？"]
)
async def test_whatever_an_edited_question_became_stays_when_the_wording_of_the_old_one_comes(
    answerer: Answerer, model: double.ModelServer, edited: str
) -> None:
    go = _held_back(model)
    async with _chat(answerer, model, llm_daily_limit=1) as chat:
        asked = await chat.person.asks(QUESTION)
        (answer,) = chat.person.shown()
        await chat.person.edits(asked, edited)
        shown = [message.text for message in chat.person.shown()]
        go.set()
        await chat.services.transport.background_tasks.close(10)
        assert LABEL not in seen(chat.person.stored(answer)).text
        assert [message.text for message in chat.person.shown()] == shown


async def test_an_answer_that_was_judged_keeps_its_words_and_its_reasons(
    answerer: Answerer, model: double.ModelServer
) -> None:
    go = _held_back(model)
    async with _chat(answerer, model) as chat:
        (answer,) = await chat.person.says(QUESTION)
        await chat.person.presses(chat.person.stored(answer), answer.button("👎"))
        judged = seen(chat.person.stored(answer))
        go.set()
        await chat.services.transport.background_tasks.close(10)
        assert seen(chat.person.stored(answer)) == judged
        assert [ZH_HANT.reports.reasons[Reason.PLACE]] in [row[:1] for row in judged.labels]


async def test_the_wording_of_a_forgotten_answer_is_not_shown(
    answerer: Answerer, model: double.ModelServer
) -> None:
    go = _held_back(model)
    async with _chat(answerer, model) as chat:
        (answer,) = await chat.person.says(QUESTION)
        (asks,) = await chat.person.says("/forget")
        await chat.person.presses(chat.person.stored(asks), asks.button(ZH_HANT.about.forget_yes))
        go.set()
        await chat.services.transport.background_tasks.close(10)
        assert LABEL not in seen(chat.person.stored(answer)).text
        assert users.count_rows(chat.services.database, 7) == {}


async def test_the_page_opens_below_a_worded_answer_as_below_a_plain_one(
    answerer: Answerer, model: double.ModelServer
) -> None:
    async with _chat(answerer, model, web_url="https://bulletins.example") as chat:
        (plain,) = await chat.person.says(QUESTION)
        await chat.services.transport.background_tasks.close(10)
        worded = seen(chat.person.stored(plain))
        assert LABEL in worded.text
        assert worded.buttons == plain.buttons
        assert any("🌐" in label for row in worded.labels for label in row)
