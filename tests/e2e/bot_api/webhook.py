"""Delivery of updates to the bot's web hook, retried as Telegram retries (WebhookActor.cpp of its server)."""

from __future__ import annotations

import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPError, HTTPResponse

from .updates import Update, UpdateQueue
from .wire import JsonObject, bad_request

DEFAULT_CONNECTIONS = 40
MOST_CONNECTIONS = 100
LONGEST_SECRET = 256
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_PORTS = frozenset({80, 88, 443, 8443})
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_ANSWER_SECONDS = 60.0
# Telegram tries again at once, then after 2, 4, 8 … up to 60 seconds.
_LONGEST_RETRY_FACTOR = 60


@dataclass(frozen=True, slots=True)
class WebhookAddress:
    """Where updates go, as set by setWebhook."""

    url: str
    secret: str = ""
    connections: int = DEFAULT_CONNECTIONS

    def headers(self) -> dict[str, str]:
        """Return the headers of every delivery."""
        secret = {SECRET_HEADER: self.secret} if self.secret else {}
        return {"Content-Type": "application/json"} | secret


def check_webhook(url: str, secret: str) -> None:
    """Refuse an address or secret setWebhook refuses; plain HTTP is allowed on loopback only."""
    try:
        parts = urlsplit(url)
        port = parts.port or (80 if parts.scheme == "http" else 443)
    except ValueError:
        raise bad_request("invalid webhook URL specified") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise bad_request("invalid webhook URL specified")
    if len(secret) > LONGEST_SECRET:
        raise bad_request("secret token is too long")
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise bad_request("secret token contains unallowed characters")
    if parts.hostname in _LOOPBACK:
        return
    if parts.scheme == "http":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in _PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


@dataclass(slots=True)
class WebhookDelivery:
    """The web hook in force: one ordered line of deliveries per chat, lines side by side.

    `retry_seconds` stands for Telegram's one second, so that tests need not wait as long.
    """

    queue: UpdateQueue
    retry_seconds: float
    address: WebhookAddress | None = None
    last_error: str = ""
    last_error_date: int = 0
    _lines: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(DEFAULT_CONNECTIONS))

    def set(self, address: WebhookAddress | None) -> None:
        """Start delivering to an address, or stop with None."""
        for line in self._lines.values():
            line.cancel()
        self._lines.clear()
        self.address, self.last_error, self.last_error_date = address, "", 0
        if address is not None:
            self._slots = asyncio.Semaphore(address.connections)
        self.wake()

    def wake(self) -> None:
        """Deliver what is pending."""
        if self.address is None:
            return
        for key in {update.order_key for update in self.queue.pending} - set(self._lines):
            self._lines[key] = asyncio.get_running_loop().create_task(self._deliver_line(key, self.address))

    def info(self) -> JsonObject:
        """Return what getWebhookInfo shows."""
        shown: JsonObject = {
            "url": self.address.url if self.address else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.queue.pending),
        }
        if self.address:
            shown |= {"max_connections": self.address.connections, "ip_address": "127.0.0.1"}
        if self.queue.allowed:
            shown["allowed_updates"] = sorted(self.queue.allowed)
        if self.last_error:
            shown |= {"last_error_date": self.last_error_date, "last_error_message": self.last_error}
        return shown

    async def _deliver_line(self, key: str, address: WebhookAddress) -> None:
        client = AsyncHTTPClient(force_instance=True)
        try:
            while update := next((one for one in self.queue.pending if one.order_key == key), None):
                await self._deliver(client, update, address)
                self.queue.forget(update)
        finally:
            client.close()
            if self._lines.get(key) is asyncio.current_task():
                del self._lines[key]

    async def _deliver(self, client: AsyncHTTPClient, update: Update, address: WebhookAddress) -> None:
        factor = 1
        failed_before = False
        while True:
            async with self._slots:
                wait = await self._attempt(client, update, address)
            if wait is None:
                return
            if wait == 0 and failed_before:
                factor = min(factor * 2, _LONGEST_RETRY_FACTOR)
                wait = factor * self.retry_seconds
            failed_before = True
            await asyncio.sleep(wait)

    async def _attempt(
        self, client: AsyncHTTPClient, update: Update, address: WebhookAddress
    ) -> float | None:
        """Return None when the bot took the update, else the seconds it asks to wait (0 if it asks none)."""
        body = json.dumps(update.as_json(), ensure_ascii=False)
        try:
            response = await client.fetch(
                address.url,
                method="POST",
                body=body,
                headers=address.headers(),
                raise_error=False,
                request_timeout=_ANSWER_SECONDS,
            )
        except (OSError, HTTPError) as error:
            return self._failed(str(error) or "Webhook connection closed", 0)
        if 200 <= response.code <= 299:
            return None
        return self._failed(
            f"Wrong response from the webhook: {response.code} {response.reason}", _asked(response)
        )

    def _failed(self, error: str, wait: float) -> float:
        self.last_error, self.last_error_date = error, int(time.time())
        return wait


def _asked(response: HTTPResponse) -> float:
    seconds = response.headers.get("Retry-After", "")
    return float(min(int(seconds), 3600)) if seconds.isdecimal() else 0.0
