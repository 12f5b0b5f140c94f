"""The real command over standard input and output, and over HTTP with its door, each with the official client."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
import httpx2
import pytest
import uvicorn
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from bot.mcp import http_application, serve_http
from bot.serving.answerer import Answerer
from bot.settings import Settings, load_settings
from bot.web_access import hash_of_key
from retrieval.errors import BulletinBotError

COMMAND = Path(sys.executable).with_name("bulletin-bot")
QUESTION = "北京榜样每个月评出多少人"
KEY = "a-key-of-a-program"
KEYS = {"program": hash_of_key(KEY)}
CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "ask", "arguments": {"question": QUESTION}},
}
ACCEPT = {"Accept": "application/json, text/event-stream"}


def environment(index: Path) -> dict[str, str]:
    return {**os.environ, "INDEX_DIR": str(index), "TELEGRAM_BOT_TOKEN": ""}


async def asked(client: Client) -> str:
    """The first quote of the answer to the question."""
    answer = await client.call_tool("ask", {"question": QUESTION}, read_timeout_seconds=30)
    assert answer.structured_content is not None
    quote: str = answer.structured_content["quotes"][0]["text"]
    return quote


async def test_the_command_answers_over_standard_input_and_output(seed_index: Path, tmp_path: Path) -> None:
    parameters = StdioServerParameters(
        command=str(COMMAND), args=["mcp"], env=environment(seed_index), cwd=tmp_path
    )
    async with Client(parameters) as client:
        assert client.server_info is not None
        assert client.server_info.name == "bulletin-bot"
        assert "每月發佈10名月榜人物" in await asked(client)
        refusal = await client.call_tool("search", {"query": "甲", "city": "重慶"}, read_timeout_seconds=30)
        assert refusal.is_error


def test_nothing_but_the_protocol_is_on_standard_output_and_the_end_of_input_ends_it(
    seed_index: Path, tmp_path: Path
) -> None:
    started = json.dumps(
        {
            "jsonrpc": "2.0",
            "id": 0,
            "method": "initialize",
            "params": {
                "protocolVersion": "2025-06-18",
                "capabilities": {},
                "clientInfo": {"name": "test", "version": "1"},
            },
        }
    )
    done = subprocess.run(
        [COMMAND, "mcp"],
        input=f"{started}\nno JSON\n",
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment(seed_index) | {"LOG_LEVEL": "DEBUG"},
        timeout=60,
        check=True,
    )
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    assert messages[0]["result"]["serverInfo"]["name"] == "bulletin-bot"
    assert all(message["jsonrpc"] == "2.0" for message in messages)
    assert "Traceback" not in done.stderr


def test_without_an_index_it_says_in_a_sentence_what_to_run(tmp_path: Path) -> None:
    done = subprocess.run(
        [COMMAND, "mcp"],
        input="",
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environment(tmp_path / "none"),
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith("run `bulletin-bot rebuild` first.\n")
    assert done.stderr.count("\n") == 1


@contextmanager
def served(settings: Settings, answerer: Answerer) -> Iterator[str]:
    """The address of the tools, served in a thread."""
    config = uvicorn.Config(
        http_application(settings, answerer), port=settings.mcp_port, log_config=None, access_log=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        end = time.monotonic() + 20
        while not server.started and time.monotonic() < end:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{settings.mcp_port}/mcp"
    finally:
        server.should_exit = True
        thread.join(10)


@asynccontextmanager
async def client_with_key(url: str, key: str) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {key}"}
    async with (
        httpx2.AsyncClient(headers=headers) as http,
        Client(streamable_http_client(url, http_client=http)) as client,
    ):
        yield client


async def test_over_http_the_official_client_gets_the_same_answer(answerer: Answerer, free_port: int) -> None:
    with served(load_settings(mcp_port=free_port), answerer) as url:
        async with Client(url) as client:
            assert "每月發佈10名月榜人物" in await asked(client)


async def test_where_only_certain_chats_are_served_a_program_needs_a_key(
    answerer: Answerer, free_port: int
) -> None:
    settings = load_settings(mcp_port=free_port, bot_mode="private", access_keys=KEYS)
    with served(settings, answerer) as url:
        for headers in ({}, {"Authorization": "Bearer other"}, {"Authorization": KEY}):
            refused = await asyncio.to_thread(httpx.post, url, json=CALL, headers=ACCEPT | headers)
            assert refused.status_code == 401
            assert refused.headers["www-authenticate"] == "Bearer"
            assert "榜" not in refused.text
        async with client_with_key(url, KEY) as client:
            assert "每月發佈10名月榜人物" in await asked(client)


def test_without_a_key_that_could_let_anybody_in_it_does_not_start(answerer: Answerer) -> None:
    with pytest.raises(BulletinBotError, match="ACCESS_KEYS"):
        http_application(load_settings(allowed_chats="-1001"), answerer)


def test_other_hosts_and_pages_of_other_sites_are_refused(answerer: Answerer, free_port: int) -> None:
    settings = load_settings(mcp_port=free_port, mcp_hosts="mcp.example.org")
    with served(settings, answerer) as url:
        for headers, status in (
            ({"Host": "evil.example"}, 421),
            ({"Origin": "https://evil.example"}, 403),
            ({"Origin": "null"}, 403),
            ({"Host": "mcp.example.org"}, 200),
            ({"Origin": f"http://localhost:{free_port}"}, 200),
        ):
            answer = httpx.post(url, json=CALL, headers=ACCEPT | headers, timeout=30)
            assert answer.status_code == status, headers


def test_requests_of_an_address_are_bounded(answerer: Answerer, free_port: int) -> None:
    settings = load_settings(mcp_port=free_port, mcp_per_minute=6)
    with served(settings, answerer) as url:
        answers = [httpx.post(url, json=CALL, headers=ACCEPT, timeout=30) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 10


def test_a_request_too_long_for_any_question_is_refused(answerer: Answerer, free_port: int) -> None:
    with served(load_settings(mcp_port=free_port), answerer) as url:
        body = b'{"jsonrpc": "2.0", "padding": "' + b"x" * 100_000 + b'"}'
        headers = ACCEPT | {"Content-Type": "application/json"}
        assert httpx.post(url, content=body, headers=headers, timeout=30).status_code == 413


def test_the_command_serves_over_http_until_it_is_stopped(
    seed_index: Path, tmp_path: Path, free_port: int
) -> None:
    command = [str(COMMAND), "mcp", "--http", "--port", str(free_port)]
    process = subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment(seed_index),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr is not None
        line = next(line for line in process.stderr if "MCP is at" in line)
        assert f"http://127.0.0.1:{free_port}/mcp" in line
        answer = httpx.post(f"http://127.0.0.1:{free_port}/mcp", json=CALL, headers=ACCEPT, timeout=30)
        assert "每月發佈10名月榜人物" in answer.text
    finally:
        process.terminate()
        written, _ = process.communicate(timeout=20)
    assert written == ""
    assert process.returncode in (0, -15)


def test_a_port_that_is_taken_is_said_in_a_sentence(answerer: Answerer, free_port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", free_port))
        other.listen()
        with pytest.raises(
            BulletinBotError, match=f"MCP_PORT {free_port} on 127.0.0.1 cannot be listened on"
        ):
            serve_http(load_settings(mcp_port=free_port), answerer)
