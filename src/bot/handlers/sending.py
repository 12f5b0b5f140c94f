"""How replies reach Telegram: sent below, put in place of an earlier message, or shown as a short notice."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import Awaitable, Callable, Iterator

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
from telegram.error import BadRequest, TelegramError

from bot.handlers.context import (
    Context,
    background_tasks_of,
    conversations_of,
    database_of,
    delivery_texts_of,
    is_private,
    message_of,
    received_update_of,
)
from bot.replies.markup import Button, Reply, Rows, escape
from bot.replies.message_length import MOST_UNITS, size_of
from bot.telegram import BRIEFLY, addressing, error_kinds

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
# Nobody misses a sign of work before. Alone or in a crowd an answer is there by then, and half as many calls are made.
SECONDS_BEFORE_TYPING = 0.5


@contextlib.contextmanager
def typing(update: Update, context: Context) -> Iterator[None]:
    """Show that the bot is at work, in the topic where it was asked, if the work takes long; nothing waits for that."""
    loop = asyncio.get_running_loop()
    showing = loop.call_later(SECONDS_BEFORE_TYPING, _show_typing, update, context)
    try:
        yield
    finally:
        showing.cancel()


def _show_typing(update: Update, context: Context) -> None:
    chat = update.effective_chat
    if chat:
        action = context.bot.send_chat_action(chat.id, ChatAction.TYPING, message_thread_id=_topic(update))
        background_tasks_of(context).start(action)


async def send(update: Update, context: Context, reply: Reply) -> tuple[int, ...]:
    """Send the messages of a reply and return their ids.

    Where something has been sent for the same message before, because it was edited or because the bot was stopped in
    the middle, that is edited instead.
    """
    chat, key = update.effective_chat, addressing.answer_key(update)
    if chat is None:
        return ()
    kept, earlier = conversations_of(context), _sent_before(update, context)
    reply = reply if earlier else _with_apology(update, context, reply)
    sent: list[int] = []
    for number, text in enumerate(reply.messages):
        rows = reply.rows if number + 1 == len(reply.messages) else ()
        replaced = earlier[number] if number < len(earlier) else None
        sent.append(await _send_or_edit(update, context, text, rows, replaced))
        if key:  # at once: the bot may be killed before the next
            kept.save_sent(chat.id, key, (*sent, *earlier[len(sent) :]))
    for left_over in earlier[len(reply.messages) :]:
        await take_back(update, context, left_over)
    if key and len(earlier) > len(sent):
        kept.save_sent(chat.id, key, tuple(sent))
    return tuple(sent)


def _sent_before(update: Update, context: Context) -> tuple[int, ...]:
    """The messages that already stand for an answer to the update, also from before a restart."""
    received_update, chat, key = (
        received_update_of(update, context),
        update.effective_chat,
        addressing.answer_key(update),
    )
    if received_update:
        received_update.is_ready = True
    if (
        chat is None
        or key is None
        or not (update.edited_message or (received_update and received_update.was_begun))
    ):
        return ()
    return conversations_of(context).sent_for(chat.id, key)


def _with_apology(update: Update, context: Context, reply: Reply) -> Reply:
    """The reply, with a word on top if it comes late; in the same message, so that there is one answer."""
    received_update = received_update_of(update, context)
    if received_update is None or not received_update.is_late(database_of(context).now()):
        return reply
    first, *others = reply.messages
    apologised = f"<i>{escape(delivery_texts_of(update, context).late)}</i>\n\n{first}"
    return Reply((apologised, *others), reply.rows) if size_of(apologised).fits(MOST_UNITS) else reply


async def send_briefly(update: Update, context: Context, text: str) -> int:
    """Send plain text that is no answer and return its id; raises TelegramError where that does not work at once."""
    return await _send_new(update, context, escape(text), (), tries=BRIEFLY)


async def send_plainly(update: Update, context: Context, text: str) -> int:
    """Send plain text that is no answer, as patiently as one, and return its id."""
    return await _send_new(update, context, escape(text), ())


async def take_back(update: Update, context: Context, message_id: int) -> None:
    """Delete a message of the bot's; let it be where that fails, such as when it is too old."""
    if update.effective_chat:
        with contextlib.suppress(TelegramError):
            await context.bot.delete_message(update.effective_chat.id, message_id)


async def _send_or_edit(update: Update, context: Context, text: str, rows: Rows, replaced: int | None) -> int:
    if replaced is not None and await edit(update, context, text, rows, replaced):
        return replaced
    return await _send_new(update, context, text, rows)


async def _send_new(
    update: Update, context: Context, text: str, rows: Rows, *, tries: int | None = None
) -> int:
    chat, message = update.effective_chat, message_of(update)
    if chat is None:
        raise ValueError("an update without a chat cannot be replied to")
    threaded = message if message and not is_private(update) else None
    send_in = functools.partial(
        context.bot.send_message,
        chat.id,
        text,
        parse_mode=ParseMode.HTML,
        link_preview_options=_NO_PREVIEW,
        reply_markup=_markup(rows),
        reply_parameters=_reply_parameters(threaded),
        rate_limit_args=tries,  # type: ignore[arg-type]
    )
    return (await _in_topic(send_in, _topic(update))).message_id


async def _in_topic(send_in: Callable[..., Awaitable[Message]], topic: int | None) -> Message:
    """Send in a topic; where that is gone meanwhile, in the chat."""
    try:
        return await send_in(message_thread_id=topic)
    except BadRequest as error:
        if topic is None or not error_kinds.is_of_a_lost_topic(error):
            raise
    return await send_in()


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
        return error_kinds.is_harmless(error)
    return True


async def turn_into(update: Update, context: Context, reply: Reply) -> None:
    """The message whose button was pressed becomes the reply; a reply of several messages is sent below it."""
    message = message_of(update)
    text, *more = reply.messages
    if message is None or more or not await edit(update, context, text, reply.rows, message.message_id):
        await send(update, context, reply)


async def acknowledge(query: CallbackQuery, notice: str = "", *, alert: bool = False) -> None:
    """Stop the button's clock, with a short notice if there is one; what the press does never hangs on that."""
    with let_be_if_too_late():
        await query.answer(notice or None, show_alert=alert)


@contextlib.contextmanager
def let_be_if_too_late() -> Iterator[None]:
    """An answer to a press or to an inline query is let be where Telegram waits for it no longer, or is out of reach."""
    try:
        yield
    except TelegramError as error:
        if isinstance(error, BadRequest) and not error_kinds.is_harmless(error):
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
