"""Serves the pages: by itself, or beside the bot in its event loop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn

from bot.access import is_limited
from bot.serving import Answerer
from bot.settings import Settings
from bot.web.application import web_application
from bot.web_access import AccessKeys
from retrieval.errors import BulletinBotError

logger = logging.getLogger(__name__)

DEFAULT_PORT = 8080
_WAITING_CONNECTIONS = 128
_STOP_WITHIN = 3  # seconds for the requests under way


def serve_pages(settings: Settings, answerer: Answerer) -> None:
    """Serve until SIGINT or SIGTERM, on WEB_PORT or 8080.

    Raises BulletinBotError if the port is taken, or if the settings exclude everybody.
    """
    if is_limited(settings) and settings.telegram_bot_token is None and not AccessKeys.of(settings):
        raise BulletinBotError(
            "Only certain chats are served, and without TELEGRAM_BOT_TOKEN or ACCESS_KEYS nobody could be let in: set one "
            "of them (`bulletin-bot new-key NAME` makes a key)."
        )
    with_port = {"web_port": settings.web_port or DEFAULT_PORT}
    asyncio.run(_serve_until_stopped(settings.model_copy(update=with_port), answerer))


async def _serve_until_stopped(settings: Settings, answerer: Answerer) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C raises KeyboardInterrupt there
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with pages_served(settings, answerer):
        await stop.wait()


@contextlib.asynccontextmanager
async def pages_served(settings: Settings, answerer: Answerer) -> AsyncIterator[None]:
    """Serves the pages while it is open, if WEB_PORT is set; raises BulletinBotError if the port is taken."""
    if not settings.web_port:
        yield
        return
    with _listening(settings) as listener:
        server = _Server(_config(settings, answerer))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            yield
        finally:
            server.should_exit = True
            await asyncio.wait({serving}, timeout=_STOP_WITHIN + 1)


class _Server(uvicorn.Server):
    """A server that leaves the signals of the process alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Does nothing."""
        yield


def _config(settings: Settings, answerer: Answerer) -> uvicorn.Config:
    """No access log: addresses hold the tokens of links. No proxy headers: the application reads them itself."""
    return uvicorn.Config(
        web_application(settings, answerer, _secret(settings)),
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=_STOP_WITHIN,
        limit_concurrency=256,
        h11_max_incomplete_event_size=16_384,
        http="h11",
        ws="none",
    )


def _secret(settings: Settings) -> str:
    """The token of the bot, so that every process with it agrees; without one a random text: sessions end with it."""
    token = settings.telegram_bot_token
    return token.get_secret_value() if token else secrets.token_urlsafe(32)


def _listening(settings: Settings) -> socket.socket:
    """A socket on WEB_LISTEN and WEB_PORT."""
    family = socket.AF_INET6 if ":" in settings.web_listen else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.web_listen, settings.web_port))
        listener.listen(_WAITING_CONNECTIONS)
    except OSError as error:
        listener.close()
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise BulletinBotError(
            f"WEB_PORT {settings.web_port} on {settings.web_listen} cannot be listened on ({reason}): set another, or 0 "
            "for none."
        ) from error
    logger.info("The pages are at http://%s:%d/.", settings.web_listen, settings.web_port)
    return listener
