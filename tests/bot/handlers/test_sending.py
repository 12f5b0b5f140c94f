from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from telegram import Update

from bot.handlers.context import Context
from bot.handlers.sending import SECONDS_BEFORE_TYPING, typing
from bot.locales import ZH_HANT
from tests.chatting import Chat

PASSAGE = "09847808a7a6d8c9"


def _press(chat: Chat, message: dict[str, Any], data: str) -> dict[str, Any]:
    question = chat.person.state.new_question()
    person = chat.person.user.as_json()
    return {"id": question.id, "from": person, "chat_instance": "1", "message": message, "data": data}


async def test_a_button_of_a_message_too_old_for_bots_to_see_is_answered_below(chat: Chat) -> None:
    await chat.person.asks("/help")
    inaccessible = {"message_id": 1, "date": 0, "chat": {"id": 7, "type": "private"}}
    await chat.person.acts("callback_query", _press(chat, inaccessible, f"p:{PASSAGE}:0"))
    assert all(refused.startswith("editMessageText") for refused in chat.request.refused)
    chat.request.refused.clear()
    assert chat.person.shown()[-1].text.startswith("北京・篇3・二")


async def test_a_button_of_a_message_that_is_gone_is_answered_below(chat: Chat) -> None:
    (shown,) = await chat.person.says("/places")
    message = chat.person.stored(shown).as_json()
    del chat.person.chat.messages[shown.message_id]
    await chat.person.acts("callback_query", _press(chat, message, "bulletins:0"))
    assert chat.request.refused.pop().startswith("editMessageText")
    assert "篇7" in chat.person.shown()[-1].text


async def test_a_press_from_long_ago_is_let_be(chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    (shown,) = await chat.person.says("/places")
    press = _press(chat, chat.person.stored(shown).as_json(), "bulletins:0")
    await chat.person.acts("callback_query", {**press, "id": "1"})
    assert chat.request.refused.pop().startswith("answerCallbackQuery")
    assert "篇7" in chat.person.shown()[-1].text
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_pressing_what_is_shown_already_changes_nothing(chat: Chat) -> None:
    (shown,) = await chat.person.says("/lang")
    _, sent = await chat.person.presses(chat.person.stored(shown), shown.button("🏠 首頁"))
    _, again = await chat.person.presses(chat.person.stored(shown), shown.button("🏠 首頁"))
    assert sent == again == []
    assert chat.request.refused.pop().startswith("editMessageText: Bad Request: message is not modified")


async def test_an_edit_takes_back_the_messages_that_are_left_over(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.replies.message_length.MOST_UNITS", 400)
    monkeypatch.setattr("bot.replies.message_length.pack_blocks.__defaults__", (400,))
    monkeypatch.setattr("bot.replies.message_length.cut_block.__defaults__", (400,))
    chat.services.no_rich_messages.set()  # a table is one message however long
    asked = await chat.person.asks("哪些地方提到志願者？")
    parts = chat.person.shown()
    assert len(parts) > 2
    assert [bool(part.labels) for part in parts] == [False] * (len(parts) - 1) + [True]
    await chat.person.edits(asked, "謝謝")
    (left,) = chat.person.shown()
    assert left.text == ZH_HANT.thanks
    assert left.message_id == parts[0].message_id


@pytest.mark.parametrize(("seconds", "shown"), [(0.0, 0), (SECONDS_BEFORE_TYPING + 0.2, 1)])
async def test_that_the_bot_is_at_work_is_shown_where_it_was_asked_and_only_if_that_takes_long(
    chat: Chat, seconds: float, shown: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions: list[dict[str, Any]] = []

    async def send_chat_action(chat_id: int, action: str, **more: Any) -> bool:
        actions.append({"chat": chat_id, "action": action, **more})
        return True

    monkeypatch.setattr(type(chat.application.bot), "send_chat_action", staticmethod(send_chat_action))
    sent = {"message_id": 5, "date": 0, "chat": {"id": -9, "type": "supergroup"}, "is_topic_message": True}
    asked = {"update_id": 1, "message": {**sent, "message_thread_id": 42, "text": "問"}}
    update = Update.de_json(asked, chat.application.bot)
    with typing(update, Context.from_update(update, chat.application)):
        await asyncio.sleep(seconds)
    await asyncio.sleep(0)
    assert actions == [{"chat": -9, "action": "typing", "message_thread_id": 42}] * shown
