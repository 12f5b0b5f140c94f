"""Updates from the queue: replayed, late, or unanswered because Telegram could not be reached; and errors of handlers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from telegram import Message, Update
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.handlers.dispatch import on_error
from bot.locales import ZH_HANT
from bot.serving.answerer import Answerer
from bot.telegram.received_update import ReceivedUpdate
from retrieval.index.index import Index
from tests.chatting import Chat
from tests.doubles import HashEncoder, answer_at_any_confidence
from tests.e2e.bot_api.delivery import Draft, post

SAID = ZH_HANT.delivery


@pytest.fixture
def answerer(small_index: Index) -> Iterator[Answerer]:
    """An answerer without a model: the content of answers does not matter here."""
    small = Answerer(small_index, HashEncoder())
    yield small
    small.close()


@pytest.fixture
def arrives(chat: Chat) -> Callable[..., ReceivedUpdate]:
    """Lets a text of the person arrive as the update queue would hold it."""
    inbox = chat.services.transport.update_queue

    def arrive(text: str, *, starts: int = 0, age: float = 0.0) -> ReceivedUpdate:
        post(chat.person.state, chat.person.user, Draft(text, chat.person.user.id))
        pushed = chat.person.state.updates.pending.pop()
        update = Update.de_json(pushed.as_json(), chat.application.bot)
        assert update is not None
        received_update = ReceivedUpdate(update, time.monotonic(), time.time() - age, starts)
        inbox._pending[update.update_id] = received_update
        return received_update

    return arrive


def _key(received_update: ReceivedUpdate) -> tuple[int, int]:
    message = received_update.update.message
    assert isinstance(message, Message)
    return message.chat.id, message.message_id


async def test_what_was_sent_before_the_crash_is_put_in_place_not_sent_again(
    chat: Chat, arrives: Callable[..., ReceivedUpdate]
) -> None:
    received_update = arrives("/help", starts=1)
    (shown,) = await chat.person.says("/lang")
    chat.services.conversations.save_sent(*_key(received_update), (shown.message_id,))
    before = len(chat.person.shown())
    await chat.application.process_update(received_update.update)
    assert len(chat.person.shown()) == before
    assert "/search" in chat.person.sees(shown).text


async def test_a_late_answer_begins_with_an_apology_in_the_same_message(
    chat: Chat, arrives: Callable[..., ReceivedUpdate], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_at_any_confidence(monkeypatch.setattr)
    received_update = arrives("志願者走進社區做什麼?", age=700)
    await chat.application.process_update(received_update.update)
    (shown,) = chat.person.shown()
    assert shown.text.startswith(SAID.late)
    assert "教老人使用手機" in shown.text


@pytest.mark.parametrize("starts", [0, 1])
async def test_a_first_answer_is_sent_also_when_a_number_is_known_from_another_chat_of_old(
    chat: Chat, arrives: Callable[..., ReceivedUpdate], starts: int
) -> None:
    received_update = arrives("/help", starts=starts)
    chat.services.conversations.save_sent(*_key(received_update), (987,))
    await chat.application.process_update(received_update.update)
    assert len(chat.person.shown()) == 1
    assert all("to edit not found" in refused for refused in chat.request.refused)
    assert len(chat.request.refused) == starts
    chat.request.refused.clear()


async def test_an_answer_lost_by_the_connection_leaves_its_update_and_no_traceback(
    chat: Chat,
    arrives: Callable[..., ReceivedUpdate],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise NetworkError("Bad Gateway")

    received_update = arrives("/help")
    monkeypatch.setattr(type(chat.application.bot), "send_message", fail)
    await chat.application.process_update(received_update.update)
    assert received_update.is_left
    assert not any(record.exc_info for record in caplog.records)


async def test_a_press_is_carried_out_though_it_cannot_be_acknowledged(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise NetworkError("Bad Gateway")

    (languages,) = await chat.person.says("/lang")
    monkeypatch.setattr(type(chat.application.bot), "answer_callback_query", fail)
    stored = chat.person.stored(languages)
    await chat.person.presses(stored, languages.button("English"))
    assert "English" in chat.person.sees(languages).text


async def test_an_error_is_logged_with_its_traceback_and_the_person_gets_its_number_only(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("secret details of the inside")

    monkeypatch.setattr(chat.answerer, "reply_now", broken)
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
