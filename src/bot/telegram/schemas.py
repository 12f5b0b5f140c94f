"""Pydantic models of what Telegram sends: updates, and the results of calls."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from telegram import Update

# SQLite keeps 64 bits; Telegram's own ids have 52 at most.
_Id = Annotated[int, Field(gt=-(2**63), lt=2**63)]
_Count = Annotated[int, Field(ge=0, lt=2**63)]


class _Shape(BaseModel):
    model_config = ConfigDict(strict=True, from_attributes=True)


class _User(_Shape):
    id: _Id
    language_code: str | None = None


class _Chat(_Shape):
    id: _Id
    type: str


class _Entity(_Shape):
    type: str
    offset: _Count
    length: _Count


class _Document(_Shape):
    file_id: Annotated[str, Field(min_length=1)]
    file_name: str | None = None
    file_size: _Count | None = None


class _Replied(_Shape):
    message_id: _Count
    from_user: _User | None = None
    text: str | None = None
    caption: str | None = None


class _Message(_Shape):
    """A message, or the little that is left of one that bots may no longer see."""

    message_id: _Count
    chat: _Chat
    text: str | None = None
    caption: str | None = None
    entities: tuple[_Entity, ...] = ()
    caption_entities: tuple[_Entity, ...] = ()
    media_group_id: str | None = None
    via_bot: _User | None = None
    document: _Document | None = None
    reply_to_message: _Replied | None = None
    message_thread_id: _Count | None = None
    is_topic_message: bool | None = None


class _Press(_Shape):
    id: str
    data: str | None = None


class _InlineQuery(_Shape):
    id: str
    query: str
    offset: str


class _Update(_Shape):
    effective_message: _Message | None = None
    effective_chat: _Chat | None = None
    effective_user: _User | None = None
    callback_query: _Press | None = None
    inline_query: _InlineQuery | None = None


def is_valid_update(update: Update) -> bool:
    """Whether everything that is read of the update is of the type that the Bot API gives it."""
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


class _File(_Result):
    file_id: str
    file_unique_id: str


_SHAPES: dict[str, type[_Result]] = {
    "sendMessage": _ResultMessage,
    "editMessageText": _ResultMessage,
    "getMe": _Bot,
    "getFile": _File,
}


def is_valid_response(endpoint: str, result: object) -> bool:
    """Whether the result of a call can be read as such; the library would fail on another."""
    if endpoint == "getUpdates":
        return isinstance(result, list)
    shape = _SHAPES.get(endpoint)
    if shape is None or (endpoint == "editMessageText" and result is True):
        return True
    try:
        shape.model_validate(result)
    except ValidationError:
        return False
    return True
