"""The handlers through a real Application; only the network is replaced, by a request that records."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import Update
from telegram.error import BadRequest, NetworkError, RetryAfter
from telegram.ext import ApplicationBuilder
from telegram.request import BaseRequest, RequestData

from bot.application import build_application
from bot.desk import ReadingDesk
from bot.handlers import DESK, AnyApplication, on_error
from bot.settings import load_settings
from bot.texts import EN, ZH_HANS, ZH_HANT

TOKEN = "1:AAAAAAAAAAAAAAAAAAAA"
PASSAGE = "09847808a7a6d8c9"  # 北京・篇3・二


class RecordingRequest(BaseRequest):
    """Answers every call as Telegram would and keeps it."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []

    @property
    def read_timeout(self) -> float:
        return 1.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: object, **__: object
    ) -> tuple[int, bytes]:
        name = url.rsplit("/", 1)[-1]
        parameters = dict(request_data.parameters) if request_data else {}
        self.calls.append((name, parameters))
        return 200, json.dumps({"ok": True, "result": self._result(name, parameters)}).encode()

    def _result(self, name: str, parameters: dict[str, Any]) -> object:
        if name == "getMe":
            return {"id": 1, "is_bot": True, "first_name": "bot", "username": "a_bot"}
        if name in {"sendMessage", "editMessageText"}:
            chat = {"id": parameters["chat_id"], "type": "private"}
            return {"message_id": len(self.calls), "date": 1, "chat": chat, "text": parameters["text"]}
        return True

    def texts(self) -> list[str]:
        """What was sent, in order."""
        return [parameters["text"] for name, parameters in self.calls if name == "sendMessage"]


@pytest.fixture
def request_() -> RecordingRequest:
    return RecordingRequest()


@pytest.fixture
async def application(desk: ReadingDesk, request_: RecordingRequest) -> AsyncIterator[AnyApplication]:
    built = build_application(load_settings(), desk, TOKEN, request_)
    async with built:
        yield built


def _message(text: str | None, *, language: str | None = "zh-hant", **more: object) -> dict[str, Any]:
    person = {"id": 5, "is_bot": False, "first_name": "P", "language_code": language}
    message = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "from": person, **more}
    if text is not None:
        message["text"] = text
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
    return {"update_id": 1, "message": message}


async def _send(application: AnyApplication, update: dict[str, Any]) -> None:
    await application.process_update(Update.de_json(update, application.bot))


async def test_a_plain_question_gets_typing_then_one_answer_with_deep_links(
    application: AnyApplication, request_: RecordingRequest
) -> None:
    await _send(application, _message("北京榜樣每個月評出多少人?"))
    assert [name for name, _ in request_.calls if name != "getMe"] == ["sendChatAction", "sendMessage"]
    sent = request_.calls[-1][1]
    assert sent["parse_mode"] == "HTML"
    assert "每月發佈10名月榜人物" in sent["text"].split("\n\n")[0]
    assert f'href="https://t.me/a_bot?start=p_{PASSAGE}"' in sent["text"]


@pytest.mark.parametrize(("language", "texts"), [("zh-hant", ZH_HANT), ("zh-hans", ZH_HANS), ("en", EN)])
async def test_the_interface_speaks_the_persons_language(
    application: AnyApplication, request_: RecordingRequest, language: str, texts: object
) -> None:
    await _send(application, _message("/help", language=language))
    assert request_.texts() == [getattr(texts, "help")]  # noqa: B009


@pytest.mark.parametrize("command", ["/ask", "/search", "/ask   ", "/search\n"])
async def test_a_command_without_words_says_how_it_is_used(
    application: AnyApplication, request_: RecordingRequest, command: str
) -> None:
    await _send(application, _message(command))
    assert request_.texts() in ([ZH_HANT.ask_usage], [ZH_HANT.search_usage])


async def test_a_deep_link_opens_the_paragraph_with_its_neighbours(
    application: AnyApplication, request_: RecordingRequest
) -> None:
    await _send(application, _message(f"/start p_{PASSAGE}"))
    sent = request_.calls[-1][1]
    assert sent["text"].startswith("<b>北京・篇3・二、把好“三關”,確保“北京榜樣”入選質量</b>\n\n二是把好")
    labels = [button["text"] for row in sent["reply_markup"]["inline_keyboard"] for button in row]
    assert labels == [ZH_HANT.previous, ZH_HANT.next]


@pytest.mark.parametrize("payload", ["p_0000000000000000", "p_" + "f" * 16])
async def test_a_deep_link_to_a_paragraph_that_is_gone_says_so(
    application: AnyApplication, request_: RecordingRequest, payload: str
) -> None:
    await _send(application, _message(f"/start {payload}"))
    assert request_.texts() == [ZH_HANT.unknown_passage]


