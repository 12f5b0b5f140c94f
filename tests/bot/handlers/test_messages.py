from __future__ import annotations

from datetime import UTC, datetime

import pytest
from telegram import Chat, Message
from telegram.error import BadRequest

from bot.handlers.messages import in_topic, keyboard
from bot.replies.markup import Button

GONE, WRONG = BadRequest("Message thread not found"), BadRequest("Message text is empty")


def test_a_button_does_what_it_is_for_and_nothing_else() -> None:
    page = "https://example.org/p"
    row = (
        Button("引", copies="北京"),
        Button("頁", opens=page),
        Button("開", opens=page, is_app=True),
        Button("家", "home"),
    )
    shown = keyboard((row,))
    assert shown is not None
    assert [button.to_dict() for button in shown.inline_keyboard[0]] == [
        {"text": "引", "copy_text": {"text": "北京"}},
        {"text": "頁", "url": page},
        {"text": "開", "web_app": {"url": page}},
        {"text": "家", "callback_data": "home"},
    ]
    assert keyboard(()) is None


@pytest.mark.parametrize(
    ("error", "topic", "topics"),
    [(None, 42, [42]), (GONE, 42, [42, None]), (GONE, None, [None]), (WRONG, 42, [42])],
)
async def test_only_a_topic_that_is_gone_gives_way_to_the_chat(
    error: BadRequest | None, topic: int | None, topics: list[int | None]
) -> None:
    tried: list[int | None] = []

    async def send_in(message_thread_id: int | None = None) -> Message:
        tried.append(message_thread_id)
        if error is not None and len(tried) == 1:
            raise error
        return Message(5, datetime.now(UTC), Chat(7, "private"))

    if error is not None and len(topics) == 1:
        with pytest.raises(BadRequest):
            await in_topic(send_in, topic)
    else:
        assert (await in_topic(send_in, topic)).message_id == 5
    assert tried == topics
