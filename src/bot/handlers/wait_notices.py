"""A word to those whose answer takes long: 請稍候."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Hashable

from bot.access import is_served
from bot.handlers.context import SETTINGS, AnyApplication, context_for, delivery_texts_of
from bot.handlers.sending import send_briefly, take_back
from bot.telegram import BackgroundTasks, Connection, ReceivedUpdate, UpdateQueue, addressing

logger = logging.getLogger(__name__)

WAIT_SECONDS = 5.0
_SECONDS_BETWEEN_LOOKS = 0.25
# Telegram takes about 30 messages a second from a bot: the answers are to have most of them.
_MOST_AT_A_LOOK = 2


class WaitNotices:
    """Tells a chat once that its question has arrived, and takes that back when the answer is there."""

    def __init__(
        self,
        application: AnyApplication,
        inbox: UpdateQueue,
        line: Connection,
        background_tasks: BackgroundTasks,
    ) -> None:
        self._application = application
        self._inbox = inbox
        self._line = line
        self._asides = background_tasks
        self._told: set[Hashable] = set()
        """Chats that were told and still have something pending: they are not told of every question."""
        self.sent = 0
        """Notices since the start."""

    async def watch(self) -> None:
        """Look for questions that wait, for ever."""
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
            if self._line.is_lost:
                continue
            try:
                self._look()
            except Exception:
                logger.exception("Looking for questions that wait failed")

    def _look(self) -> None:
        pending = self._inbox.pending()
        self._told &= {addressing.chat_of(received_update.update) for received_update in pending}
        told_now = 0
        for received_update in pending:
            if time.monotonic() - received_update.at < WAIT_SECONDS or told_now == _MOST_AT_A_LOOK:
                return
            if self._is_to_be_told(received_update):
                told_now += 1
                self._told.add(addressing.chat_of(received_update.update))
                self._asides.start(self._tell(received_update))

    def _is_to_be_told(self, received_update: ReceivedUpdate) -> bool:
        if (
            received_update.is_ready
            or received_update.notice
            or addressing.chat_of(received_update.update) in self._told
        ):
            return False
        settings = self._application.bot_data[SETTINGS]
        return addressing.expects_reply(received_update.update, self._application.bot) and is_served(
            received_update.update, settings
        )

    async def _tell(self, received_update: ReceivedUpdate) -> None:
        self.sent += 1
        update, context = received_update.update, context_for(received_update.update, self._application)
        notice = await send_briefly(update, context, delivery_texts_of(update, context).wait)
        self._inbox.keep_notice(received_update, notice)
        if received_update.is_done:  # meanwhile
            self.take_back(received_update)

    def take_back(self, received_update: ReceivedUpdate) -> None:
        """Delete the notice, now that the answer is there; where that fails, it may stay."""
        if received_update.notice:
            context = context_for(received_update.update, self._application)
            self._asides.start(take_back(received_update.update, context, received_update.notice))
