"""Answers in groups: five lines and a button, which opens the whole answer in the private chat or in its place."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from bot.groups import MOST_LINES, phone_lines
from bot.locales import ZH_HANT
from bot.serving import Answerer
from bot.settings import load_settings
from tests.chatting import Chat, a_group, new_chat
from tests.e2e.bot_api.sent_message import SentMessage

QUESTIONS = (
    "北京榜樣每個月評出多少人？",
    "哪些地方提到志願者？",
    "/compare 北京 火星 山東 好人",
    "重慶的經驗",
    "深圳垃圾分類怎麼罰？",
    "大連推出了多少個公益項目?",
    "你是誰?",
)


async def _asks(chat: Chat, text: str) -> SentMessage:
    bot = chat.application.bot.username
    said = text.replace(" ", f"@{bot} ", 1) if text.startswith("/") else f"@{bot} {text}"
    (answer,) = await chat.person.says_in(a_group(), said)
    return answer


def _payload(message: SentMessage) -> str:
    (payload,) = parse_qs(urlsplit(message.button(ZH_HANT.groups.whole_answer).url).query)["start"]
    return payload


@pytest.mark.parametrize("question", QUESTIONS)
async def test_an_answer_in_a_group_has_at_most_five_lines(chat: Chat, question: str) -> None:
    answer = await _asks(chat, question)
    assert phone_lines.count_lines_of_markup(answer.html) <= MOST_LINES
    assert chat.request.refused == []


async def test_the_button_below_opens_the_whole_answer_in_the_private_chat_of_whoever_taps_it(
    chat: Chat,
) -> None:
    short = await _asks(chat, QUESTIONS[0])
    (opened,) = await chat.person.says(f"/start {_payload(short)}")
    (asked,) = await chat.person.says(QUESTIONS[0])
    assert opened.text.startswith(QUESTIONS[0])
    assert opened.text.endswith(asked.text)
    assert opened.labels == asked.labels


async def test_the_private_chat_goes_on_from_the_answer_that_was_opened(chat: Chat) -> None:
    short = await _asks(chat, "重慶有多少志願者?")
    await chat.person.says(f"/start {_payload(short)}")
    (answer,) = await chat.person.says("大連呢?")
    assert ZH_HANT.read_as.partition("{")[0] in answer.text
    assert "大連" in answer.text


async def test_a_forgotten_answer_is_said_to_be_so(chat: Chat) -> None:
    (reply,) = await chat.person.says("/start a_Ab_-1234xyz0")
    assert reply.text == ZH_HANT.answer_forgotten


async def test_where_the_people_of_a_group_may_not_be_served_alone_the_answer_unfolds_in_its_place(
    answerer: Answerer,
) -> None:
    made = new_chat(answerer, settings=load_settings(bot_mode="private", allowed_chats=frozenset({-1001})))
    async with made.application:
        short = await _asks(made, QUESTIONS[0])
        group = made.person.state.chats[-1001]
        stored = group.messages[short.message_id]
        await made.person.presses(stored, short.button(ZH_HANT.groups.whole_answer))
        assert len(stored.revisions) == 1
        assert len(stored.text.text) > len(short.text)
    assert made.request.refused == []


async def test_start_in_a_group_is_two_lines(chat: Chat) -> None:
    (reply,) = await chat.person.says_in(a_group(), f"/start@{chat.application.bot.username}")
    assert phone_lines.count_lines(reply.text) == 2
    assert reply.labels == []


async def test_the_whole_answer_shows_the_verdict_that_another_press_would_take_back(chat: Chat) -> None:
    short = await _asks(chat, QUESTIONS[0])
    stored = chat.person.state.chats[-1001].messages[short.message_id]
    await chat.person.presses(stored, short.button("👍"))
    (opened,) = await chat.person.says(f"/start {_payload(short)}")
    assert opened.labels[-1] == ["✓ 👍", "👎", "引用有誤"]
    await chat.person.presses(chat.person.stored(opened), opened.button("✓ 👍"))
    assert chat.person.sees(opened).labels[-1] == ["👍", "👎", "引用有誤"]
