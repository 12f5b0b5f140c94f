"""Access control: senders who are not served are turned away first, and admin handlers are guarded."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from telegram import Update
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import ApplicationHandlerStop

from bot.access import Sender, is_admitted, sender_of_update
from bot.handlers.context import Context
from bot.handlers.messages import send_briefly
from bot.handlers.sending import acknowledge, send, suppress_if_too_late
from bot.observability import keep_out_of_the_log
from bot.replies import markup
from bot.telegram import addressing

logger = logging.getLogger(__name__)

Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]

_ADMINS = {ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.OWNER}

GUARDED: set[Handler] = set()
"""The handlers that check for an admin."""


async def admit(update: Update, context: Context) -> None:
    """Let the update pass if its sender is served; else turn them away and end its handling.

    Handling ends here too if something fails: python-telegram-bot goes on to the next handlers after an exception.
    """
    settings = context.services.settings
    try:
        if not settings.log_questions:
            keep_out_of_the_log(_texts(update, context))
        sender = sender_of_update(update)
        if is_admitted(sender, settings):
            return
        await _turn_away(update, context, sender)
    except TelegramError as error:
        logger.warning("Somebody was turned away without a word: %s", error)
    except Exception:
        logger.exception("Somebody was turned away without a word")
    raise ApplicationHandlerStop


def _texts(update: Update, context: Context) -> Iterator[str]:
    """The texts that a person wrote, and those of the message that they replied to."""
    message = context.message
    for written in (message, message and message.reply_to_message):
        yield from filter(None, (written.text, written.caption) if written else ())
    if update.inline_query:
        yield update.inline_query.query


async def _turn_away(update: Update, context: Context, sender: Sender) -> None:
    """Refuse a press or an inline query in any mode, since it waits for an answer; a message in public mode, once."""
    place, first_contacts = sender.chat or sender.person or 0, context.services.first_contacts
    if first_contacts.is_first(("turned away", place)):
        logger.info("Somebody is not served", extra={"chat": context.services.pseudonym(place)})
    notice = context.texts.about.not_admitted.format(chat=place)
    if update.callback_query:
        await acknowledge(update.callback_query, notice, alert=True)
    elif update.inline_query:
        with suppress_if_too_late():
            await update.inline_query.answer([], cache_time=0, is_personal=True)
    elif _expects_notice(update, context) and first_contacts.is_first(("notice", place)):
        await send_briefly(update, context, notice)  # `send` would store who was here


def _expects_notice(update: Update, context: Context) -> bool:
    if update.message is None or context.services.settings.bot_mode == "private":
        return False
    return addressing.is_addressed(update.message, context.bot)


def admins_or(otherwise: Handler) -> Callable[[Handler], Handler]:
    """A decorator: the handler runs for those in ADMIN_IDS, the other one for everyone else."""

    def guard(handler: Handler) -> Handler:
        @functools.wraps(handler)
        async def guarded(update: Update, context: Context) -> None:
            await (handler if context.is_admin else otherwise)(update, context)

        GUARDED.add(guarded)
        return guarded

    return guard


async def may_speak_for_chat(update: Update, context: Context) -> bool:
    """Whether the person may decide for the chat: in private anyone, in a group its admins."""
    chat, user = update.effective_chat, update.effective_user
    if context.is_private or chat is None or user is None:
        return context.is_private
    message = update.message
    if message and message.sender_chat and message.sender_chat.id == chat.id:  # an admin who stays anonymous
        return True
    try:
        member = await context.bot.get_chat_member(chat.id, user.id)
    except (BadRequest, Forbidden):
        return False
    return member.status in _ADMINS


async def _refuse(update: Update, context: Context) -> None:
    """Answer that this is for admins; logged once a person."""
    person = update.effective_user.id if update.effective_user else 0
    if context.services.first_contacts.is_first(("no admin", person)):
        extra = {"person": context.services.pseudonym(person)}
        logger.warning("Refused what only admins may do", extra=extra)
    notice = context.texts.admin.admins_only
    if update.callback_query:
        await acknowledge(update.callback_query, notice, alert=True)
    else:
        await send(update, context, markup.text_reply(notice))


for_admins = admins_or(_refuse)
"""A decorator: the handler runs for those in ADMIN_IDS; everyone else is refused."""
