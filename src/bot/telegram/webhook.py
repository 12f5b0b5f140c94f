"""Updates by webhook: an update is answered with 200 once it is stored; requests without the secret are not read.

PTB's `Updater.start_webhook` would lose this; `tests/bot/telegram/test_ptb_updater.py` runs both on the same deliveries:
- it answers 200 to updates that are in memory only, so that a killed process loses them;
- it answers 400 or 500 to what cannot be parsed, which Telegram then delivers again and again, and logs its content;
- it reads a body of up to 100 MB before it looks at the secret;
- it answers 404 to a wrong path and 403 to a wrong secret, which tells strangers the right path.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from telegram.error import BadRequest
from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler, stream_request_body

from bot.settings import Settings
from bot.telegram.connection import Connection
from bot.telegram.http_request import TelegramBot
from bot.telegram.polling import without_newest
from bot.telegram.update_queue import UpdateQueue
from retrieval.errors import BulletinBotError

logger = logging.getLogger(__name__)

LARGEST_UPDATE = 1024 * 1024
"""Bytes of a request; Telegram's updates are far smaller."""

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of the header
# Bounds the time for which a client that sends a byte now and then can hold a connection.
_BODY_SECONDS, _IDLE_SECONDS = 10.0, 75.0
_LARGEST_HEADERS = 16 * 1024


@dataclass(frozen=True, slots=True)
class WebhookParameters:
    """Parameters that all requests share."""

    queue: UpdateQueue
    path: str
    secret: str


def open_webhook(parameters: WebhookParameters, port: int, address: str) -> HTTPServer:
    """Listen for updates; raises OSError if the port is taken. `close_webhook` ends it."""
    logging.getLogger("tornado").setLevel(
        logging.ERROR
    )  # it logs malformed requests of strangers as warnings
    application = Application(
        [(r"/.*", WebhookHandler, {"parameters": parameters})], log_function=lambda _: None
    )
    server = HTTPServer(
        application,
        max_header_size=_LARGEST_HEADERS,
        idle_connection_timeout=_IDLE_SECONDS,
        body_timeout=_BODY_SECONDS,
    )
    server.listen(port, address)
    return server


async def close_webhook(server: HTTPServer) -> None:
    """Stop listening, and close the connections."""
    server.stop()
    await server.close_all_connections()


@asynccontextmanager
async def receiving_by_webhook(
    bot: TelegramBot, queue: UpdateQueue, settings: Settings, allowed: Sequence[str]
) -> AsyncIterator[Awaitable[object]]:
    """Yields an awaitable that never ends, while updates arrive at WEBHOOK_URL.

    Raises BulletinBotError if the port is taken or Telegram refuses the address.
    """
    if settings.webhook_url is None or settings.webhook_secret is None:
        raise ValueError("a webhook needs an address and a secret: see serving.with_webhook_secret")
    url, secret = settings.webhook_url, settings.webhook_secret.get_secret_value()
    parameters = WebhookParameters(queue, urlsplit(url).path or "/", secret)
    try:
        server = open_webhook(parameters, settings.webhook_port, settings.webhook_listen)
    except OSError as error:
        raise BulletinBotError(
            f"The webhook cannot listen on {settings.webhook_listen}:{settings.webhook_port} ({error.strerror}): "
            "set WEBHOOK_LISTEN and WEBHOOK_PORT to a free address."
        ) from None
    try:
        try:
            await Connection.establish(
                lambda: bot.set_webhook(url, allowed_updates=allowed, secret_token=secret)
            )
        except BadRequest:
            known = without_newest(allowed)
            await Connection.establish(
                lambda: bot.set_webhook(url, allowed_updates=known, secret_token=secret)
            )
        yield asyncio.get_running_loop().create_future()
    except BadRequest as error:
        raise BulletinBotError(f"Telegram does not take the WEBHOOK_URL: {error.message}.") from None
    finally:
        await close_webhook(server)


@stream_request_body
class WebhookHandler(RequestHandler):
    """One delivery: its headers are checked before its body is read."""

    def initialize(self, parameters: WebhookParameters) -> None:
        """Take the shared parameters."""
        self._parameters = parameters
        self._body = bytearray()

    def set_default_headers(self) -> None:
        """Remove the headers that name the server software."""
        self.clear_header("Server")
        self.clear_header("Content-Type")

    def prepare(self) -> None:
        """Refuse every request that Telegram would not send."""
        status = self._refusal()
        if status:
            self._refuse(status)

    def data_received(self, chunk: bytes) -> None:
        """Collect the body, also of a request that names no length, up to LARGEST_UPDATE bytes."""
        if self._finished:
            return
        if len(self._body) + len(chunk) > LARGEST_UPDATE:
            self._refuse(413)
            return
        self._body += chunk

    async def post(self) -> None:
        """Queue the update; 503 if the queue is closed. A malformed one gets 200: sent again, it would be no better."""
        if self._finished:
            return
        try:
            body = json.loads(bytes(self._body))
        except (ValueError, RecursionError):
            logger.warning(
                "A delivery to the webhook is passed over, for it is no JSON (%d bytes).", len(self._body)
            )
            return
        if not await self._parameters.queue.receive(body):
            self._refuse(503)

    def write_error(self, status_code: int, **_: object) -> None:
        """Send the status with an empty page, which shows nothing of the error."""
        self.set_status(status_code)
        self.finish()

    def log_exception(self, *error: object) -> None:
        """Log one line without the request, whose headers hold the secret."""
        logger.error("A delivery to the webhook failed (%s)", getattr(error[0], "__name__", "?"))

    def _refusal(self) -> int | None:
        """Status of a refusal, or None; the secret is checked first, so that strangers learn nothing else."""
        headers = self.request.headers
        secret = headers.get(SECRET_HEADER, "").encode()
        if not hmac.compare_digest(secret, self._parameters.secret.encode()):
            return 403
        if self.request.path.rstrip("/") != self._parameters.path.rstrip("/"):
            return 404
        if self.request.method != "POST":
            return 405
        if headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
            return 415
        length = headers.get("Content-Length", "0")
        return 413 if not length.isdecimal() or int(length) > LARGEST_UPDATE else None

    def _refuse(self, status: int) -> None:
        self.set_status(status)
        self.finish()
