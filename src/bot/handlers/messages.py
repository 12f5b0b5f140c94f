"""Single messages: new ones of text, a picture or a file; edits and deletions; buttons as Telegram takes them."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Awaitable, Callable

from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
    Update,
    WebAppInfo,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.handlers.context import Context
from bot.replies import markup
from bot.telegram import BRIEFLY, error_kinds

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


async def send_briefly(update: Update, context: Context, text: str) -> int:
    """Send a plain text notice with few tries and return its id; raises TelegramError if they fail."""
    return await send_new(update, context, markup.escape(text), (), tries=BRIEFLY)


async def send_plainly(update: Update, context: Context, text: str) -> int:
    """Send a plain text notice with as many tries as an answer and return its id."""
    return await send_new(update, context, markup.escape(text), ())


async def send_picture(update: Update, context: Context, picture: bytes, caption: str) -> None:
    """Send a picture with a plain text below it."""
    chat = update.effective_chat
    if chat is None:
        return
    send_in = functools.partial(context.bot.send_photo, chat.id, picture, caption=caption)
    await in_topic(send_in, topic_of(context))


async def send_file(update: Update, context: Context, file: tuple[str, bytes], caption: str) -> None:
    """Send a file (name, content) with a plain text below it, in reply to the message in a group."""
    chat = update.effective_chat
    if chat is None:
        return
    name, content = file
    send_in = functools.partial(
        context.bot.send_document,
        chat.id,
        content,
        filename=name,
        caption=caption,
        reply_parameters=reply_parameters(context),
    )
    await in_topic(send_in, topic_of(context))


async def send_new(
    update: Update, context: Context, text: str, rows: markup.Rows, *, tries: int | None = None
) -> int:
    """Send a new message of HTML and return its id; in a group in reply to the person, in the topic that is still there."""
    chat = update.effective_chat
    if chat is None:
        raise ValueError("an update without a chat cannot be replied to")
    send_in = functools.partial(
        context.bot.send_message,
        chat.id,
        text,
        parse_mode=ParseMode.HTML,
        link_preview_options=NO_PREVIEW,
        reply_markup=keyboard(rows),
        reply_parameters=reply_parameters(context),
        rate_limit_args=tries,
    )
    return (await in_topic(send_in, topic_of(context))).message_id


async def edit(update: Update, context: Context, text: str, rows: markup.Rows, message_id: int) -> bool:
    """Replace the text of a message; returns False if the message is gone or too old."""
    chat = update.effective_chat
    try:
        await context.bot.edit_message_text(
            text,
            chat_id=chat.id if chat else None,
            message_id=message_id,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            reply_markup=keyboard(rows),
        )
    except BadRequest as error:
        return error_kinds.is_harmless(error)
    return True


async def take_back(update: Update, context: Context, message_id: int) -> None:
    """Delete a message of the bot; a failure is ignored, as for a message that is too old."""
    if update.effective_chat:
        with contextlib.suppress(TelegramError):
            await context.bot.delete_message(update.effective_chat.id, message_id)


async def in_topic(send_in: Callable[..., Awaitable[Message]], topic: int | None) -> Message:
    """Send in a topic, or in the chat if the topic is gone."""
    try:
        return await send_in(message_thread_id=topic)
    except BadRequest as error:
        if topic is None or not error_kinds.is_of_a_lost_topic(error):
            raise
    return await send_in()


def reply_parameters(context: Context) -> ReplyParameters | None:
    """A reply to the message of the person, where others read along; None in private."""
    message = context.message
    if message is None or context.is_private:
        return None
    return ReplyParameters(message.message_id, allow_sending_without_reply=True)


def topic_of(context: Context) -> int | None:
    """The id of the topic in which the message of the person stands; None outside of topics."""
    message = context.message
    return message.message_thread_id if message and message.is_topic_message else None


def keyboard(rows: markup.Rows) -> InlineKeyboardMarkup | None:
    """The rows of buttons as Telegram takes them; None for no rows."""
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in rows]) if rows else None


def _button(button: markup.Button) -> InlineKeyboardButton:
    if button.copies:
        return InlineKeyboardButton(button.label, copy_text=CopyTextButton(button.copies))
    if button.opens and button.is_app:
        return InlineKeyboardButton(button.label, web_app=WebAppInfo(button.opens))
    if button.opens:
        return InlineKeyboardButton(button.label, url=button.opens)
    return InlineKeyboardButton(button.label, callback_data=button.data)
