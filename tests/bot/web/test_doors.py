"""Each door of the pages, from outside: who is let in, who is not, and what a response says of itself."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from http.cookies import SimpleCookie
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.serving.answerer import Answerer
from bot.settings import load_settings
from bot.web import pages_served
from bot.web_access import LinkSigner, hash_of_key
from retrieval.errors import BulletinBotError
from tests.bot.web.conftest import SECRET, MakeReader, Reader
from tests.bot.web_access.test_doors import NOW, init_data

KEY = "a-key-of-the-press-office"
LIMITED: dict[str, object] = {
    "bot_mode": "private",
    "allowed_chats": "7,-1001",
    "admin_ids": "1",
    "telegram_bot_token": SECRET,
    "access_keys": f"press:{hash_of_key(KEY)}",
    "web_url": "https://bulletins.example",
}
PATHS = (
    "/",
    "/b/篇1",
    "/p/00000000000000a1?q=0-3",
    "/search",
    "/ask",
    "/picture/00000000000000a1.jpg",
    "/c/00000000",
)


@pytest.fixture
def stranger(reader_of: MakeReader, small: Answerer) -> Reader:
    """Somebody at pages for certain chats."""
    return reader_of(small, **LIMITED)


def token_for(subject: str, now: float | None = None) -> str:
    at = time.time() if now is None else now
    return LinkSigner.of_secret(SECRET, 3600, lambda: at).token(subject)


@pytest.mark.parametrize("path", PATHS)
async def test_a_stranger_sees_no_page(stranger: Reader, path: str) -> None:
    for cookie in ("", "reader=x", f"reader={token_for('c8')}", f"reader={token_for('c7')}x"):
        found = await stranger.get(path, headers={"Cookie": cookie})
        assert found.status_code == 401
        assert "篇1" not in re.sub('value="[^"]*"', "", found.text)
        assert "身邊好人" not in found.text


async def test_a_stranger_asks_and_searches_in_vain(stranger: Reader) -> None:
    for path, data in (("/ask", {"question": "圖書館"}), ("/search", {"words": "圖書館"})):
        found = await stranger.post(path, data=data)
        assert found.status_code == 401
        assert "南京" not in found.text


@pytest.mark.parametrize("subject", ["c7", "c1", "c-1001", "kpress"])
async def test_a_signed_link_lets_in_who_is_admitted_and_leaves_no_token_in_the_address(
    stranger: Reader, subject: str
) -> None:
    found = await stranger.get(f"/p/00000000000000a1?q=0-3&t={token_for(subject)}")
    assert found.status_code == 303
    assert found.headers["location"] == "/p/00000000000000a1?q=0-3"
    cookie = SimpleCookie(found.headers["set-cookie"])["reader"]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
    page = await stranger.get("/b/篇1", headers={"Cookie": f"reader={cookie.value}"})
    assert page.status_code == 200
    assert "身邊好人" in page.text


@pytest.mark.parametrize("subject", ["c8", "c-1002", "kother", "c0"])
async def test_a_signed_link_of_somebody_not_admitted_ends_at_the_door(
    stranger: Reader, subject: str
) -> None:
    found = await stranger.get(f"/b/篇1?t={token_for(subject)}")
    assert found.status_code == 401
    assert "set-cookie" not in found.headers


async def test_an_expired_link_says_so(stranger: Reader) -> None:
    found = await stranger.get(f"/b/篇1?t={token_for('c7', NOW - 400_000_000)}")
    assert found.status_code == 401
    assert "過期" in found.text


async def test_a_key_lets_in_by_header_and_by_form(stranger: Reader) -> None:
    assert (await stranger.get("/b/篇1", headers={"Authorization": f"Bearer {KEY}"})).status_code == 200
    assert (await stranger.get("/b/篇1", headers={"Authorization": f"Bearer {KEY}x"})).status_code == 401
    entered = await stranger.post("/enter", data={"key": KEY, "to": "/b/%E7%AF%871?script=hans"})
    assert entered.headers["location"] == "/b/%E7%AF%871?script=hans"
    cookie = entered.headers["set-cookie"].partition(";")[0]
    assert (await stranger.get("/b/篇1", headers={"Cookie": cookie})).status_code == 200
    assert (await stranger.post("/enter", data={"key": "wrong", "to": "/"})).status_code == 403


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/a\r\nb", ""]
)
async def test_the_way_on_after_the_door_stays_here(stranger: Reader, to: str) -> None:
    entered = await stranger.post("/enter", data={"key": KEY, "to": to})
    assert entered.headers["location"] == "/"


async def test_the_data_of_a_mini_app_lets_in_who_is_admitted(
    stranger: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.doors.time.time", lambda: NOW + 10)
    entered = await stranger.post("/enter", data={"init_data": init_data(), "to": "/ask"})
    assert entered.status_code == 303
    assert "SameSite=None; Partitioned" in entered.headers["set-cookie"]
    assert "Secure" in entered.headers["set-cookie"]
    other = init_data(user=json.dumps({"id": 8}))
    for data in (other, init_data() + "x", init_data(token="1:" + "a" * 35), ""):
        assert (await stranger.post("/enter", data={"init_data": data})).status_code == 403
    monkeypatch.setattr("bot.web.doors.time.time", lambda: NOW + 3700)
    assert (await stranger.post("/enter", data={"init_data": init_data()})).status_code == 403


async def test_the_closed_page_offers_the_ways_in_that_there_are(
    stranger: Reader, reader_of: MakeReader, small: Answerer
) -> None:
    page = (await stranger.get("/b/篇1?script=hans")).text
    assert 'name="key"' in page
    assert 'src="/static/mini_app.js"' in page
    assert 'value="/b/篇1?script=hans"' in page
    without = reader_of(small, bot_mode="private", telegram_bot_token=SECRET)
    page = (await without.get("/")).text
    assert 'name="key"' not in page
    assert "mini_app" not in page


async def test_the_files_of_the_closed_page_are_open(stranger: Reader) -> None:
    for path in ("/static/site.css", "/static/mini_app.js", "/static/icon.svg", "/robots.txt"):
        assert (await stranger.get(path)).status_code == 200
    assert "Disallow: /" in (await stranger.get("/robots.txt")).text


@pytest.mark.parametrize("path", [*PATHS, "/static/site.css", "/nothing", "/robots.txt"])
async def test_every_response_forbids_scripts_of_others_frames_guesses_referrers_and_robots(
    reader: Reader, path: str
) -> None:
    headers = (await reader.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "noindex" in headers["x-robots-tag"]


async def test_only_telegram_may_frame_a_mini_app(stranger: Reader) -> None:
    policy = (await stranger.get("/")).headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self' https://web.telegram.org")


async def test_another_name_is_refused_before_anything_is_shown(reader: Reader, stranger: Reader) -> None:
    for client in (reader, stranger):
        found = await client.get("/", headers={"Host": "evil.example"})
        assert found.status_code == 421
        assert "簡報" not in found.text
    assert (await stranger.get("/robots.txt", headers={"Host": "bulletins.example"})).status_code == 200


async def test_one_address_is_bounded_and_another_is_not(reader_of: MakeReader, small: Answerer) -> None:
    reader = reader_of(small)
    answers = [(await reader.get("/robots.txt")).status_code for _ in range(125)]
    assert answers[:120] == [200] * 120
    assert answers[-1] == 429
    assert int((await reader.get("/")).headers["retry-after"]) >= 1


async def test_questions_are_bounded_more_closely(reader_of: MakeReader, small: Answerer) -> None:
    reader = reader_of(small)
    answers = [(await reader.post("/search", data={})).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]
    assert (await reader.get("/")).status_code == 200


async def test_behind_a_known_proxy_the_bound_is_the_reader_s(reader_of: MakeReader, small: Answerer) -> None:
    behind = reader_of(small, address="10.1.2.3", web_proxies="10.0.0.0/8")
    for number in range(11):
        own = {"X-Forwarded-For": f"6.6.6.{number}, 198.51.100.7"}
        last = await behind.post("/search", data={}, headers=own)
    assert last.status_code == 429
    other = await behind.post("/search", data={}, headers={"X-Forwarded-For": "198.51.100.8"})
    assert other.status_code == 200


async def test_without_a_known_proxy_nobody_chooses_their_address(
    reader_of: MakeReader, small: Answerer
) -> None:
    reader = reader_of(small)
    answers = [
        (await reader.post("/search", data={}, headers={"X-Forwarded-For": f"198.51.100.{n}"})).status_code
        for n in range(11)
    ]
    assert answers[-1] == 429


async def test_the_server_listens_on_this_machine_alone_and_stops(small: Answerer, free_port: int) -> None:
    settings = load_settings(web_port=free_port)
    assert settings.web_listen == "127.0.0.1"

    def get() -> tuple[int, str]:
        with urllib.request.urlopen(f"http://127.0.0.1:{free_port}/", timeout=5) as response:
            return response.status, str(response.headers)

    async with pages_served(settings, small):
        status, headers = await asyncio.to_thread(get)
        assert status == 200
        assert "uvicorn" not in headers
        with pytest.raises(BulletinBotError, match=f"WEB_PORT {free_port}"):
            async with pages_served(settings, small):
                pass
    with pytest.raises(OSError, match="refused"):
        await asyncio.to_thread(get)


def test_the_bot_without_pages_loads_none_of_their_libraries() -> None:
    code = "import sys, bot.cli.run; sys.exit(' '.join({'starlette', 'uvicorn', 'jinja2', 'bot.web'} & set(sys.modules)) or None)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


async def test_a_page_that_fails_says_so_with_all_headers_and_keeps_the_reason_for_the_log(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise OSError("secret of the disk")

    monkeypatch.setattr("bot.web.reading_pages.ReadingPages.index_page", fail)
    found = await reader.get("/")
    assert found.status_code == 500
    assert "secret" not in found.text
    assert "nosniff" in found.headers["x-content-type-options"]
    assert "secret of the disk" in caplog.text


def test_the_command_serves_until_it_is_told_to_stop(seed_index: Path, free_port: int) -> None:
    command = [str(Path(sys.executable).with_name("bulletin-bot")), "web", "--port", str(free_port)]
    process = subprocess.Popen([*command, "--index", str(seed_index)], stderr=subprocess.PIPE)
    try:
        address = f"http://127.0.0.1:{free_port}/p/0000000000000000"
        found = 0
        for _ in range(300):
            with contextlib.suppress(ConnectionError, urllib.error.URLError):
                try:
                    urllib.request.urlopen(address, timeout=5)
                except urllib.error.HTTPError as error:
                    found = error.code
                    break
            time.sleep(0.1)
        assert found == 404
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()


def test_a_new_key_is_shown_once_with_its_line_for_the_settings(capsys: pytest.CaptureFixture[str]) -> None:
    with contextlib.suppress(SystemExit):
        main(["new-key", "press"])
    shown = re.fullmatch(r".*: (\S+)\nFor ACCESS_KEYS: press:(\w+)\n", capsys.readouterr().out)
    assert shown is not None
    assert hash_of_key(shown[1]) == shown[2]
