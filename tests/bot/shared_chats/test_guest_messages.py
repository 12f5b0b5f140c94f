"""Guest mode: one cited answer in a chat that the bot never joined, for those who are served, and nothing else there."""

from __future__ import annotations

from typing import Literal

import pytest

from bot.groups import MOST_LINES, phone_lines
from bot.locales import ZH_HANT
from bot.serving import Answerer
from bot.settings import load_settings
from bot.state import users
from tests.chatting import Chat, new_chat
from tests.e2e.bot_api.delivery import GUEST_CHAT_ID
from tests.e2e.bot_api.wire import JsonObject

QUESTION = "北京榜樣每個月評出多少人？"


async def _calls(chat: Chat, text: str) -> JsonObject:
    answer = (await chat.person.calls_guest(text)).answer
    assert answer is not None
    assert chat.request.refused == []
    return answer


def _text(answer: JsonObject) -> str:
    return str(answer["input_message_content"]["message_text"])


async def test_a_guest_message_gets_a_cited_answer_of_five_lines_with_a_link_to_the_whole(chat: Chat) -> None:
    answer = await _calls(chat, QUESTION)
    assert phone_lines.count_lines(_text(answer)) <= MOST_LINES
    assert "10名" in _text(answer)
    links = [entity["url"] for entity in answer["input_message_content"]["entities"] if "url" in entity]
    assert all("start=p_" in url for url in links)
    assert links
    (row,) = answer["reply_markup"]["inline_keyboard"]
    payload = row[0]["url"].partition("start=")[2]
    (whole,) = await chat.person.says(f"/start {payload}")
    assert "每個月" in whole.text
    assert len(whole.text) > len(_text(answer))


@pytest.mark.parametrize("text", ["", "/start", "help"])
async def test_a_guest_message_without_a_question_gets_the_two_lines_of_a_group(
    chat: Chat, text: str
) -> None:
    assert _text(await _calls(chat, text)) == ZH_HANT.groups.start


async def test_a_command_in_a_guest_message_is_its_question(chat: Chat) -> None:
    assert _text(await _calls(chat, f"/ask@bulletin_test_bot {QUESTION}")) == _text(
        await _calls(chat, QUESTION)
    )


@pytest.mark.parametrize("mode", ["public", "private"])
@pytest.mark.parametrize(("allowed", "is_served"), [(7, True), (8, False), (GUEST_CHAT_ID, False)])
async def test_only_a_person_who_is_served_alone_is_served_as_a_guest_whatever_the_id_of_the_chat(
    answerer: Answerer, mode: Literal["public", "private"], allowed: int, is_served: bool
) -> None:
    made = new_chat(answerer, settings=load_settings(bot_mode=mode, allowed_chats=frozenset({allowed})))
    async with made.application:
        question = await made.person.calls_guest(QUESTION)
    assert (question.answer is not None) is is_served
    assert made.request.refused == []


async def test_an_error_answers_the_guest_and_writes_to_no_chat(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Answerer, "reply", None)
    assert "編號" in _text(await _calls(chat, QUESTION))


async def test_what_a_guest_asked_is_theirs_to_forget_and_no_turn_of_a_chat(chat: Chat) -> None:
    answer = await _calls(chat, QUESTION)
    assert chat.services.conversations.last_turn((GUEST_CHAT_ID, 7)) is None
    assert chat.services.conversations.last_turn((7, 7)) is None
    payload = answer["reply_markup"]["inline_keyboard"][0][0]["url"].partition("start=a_")[2]
    assert chat.services.conversations.answer(payload) is not None
    users.forget_person(chat.services.database, 7)
    assert chat.services.conversations.answer(payload) is None
