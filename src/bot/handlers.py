"""Receive, call, reply; nothing else."""

from __future__ import annotations

import logging
import re
import secrets
from typing import Any

from telegram import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import Application, ContextTypes
from telegram.helpers import create_deep_linked_url

from bot.conversations import Conversations, Key
from bot.desk import ReadingDesk
from bot.replies import (
    LinkTo,
    Reply,
    answer_reply,
    passage_reply,
    places_reply,
    search_reply,
    welcome_reply,
)
from bot.texts import Texts, texts_for
from retrieval.follow_ups import next_turn, read_follow_up

logger = logging.getLogger(__name__)

Context = ContextTypes.DEFAULT_TYPE
AnyApplication = Application[Any, Any, Any, Any, Any, Any]
DESK = "desk"
CONVERSATIONS = "conversations"
DATABASE = "database"

_PASSAGE_PAYLOAD = re.compile(r"p_([0-9a-f]{16})")
_PASSAGE_CALLBACK = re.compile(r"p:([0-9a-f]{16})")
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


async def start(update: Update, context: Context) -> None:
    """Welcome, or the paragraph that a deep link names."""
    payload = _PASSAGE_PAYLOAD.fullmatch(_arguments(context))
    if payload:
        await _show_passage(update, context, payload[1])
        return
    await _send(update, welcome_reply(_desk(context).covered_places(), _texts(update)))


async def help_(update: Update, _context: Context) -> None:
    """How to use the bot."""
    await _send(update, Reply((_texts(update).help,)))


async def ask(update: Update, context: Context) -> None:
    """`/ask QUESTION`."""
    question = _arguments(context)
    if question:
        await _answer(update, context, question)
    else:
        await _send(update, Reply((_texts(update).ask_usage,)))


async def question(update: Update, context: Context) -> None:
    """Plain text is a question."""
    message = update.effective_message
    await _answer(update, context, (message.text or "") if message else "")


async def search(update: Update, context: Context) -> None:
    """`/search WORDS`."""
    words = _arguments(context)
    if not words:
        await _send(update, Reply((_texts(update).search_usage,)))
        return
    await _typing(update)
    hits = await _desk(context).search(words)
    await _send(update, search_reply(hits, _texts(update), _link_to(context)))


async def places(update: Update, context: Context) -> None:
    """Which places the bulletins cover."""
    await _send(update, places_reply(_desk(context).leads(), _texts(update), _link_to(context)))


async def open_passage(update: Update, context: Context) -> None:
    """A button to a neighbouring paragraph: the message turns into it."""
    query = update.callback_query
    if query is None:
        return
    await query.answer()
    wanted = _PASSAGE_CALLBACK.fullmatch(query.data or "")
    view = _desk(context).view(wanted[1]) if wanted else None
    reply = passage_reply(view, _texts(update)) if view else Reply((_texts(update).unknown_passage,))
    await _turn_into(query, update, reply)


async def unreadable(update: Update, _context: Context) -> None:
    """Photos, voices and the like."""
    await _send(update, Reply((_texts(update).only_text,)))


async def on_error(update: object, context: Context) -> None:
    """Log the traceback under an id and tell the person the id, unless Telegram itself is what fails."""
    error = context.error
    if isinstance(error, BadRequest) and "message is not modified" in error.message.lower():
        return
    error_id = secrets.token_hex(4)
    logger.error("Error %s while handling an update", error_id, exc_info=error)
    if not isinstance(update, Update) or _is_of_the_line(error):
        return
    try:
        await _send(update, Reply((_texts(update).error.format(error_id=error_id),)))
    except TelegramError:
        logger.warning("Error %s could not be told to the person", error_id)


def _is_of_the_line(error: BaseException | None) -> bool:
    """Whether an answer would meet the same fault; a bad request is ours, although a network error by class."""
    return isinstance(error, RetryAfter | Conflict | Forbidden | NetworkError) and not isinstance(
        error, BadRequest
    )


async def _answer(update: Update, context: Context, text: str) -> None:
    await _typing(update)
    desk, conversations, key = _desk(context), _conversations(context), _conversation_of(update)
    reading = read_follow_up(text, conversations.last_turn(key))
    answer = await (desk.answer(reading.question, reading.skip) if reading else desk.answer(text))
    if not answer.small_talk:
        conversations.remember(key, next_turn(text, answer, reading))
    reply = answer_reply(answer, desk.covered_places(), _texts(update), _link_to(context), reading)
    await _send(update, reply)


async def _show_passage(update: Update, context: Context, passage_id: str) -> None:
    view = _desk(context).view(passage_id)
    texts = _texts(update)
    await _send(update, passage_reply(view, texts) if view else Reply((texts.unknown_passage,)))


async def _typing(update: Update) -> None:
    if update.effective_message:
        await update.effective_message.reply_chat_action(ChatAction.TYPING)


async def _send(update: Update, reply: Reply) -> None:
    message = update.effective_message
    if message is None:
        return
    *earlier, last = reply.messages
    for text in earlier:
        await _reply_to(message, text, None)
    await _reply_to(message, last, _markup(reply))


async def _reply_to(message: Message, text: str, markup: InlineKeyboardMarkup | None) -> None:
    in_group = message.chat.type != message.chat.PRIVATE
    quoted = ReplyParameters(message.message_id, allow_sending_without_reply=True) if in_group else None
    await message.reply_text(
        text,
        parse_mode=ParseMode.HTML,
        link_preview_options=_NO_PREVIEW,
        reply_markup=markup,
        reply_parameters=quoted,
    )


async def _turn_into(query: CallbackQuery, update: Update, reply: Reply) -> None:
    if len(reply.messages) > 1:
        await _send(update, reply)
        return
    await query.edit_message_text(
        reply.messages[0],
        parse_mode=ParseMode.HTML,
        link_preview_options=_NO_PREVIEW,
        reply_markup=_markup(reply),
    )


def _markup(reply: Reply) -> InlineKeyboardMarkup | None:
    row = [InlineKeyboardButton(button.label, callback_data=button.data) for button in reply.buttons]
    return InlineKeyboardMarkup([row]) if row else None


def _arguments(context: Context) -> str:
    return " ".join(context.args or ()).strip()


def _texts(update: Update) -> Texts:
    user = update.effective_user
    return texts_for(user.language_code if user else None)


def _desk(context: Context) -> ReadingDesk:
    desk: ReadingDesk = context.bot_data[DESK]
    return desk


def _conversations(context: Context) -> Conversations:
    conversations: Conversations = context.bot_data[CONVERSATIONS]
    return conversations


def _conversation_of(update: Update) -> Key:
    chat, user = update.effective_chat, update.effective_user
    return chat.id if chat else 0, user.id if user else 0


def _link_to(context: Context) -> LinkTo:
    username = context.bot.username
    return lambda passage_id: create_deep_linked_url(username, f"p_{passage_id}")
