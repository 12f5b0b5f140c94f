"""Delivery of replies: each of their messages once, also after a crash; notices on a button, signs of work."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
from collections.abc import Iterator

from telegram import (
    CallbackQuery,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Message,
    Update,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, EndPointNotFound, InvalidToken, TelegramError

from bot.handlers.context import Context
from bot.handlers.messages import (
    NO_PREVIEW,
    edit,
    keyboard,
    reply_parameters,
    send_new,
    take_back,
    topic_of,
)
from bot.replies import markup
from bot.telegram import addressing, error_kinds

logger = logging.getLogger(__name__)

# Nobody needs a sign of work earlier. Alone or in a crowd an answer is there by then, and half as many calls are made.
SECONDS_BEFORE_TYPING = 0.5


@contextlib.contextmanager
def typing(update: Update, context: Context) -> Iterator[None]:
    """Show "typing" in the topic of the message if the work takes long; the work does not wait for that call."""
    loop = asyncio.get_running_loop()
    showing = loop.call_later(SECONDS_BEFORE_TYPING, _show_typing, update, context)
    try:
        yield
    finally:
        showing.cancel()


def _show_typing(update: Update, context: Context) -> None:
    chat = update.effective_chat
    if chat:
        action = context.bot.send_chat_action(chat.id, ChatAction.TYPING, message_thread_id=topic_of(context))
        context.services.transport.background_tasks.start(action)


async def send(update: Update, context: Context, reply: markup.Reply) -> tuple[int, ...]:
    """Send the messages of a reply and return their ids; to a guest message the first one alone, which has none.

    Messages that were sent for the same update before are edited instead: the person edited theirs, or the bot was
    stopped in the middle.
    """
    chat, key = update.effective_chat, addressing.answer_key(update)
    if update.guest_message:
        await _answer_guest(update.guest_message, context, reply)
    if chat is None or update.guest_message:
        return ()
    conversations, queue = context.services.conversations, context.services.transport.update_queue
    earlier, is_interrupted = await queue.read_certainly(
        lambda: (_sent_before(update, context), _was_interrupted(update, context))
    )
    for replaced in earlier:  # from now on they show something else, whatever it is
        context.services.awaiting_wording.pop((chat.id, replaced), None)
    repeated = len(earlier) if is_interrupted else None
    reply = reply if earlier or repeated is not None else _with_apology(context, reply)
    sent: list[int] = []
    if reply.rich and not earlier and repeated is None and not context.services.no_rich_messages.is_set():
        rich = await _send_rich(update, context, reply)
        if rich is not None:
            return (rich,)
    for number, text in enumerate(reply.messages):
        rows = reply.rows if number + 1 == len(reply.messages) else ()
        replacing = earlier[number] if number < len(earlier) else None
        shown = _as_repetition(context, text) if number == repeated else text
        if (
            key and replacing is None
        ):  # if the process is killed now, nobody knows whether the message arrived
            await _note_sending(context, (chat.id, key), tuple(sent))
        try:
            sent.append(await _send_or_edit(update, context, shown, rows, replacing))
        except Exception:
            if key:  # not when it is cancelled: the message may be under way
                conversations.save_sent(chat.id, key, (*sent, *earlier[len(sent) :]))
            raise
        if key:  # at once: the bot may be killed before the next
            conversations.save_sent(chat.id, key, (*sent, *earlier[len(sent) :]))
    for left_over in earlier[len(reply.messages) :]:
        await take_back(update, context, left_over)
    if key and len(earlier) > len(sent):
        conversations.save_sent(chat.id, key, tuple(sent))
    return tuple(sent)


async def _note_sending(context: Context, to: tuple[int, int], sent: tuple[int, ...]) -> None:
    """Save that one more message than these is being sent for a message of a chat.

    Raises ClaimLostError if another bot answers it meanwhile.
    """
    services = context.services
    note = functools.partial(services.conversations.save_sending, *to, sent)
    await services.transport.update_queue.commit(context.received_update, note)


async def _answer_guest(message: Message, context: Context, reply: markup.Reply) -> None:
    """Answer a guest query with one message: nothing else can be sent to a chat that the bot is no member of.

    A query that Telegram no longer waits for is left.
    """
    content = InputTextMessageContent(
        reply.messages[0], parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW
    )
    title = context.bot.first_name  # required, and shown nowhere
    article = InlineQueryResultArticle("answer", title, content, reply_markup=keyboard(reply.rows))
    with suppress_if_too_late():
        await context.bot.answer_guest_query(str(message.guest_query_id), article)


def _was_interrupted(update: Update, context: Context) -> bool:
    """Whether an earlier process was killed while it sent a message for this update."""
    chat, key = update.effective_chat, addressing.answer_key(update)
    if context.received_update is None or chat is None or key is None:
        return False
    return context.services.conversations.was_sending(chat.id, key)


def _as_repetition(context: Context, text: str) -> str:
    """The message with a line above it, by which the reader knows a second one from a new one."""
    preface = f"<i>{markup.escape(context.texts.delivery.repeated)}</i>"
    return markup.with_preface(markup.Reply((text,)), preface).messages[0]


async def _send_rich(update: Update, context: Context, reply: markup.Reply) -> int | None:
    """Send the reply as one rich message and return its id; None, with nothing sent, if the server takes none.

    As in `send`, what is under way is saved before and what was sent after.
    """
    services, chat = context.services, update.effective_chat
    key = addressing.answer_key(update)
    if chat is None:
        return None
    sent: tuple[int, ...] = ()
    if key:
        await _note_sending(context, (chat.id, key), sent)
    parameters = {
        "chat_id": chat.id,
        "rich_message": {"html": reply.rich},
        "reply_markup": keyboard(reply.rows),
        "reply_parameters": reply_parameters(context),
        "message_thread_id": topic_of(context),
    }
    given = {name: value for name, value in parameters.items() if value is not None}
    try:
        made = await context.bot.do_api_request("sendRichMessage", api_kwargs=given, return_type=Message)
        sent = (made.message_id,) if isinstance(made, Message) else ()
    except (EndPointNotFound, InvalidToken):  # PTB 22.8 takes the 404 of an unknown method for a bad token
        services.no_rich_messages.set()
    except BadRequest as error:
        logger.warning("A rich message was refused, so its text is sent: %s", error)
    except TelegramError:
        if key:  # not when it is cancelled: the message may be under way
            services.conversations.save_sent(chat.id, key, sent)
        raise
    if key:
        services.conversations.save_sent(chat.id, key, sent)
    return sent[0] if sent else None


def _sent_before(update: Update, context: Context) -> tuple[int, ...]:
    """The ids of the messages already sent for the update, also before a restart; marks the answer as ready."""
    received_update, chat, key = context.received_update, update.effective_chat, addressing.answer_key(update)
    if received_update:
        received_update.is_ready = True
    was_begun = received_update is not None and received_update.was_begun
    if chat is None or key is None or not (update.edited_message or was_begun):
        return ()
    return context.services.conversations.sent_for(chat.id, key)


def _with_apology(context: Context, reply: markup.Reply) -> markup.Reply:
    """The reply; if it comes late, with an apology in the same message, so that there is one answer."""
    received_update = context.received_update
    if received_update is None or not received_update.is_late(context.services.database.now()):
        return reply
    return markup.with_preface(reply, f"<i>{markup.escape(context.texts.delivery.late)}</i>")


async def _send_or_edit(
    update: Update, context: Context, text: str, rows: markup.Rows, replaced: int | None
) -> int:
    if replaced is not None and await edit(update, context, text, rows, replaced):
        return replaced
    return await send_new(update, context, text, rows)


async def turn_into(update: Update, context: Context, reply: markup.Reply) -> None:
    """Edit the message whose button was pressed into the reply; send a reply of several messages below it."""
    message = context.message
    text, *more = reply.messages
    if message is None or more or not await edit(update, context, text, reply.rows, message.message_id):
        await send(update, context, reply)


async def acknowledge(query: CallbackQuery, notice: str = "", *, alert: bool = False) -> None:
    """Stop the clock on a button, with a short notice if one is given; a press that is too old is ignored."""
    with suppress_if_too_late():
        await query.answer(notice or None, show_alert=alert)


@contextlib.contextmanager
def suppress_if_too_late() -> Iterator[None]:
    """Suppress the error of a press or an inline query that Telegram no longer waits for, and network errors."""
    try:
        yield
    except TelegramError as error:
        if isinstance(error, BadRequest) and not error_kinds.is_harmless(error):
            raise
