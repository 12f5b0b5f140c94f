"""From the first word with Telegram to the last: how the bot starts, serves and stops."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from telegram import Update
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.handlers.context import BACKGROUND_TASKS, LINE, NOTICES, SERVING, UPDATE_QUEUE, AnyApplication
from bot.handlers.wait_notices import WaitNotices
from bot.health_server import health_served
from bot.settings import Settings
from bot.telegram.background_tasks import BackgroundTasks
from bot.telegram.connection import Connection
from bot.telegram.polling import Polling
from bot.telegram.update_queue import UpdateQueue
from bot.telegram.webhook import WebhookServer, close_webhook, open_webhook
from retrieval.errors import BulletinBotError

logger = logging.getLogger(__name__)

ALLOWED_UPDATES = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.INLINE_QUERY)
_SECONDS_BETWEEN_TRIES = 2.0
# Answers under way are waited for, but an operator who stops the bot does not wait for an outage to end.
_LAST_ANSWER_SECONDS = 6.0
_LAST_ASIDE_SECONDS = 1.0


def run_application(application: AnyApplication, settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM, by webhook where one is set, else by polling.

    Raises InvalidToken where Telegram does not know the token, at the start or later.
    """
    asyncio.run(_run(application, settings))


async def _run(application: AnyApplication, settings: Settings) -> None:
    line: Connection = application.bot_data[LINE]
    stop = _told_to_stop()
    work = asyncio.create_task(_serve(application, settings))
    ends = {work, asyncio.create_task(stop.wait()), asyncio.create_task(line.refused.wait())}
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for end in ends:
            end.cancel()
        outcomes = await asyncio.gather(*ends, return_exceptions=True)
        await _stop(application)
    if line.refused.is_set():
        raise InvalidToken("Telegram does not know the token")
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome


def _told_to_stop() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C raises KeyboardInterrupt there
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def _serve(application: AnyApplication, settings: Settings) -> None:
    inbox: UpdateQueue = application.bot_data[UPDATE_QUEUE]
    notices: WaitNotices = application.bot_data[NOTICES]
    background_tasks: BackgroundTasks = application.bot_data[BACKGROUND_TASKS]
    async with health_served(application, settings):
        await _until_it_works(application.initialize)
        if application.post_init:
            background_tasks.start(application.post_init(application))
        watching = asyncio.create_task(notices.watch())
        receiving = _polling if settings.webhook_url is None else _webhook
        try:
            await inbox.replay()
            async with receiving(application, settings) as received:
                logger.info("Serving @%s.", application.bot.username)
                application.bot_data[SERVING] = True
                await received
        finally:
            application.bot_data[SERVING] = False
            watching.cancel()


@asynccontextmanager
async def _polling(application: AnyApplication, _: Settings) -> AsyncIterator[Awaitable[None]]:
    bot, line, inbox = application.bot, application.bot_data[LINE], application.bot_data[UPDATE_QUEUE]
    with contextlib.suppress(InvalidToken):  # a server without the method has no webhook
        await _until_it_works(bot.delete_webhook)
    polling = Polling(bot, inbox, line, ALLOWED_UPDATES)
    try:
        yield polling.run()
    finally:
        await polling.acknowledge()


@asynccontextmanager
async def _webhook(application: AnyApplication, settings: Settings) -> AsyncIterator[Awaitable[object]]:
    if settings.webhook_url is None or settings.webhook_secret is None:
        raise ValueError("a webhook needs an address and a secret: see serving.with_webhook_secret")
    address, secret = settings.webhook_url, settings.webhook_secret.get_secret_value()
    path = urlsplit(address).path or "/"
    try:
        server = open_webhook(
            WebhookServer(application.bot_data[UPDATE_QUEUE], path, secret),
            settings.webhook_port,
            settings.webhook_listen,
        )
    except OSError as error:
        raise BulletinBotError(
            f"The webhook cannot listen on {settings.webhook_listen}:{settings.webhook_port} ({error.strerror}): "
            "set WEBHOOK_LISTEN and WEBHOOK_PORT to a free address."
        ) from None
    try:
        await _until_it_works(
            lambda: application.bot.set_webhook(address, allowed_updates=ALLOWED_UPDATES, secret_token=secret)
        )
        yield asyncio.get_running_loop().create_future()
    except BadRequest as error:
        raise BulletinBotError(f"Telegram does not take the WEBHOOK_URL: {error.message}.") from None
    finally:
        await close_webhook(server)


async def _until_it_works(call: Callable[[], Awaitable[object]]) -> None:
    """A box that boots before its network is up waits for it; what Telegram refuses is not tried again."""
    while True:
        try:
            await call()
        except (InvalidToken, BadRequest):
            raise
        except TelegramError:
            await asyncio.sleep(_SECONDS_BETWEEN_TRIES)
        else:
            return


async def _stop(application: AnyApplication) -> None:
    """End what is under way; what has not been begun stays in the database for the next start."""
    line: Connection = application.bot_data[LINE]
    inbox: UpdateQueue = application.bot_data[UPDATE_QUEUE]
    background_tasks: BackgroundTasks = application.bot_data[BACKGROUND_TASKS]
    logger.info("Stopping.")
    await inbox.close(_LAST_ANSWER_SECONDS, lambda: line.is_lost or line.refused.is_set())
    if application.post_stop:
        await application.post_stop(application)
    await background_tasks.close(_LAST_ASIDE_SECONDS)
    await application.shutdown()
    await application.bot.shutdown()  # the application leaves that be if Telegram refused its start
    if application.post_shutdown:
        await application.post_shutdown(application)
