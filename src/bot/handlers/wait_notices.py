"""Notices to chats whose answer takes long: 請稍候."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Hashable

from bot.access import is_served
from bot.handlers.context import BotApplication, Context
from bot.handlers.messages import send_briefly, take_back
from bot.telegram import ReceivedUpdate, addressing

logger = logging.getLogger(__name__)

WAIT_SECONDS = 5.0
_SECONDS_BETWEEN_LOOKS = 0.25
# Telegram takes about 30 messages a second from a bot: the answers are to have most of them.
_MOST_AT_A_LOOK = 2


class WaitNotices:
    """Sends one notice to each chat with a question that waits; `take_back_notice` deletes it after the answer."""

    def __init__(self, application: BotApplication) -> None:
        self._application = application
        self._settings = application.bot_data.settings
        self._transport = application.bot_data.transport
        self._notified: set[Hashable] = set()
        """Chats that got a notice and still have something pending: they get none for their other questions."""

    async def watch(self) -> None:
        """Look for questions that wait, until cancelled."""
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
            if self._transport.connection.is_lost:
                continue
            try:
                self._look()
            except Exception:
                logger.exception("Looking for questions that wait failed")

    def _look(self) -> None:
        pending = self._transport.update_queue.pending()
        self._notified &= {addressing.chat_of(received_update.update) for received_update in pending}
        sent = 0
        for received_update in pending:
            if time.monotonic() - received_update.at < WAIT_SECONDS or sent == _MOST_AT_A_LOOK:
                return
            if self._needs_notice(received_update):
                sent += 1
                self._notified.add(addressing.chat_of(received_update.update))
                self._transport.background_tasks.start(self._notify(received_update))

    def _needs_notice(self, received_update: ReceivedUpdate) -> bool:
        update = received_update.update
        if received_update.is_ready or received_update.notice or addressing.chat_of(update) in self._notified:
            return False
        return addressing.expects_reply(update, self._application.bot) and is_served(update, self._settings)

    async def _notify(self, received_update: ReceivedUpdate) -> None:
        context = Context.from_update(received_update.update, self._application)
        notice = await send_briefly(received_update.update, context, context.texts.delivery.wait)
        self._transport.update_queue.keep_notice(received_update, notice)
        if received_update.is_done:  # meanwhile
            take_back_notice(received_update, self._application)


def take_back_notice(received_update: ReceivedUpdate, application: BotApplication) -> None:
    """Delete the notice of an update in the background; a failure is ignored."""
    if received_update.notice:
        context = Context.from_update(received_update.update, application)
        deletion = take_back(received_update.update, context, received_update.notice)
        context.services.transport.background_tasks.start(deletion)
