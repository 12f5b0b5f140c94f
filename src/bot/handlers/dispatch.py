"""What the bot does with an update that the inbox hands out."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Coroutine, Hashable
from typing import Any

from telegram import CallbackQuery, Update
from telegram.error import TelegramError

from bot.access import is_served
from bot.handlers.context import (
    AnyApplication,
    Context,
    context_for,
    conversations_of,
    delivery_texts_of,
    settings_of,
)
from bot.handlers.sending import acknowledge, send, send_plainly
from bot.handlers.wait_notices import WaitNotices
from bot.replies.markup import text_reply
from bot.telegram import BackgroundTasks, ReceivedUpdate, addressing

logger = logging.getLogger(__name__)

_MOST_BEING_TOLD = 1000
"""Notices of a flood that wait at once for their chats, so that their memory is bounded as that of the inbox is."""

_MOST_ASIDES_BEFORE_PRESSES = 10
"""With as much going on aside, the presses of a flood are let be, as all of them were before: their buttons stop by
themselves after a while, and answers need the connections, of which there are 64."""


class Handlers:
    """The handlers of the application, and what is said where they are not asked."""

    def __init__(
        self, application: AnyApplication, notices: WaitNotices, background_tasks: BackgroundTasks
    ) -> None:
        self._application = application
        self._notices = notices
        self._asides = background_tasks
        self._being_told: set[Hashable] = set()
        """Those whose notice is under way, which may take longer than the next flood is away."""

    async def handle(self, received_update: ReceivedUpdate, handlers: Awaitable[Any]) -> None:
        """Run the handlers; the notice that asked for patience goes when they are done."""
        try:
            await handlers
        finally:
            self._notices.take_back(received_update)

    async def give_up(self, received_update: ReceivedUpdate) -> None:
        """Tell the person that there will be no answer, if they expect one and have got nothing of it."""
        try:
            await self._say_unanswered(received_update.update)
        except TelegramError as error:
            logger.warning("An update that ended the program twice is given up without a word: %s", error)
        finally:
            self._notices.take_back(received_update)

    async def _say_unanswered(self, update: Update) -> None:
        context = context_for(update, self._application)
        key, chat = addressing.answer_key(update), update.effective_chat
        if chat is None or key is None or not addressing.expects_reply(update, self._application.bot):
            return
        if not is_served(update, settings_of(context)):
            return
        if not conversations_of(context).sent_for(chat.id, key):
            await send(update, context, text_reply(delivery_texts_of(update, context).unanswered))

    def refuse(self, update: Update, *, with_notice: bool) -> None:
        """Tell the person that they send too much: above the message whose button they press, else in the chat.

        Without a notice there is still an end to the clock of their button.
        """
        if not (with_notice or update.callback_query):
            return
        context = context_for(update, self._application)
        if not is_served(update, settings_of(context)):
            return
        text = delivery_texts_of(update, context).too_many
        if update.callback_query:
            self._acknowledge(update.callback_query, text if with_notice else "")
        elif addressing.expects_reply(update, self._application.bot):
            self._tell_once(update, context, text)

    def _acknowledge(self, query: CallbackQuery, text: str) -> None:
        if text or len(self._asides) < _MOST_ASIDES_BEFORE_PRESSES:
            self._asides.start(acknowledge(query, text, alert=bool(text)))

    def _tell_once(self, update: Update, context: Context, text: str) -> None:
        """Send a notice when the chat can take it: where somebody floods, that is seldom at once."""
        whom = (addressing.chat_of(update), addressing.sender_of(update))
        if whom not in self._being_told and len(self._being_told) < _MOST_BEING_TOLD:
            self._being_told.add(whom)
            self._asides.start(self._tell(whom, send_plainly(update, context, text)))

    async def _tell(self, whom: Hashable, sending: Coroutine[object, object, int]) -> None:
        try:
            await sending
        finally:
            self._being_told.discard(whom)
