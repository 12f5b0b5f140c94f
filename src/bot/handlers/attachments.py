"""Photos, files, voice messages and the like in private: a caption is a question."""

from __future__ import annotations

import asyncio

from telegram import Message, Update

from bot.handlers import asking
from bot.handlers.context import Context
from bot.handlers.sending import send
from bot.replies import markup, welcome

ALBUM_SECONDS = 1.0
"""Wait for a caption: Telegram sends the parts of an album together as messages of their own, and any may bear it."""

_Album = tuple[int, str]
"""The ids of the chat and of the album."""


async def read(update: Update, context: Context) -> None:
    """Answer the caption, or ask for words where there is none; an album is answered once."""
    message = context.message
    if message is None:
        return
    if message.caption:
        await _answer_caption(update, context, message)
        return
    album = _album_of(message)
    if album is None:
        await _ask_for_words(update, context)
    elif context.services.first_contacts.is_first(("album", album)):
        asking_for_words = _ask_for_words_unless_captioned(update, context, album)
        context.services.transport.background_tasks.start(asking_for_words)


async def _answer_caption(update: Update, context: Context, message: Message) -> None:
    """Answer the first caption of an album; an admin who edits the caption of an upload asks nothing."""
    album = _album_of(message)
    if update.edited_message:
        is_question = not (message.document and context.is_admin)
    else:
        is_question = album is None or context.services.first_contacts.is_first(("caption", album))
    if is_question:
        await asking.question(update, context)


def _album_of(message: Message) -> _Album | None:
    return (message.chat.id, message.media_group_id) if message.media_group_id else None


async def _ask_for_words_unless_captioned(update: Update, context: Context, album: _Album) -> None:
    await asyncio.sleep(ALBUM_SECONDS)
    if not context.services.first_contacts.knows(("caption", album)):
        await _ask_for_words(update, context)


async def _ask_for_words(update: Update, context: Context) -> None:
    texts = context.texts
    await send(update, context, markup.text_reply(texts.only_text, welcome.home_row(texts)))
