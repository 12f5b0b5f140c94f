"""Updates as the handlers may trust them: python-telegram-bot reads the outline of an update, not its types.

What it does not check (a text that is a number, an id beyond 64 bits, an entity that begins at "x") would fail in the
middle of a handler or of a filter. Only what is read of an update is looked at; nothing else of it matters.
"""

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


def is_wellformed(update: Update) -> bool:
    """Whether everything that is read of the update is of the type that the Bot API gives it."""
    try:
        _Update.model_validate(update)
    except ValidationError:
        return False
    return True
