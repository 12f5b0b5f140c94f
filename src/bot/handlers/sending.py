"""How replies reach Telegram: sent below, put in place of an earlier message, or shown as a short notice."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from telegram import (
    CallbackQuery,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest

from bot.handlers.context import Context, conversations_of, is_private, message_of
from bot.replies.reply import Button, Reply, Rows

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


async def typing(update: Update, context: Context) -> None:
    """Show that the bot is at work, in the topic where it was asked."""
    chat = update.effective_chat
    if chat:
        await context.bot.send_chat_action(chat.id, ChatAction.TYPING, message_thread_id=_topic(update))


async def send(update: Update, context: Context, reply: Reply) -> tuple[int, ...]:
    """Send the messages of a reply and return their ids.

    For a message that was edited, what had been sent for it is edited instead.
    """
    chat, message = update.effective_chat, message_of(update)
    if chat is None:
        return ()
    kept = conversations_of(context)
    asked = message.message_id if message and not update.callback_query else None
    earlier = kept.sent_for(chat.id, asked) if asked and update.edited_message else ()
    sent = []
    for number, text in enumerate(reply.messages):
        rows = reply.rows if number + 1 == len(reply.messages) else ()
        replaced = earlier[number] if number < len(earlier) else None
        sent.append(await _send_or_edit(update, context, text, rows, replaced))
    for left_over in earlier[len(reply.messages) :]:
        with contextlib.suppress(BadRequest):  # gone already, or too old to be taken back
            await context.bot.delete_message(chat.id, left_over)
    if asked:
        kept.remember_sent(chat.id, asked, tuple(sent))
    return tuple(sent)


async def _send_or_edit(update: Update, context: Context, text: str, rows: Rows, replaced: int | None) -> int:
    if replaced is not None and await edit(update, context, text, rows, replaced):
        return replaced
    return await _send_new(update, context, text, rows)


async def _send_new(update: Update, context: Context, text: str, rows: Rows) -> int:
    chat, message = update.effective_chat, message_of(update)
    if chat is None:
        raise ValueError("an update without a chat cannot be replied to")
    threaded = message if message and not is_private(update) else None
    sent = await context.bot.send_message(
        chat.id,
        text,
        parse_mode=ParseMode.HTML,
        link_preview_options=_NO_PREVIEW,
        reply_markup=_markup(rows),
        message_thread_id=_topic(update),
        reply_parameters=_reply_parameters(threaded),
    )
    return sent.message_id


def _reply_parameters(message: Message | None) -> ReplyParameters | None:
    return ReplyParameters(message.message_id, allow_sending_without_reply=True) if message else None


async def edit(update: Update, context: Context, text: str, rows: Rows, message_id: int) -> bool:
    """Put the text in place of a message; False if that is gone or too old."""
    chat = update.effective_chat
    try:
        await context.bot.edit_message_text(
            text,
            chat_id=chat.id if chat else None,
            message_id=message_id,
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            reply_markup=_markup(rows),
        )
    except BadRequest as error:
        return "message is not modified" in error.message.lower()
    return True


async def turn_into(update: Update, context: Context, reply: Reply) -> None:
    """The message whose button was pressed becomes the reply; a reply of several messages is sent below it."""
    message = message_of(update)
    text, *more = reply.messages
    if message is None or more or not await edit(update, context, text, reply.rows, message.message_id):
        await send(update, context, reply)


async def acknowledge(query: CallbackQuery, notice: str = "", *, alert: bool = False) -> None:
    """Stop the button's clock, with a short notice if there is one; a press from long ago is let be."""
    with let_be_if_too_old():
        await query.answer(notice or None, show_alert=alert)


@contextlib.contextmanager
def let_be_if_too_old() -> Iterator[None]:
    """An answer that Telegram no longer waits for is no fault of anybody."""
    try:
        yield
    except BadRequest as error:
        if "query is too old" not in error.message.lower():
            raise


def _topic(update: Update) -> int | None:
    message = message_of(update)
    return message.message_thread_id if message and message.is_topic_message else None


def _markup(rows: Rows) -> InlineKeyboardMarkup | None:
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in rows]) if rows else None


def _button(button: Button) -> InlineKeyboardButton:
    if button.copies:
        return InlineKeyboardButton(button.label, copy_text=CopyTextButton(button.copies))
    return InlineKeyboardButton(button.label, callback_data=button.data)
