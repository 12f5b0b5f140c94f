"""A bot with an admin, and the helpers of the tests of admins."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.locales import ZH_HANT
from bot.serving.answerer import Answerer
from bot.settings import Settings
from tests.chatting import new_chat
from tests.e2e.bot_api.in_process import Telegram
from tests.e2e.bot_api.sent_message import SentMessage

SAID = ZH_HANT.admin


@asynccontextmanager
async def talking(settings: Settings, answerer: Answerer, admin: int) -> AsyncIterator[Telegram]:
    """A person (number 7) with a bot whose only admin has that number; nothing the bot does may be refused."""
    chat = new_chat(answerer, settings=settings.model_copy(update={"admin_ids": frozenset({admin})}))
    async with chat.application:
        yield chat.person
        assert chat.request.refused == []
        await chat.services.rebuild.cancel()


async def pressed(telegram: Telegram, message: SentMessage, label: str) -> tuple[str, SentMessage]:
    """The notice that a press brought, and its message afterwards."""
    stored = telegram.chat.messages[message.message_id]
    question, _ = await telegram.presses(stored, message.button(label))
    assert question.answer is not None
    return question.answer["text"], telegram.sees(message)
