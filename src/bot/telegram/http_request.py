"""One call over HTTP: timeouts set on purpose, answers that broke off made whole where it is known what they were."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import re
import time
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx
from aiohttp import (
    ClientError,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    StreamReader,
    TCPConnector,
)
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.telegram.connection import Connection
from bot.telegram.schemas import is_valid_response

CONNECT_SECONDS = 5.0
# Telegram answers in well under a second. Who waits longer finds out later that an outage is over; who waits shorter
# sends again what may have been taken.
READ_SECONDS = 8.0
# For a body that comes byte by byte, each in time: then what has come is made do with.
BODY_SECONDS = 15.0
_POOL_SECONDS = 5.0
# Who sends on a connection that the server has just closed cannot know what became of the call.
_IDLE_SECONDS = 5.0
_MOST_CONNECTIONS = 64
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}  # as the library itself sends

# The server answers 200 only to what it has done, and says so first. All but `message_id` may have been cut off.
_DONE = re.compile(rb'\s*\{\s*"(?:ok"\s*:\s*true|result"\s*:)')
_MESSAGE_ID = re.compile(rb'"message_id"\s*:\s*(\d+)\s*[,}]')
_CODES_OF_A_LOST_LINE = range(500, 600)
_CODES_OF_A_FAULT = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.CONFLICT)

JsonObject = dict[str, object]


class TelegramRequest(BaseRequest):
    """Calls Telegram and tells the line how that went; no address is in what it raises, for that holds the token.

    Over aiohttp, which parses in C: to send an answer takes 0.7 ms of the processor, and 3.2 over the library's own httpx.
    """

    def __init__(self, line: Connection) -> None:
        self._line = line
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds."""
        return READ_SECONDS

    async def initialize(self) -> None:
        """Be ready for calls; connections are made when they are needed."""
        if self._session is None:
            connector = TCPConnector(
                limit=_MOST_CONNECTIONS,
                keepalive_timeout=_IDLE_SECONDS,
                ssl=httpx.create_ssl_context(),  # whom certifi trusts, also where the system trusts nobody
            )
            self._session = ClientSession(
                connector=connector, cookie_jar=DummyCookieJar(), headers={"User-Agent": self.USER_AGENT}
            )

    async def shutdown(self) -> None:
        """Drop the connections."""
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
        try:
            status, body = await self._exchange(url, method, request_data, seconds)
            if status == HTTPStatus.OK and method == "POST":
                body = whole_answer(url.rsplit("/", 1)[-1], request_data, body)
        except TimeoutError:
            self._line.failed("timeout")
            raise TimedOut from None
        except ClientError as error:  # its words may hold the address
            self._line.failed("network")
            raise NetworkError(type(error).__name__) from None
        except NetworkError:
            self._line.failed("network")
            raise
        self._tell(status, url.rsplit("/", 1)[-1])
        return status, body

    async def _exchange(
        self, url: str, method: str, request_data: RequestData | None, read_seconds: float
    ) -> tuple[int, bytes]:
        """The status and what came of the body."""
        if self._session is None:
            raise RuntimeError("the request is not initialized")
        call = self._session.request(
            method,
            url,
            data=_form(request_data),  # no call of the bot's carries a file
            headers=_FORM,
            timeout=_timeouts(read_seconds),
            proxy=proxy_for(url),
            allow_redirects=False,
        )
        async with call as response:
            whole = response.read() if method != "POST" else _what_comes(response.content)
            return response.status, await whole

    def _tell(self, status: int, endpoint: str) -> None:
        if status == HTTPStatus.UNAUTHORIZED:
            self._line.refuse()
        elif status in _CODES_OF_A_LOST_LINE:
            self._line.failed(str(status))
        elif status in _CODES_OF_A_FAULT or (endpoint == "getUpdates" and status != HTTPStatus.OK):
            self._line.noted(str(status))
        else:
            self._line.worked()

    @staticmethod
    def parse_json_payload(payload: bytes) -> JsonObject:
        """The JSON object of an answer; unlike the method it replaces, this one does not log what it cannot read."""
        try:
            answer = json.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("Telegram's answer is not a JSON object") from None
        return answer


def whole_answer(endpoint: str, request_data: RequestData | None, body: bytes) -> bytes:
    """The body of an answer with status 200, made up where it broke off behind the word that the call was carried out.

    Nothing is then sent twice. Of a message that was sent, the number is kept if it came through, else it is 0.
    A result that is not what was asked for (`{}`, a list) is one
    that broke off. Raises NetworkError if the body says nothing, or nothing that can be made up.
    """
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if isinstance(answer, dict) and "result" in answer and is_valid_response(endpoint, answer["result"]):
        return body
    if not _DONE.match(body) or endpoint.startswith("get"):
        raise NetworkError("Telegram's answer is not whole")
    chat = request_data.parameters.get("chat_id") if request_data else None
    result: object = True
    if endpoint == "sendMessage" and isinstance(chat, int):
        result = _message_made_up(chat, body)
    return json.dumps({"ok": True, "result": result}).encode()


def _message_made_up(chat: int, body: bytes) -> JsonObject:
    number = _MESSAGE_ID.search(body)
    return {
        "message_id": int(number[1]) if number else 0,
        "date": int(time.time()),
        "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup"},
    }


def _form(request_data: RequestData | None) -> bytes:
    return urlencode(request_data.json_parameters).encode() if request_data else b""


async def _what_comes(body: StreamReader) -> bytes:
    """A body that ends where the connection breaks, or when its time is over, with what has come."""
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
    found = getproxies()
    proxy = None if proxy_bypass(host) else found.get(scheme) or found.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"
