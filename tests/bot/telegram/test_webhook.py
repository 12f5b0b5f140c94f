from __future__ import annotations

import asyncio
import http.client
import json
from collections.abc import AsyncIterator

import pytest

from bot.telegram.webhook import LARGEST_UPDATE, SECRET_HEADER, WebhookParameters, close_webhook, open_webhook

SECRET = "a-secret-of-the-webhook"
GOOD = {SECRET_HEADER: SECRET, "Content-Type": "application/json"}
BODY = json.dumps({"update_id": 1})
Answer = tuple[int, str, str]


class FakeQueue:
    def __init__(self) -> None:
        self.taken: list[object] = []
        self.is_open = True

    async def receive(self, body: object) -> bool:
        if self.is_open:
            self.taken.append(body)
        return self.is_open


@pytest.fixture
def queue() -> FakeQueue:
    return FakeQueue()


@pytest.fixture
async def port(queue: FakeQueue, free_port: int) -> AsyncIterator[int]:
    server = open_webhook(WebhookParameters(queue, "/hook", SECRET), free_port, "127.0.0.1")  # type: ignore[arg-type]
    yield free_port
    await close_webhook(server)


async def _send(
    port: int, *, method: str = "POST", path: str = "/hook", headers: dict[str, str] = GOOD, body: str = BODY
) -> Answer:
    def send() -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request(method, path, body.encode(), headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), str(answer.headers)

    return await asyncio.to_thread(send)


async def test_what_telegram_sends_is_taken_in(port: int, queue: FakeQueue) -> None:
    assert (await _send(port))[0] == 200
    assert queue.taken == [{"update_id": 1}]


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (403, {"headers": {"Content-Type": "application/json"}}),
        (403, {"headers": {**GOOD, SECRET_HEADER: SECRET[:-1]}}),
        (403, {"headers": {**GOOD, SECRET_HEADER: SECRET + "x"}}),
        (403, {"headers": {**GOOD, SECRET_HEADER: "", "Content-Length": "1000000"}, "body": ""}),
        (403, {"method": "GET", "headers": {}}),
        (404, {"path": "/other"}),
        (404, {"path": "/"}),
        (404, {"path": "/hook/../../etc/passwd"}),
        (405, {"method": "PUT"}),
        (405, {"method": "GET"}),
        (405, {"method": "DELETE"}),
        (415, {"headers": {**GOOD, "Content-Type": "text/plain"}}),
        (413, {"headers": {**GOOD, "Content-Length": str(LARGEST_UPDATE + 1)}, "body": ""}),
    ],
    ids=str,
)
async def test_all_else_is_refused_with_an_empty_page(
    port: int, queue: FakeQueue, status: int, request_: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    given, body, headers = await _send(port, **request_)  # type: ignore[arg-type]
    assert (given, body) == (status, "")
    assert "ornado" not in headers
    assert queue.taken == []
    assert SECRET not in caplog.text


@pytest.mark.parametrize("secret", ["", SECRET[:-1]])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_stranger_cannot_tell_the_right_path_from_others(port: int, method: str, secret: str) -> None:
    headers = {**GOOD, SECRET_HEADER: secret}
    right, wrong = [
        await _send(port, method=method, path=path, headers=headers) for path in ("/hook", "/other")
    ]
    assert _without_date(right) == _without_date(wrong)
    assert right[:2] == (403, "")


def _without_date(answer: Answer) -> list[str]:
    status, body, headers = answer
    return [str(status), body, *(line for line in headers.splitlines() if not line.startswith("Date:"))]


async def test_a_body_that_names_no_length_is_cut_off_at_the_limit(port: int, queue: FakeQueue) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = "".join(f"{name}: {value}\r\n" for name, value in GOOD.items())
    writer.write(f"POST /hook HTTP/1.1\r\nHost: x\r\n{head}Transfer-Encoding: chunked\r\n\r\n".encode())
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    for _ in range(17):
        writer.write(chunk)
    answer = await asyncio.wait_for(reader.readline(), 5)
    assert b"413" in answer
    writer.close()
    assert queue.taken == []


@pytest.mark.parametrize("body", ["", "{", "nonsense", "[" * 100_000, '{"update_id": 1', "\x00"])
async def test_what_is_no_json_is_not_sent_for_again(port: int, queue: FakeQueue, body: str) -> None:
    assert (await _send(port, body=body))[0] == 200
    assert queue.taken == []


async def test_what_a_closing_bot_cannot_take_is_to_be_sent_again(port: int, queue: FakeQueue) -> None:
    queue.is_open = False
    assert (await _send(port))[0] == 503
