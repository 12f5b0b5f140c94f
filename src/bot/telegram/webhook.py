"""Updates by webhook: whoever does not know the secret learns nothing and is not read."""

from __future__ import annotations

import hmac
import json
import logging
from dataclasses import dataclass

from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler, stream_request_body

from bot.telegram.update_queue import UpdateQueue

logger = logging.getLogger(__name__)

LARGEST_UPDATE = 1024 * 1024
"""Bytes of a request; Telegram's updates are far smaller."""

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of the header
# Clients that send a byte now and then shall not hold a connection each.
_BODY_SECONDS, _IDLE_SECONDS = 10.0, 75.0
_LARGEST_HEADERS = 16 * 1024


@dataclass(frozen=True, slots=True)
class WebhookServer:
    """What all requests share."""

    inbox: UpdateQueue
    path: str
    secret: str


def open_webhook(door: WebhookServer, port: int, address: str) -> HTTPServer:
    """Listen for updates; raises OSError if the port is taken. `close_webhook` ends it."""
    logging.getLogger("tornado").setLevel(logging.ERROR)  # it tells of strangers' malformed requests
    application = Application([(r"/.*", WebhookHandler, {"door": door})], log_function=lambda _: None)
    server = HTTPServer(
        application,
        max_header_size=_LARGEST_HEADERS,
        idle_connection_timeout=_IDLE_SECONDS,
        body_timeout=_BODY_SECONDS,
    )
    server.listen(port, address)
    return server


async def close_webhook(server: HTTPServer) -> None:
    """Listen no more, and drop the connections."""
    server.stop()
    await server.close_all_connections()


@stream_request_body
class WebhookHandler(RequestHandler):
    """One delivery: judged by its head, before its body is read."""

    def initialize(self, door: WebhookServer) -> None:
        """Keep what all requests share."""
        self._door = door
        self._body = bytearray()

    def set_default_headers(self) -> None:
        """Say nothing of what serves."""
        self.clear_header("Server")
        self.clear_header("Content-Type")

    def prepare(self) -> None:
        """Refuse all but what Telegram sends."""
        status = self._refusal()
        if status:
            self._refuse(status)

    def data_received(self, chunk: bytes) -> None:
        """Gather the body; one that names no length may not grow for ever."""
        if self._finished:
            return
        if len(self._body) + len(chunk) > LARGEST_UPDATE:
            self._refuse(413)
            return
        self._body += chunk

    async def post(self) -> None:
        """Take the update in. What cannot be read is taken too: sent again, it would be no better."""
        if self._finished:
            return
        try:
            body = json.loads(bytes(self._body))
        except (ValueError, RecursionError):
            logger.warning(
                "A delivery to the webhook is passed over, for it is no JSON (%d bytes).", len(self._body)
            )
            return
        if not await self._door.inbox.put(body):
            self._refuse(503)

    def write_error(self, status_code: int, **_: object) -> None:
        """An empty page: nothing of the inside is shown."""
        self.set_status(status_code)
        self.finish()

    def log_exception(self, *error: object) -> None:
        """One line without the request, whose headers hold the secret."""
        logger.error("A delivery to the webhook failed (%s)", getattr(error[0], "__name__", "?"))

    def _refusal(self) -> int | None:
        """The status with which to refuse the request; the secret comes first, so that strangers learn no more."""
        headers = self.request.headers
        given = headers.get(SECRET_HEADER, "").encode()
        if not hmac.compare_digest(given, self._door.secret.encode()):
            return 403
        if self.request.path.rstrip("/") != self._door.path.rstrip("/"):
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
