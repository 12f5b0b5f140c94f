"""Dispatch of the updates of the queue: to the handlers, or to a notice if given up or dropped in a flood; and errors."""

from __future__ import annotations

import logging
import secrets
import sqlite3
from collections.abc import Awaitable, Coroutine, Hashable
from typing import Any

from telegram import CallbackQuery, Update
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.access import is_served
from bot.handlers.context import BotApplication, Context
from bot.handlers.messages import send_plainly
from bot.handlers.sending import acknowledge, send
from bot.handlers.wait_notices import take_back_notice
from bot.replies import markup
from bot.telegram import ReceivedUpdate, addressing, error_kinds

logger = logging.getLogger(__name__)

_MOST_FLOOD_NOTICES = 1000
"""Notices of a flood that wait at once for their chats, so that their memory is bounded as that of the queue is."""

_MOST_TASKS_BEFORE_PRESSES = 10
"""Background tasks above which the presses of a flood are not acknowledged: their buttons stop by themselves after a
while, and answers need the connections, of which there are 64."""


class Dispatcher:
    """Implements `UpdateQueue.handling` with the handlers of an application."""

    def __init__(self, application: BotApplication) -> None:
        self._application = application
        self._background_tasks = application.bot_data.transport.background_tasks
        self._being_notified: set[Hashable] = set()
        """Chats and senders whose flood notice is under way; the next flood may come before it arrives."""

    async def handle(self, received_update: ReceivedUpdate, handlers: Awaitable[Any]) -> None:
        """Run the handlers, then delete the notice that asked the person to wait."""
        try:
            await handlers
        finally:
            take_back_notice(received_update, self._application)

    async def give_up(self, received_update: ReceivedUpdate) -> None:
        """Tell the person that there will be no answer, if they expect one and have got no part of it."""
        try:
            await self._say_unanswered(received_update.update)
        except TelegramError as error:
            logger.warning("An update of which the process dies is given up without a word: %s", error)
        finally:
            take_back_notice(received_update, self._application)

    async def _say_unanswered(self, update: Update) -> None:
        context = Context.from_update(update, self._application)
        key, chat = addressing.answer_key(update), update.effective_chat
        if chat is None or key is None or not addressing.expects_reply(update, self._application.bot):
            return
        if not is_served(update, context.services.settings):
            return
        if not context.services.conversations.sent_for(chat.id, key):
            await send(update, context, markup.text_reply(context.texts.delivery.unanswered))

    def drop(self, update: Update, *, with_notice: bool) -> None:
        """Answer a flood: tell the person that they send too much, as an alert on the button pressed, else in the chat.

        Without a notice, only the clock on a button is stopped. `rate_limits` decides when this is called.
        """
        if not (with_notice or update.callback_query):
            return
        context = Context.from_update(update, self._application)
        if not is_served(update, context.services.settings):
            return
        text = context.texts.delivery.too_many
        if update.callback_query:
            self._acknowledge(update.callback_query, text if with_notice else "")
        elif addressing.expects_reply(update, self._application.bot):
            self._notify_once(update, context, text)

    def _acknowledge(self, query: CallbackQuery, text: str) -> None:
        if text or len(self._background_tasks) < _MOST_TASKS_BEFORE_PRESSES:
            self._background_tasks.start(acknowledge(query, text, alert=bool(text)))

    def _notify_once(self, update: Update, context: Context, text: str) -> None:
        """Send a notice when the chat can take it: in a flood, that is seldom at once."""
        key = (addressing.chat_of(update), addressing.sender_of(update))
        if key not in self._being_notified and len(self._being_notified) < _MOST_FLOOD_NOTICES:
            self._being_notified.add(key)
            self._background_tasks.start(self._notify(key, send_plainly(update, context, text)))

    async def _notify(self, key: Hashable, sending: Coroutine[object, object, int]) -> None:
        try:
            await sending
        finally:
            self._being_notified.discard(key)


async def on_error(update: object, context: Context) -> None:
    """Log the traceback under an id and send the person the id, unless Telegram itself is what fails."""
    error = context.error
    if error_kinds.is_harmless(error):
        return
    if isinstance(error, error_kinds.ClaimLostError):
        logger.info("An update is left to another bot, which took it while the state was lost.")
        return
    if error_kinds.is_of_the_chat(error):
        logger.warning("An update is not answered, for its chat takes no messages of the bot: %s", error)
        return
    if _is_of_the_connection(error):
        _leave_for_later(context)
        logger.warning("An update is not answered, for Telegram did not take the answer: %s", error)
        return
    if isinstance(error, sqlite3.OperationalError) and context.services.database.is_shared:
        _leave_for_later(context)
        logger.warning("An update waits, for the state cannot be reached.")
        return
    error_id = secrets.token_hex(4)
    logger.error("Error %s while handling an update", error_id, exc_info=error)
    if not isinstance(update, Update) or update.effective_chat is None:
        return
    try:
        await send(update, context, markup.text_reply(context.texts.error.format(error_id=error_id)))
    except TelegramError:
        logger.warning("Error %s: the notice to the person could not be sent", error_id)


def _is_of_the_connection(error: BaseException | None) -> bool:
    """Whether a message about the error would fail too; BadRequest does not count, although it is a NetworkError in PTB."""
    return isinstance(error, TelegramError) and not isinstance(error, BadRequest)


def _leave_for_later(context: Context) -> None:
    """Have the update handled again, now or after the next start, unless nobody waits for that.

    A person who blocked the bot does not wait, nor does one who sent an inline query, which changes with every key.
    """
    received_update = context.received_update
    if received_update is None or received_update.update.inline_query:
        return
    if not isinstance(context.error, Forbidden):
        received_update.is_left = True
