"""A strict server of the OpenAI chat API on a real socket, with a scripted reply and the faults of real ones."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-double-0123456789abcdef"
MODEL = "double-1"


@dataclass
class ModelServer:
    """Answers each request by `behaviour`; keeps the requests, and what of them the API would refuse."""

    behaviour: Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]
    requests: list[dict[str, Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    url: str = ""

    @property
    def sent(self) -> str:
        """All that was sent to the server, as one text."""
        return json.dumps(self.requests, ensure_ascii=False)


def says(text: str) -> Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]:
    """A behaviour: the model replies with this text."""
    return lambda handler, _: _reply(handler, 200, completion(text))


def completion(text: str | None, **message: object) -> dict[str, Any]:
    """The body of a reply."""
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": MODEL,
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": text, **message},
            }
        ],
        "usage": {"prompt_tokens": 90, "completion_tokens": 10, "total_tokens": 100},
    }


def fails(status: int) -> Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]:
    """A behaviour: an error of the API with this status."""
    return lambda handler, _: _reply(handler, status, {"error": {"message": "no", "type": "e", "code": "e"}})


def refuses(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    """A behaviour: the model refuses."""
    _reply(handler, 200, completion(None, refusal="I cannot help with that."))


def cuts_json(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    """A behaviour: the body ends in the middle."""
    body = json.dumps(completion("每月發佈10名月榜人物。[1]")).encode()
    _send(handler, 200, body[: len(body) // 2])


def hangs_up(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    """A behaviour: fewer bytes than announced, then the connection ends."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')


def floods(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    """A behaviour: ten megabytes of text."""
    _reply(handler, 200, completion("好" * 10_000_000))


def trickles(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    """A behaviour: a byte every tenth of a second, for a minute."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "600")
    handler.end_headers()
    for _byte in range(600):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)


def replies_with_list(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    """A behaviour: JSON that is no completion."""
    _send(handler, 200, b'["choices"]')


def _reply(handler: BaseHTTPRequestHandler, status: int, body: object) -> None:
    _send(handler, status, json.dumps(body, ensure_ascii=False).encode())


def _send(handler: BaseHTTPRequestHandler, status: int, body: bytes) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def _fault(handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> str:
    if handler.path != "/v1/chat/completions":
        return f"path {handler.path}"
    if body.get("model") != MODEL:
        return "model"
    if not set(body) <= {"model", "messages", "temperature", "max_tokens", "stream"}:
        return f"fields {sorted(body)}"
    messages = body.get("messages")
    if not isinstance(messages, list) or not all({"role", "content"} == set(one) for one in messages):
        return "messages"
    return "" if [one["role"] for one in messages] == ["system", "user"] else "roles"


@contextmanager
def model_server(
    behaviour: Callable[[BaseHTTPRequestHandler, dict[str, Any]], None],
) -> Iterator[ModelServer]:
    """A server that runs while it is open."""
    double = ModelServer(behaviour)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            double.requests.append(body)
            if self.headers["Authorization"] != f"Bearer {KEY}":
                fails(401)(self, body)
                return
            fault = _fault(self, body)
            if fault:
                double.refused.append(fault)
                fails(400)(self, body)
                return
            try:
                double.behaviour(self, body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: pytest shows what failed."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        double.url = f"http://127.0.0.1:{server.server_port}/v1"
        yield double
        server.shutdown()
