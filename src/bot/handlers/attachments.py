"""Photos, files, voices and the like in private: what is written below them is a question as a text is."""

from __future__ import annotations

import asyncio

from telegram import Message, Update

from bot.handlers import asking
from bot.handlers.context import (
    Context,
    background_tasks_of,
    first_contacts_of,
    is_admin,
    message_of,
    texts_of,
)
from bot.handlers.sending import send
from bot.replies.markup import text_reply
from bot.replies.welcome import home_row

ALBUM_SECONDS = 1.0
"""Telegram sends the parts of an album as messages of their own, at once, and any of them may bear the caption."""

_Album = tuple[int, str]


async def read(update: Update, context: Context) -> None:
    """The caption, or a request for words where there is none; an album is answered once."""
    message = message_of(update)
    if message is None:
        return
    if message.caption:
        await _answer_caption(update, context, message)
        return
    album = _album_of(message)
    if album is None:
        await _ask_for_words(update, context)
    elif first_contacts_of(context).is_first(("album", album)):
        background_tasks_of(context).start(_ask_for_words_unless_captioned(update, context, album))


async def _answer_caption(update: Update, context: Context, message: Message) -> None:
    """The first of an album that is new; an admin who edits what stands below an upload asks nothing."""
    album = _album_of(message)
    if update.edited_message:
        is_asked = not (message.document and is_admin(update, context))
    else:
        is_asked = album is None or first_contacts_of(context).is_first(("caption", album))
    if is_asked:
        await asking.question(update, context)


def _album_of(message: Message) -> _Album | None:
    return (message.chat.id, message.media_group_id) if message.media_group_id else None


async def _ask_for_words_unless_captioned(update: Update, context: Context, album: _Album) -> None:
    await asyncio.sleep(ALBUM_SECONDS)
    if not first_contacts_of(context).knows(("caption", album)):
        await _ask_for_words(update, context)


async def _ask_for_words(update: Update, context: Context) -> None:
    texts = texts_of(update, context)
    await send(update, context, text_reply(texts.only_text, home_row(texts)))
