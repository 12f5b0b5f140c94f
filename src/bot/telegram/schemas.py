"""Pydantic models of what Telegram sends: updates, and the results of calls, which are completed where they broke off."""

from __future__ import annotations

import json
import re
import time
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from telegram import Bot, Update
from telegram.error import NetworkError
from telegram.request import RequestData

from bot.telegram.addressing import chat_of, sender_of

JsonObject = dict[str, object]

# The server answers 200 only to a call that it has carried out, and says so first; the rest may have been cut off.
_CARRIED_OUT = re.compile(rb'\s*\{\s*"(?:ok"\s*:\s*true|result"\s*:)')
_MESSAGE_ID = re.compile(rb'"message_id"\s*:\s*(\d+)\s*[,}]')

_LARGEST_NUMBER = 2**63 - 1  # that SQLite holds
# SQLite keeps 64 bits; Telegram's own ids have 52 at most.
_Id = Annotated[int, Field(gt=-(2**63), lt=2**63)]
_Count = Annotated[int, Field(ge=0, lt=2**63)]


class _Schema(BaseModel):
    model_config = ConfigDict(strict=True, from_attributes=True)


class _User(_Schema):
    id: _Id
    language_code: str | None = None


class _Chat(_Schema):
    id: _Id
    type: str


class _Entity(_Schema):
    type: str
    offset: _Count
    length: _Count


class _Document(_Schema):
    file_id: Annotated[str, Field(min_length=1)]
    file_name: str | None = None
    file_size: _Count | None = None


class _RepliedMessage(_Schema):
    message_id: _Count
    from_user: _User | None = None
    text: str | None = None
    caption: str | None = None


class _Message(_Schema):
    """A message, or the few fields of one that bots may no longer read."""

    message_id: _Count
    chat: _Chat
    text: str | None = None
    caption: str | None = None
    entities: tuple[_Entity, ...] = ()
    caption_entities: tuple[_Entity, ...] = ()
    media_group_id: str | None = None
    via_bot: _User | None = None
    document: _Document | None = None
    reply_to_message: _RepliedMessage | None = None
    guest_query_id: str | None = None
    message_thread_id: _Count | None = None
    is_topic_message: bool | None = None


class _CallbackQuery(_Schema):
    id: str
    data: str | None = None


class _InlineQuery(_Schema):
    id: str
    query: str
    offset: str


class _Update(_Schema):
    effective_message: _Message | None = None
    effective_chat: _Chat | None = None
    effective_user: _User | None = None
    callback_query: _CallbackQuery | None = None
    inline_query: _InlineQuery | None = None


class UnreadableUpdateError(Exception):
    """An update that is not what Telegram sends; nothing of its content is in the error."""

    def __init__(self, number: object, reason: str) -> None:
        super().__init__(f"{number} {reason}")
        self.number = number
        self.reason = reason


def read_update(body: object, bot: Bot) -> Update:
    """The update in a JSON value. Raises UnreadableUpdateError if it is malformed."""
    number = body.get("update_id") if isinstance(body, dict) else None
    if type(number) is not int or not 0 <= number <= _LARGEST_NUMBER:
        raise UnreadableUpdateError("without a number", "")
    try:
        update = Update.de_json(body, bot)  # type: ignore[arg-type]
        hash((chat_of(update), sender_of(update)))
    except Exception as error:  # noqa: BLE001 - whatever a malformed update makes of the library
        raise UnreadableUpdateError(number, type(error).__name__) from None
    if not is_valid_update(update):
        raise UnreadableUpdateError(number, "is not what Telegram sends")
    return update


def is_valid_update(update: Update) -> bool:
    """Whether every field that the bot reads is of the type that the Bot API gives it."""
    try:
        _Update.model_validate(update)
    except ValidationError:
        return False
    return True


class _Result(BaseModel):
    model_config = ConfigDict(strict=True)


class _ResultChat(_Result):
    id: int
    type: str


class _ResultMessage(_Result):
    message_id: int
    date: int
    chat: _ResultChat


class _Bot(_Result):
    id: int
    is_bot: bool
    first_name: str
    username: str


class _SentGuestMessage(_Result):
    inline_message_id: str


class _File(_Result):
    file_id: str
    file_unique_id: str


_RESULT_SCHEMAS: dict[str, type[_Result]] = {
    "sendMessage": _ResultMessage,
    "editMessageText": _ResultMessage,
    "getMe": _Bot,
    "getFile": _File,
    "answerGuestQuery": _SentGuestMessage,
}


def is_valid_response(endpoint: str, result: object) -> bool:
    """Whether PTB can parse the result of a call to this endpoint; on another it would fail."""
    if endpoint == "getUpdates":
        return isinstance(result, list)
    schema = _RESULT_SCHEMAS.get(endpoint)
    if schema is None or (endpoint == "editMessageText" and result is True):
        return True
    try:
        schema.model_validate(result)
    except ValidationError:
        return False
    return True


def completed_response(endpoint: str, request_data: RequestData | None, body: bytes) -> bytes:
    """The body of a response with status 200, completed where it broke off after saying that the call succeeded.

    Nothing is then sent twice. A message that was sent keeps its number if that came through, else it has 0. A result
    of the wrong type (`{}`, a list) counts as cut off. Raises NetworkError if the body does not say that the call
    succeeded, or if its result was asked for and cannot be made up.
    """
    try:
        response = json.loads(body)
    except ValueError:
        response = None
    if (
        isinstance(response, dict)
        and "result" in response
        and is_valid_response(endpoint, response["result"])
    ):
        return body
    if not _CARRIED_OUT.match(body) or endpoint.startswith("get"):
        raise NetworkError("Telegram's answer is not whole")
    chat = request_data.parameters.get("chat_id") if request_data else None
    result: object = True
    if endpoint == "sendMessage" and isinstance(chat, int):
        result = _sent_message(chat, body)
    elif endpoint == "answerGuestQuery":
        result = {"inline_message_id": ""}
    return json.dumps({"ok": True, "result": result}).encode()


def _sent_message(chat: int, body: bytes) -> JsonObject:
    number = _MESSAGE_ID.search(body)
    return {
        "message_id": int(number[1]) if number else 0,
        "date": int(time.time()),
        "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup"},
    }
