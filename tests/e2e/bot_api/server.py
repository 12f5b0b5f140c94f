"""The HTTP side: calls at /bot<token>/<method>, downloads at /file/bot<token>/<path>."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
import time
from dataclasses import dataclass, field

from tornado.httputil import HTTPServerRequest
from tornado.web import Application, RequestHandler

from .calls import Call, CallLog
from .faults import Fault, FaultPlan, FloodControl
from .methods import carry_out
from .state import State
from .wire import JsonObject, Parameters, Refusal, Upload, bad_request

_TOKEN = re.compile(r"[1-9]\d*:[A-Za-z0-9_-]+\Z")
_LONGEST_TOKEN = 80
# Larger than the largest upload, so that the emulator and not the HTTP server refuses it.
LARGEST_REQUEST_BYTES = 64 * 1024 * 1024
# Lingering for zero seconds makes close() send a reset instead of an orderly end.
_NO_LINGER = struct.pack("ii", 1, 0)


@dataclass(slots=True)
class Backend:
    """What all requests share."""

    state: State
    calls: CallLog = field(default_factory=CallLog)
    faults: FaultPlan = field(default_factory=FaultPlan)
    flood: FloodControl = field(default_factory=FloodControl)


def application(backend: Backend) -> Application:
    """Return the web application of the Bot API."""
    shared = {"backend": backend}
    return Application(
        [
            (r"/bot([^/]*)/([^/]*)/?", MethodHandler, shared),
            (r"/file/bot([^/]*)/(.+)", FileHandler, shared),
            (r"/.*", NotFoundHandler),
        ],
        # The record of calls says more than an access log.
        log_function=lambda _: None,
    )


def check_token(token: str, expected: str) -> None:
    """Refuse a token that is malformed, or another bot's."""
    if not _TOKEN.match(token) or len(token) > _LONGEST_TOKEN:
        raise Refusal(401, "Unauthorized: invalid token specified")
    if token != expected:
        raise Refusal(401, "Unauthorized")


class NotFoundHandler(RequestHandler):
    """Any other path."""

    def prepare(self) -> None:
        """Answer as the Bot API server does."""
        self.set_status(404)
        self.finish(Refusal(404, "Not Found").as_json())


class FileHandler(RequestHandler):
    """Downloads of files people sent."""

    def initialize(self, backend: Backend) -> None:
        """Keep what all requests share."""
        self.backend = backend

    def get(self, token: str, path: str) -> None:
        """Answer with the content of a file."""
        files = self.backend.state.files.values()
        document = next((document for document in files if document.path == path), None)
        if document is None or token != self.backend.state.token:
            self.set_status(404)
            self.finish(Refusal(404, "Not Found").as_json())
            return
        self.set_header("Content-Type", "application/octet-stream")
        self.finish(document.content)


class MethodHandler(RequestHandler):
    """Calls of methods."""

    _waiting: asyncio.Task[JsonObject] | None = None

    def initialize(self, backend: Backend) -> None:
        """Keep what all requests share."""
        self.backend = backend

    async def get(self, token: str, method: str) -> None:
        """Answer a call made with GET."""
        await self._answer(token, method)

    async def post(self, token: str, method: str) -> None:
        """Answer a call made with POST."""
        await self._answer(token, method)

    def on_connection_close(self) -> None:
        """Stop a long poll whose bot has gone."""
        if self._waiting is not None:
            self._waiting.cancel()

    async def _answer(self, token: str, method: str) -> None:
        started = time.monotonic()
        fault = self.backend.faults.take(method)
        parameters = Parameters({})
        try:
            parameters = read_parameters(self.request)
            if fault is not None:
                await asyncio.sleep(fault.delay)
            body, status = await self._outcome(token, method, parameters, fault), 200
        except Refusal as error:
            body, status = error.as_json(), error.status
        except asyncio.CancelledError:
            return
        injected = fault is not None and (bool(fault.reset) or status == fault.status)
        answered = 0 if fault is not None and fault.reset else status
        times = (started, time.monotonic())
        self.backend.calls.add(Call(method, parameters.decoded(), answered, body, *times, injected))
        if answered:
            self._send(body, status)
        else:
            self._reset_connection()

    async def _outcome(
        self, token: str, method: str, parameters: Parameters, fault: Fault | None
    ) -> JsonObject:
        if fault is not None and fault.reset == "before":
            return {}
        check_token(token, self.backend.state.token)
        if fault is not None and fault.status:
            raise fault.refusal()
        self.backend.flood.check(method, parameters.text("chat_id"))
        if method.lower() != "getupdates":
            return {"ok": True, "result": await carry_out(self.backend.state, method, parameters)}
        self._waiting = asyncio.ensure_future(self._poll(method, parameters))
        return await self._waiting

    async def _poll(self, method: str, parameters: Parameters) -> JsonObject:
        return {"ok": True, "result": await carry_out(self.backend.state, method, parameters)}

    def _send(self, body: JsonObject, status: int) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        retry_after = body.get("parameters", {}).get("retry_after")
        if retry_after:
            self.set_header("Retry-After", str(retry_after))
        self.finish(json.dumps(body, ensure_ascii=False))

    def _reset_connection(self) -> None:
        stream = self.detach()
        stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        stream.close()


def read_parameters(request: HTTPServerRequest) -> Parameters:
    """Return the parameters of a call, however they were sent: query, form, multipart or JSON."""
    try:
        values = {name: found[-1].decode() for name, found in request.arguments.items()}
        if request.headers.get("Content-Type", "").startswith("application/json") and request.body:
            values |= {name: _as_text(value) for name, value in json.loads(request.body).items()}
    except UnicodeDecodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    except (ValueError, AttributeError):
        raise bad_request("can't parse request: expected a JSON object") from None
    return Parameters(values, _uploads(request))


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _uploads(request: HTTPServerRequest) -> dict[str, Upload]:
    sent = {name: files[0] for name, files in request.files.items() if files}
    return {name: Upload(file.filename, file.body, file.content_type) for name, file in sent.items()}
