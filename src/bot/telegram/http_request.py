"""PTB's bot and its `BaseRequest` over aiohttp: chosen timeouts, repaired responses, and no token in any message."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx
from aiohttp import (
    ClientError,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    FormData,
    StreamReader,
    TCPConnector,
)
from telegram.error import InvalidToken, NetworkError, TelegramError, TimedOut
from telegram.ext import ExtBot
from telegram.request import BaseRequest, RequestData

from bot.telegram.connection import Connection
from bot.telegram.schemas import JsonObject, completed_response

CONNECT_SECONDS = 5.0
# Telegram answers in well under a second. A longer timeout notices the end of an outage later; a shorter one sends
# again what may have been accepted.
READ_SECONDS = 8.0
# For a body that comes byte by byte, each in time: after this, the part that has come is used.
BODY_SECONDS = 15.0
_POOL_SECONDS = 5.0
# A call that is sent on a connection which the server has just closed may or may not have been carried out.
_IDLE_SECONDS = 5.0
_MOST_CONNECTIONS = 64
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}  # as the library itself sends

_OUTAGE_STATUSES = range(500, 600)
_COUNTED_STATUSES = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.CONFLICT)


class TelegramBot(ExtBot[int]):
    """PTB's bot; `rate_limit_args` of its calls is the number of tries."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}[]"

    async def initialize(self) -> None:
        """Initialize the bot; raises InvalidToken without the token in its message."""
        try:
            await super().initialize()
        except InvalidToken:
            raise InvalidToken("Telegram does not know the token") from None

    async def updates_as_sent(
        self, offset: int | None, seconds: int, allowed: Sequence[str], read_seconds: float
    ) -> list[object]:
        """The next updates as JSON values, after up to so many seconds; those before the offset are acknowledged.

        `get_updates` parses a batch as a whole: one update that it cannot read would hold up all others.
        """
        data: JsonObject = {"timeout": seconds, "allowed_updates": list(allowed)}
        if offset is not None:
            data["offset"] = offset
        updates = await self._post("getUpdates", data, read_timeout=seconds + read_seconds)
        if not isinstance(updates, list):
            raise NetworkError("Telegram's answer holds no list of updates")
        return list(updates)


class TelegramRequest(BaseRequest):
    """Sends calls and records their outcome in the connection; its errors hold no URL, for that holds the token.

    Over aiohttp, which parses in C: to send an answer takes 0.7 ms of the processor, and 3.2 over the library's own httpx.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for a response unless a call says otherwise."""
        return READ_SECONDS

    async def initialize(self) -> None:
        """Open the session; connections are made when they are needed."""
        if self._session is None:
            connector = TCPConnector(
                limit=_MOST_CONNECTIONS,
                keepalive_timeout=_IDLE_SECONDS,
                ssl=httpx.create_ssl_context(),  # trusts certifi's roots, also where the system has none
            )
            self._session = ClientSession(
                connector=connector, cookie_jar=DummyCookieJar(), headers={"User-Agent": self.USER_AGENT}
            )

    async def shutdown(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        *_others: object,
        **_more: object,
    ) -> tuple[int, bytes]:
        """The status and the body, which is whole JSON if the status is 200; raises NetworkError."""
        seconds = read_timeout if isinstance(read_timeout, int | float) else READ_SECONDS
        endpoint = url.rsplit("/", 1)[-1]
        try:
            status, body = await self._exchange(url, method, request_data, seconds)
            if status == HTTPStatus.OK and method == "POST":
                body = completed_response(endpoint, request_data, body)
        except TimeoutError:
            self._connection.record_failure("timeout")
            raise TimedOut from None
        except ClientError as error:  # its message may hold the URL
            self._connection.record_failure("network")
            raise NetworkError(type(error).__name__) from None
        except NetworkError:
            self._connection.record_failure("network")
            raise
        self._record(status, endpoint)
        return status, body

    async def _exchange(
        self, url: str, method: str, request_data: RequestData | None, read_seconds: float
    ) -> tuple[int, bytes]:
        """The status, and as much of the body as came."""
        if self._session is None:
            raise RuntimeError("the request is not initialized")
        call = self._session.request(
            method,
            url,
            data=_form(request_data),
            headers=None if request_data and request_data.contains_files else _FORM,
            timeout=_timeouts(read_seconds),
            proxy=proxy_for(url),
            allow_redirects=False,
        )
        async with call as response:
            body = response.read() if method != "POST" else _read_available(response.content)
            return response.status, await body

    def _record(self, status: int, endpoint: str) -> None:
        if status == HTTPStatus.UNAUTHORIZED:
            self._connection.record_invalid_token()
        elif status in _OUTAGE_STATUSES:
            self._connection.record_failure(str(status))
        elif status in _COUNTED_STATUSES or (endpoint == "getUpdates" and status != HTTPStatus.OK):
            self._connection.record_error_response(str(status))
        else:
            self._connection.record_response()

    @staticmethod
    def parse_json_payload(payload: bytes) -> JsonObject:
        """The JSON object of a response; unlike the method it replaces, this one does not log malformed payloads."""
        try:
            response = json.loads(payload)
        except ValueError:
            response = None
        if not isinstance(response, dict):
            raise TelegramError("Telegram's answer is not a JSON object") from None
        return response


def _form(request_data: RequestData | None) -> bytes | FormData:
    """The parameters as a form; with a picture, as one of several parts."""
    if request_data is None:
        return b""
    if not request_data.contains_files:
        return urlencode(request_data.json_parameters).encode()
    form = FormData(request_data.json_parameters)
    for field, (name, content, mime_type) in (request_data.multipart_data or {}).items():
        form.add_field(field, content, filename=name, content_type=mime_type)
    return form


async def _read_available(body: StreamReader) -> bytes:
    """A body up to its end, to where the connection breaks, or to what came within BODY_SECONDS."""
    parts = bytearray()
    with contextlib.suppress(ClientError, TimeoutError):
        async with asyncio.timeout(BODY_SECONDS):
            async for part in body.iter_any():
                parts += part
    return bytes(parts)


@functools.cache
def _timeouts(read_seconds: float) -> ClientTimeout:
    return ClientTimeout(
        total=None,
        connect=CONNECT_SECONDS + _POOL_SECONDS,
        sock_connect=CONNECT_SECONDS,
        sock_read=read_seconds,
    )


def proxy_for(url: str) -> str | None:
    """The proxy that HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY name for an address, as of the first call."""
    parts = urlsplit(url)
    return _proxy_for(parts.scheme, parts.hostname or "")


@functools.cache
def _proxy_for(scheme: str, host: str) -> str | None:
    proxies = getproxies()
    proxy = None if proxy_bypass(host) else proxies.get(scheme) or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"
