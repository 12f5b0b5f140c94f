"""One call over HTTP: timeouts set on purpose, answers that broke off made whole where it is known what they were."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator

import httpx
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import HTTPXRequest, RequestData

from bot.line.health import Line

CONNECT_SECONDS = 5.0
# Telegram answers in well under a second. Who waits longer finds out later that an outage is over; who waits shorter
# sends again what may have been taken.
READ_SECONDS = 8.0
# For a body that comes byte by byte, each in time: then what has come is made do with.
BODY_SECONDS = 15.0
_POOL_SECONDS = 5.0
_MOST_CONNECTIONS = 64

# The server answers 200 only to what it has done, and says so first. All but `message_id` may have been cut off.
_DONE = re.compile(rb'\s*\{\s*"(?:ok"\s*:\s*true|result"\s*:)')
_MESSAGE_ID = re.compile(rb'"message_id"\s*:\s*(\d+)\s*[,}]')
_CODES_OF_A_LOST_LINE = range(500, 600)

JsonObject = dict[str, object]


class TelegramRequest(HTTPXRequest):
    """Calls Telegram and tells the line how that went; no address is in what it raises, for that holds the token."""

    def __init__(self, line: Line) -> None:
        super().__init__(
            connection_pool_size=_MOST_CONNECTIONS,
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            write_timeout=READ_SECONDS,
            pool_timeout=_POOL_SECONDS,
            httpx_kwargs={"event_hooks": {"response": [_bound_body]}},
        )
        self._line = line

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        *timeouts: object,
        **more: object,
    ) -> tuple[int, bytes]:
        """The status and the body, which is whole JSON if the status is 200; raises NetworkError."""
        try:
            status, body = await super().do_request(url, method, request_data, *timeouts, **more)  # type: ignore[arg-type]
            if status == httpx.codes.OK and method == "POST":
                body = whole_answer(url.rsplit("/", 1)[-1], request_data, body)
        except TimedOut:
            self._line.failed("timeout")
            raise
        except NetworkError:
            self._line.failed("network")
            raise
        self._tell(status)
        return status, body

    def _tell(self, status: int) -> None:
        if status == httpx.codes.UNAUTHORIZED:
            self._line.refuse()
        elif status in _CODES_OF_A_LOST_LINE:
            self._line.failed(str(status))
        elif status in (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.CONFLICT):
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
    Raises NetworkError if the body says nothing.
    """
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if isinstance(answer, dict) and "result" in answer:
        return body
    chat = request_data.parameters.get("chat_id") if request_data else None
    if not _DONE.match(body) or endpoint.startswith("get"):
        raise NetworkError("Telegram's answer broke off")
    result: object = True
    if endpoint == "sendMessage" and isinstance(chat, int):
        number = _MESSAGE_ID.search(body)
        result = {
            "message_id": int(number[1]) if number else 0,
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private" if chat > 0 else "supergroup"},
        }
    return json.dumps({"ok": True, "result": result}).encode()


class _BoundBody(httpx.AsyncByteStream):
    """A body that ends where the connection breaks, or when its time is over, with what has come."""

    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        end = asyncio.get_running_loop().time() + BODY_SECONDS
        parts = aiter(self._stream)
        while True:
            try:
                async with asyncio.timeout_at(end):
                    part = await anext(parts)
            except (StopAsyncIteration, TimeoutError, httpx.TransportError):
                return
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


async def _bound_body(response: httpx.Response) -> None:
    if isinstance(response.stream, httpx.AsyncByteStream) and response.request.method == "POST":
        response.stream = _BoundBody(response.stream)
