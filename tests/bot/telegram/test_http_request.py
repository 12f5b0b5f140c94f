from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.telegram.connection import Connection
from bot.telegram.http_request import TelegramRequest, proxy_for
from bot.telegram.schemas import completed_response

SENT = json.dumps(
    {"ok": True, "result": {"message_id": 41, "date": 1, "chat": {"id": 7, "type": "private"}, "text": "答"}}
).encode()
ASKED = RequestData([RequestParameter.from_input("chat_id", 7)])
TOKEN = "1:secret"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(SENT)


@dataclass
class Server:
    """Gives each connection the same bytes, whatever it asks, and then ends it; keeps what was asked."""

    given: bytes
    is_silent: bool = False
    port: int = 0
    asked: list[bytes] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/bot{TOKEN}/sendMessage"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
        self.asked.append(head + await reader.readexactly(int(length.partition(b":")[2])))
        writer.write(self.given)
        if self.is_silent:
            await reader.read()
        writer.close()


@asynccontextmanager
async def calling(server: Server) -> AsyncIterator[tuple[TelegramRequest, Connection]]:
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    connection = Connection()
    async with listening, TelegramRequest(connection) as request:
        yield request, connection


@given(st.integers(0, len(SENT)))
def test_wherever_the_answer_to_a_message_breaks_off_it_is_known_as_taken_or_as_unknown(end: int) -> None:
    try:
        answer = json.loads(completed_response("sendMessage", ASKED, SENT[:end]))
    except NetworkError:
        assert end < len(b'{"ok": true')
        return
    number = answer["result"]["message_id"]
    assert answer["ok"] is True
    assert answer["result"]["chat"]["id"] == 7
    assert number == (41 if end > SENT.index(b"41") + 2 else 0)


@pytest.mark.parametrize("body", [b"", b"<html>", b"null", b"[]", b"{}", b'{"ok": false', b'{"ok": fal'])
def test_a_body_that_does_not_say_ok_is_a_network_error(body: bytes) -> None:
    with pytest.raises(NetworkError):
        completed_response("sendMessage", ASKED, body)


@pytest.mark.parametrize("endpoint", ["getUpdates", "getMe", "getFile"])
def test_what_was_asked_for_is_not_made_up(endpoint: str) -> None:
    with pytest.raises(NetworkError):
        completed_response(endpoint, ASKED, b'{"ok":true,"result":[{"update_id":1')


@pytest.mark.parametrize("result", ["{}", "true", "[]", "[1]", "null", '"x"', "7", '{"message_id": "41"}'])
def test_a_result_that_is_not_what_was_asked_for_is_one_that_broke_off(result: str) -> None:
    body = b'{"ok": true, "result": %s}' % result.encode()
    sent = json.loads(completed_response("sendMessage", ASKED, body))["result"]
    assert (sent["message_id"], sent["chat"]["id"]) == (0, 7)
    assert json.loads(completed_response("editMessageText", ASKED, body))["result"] is True
    for endpoint in ("getMe", "getFile"):
        with pytest.raises(NetworkError):
            completed_response(endpoint, None, body)


def test_a_whole_answer_is_passed_on_as_it_is() -> None:
    assert completed_response("sendMessage", ASKED, SENT) is SENT
    assert json.loads(completed_response("editMessageText", ASKED, b'{"ok":true,"resu'))["result"] is True


def test_an_unreadable_body_is_in_no_log_and_no_error(caplog: pytest.LogCaptureFixture) -> None:
    for payload in (b"private words", b"[1]", b"\xff"):
        with pytest.raises(TelegramError) as fault:
            TelegramRequest.parse_json_payload(payload)
        assert "private" not in str(fault.value)
    assert caplog.records == []


async def test_a_call_carries_its_parameters_and_brings_back_the_answer() -> None:
    server = Server(HEAD + SENT)
    async with calling(server) as (request, connection):
        assert await request.do_request(server.address, "POST", ASKED) == (200, SENT)
        assert connection.faults == {}
    head, _, body = server.asked[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /bot1:secret/sendMessage HTTP/1.1")
    assert parse_qs(body) == {b"chat_id": [b"7"]}


@pytest.mark.parametrize("end", range(12, len(SENT), 9))
async def test_an_answer_that_breaks_off_at_once_is_made_whole_from_what_came(end: int) -> None:
    server = Server(HEAD + SENT[:end])
    async with calling(server) as (request, connection):
        status, body = await request.do_request(server.address, "POST", ASKED)
        assert status == 200
        assert json.loads(body)["result"]["message_id"] == (41 if end > SENT.index(b"41") + 2 else 0)
        assert connection.faults == {}


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (b"", "network"),
        (b"HTTP/1.1 200 OK\r\nConte", "network"),
        (b"HTTP/9.9 nonsense\r\n\r\n", "network"),
        (HEAD, "network"),
        (HEAD + b'{"ok', "network"),
        (b"HTTP/1.1 502 Bad\r\nContent-Length: 3\r\n\r\n<p>", "502"),
    ],
    ids=repr,
)
async def test_a_fault_is_counted_by_the_connection_and_names_no_address(given: bytes, kind: str) -> None:
    server = Server(given)
    async with calling(server) as (request, connection):
        with pytest.raises(NetworkError) as fault:
            await request.post(server.address, ASKED)
        assert connection.faults == {kind: 1}
    assert_nothing_of_the_address_in(fault.value)


async def test_silence_ends_when_its_time_is_over() -> None:
    server = Server(b"", is_silent=True)
    async with calling(server) as (request, connection):
        with pytest.raises(TimedOut) as fault:
            await request.do_request(server.address, "POST", ASKED, 0.1)
        assert connection.faults == {"timeout": 1}
    assert_nothing_of_the_address_in(fault.value)


async def test_nobody_there_and_no_way_to_ask_are_faults_that_name_no_address() -> None:
    async with calling(Server(b"")) as (request, connection):
        for address in (f"http://127.0.0.1:9/bot{TOKEN}/x", f"http://[/bot{TOKEN}/x", f"no:/{TOKEN}/x"):
            with pytest.raises(NetworkError) as fault:
                await request.post(address, ASKED)
            assert_nothing_of_the_address_in(fault.value)
    assert connection.faults["network"] >= 1


async def test_a_redirection_is_not_followed() -> None:
    server = Server(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
    async with calling(server) as (request, _):
        assert (await request.do_request(server.address, "POST", ASKED))[0] == 302
    assert len(server.asked) == 1


async def test_calls_go_through_the_proxy_that_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = Server(HEAD + SENT)
    async with calling(proxy) as (request, _):
        monkeypatch.setenv("http_proxy", f"http://person:word@127.0.0.1:{proxy.port}")
        address = f"http://telegram.invalid/bot{TOKEN}/sendMessage"
        assert await request.do_request(address, "POST", ASKED) == (200, SENT)
    assert proxy.asked[0].startswith(f"POST {address} HTTP/1.1".encode())
    assert b"Proxy-Authorization: Basic cGVyc29uOndvcmQ=" in proxy.asked[0]


def test_the_proxy_comes_from_the_usual_environment_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("all_proxy", "every.test:1")
    assert proxy_for("https://first.test/x") == "http://every.test:1"
    monkeypatch.setenv("https_proxy", "http://one.test:2")
    monkeypatch.setenv("no_proxy", "third.test")
    assert proxy_for("https://second.test/x") == "http://one.test:2"
    assert proxy_for("https://third.test/x") is None


def assert_nothing_of_the_address_in(fault: BaseException) -> None:
    chain: BaseException | None = fault
    while chain is not None:
        assert "secret" not in f"{chain!r}{chain}"
        chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)
