"""Start, service and stop of the bot."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal

from telegram.error import InvalidToken

from bot.handlers import BotApplication, WaitNotices
from bot.health_server import health_served
from bot.settings import Settings
from bot.subscriptions import Notifier

logger = logging.getLogger(__name__)

Beside = contextlib.AbstractAsyncContextManager[None]
"""Another server of the same process."""

# Answers under way are waited for, but an operator who stops the bot does not wait for an outage to end.
_LAST_ANSWER_SECONDS = 6.0
_LAST_BACKGROUND_SECONDS = 1.0


def run_application(application: BotApplication, settings: Settings, beside: Beside | None = None) -> None:
    """Serve until SIGINT or SIGTERM, by webhook if WEBHOOK_URL is set, else by polling.

    `beside` is open meanwhile, in the same event loop. Raises InvalidToken if Telegram rejects the token, at the start or later.
    """
    asyncio.run(_run(application, settings, beside or contextlib.nullcontext()))


async def _run(application: BotApplication, settings: Settings, beside: Beside) -> None:
    token_rejected = application.bot_data.transport.connection.token_rejected
    stop = _stop_event()
    work = asyncio.create_task(_serve(application, settings, beside))
    ends = {work, asyncio.create_task(stop.wait()), asyncio.create_task(token_rejected.wait())}
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for end in ends:
            end.cancel()
        outcomes = await asyncio.gather(*ends, return_exceptions=True)
        await _stop(application)
    if token_rejected.is_set():
        raise InvalidToken("Telegram does not know the token")
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome


def _stop_event() -> asyncio.Event:
    """An event that SIGINT and SIGTERM set."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C raises KeyboardInterrupt there
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def _serve(application: BotApplication, settings: Settings, beside: Beside) -> None:
    services, transport = application.bot_data, application.bot_data.transport
    async with health_served(services, settings), beside:
        await transport.connection.establish(application.initialize)
        if application.post_init:
            transport.background_tasks.start(application.post_init(application))
        await application.start()
        watching = [
            asyncio.create_task(WaitNotices(application).watch()),
            asyncio.create_task(Notifier(application).run()),
        ]
        try:
            await transport.update_queue.replay()
            async with transport.receive_updates(settings) as received:
                logger.info("Serving @%s.", application.bot.username)
                services.receiving.set()
                await received
        finally:
            services.receiving.clear()
            for task in watching:
                task.cancel()


async def _stop(application: BotApplication) -> None:
    """End the updates under way; those not begun stay in the database for the next start."""
    transport = application.bot_data.transport
    connection = transport.connection
    logger.info("Stopping.")
    await transport.update_processor.close(
        _LAST_ANSWER_SECONDS, lambda: connection.is_lost or connection.token_rejected.is_set()
    )
    if application.running:
        await application.stop()
    if application.post_stop:
        await application.post_stop(application)
    await transport.background_tasks.close(_LAST_BACKGROUND_SECONDS)
    await application.shutdown()
    await application.bot.shutdown()  # the application leaves that be if Telegram refused its start
    if application.post_shutdown:
        await application.post_shutdown(application)
