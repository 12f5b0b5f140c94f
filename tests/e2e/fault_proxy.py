"""A proxy between the bot and the emulator that does what networks, load balancers and Telegram do on bad days.

It speaks HTTP/1.1 over real sockets, in a thread of its own. A call is spoiled on the way there (refused, reset, or
answered in Telegram's place) or on the way back (reset, cut off, dribbled); in an outage nothing passes at all.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Literal, Self, TypeVar

Result = TypeVar("Result")
Reset = Literal["", "before", "after"]
_HOST = "127.0.0.1"
_NO_LINGER = struct.pack("ii", 1, 0)
_SECONDS_BETWEEN_LOOKS = 0.05
_DESCRIPTIONS = {
    401: "Unauthorized",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    429: "Too Many Requests: retry after {retry_after}",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to the next `times` calls of a method (`*`: of any)."""

    method: str = "*"
    times: int = 1
    status: int = 0
    """Answered in Telegram's place; the call does not reach it. 500 and more come as a load balancer's HTML."""
    retry_after: int = 0
    description: str = ""
    """What is answered with a status below 500, unless it is what Telegram says with it."""
    result: str = ""
    """With status 200: the JSON that is answered as if Telegram had carried the call out."""
    reset: Reset = ""
    """The connection is reset before the call reaches Telegram, or after, instead of its answer."""
    keep: int | None = None
    """So many bytes of the answer's body arrive; its length is that of the whole, or of what arrives (`honest`)."""
    honest: bool = False
    dribble: float = 0.0
    """Seconds over which the answer's body arrives, piece by piece."""

    def strikes(self, method: str) -> bool:
        return self.times > 0 and self.method.lower() in ("*", method.lower())


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    head: bytes
    body: bytes


class FaultProxy:
    """`with FaultProxy(emulator.port) as proxy:` and give the bot `proxy.base_url`."""

    def __init__(self, port: int) -> None:
        self._upstream = port
        self.port = 0
        self.struck: Counter[str] = Counter()
        """How many calls of each method a fault has struck."""
        self._faults: list[Fault] = []
        self._clients: set[asyncio.StreamWriter] = set()
        self._is_black_hole = False
        self._healed = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault-proxy", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._do(self._listen())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def base_url(self) -> str:
        return f"http://{_HOST}:{self.port}/bot"

    @property
    def base_file_url(self) -> str:
        return f"http://{_HOST}:{self.port}/file/bot"

    def inject(self, fault: Fault) -> None:
        """Let a fault strike from now on, behind those injected before."""
        self._call(lambda: self._faults.append(fault))

    def clear(self) -> None:
        """Let calls pass again."""
        self._call(self._faults.clear)

    def outage(self, kind: Literal["refuse", "black hole"] = "refuse") -> None:
        """Let nothing pass: connections are refused, or taken and never answered. `heal` ends it."""
        self._do(self._break_off(kind))

    def heal(self) -> None:
        """End the outage."""
        self._do(self._heal())

    def _call(self, act: Callable[[], Result]) -> Result:
        async def acting() -> Result:
            return act()

        return self._do(acting())

    def _do(self, work: Coroutine[object, object, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10.0)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, _HOST, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        if self._server:
            self._server.close()
            self._server = None
        self._abort_clients()
        await asyncio.sleep(0)

    async def _end(self) -> None:
        await self._close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _break_off(self, kind: str) -> None:
        self._is_black_hole = kind == "black hole"
        self._healed.clear()
        if kind == "refuse":
            await self._close()
        # In a black hole the connections stay as they are: nobody tells the bot anything.

    async def _heal(self) -> None:
        self._healed.set()
        if self._is_black_hole:
            self._is_black_hole = False
            self._abort_clients()
        if self._server is None:
            await self._listen()

    def _abort_clients(self) -> None:
        for client in list(self._clients):
            _reset(client)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients.add(writer)
        try:
            while call := await _read_call(reader):
                if not await self._pass_on(call, reader, writer):
                    return
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            return
        finally:
            self._clients.discard(writer)
            writer.close()

    async def _pass_on(self, call: _Call, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection can be used again."""
        fault = self._take(call.method)
        if self._is_black_hole:
            await self._healed.wait()
            return False
        if fault.reset == "before":
            return _reset(writer)
        if fault.status:
            head, body = _made_up(fault)
        else:
            answer = await self._ask(call, reader)
            if answer is None or self._is_black_hole:
                return False
            head, body = answer
        if fault.reset == "after":
            return _reset(writer)
        return await _deliver(head, body, fault, writer)

    def _take(self, method: str) -> Fault:
        for spot, fault in enumerate(self._faults):
            if fault.strikes(method):
                self._faults[spot] = replace(fault, times=fault.times - 1)
                self.struck[method] += 1
                return fault
        return Fault()

    async def _ask(self, call: _Call, client: asyncio.StreamReader) -> tuple[bytes, bytes] | None:
        """The head and the body of Telegram's answer; None once the bot has hung up."""
        reader, writer = await asyncio.open_connection(_HOST, self._upstream)
        try:
            writer.write(call.head + call.body)
            answering = asyncio.ensure_future(_read_answer(reader))
            while not answering.done():
                await asyncio.wait({answering}, timeout=_SECONDS_BETWEEN_LOOKS)
                if client.at_eof() and not answering.done():
                    answering.cancel()
                    return None
            return answering.result()
        finally:
            writer.close()


async def _read_call(reader: asyncio.StreamReader) -> _Call | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    path = head.split(b" ", 2)[1].decode("ascii", "replace")
    body = await reader.readexactly(_length(head))
    return _Call(path.partition("?")[0].rsplit("/", 1)[-1], head, body)


async def _read_answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    return head, await reader.readexactly(_length(head))


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0


def _made_up(fault: Fault) -> tuple[bytes, bytes]:
    if fault.result:
        body, kind = b'{"ok": true, "result": %b}' % fault.result.encode(), b"application/json"
    elif fault.status >= 500:
        body, kind = b"<html><body>Bad Gateway</body></html>", b"text/html"
    else:
        said = fault.description or _DESCRIPTIONS.get(fault.status, "Fault")
        description = said.format(retry_after=fault.retry_after)
        answer: dict[str, object] = {"ok": False, "error_code": fault.status, "description": description}
        if fault.retry_after:
            answer["parameters"] = {"retry_after": fault.retry_after}
        body, kind = json.dumps(answer).encode(), b"application/json"
    head = b"HTTP/1.1 %d Fault\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n" % (
        fault.status,
        kind,
        len(body),
    )
    return head, body


async def _deliver(head: bytes, body: bytes, fault: Fault, writer: asyncio.StreamWriter) -> bool:
    kept = body if fault.keep is None else body[: fault.keep]
    if fault.honest:
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length")]
        head = b"\r\n".join([lines[0], b"Content-Length: %d" % len(kept), *lines[1:]])
    writer.write(head)
    pieces = 10 if fault.dribble else 1
    size = max(1, -(-len(kept) // pieces))
    for start in range(0, len(kept), size):
        if fault.dribble:
            await asyncio.sleep(fault.dribble / pieces)
        writer.write(kept[start : start + size])
        await writer.drain()
    await writer.drain()
    return len(kept) == len(body) or fault.honest


def _reset(writer: asyncio.StreamWriter) -> bool:
    """Break the connection off as a machine that goes down does; nothing of it can be used again."""
    with contextlib.suppress(OSError):
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    writer.transport.abort()
    return False
