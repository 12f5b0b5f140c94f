from __future__ import annotations

import json
import socket
from collections.abc import Callable

import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPResponse

from bot import health_server
from bot.health_server import health_of, health_served
from bot.settings import load_settings
from bot.telegram.connection import Connection
from retrieval.errors import BulletinBotError
from tests.chatting import Chat


async def fetched(chat: Chat, path: str, port: int, method: str = "GET") -> HTTPResponse:
    async with health_served(chat.services, load_settings(metrics_port=port)):
        url = f"http://127.0.0.1:{port}{path}"
        return await AsyncHTTPClient(force_instance=True).fetch(
            url, method=method, allow_nonstandard_methods=True, raise_error=False
        )


async def test_a_bot_that_runs_is_well_and_says_what_it_serves(chat: Chat, free_port: int) -> None:
    chat.services.receiving.set()
    response = await fetched(chat, "/healthz", free_port)
    said = json.loads(response.body)
    assert (response.code, said["status"], said["reasons"]) == (200, "ok", [])
    assert (said["generation"], said["passages"]) == (chat.answerer.index.name, 69)


async def test_a_bot_that_takes_no_updates_is_not_well(chat: Chat, free_port: int) -> None:
    response = await fetched(chat, "/healthz", free_port)
    assert response.code == 503
    assert json.loads(response.body)["reasons"] == ["no updates are taken"]


def lose_telegram(connection: Connection) -> None:
    connection.record_failure("network")
    connection.record_failure("network")


def hear_nothing(connection: Connection) -> None:
    connection.record_refused_updates("Not Found", for_long=False)
    connection.record_refused_updates("Not Found", for_long=False)


@pytest.mark.parametrize(
    ("happen", "reading", "reason"),
    [
        (hear_nothing, "seconds_without_updates", "Telegram has given no updates for 61 seconds"),
        (lose_telegram, "seconds_lost", "no call to Telegram has come through for 61 seconds"),
        (
            lambda connection: connection.record_conflict("Conflict"),
            "seconds_in_conflict",
            "another copy of the bot has taken updates for 61 seconds",
        ),
    ],
)
async def test_a_bot_without_its_updates_for_more_than_a_minute_is_not_well(
    chat: Chat,
    happen: Callable[[Connection], None],
    reading: str,
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chat.services.receiving.set()
    happen(chat.services.transport.connection)
    assert health_of(chat.services).reasons == ()
    monkeypatch.setattr(Connection, reading, 61.0)
    assert health_of(chat.services).reasons == (reason,)


async def test_metrics_tell_answers_and_readings_and_nothing_of_who_asked_what(
    chat: Chat, free_port: int
) -> None:
    await chat.person.says("北京榜樣每個月評出多少人?")
    response = await fetched(chat, "/metrics", free_port)
    text = response.body.decode()
    assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert 'bulletin_bot_answers_total{kind="plain",reason="",status="answered"} 1.0' in text
    for stage in ("waiting", "reading", "embedding", "ranking", "quoting", "sending", "total"):
        assert f'bulletin_bot_stage_seconds_count{{stage="{stage}"}} 1.0' in text
    for name in (
        "updates_waiting 0",
        "updates_under_way 0",
        "passages 69",
        "telegram_retries_total 0",
        "floods_total 0",
    ):
        assert f"bulletin_bot_{name}" in text
    assert f'bulletin_bot_generation_info{{generation="{chat.answerer.index.name}"}} 1.0' in text
    assert "bulletin_bot_generation_age_seconds" in text
    assert "北京" not in text


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [("/", "GET", 404), ("/healthz/../etc", "GET", 404), ("/metrics", "POST", 405)],
)
async def test_anything_else_is_its_status_and_no_more(
    chat: Chat, free_port: int, path: str, method: str, status: int
) -> None:
    response = await fetched(chat, path, free_port, method)
    assert (response.code, response.body) == (status, f"{status}\n".encode())
    assert "Server" not in response.headers


@pytest.mark.parametrize("path", ["/healthz", "/metrics"])
async def test_head_is_answered_as_get_without_a_body_and_no_page_names_the_server(
    chat: Chat, free_port: int, path: str
) -> None:
    chat.services.receiving.set()
    got, head = [await fetched(chat, path, free_port, method) for method in ("GET", "HEAD")]
    assert (head.code, head.body) == (200, b"")
    assert got.body
    assert set(head.headers) == set(got.headers)
    assert head.headers["Content-Type"] == got.headers["Content-Type"]
    assert "Server" not in got.headers


async def test_head_of_a_bot_that_is_not_well_says_so(chat: Chat, free_port: int) -> None:
    response = await fetched(chat, "/healthz", free_port, "HEAD")
    assert (response.code, response.body) == (503, b"")


async def test_a_port_that_is_taken_is_one_sentence_with_the_setting(chat: Chat, free_port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_port))
        taken.listen()
        with pytest.raises(
            BulletinBotError, match=rf"METRICS_PORT {free_port} on 127\.0\.0\.1 cannot be listened on"
        ):
            async with health_served(chat.services, load_settings(metrics_port=free_port)):
                pass


async def test_a_page_that_fails_is_its_status_and_one_error_in_the_log(
    chat: Chat, free_port: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(health_server, "health_of", lambda _: 1 / 0)
    response = await fetched(chat, "/healthz", free_port)
    assert (response.code, response.body) == (500, b"500\n")
    assert "Server" not in response.headers
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "The page /healthz failed"
    ]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("localhost:9090", 200),
        ("[::1]:1", 200),
        ("monitor.example", 200),
        ("MONITOR.example:80", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example", 421),
    ],
)
@pytest.mark.parametrize("path", ["/healthz", "/metrics", "/nothing"])
async def test_the_pages_are_there_for_known_hosts_only(
    chat: Chat, free_port: int, host: str, status: int, path: str
) -> None:
    chat.services.receiving.set()
    settings = load_settings(metrics_port=free_port, metrics_hosts="monitor.example")
    async with health_served(chat.services, settings):
        response = await AsyncHTTPClient(force_instance=True).fetch(
            f"http://127.0.0.1:{free_port}{path}", headers={"Host": host}, raise_error=False
        )
    expected = 404 if status == 200 and path == "/nothing" else status
    assert response.code == expected


async def test_a_fault_of_the_state_or_of_the_index_is_a_reason(chat: Chat) -> None:
    chat.services.receiving.set()
    chat.answerer.index_fault = "the file x of the index in service was changed"
    try:
        assert health_of(chat.services).reasons == ("the file x of the index in service was changed",)
    finally:
        chat.answerer.index_fault = ""
