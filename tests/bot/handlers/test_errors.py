from __future__ import annotations

import pytest
from telegram import Update
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.handlers.errors import on_error
from tests.chatting import Chat


async def test_an_error_is_logged_with_its_traceback_and_the_person_gets_its_number_only(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_words: str) -> None:
        raise ValueError("secret details of the inside")

    monkeypatch.setattr(chat.answerer, "answer", broken)
    (said,) = await chat.person.says("北京榜樣每個月評出多少人?")
    record = next(record for record in caplog.records if record.levelname == "ERROR")
    assert isinstance(record.args, tuple)
    assert str(record.args[0]) in said.text
    assert "secret" not in said.text
    assert "ValueError" not in said.text
    assert record.exc_info is not None


@pytest.mark.parametrize(
    "error", [RetryAfter(3), NetworkError("down"), BadRequest("Message is not modified: same content")]
)
async def test_nothing_is_sent_when_telegram_itself_fails(chat: Chat, error: Exception) -> None:
    await chat.person.asks("/help")
    before = len(chat.person.shown())
    message = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "text": "問"}
    await chat.application.process_error(
        Update.de_json({"update_id": 1, "message": message}, chat.application.bot), error
    )
    await chat.application.process_error(None, error)
    assert len(chat.person.shown()) == before
    assert on_error in chat.application.error_handlers
