"""The connection between Telegram and the handlers, built from the settings."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from telegram import Update
from telegram.request import BaseRequest

from bot.settings import Settings
from bot.state import Database
from bot.telegram.connection import Connection
from bot.telegram.http_request import TelegramBot, TelegramRequest
from bot.telegram.polling import receiving_by_polling
from bot.telegram.rate_limits import RateLimiter
from bot.telegram.retrying_limiter import RetryingRateLimiter
from bot.telegram.scheduling import BackgroundTasks, WorkerSlots
from bot.telegram.update_journal import UpdateJournal
from bot.telegram.update_processor import UpdateProcessor
from bot.telegram.update_queue import UpdateQueue
from bot.telegram.webhook import receiving_by_webhook

if TYPE_CHECKING:
    from bot.state.postgres import ServerDatabase

_ALLOWED_UPDATES = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.INLINE_QUERY,
    Update.GUEST_MESSAGE,
)


@dataclass(frozen=True, slots=True)
class Transport:
    """PTB's bot, update queue and update processor, with the state of the connection that they share."""

    bot: TelegramBot
    connection: Connection
    update_queue: UpdateQueue
    update_processor: UpdateProcessor
    background_tasks: BackgroundTasks = field(default_factory=BackgroundTasks)

    def receive_updates(self, settings: Settings) -> AbstractAsyncContextManager[Awaitable[object]]:
        """Context that fills the queue, by webhook if WEBHOOK_URL is set, else by polling; await what it yields."""
        bot, queue = self.bot, self.update_queue
        if settings.webhook_url is None:
            return receiving_by_polling(bot, queue, self.connection, _ALLOWED_UPDATES)
        return receiving_by_webhook(bot, queue, settings, _ALLOWED_UPDATES)


def open_transport(
    settings: Settings, token: str, database: Database, request: BaseRequest | None = None
) -> Transport:
    """The transport of one bot; a request given here replaces the network, and its rate is not limited."""
    logging.getLogger("telegram.ext.Application").setLevel(
        logging.WARNING
    )  # the runner logs start and stop itself
    connection, slots = Connection(), WorkerSlots(settings.concurrent_updates)
    rates = {"overall_max_rate": 0.0, "group_max_rate": 0.0} if request else {}
    bot = TelegramBot(
        token,
        base_url=settings.telegram_base_url,
        base_file_url=settings.telegram_base_file_url,
        request=request or TelegramRequest(connection),
        get_updates_request=request or TelegramRequest(connection),
        rate_limiter=RetryingRateLimiter(connection, slots, **rates),
    )
    limiter = RateLimiter(settings.person_burst, settings.person_per_minute, time.monotonic)
    journal, queue = _queue(bot, database, limiter, slots)
    return Transport(bot, connection, queue, UpdateProcessor(queue, journal, slots))


def _queue(
    bot: TelegramBot, database: Database, limiter: RateLimiter, slots: WorkerSlots
) -> tuple[UpdateJournal, UpdateQueue]:
    """The updates of this process alone or, with a state that several bots share, those that it claims."""
    if database.is_shared:
        from bot.telegram.sharing import SharedJournal, SharedUpdateQueue  # brings the driver of the server

        shared = SharedJournal(cast("ServerDatabase", database))
        return shared, SharedUpdateQueue(bot, shared, limiter, slots)
    journal = UpdateJournal(database)
    return journal, UpdateQueue(bot, journal, limiter, slots)