@pytest.mark.parametrize("payload", ["", "p_xyz", "p_<b>", "anything", "p_" + "0" * 17])
async def test_any_other_start_is_the_welcome(
    application: AnyApplication, request_: RecordingRequest, payload: str
) -> None:
    await _send(application, _message(f"/start {payload}"))
    assert "江蘇南京" in request_.texts()[0]


@pytest.mark.parametrize("data", [f"p:{PASSAGE}", "p:0000000000000000", "p:", "invented", "p:" + "f" * 60])
async def test_a_button_is_answered_and_edits_its_message_whatever_its_data(
    application: AnyApplication, request_: RecordingRequest, data: str
) -> None:
    message = {"message_id": 3, "date": 1, "chat": {"id": 5, "type": "private"}, "text": "…"}
    person = {"id": 5, "is_bot": False, "first_name": "P", "language_code": "zh-hant"}
    press = {"id": "1", "from": person, "chat_instance": "1", "message": message, "data": data}
    await _send(application, {"update_id": 2, "callback_query": press})
    assert [name for name, _ in request_.calls if name != "getMe"] == [
        "answerCallbackQuery",
        "editMessageText",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n",
        "???",
        "🎉",
        "\u202e",
        "\x00\x01",
        "\ud800",
        "<b>&amp;",
        "x" * 4096,
        "一" * 4096,
        "/unknown",
        "/",
    ],
)
async def test_bad_input_gets_one_reply_and_no_error(
    application: AnyApplication, request_: RecordingRequest, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    await _send(application, _message(text))
    assert len(request_.texts()) == 1
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_photo_is_answered_with_a_request_for_words(
    application: AnyApplication, request_: RecordingRequest
) -> None:
    photo = [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]
    await _send(application, _message(None, photo=photo))
    assert request_.texts() == [ZH_HANT.only_text]


async def test_an_error_is_logged_with_its_traceback_and_the_person_gets_its_number_only(
    application: AnyApplication,
    request_: RecordingRequest,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken(_words: str) -> None:
        raise ValueError("secret details of the inside")

    monkeypatch.setattr(application.bot_data[DESK], "answer", broken)
    await _send(application, _message("北京榜樣每個月評出多少人?"))
    (text,) = request_.texts()
    record = next(record for record in caplog.records if record.levelname == "ERROR")
    error_id = record.args[0]  # type: ignore[index]
    assert str(error_id) in text
    assert "secret" not in text
    assert "ValueError" not in text
    assert record.exc_info is not None


@pytest.mark.parametrize(
    "error", [RetryAfter(3), NetworkError("down"), BadRequest("Message is not modified: same content")]
)
async def test_nothing_is_sent_when_telegram_itself_fails(
    application: AnyApplication, request_: RecordingRequest, error: Exception
) -> None:
    await application.process_error(Update.de_json(_message("問"), application.bot), error)
    await application.process_error(None, error)
    assert request_.texts() == []
    assert on_error in application.error_handlers


def test_an_application_for_telegram_limits_its_rate_and_retries(desk: ReadingDesk) -> None:
    application = build_application(load_settings(), desk, TOKEN)
    assert application.bot.rate_limiter is not None
    assert application.bot.rate_limiter._max_retries == 3
    assert application.concurrent_updates == 256
    assert isinstance(application, type(ApplicationBuilder().token(TOKEN).build()))


async def test_a_follow_up_is_answered_on_the_last_topic_and_says_how_it_was_read(
    application: AnyApplication, request_: RecordingRequest
) -> None:
    await _send(application, _message("北京有多少志願者?"))
    await _send(application, _message("那大連呢?"))
    assert request_.texts()[-1].startswith("<i>理解為\uff1a大連・多少志願者</i>\n\n「")
    assert "遼寧大連" in request_.texts()[-1]


async def test_thanks_get_thanks_and_leave_the_topic_alone(
    application: AnyApplication, request_: RecordingRequest
) -> None:
    await _send(application, _message("北京榜樣每個月評出多少人?"))
    await _send(application, _message("謝謝!"))
    await _send(application, _message("還有嗎?"))
    assert request_.texts()[1] == ZH_HANT.thanks
    assert "北京榜樣每個月評出多少人" in request_.texts()[2]


async def test_a_comparison_shows_a_block_a_place_and_says_where_nothing_is_said(
    application: AnyApplication, request_: RecordingRequest
) -> None:
    await _send(application, _message("北京和廣州的好人怎麼評?"))
    (text,) = request_.texts()
    assert text.startswith("<b>北京</b>\n「")
    assert f"<b>廣州</b>\n<i>{ZH_HANT.place_silent}</i>" in text
