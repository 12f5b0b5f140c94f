"""The door: before any other handler sees an update, whoever is not served is turned away. And admins' own door."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from telegram import Update
from telegram.error import TelegramError
from telegram.ext import ApplicationHandlerStop

from bot.access import Sender, is_admitted, sender_of_update
from bot.handlers.context import (
    Context,
    about_texts_of,
    admin_texts_of,
    first_contacts_of,
    is_admin,
    message_of,
    pseudonym_of,
    settings_of,
)
from bot.handlers.sending import acknowledge, let_be_if_too_late, send, send_briefly
from bot.observability import keep_out_of_the_log
from bot.replies.markup import text_reply
from bot.telegram import addressing

logger = logging.getLogger(__name__)

Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]

GUARDED: set[Handler] = set()
"""The handlers that look whether an admin is there."""


async def admit(update: Update, context: Context) -> None:
    """Nothing, for who is served; for all others the update ends here.

    It ends here too if something fails: python-telegram-bot goes on to the next handlers after an exception.
    """
    try:
        if not settings_of(context).log_questions:
            keep_out_of_the_log(_texts(update))
        visit = sender_of_update(update)
        if is_admitted(visit, settings_of(context)):
            return
        await _turn_away(update, context, visit)
    except TelegramError as error:
        logger.warning("Somebody was turned away without a word: %s", error)
    except Exception:
        logger.exception("Somebody was turned away without a word")
    raise ApplicationHandlerStop


def _texts(update: Update) -> Iterator[str]:
    """What a person wrote, or what the message says that they replied to."""
    message = message_of(update)
    for found in (message, message and message.reply_to_message):
        yield from filter(None, (found.text, found.caption) if found else ())
    if update.inline_query:
        yield update.inline_query.query


async def _turn_away(update: Update, context: Context, visit: Sender) -> None:
    """A press and an inline query wait for an answer in any mode; a message gets one in public mode, once."""
    place = visit.chat or visit.person or 0
    if first_contacts_of(context).is_first(("turned away", place)):
        logger.info("Somebody is not served", extra={"chat": pseudonym_of(place, context)})
    told = about_texts_of(update, context).not_admitted.format(chat=place)
    if update.callback_query:
        await acknowledge(update.callback_query, told, alert=True)
    elif update.inline_query:
        with let_be_if_too_late():
            await update.inline_query.answer([], cache_time=0, is_personal=True)
    elif _is_to_be_told(update, context) and first_contacts_of(context).is_first(("told", place)):
        await send_briefly(update, context, told)  # not by `send`, which would keep who was here


def _is_to_be_told(update: Update, context: Context) -> bool:
    message = update.message
    if message is None or settings_of(context).bot_mode == "private":
        return False
    return addressing.is_addressed(message, context.bot)


def admins_or(otherwise: Handler) -> Callable[[Handler], Handler]:
    """Makes a handler one for those in ADMIN_IDS; for everyone else the other one runs."""

    def guard(handler: Handler) -> Handler:
        @functools.wraps(handler)
        async def guarded(update: Update, context: Context) -> None:
            await (handler if is_admin(update, context) else otherwise)(update, context)

        GUARDED.add(guarded)
        return guarded

    return guard


async def _refuse(update: Update, context: Context) -> None:
    """That this is for admins, whether they typed or pressed; logged once a person, however often they try."""
    person = update.effective_user.id if update.effective_user else 0
    if first_contacts_of(context).is_first(("no admin", person)):
        logger.warning("Refused what only admins may do", extra={"person": pseudonym_of(person, context)})
    told = admin_texts_of(update, context).admins_only
    if update.callback_query:
        await acknowledge(update.callback_query, told, alert=True)
    else:
        await send(update, context, text_reply(told))


for_admins = admins_or(_refuse)
"""The handler, for those in ADMIN_IDS; everyone else is refused."""
