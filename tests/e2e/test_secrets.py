"""In every failure at DEBUG, neither the token nor the secret of the webhook is in anything the bot writes."""

from __future__ import annotations

import socket
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.bot_api import Emulator
from tests.e2e.conftest import BotProcess, StartBot
from tests.e2e.fault_proxy import Fault, FaultProxy

START_SECONDS = 120.0
SOON = 30.0
SLOWER_THAN_PATIENCE = 9.0
WEBHOOK_SECRET = "hush_hush-0123456789-webhook_SECRET"
ADMIN = 7

# Each strikes a call that an answer needs, or the next poll. What takes long, a 401 and a raise come by other ways.
FAULTS = [
    Fault("sendMessage", status=429, retry_after=1),
    Fault("sendMessage", status=500),
    Fault("sendMessage", status=502),
    Fault("sendMessage", reset="before"),
    Fault("sendMessage", reset="after"),
    Fault("sendMessage", keep=40),
    Fault("getUpdates", keep=20, honest=True),
    Fault("getUpdates", status=409),
]


def forms_of(secret: str) -> set[str]:
    """The secret as it may be written, whole or behind its colon: as it is, in an address, in a literal."""
    parts = {secret, secret.partition(":")[2]} - {""}
    ways: tuple[Callable[[str], str], ...] = (
        str,
        urllib.parse.quote,
        urllib.parse.quote_plus,
        lambda part: repr(part)[1:-1],
    )
    return {way(part) for part in parts for way in ways}


def places_with(secrets: tuple[str, ...], written: dict[str, bytes]) -> list[str]:
    """The names of those texts in which a secret stands, in any of its forms."""
    needles = {form.encode() for secret in secrets for form in forms_of(secret)}
    return [name for name, text in written.items() if any(needle in text for needle in needles)]


def read(address: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> bytes:
    """The page with its headers, also that of an error."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, body, headers or {})) as page:  # noqa: S310
            return bytes(page.headers) + bytes(page.read())
    except urllib.error.HTTPError as page:
        return bytes(page.headers) + bytes(page.read())


def written_by(bot: BotProcess, port: int, *folders: Path) -> dict[str, bytes]:
    """All that a running bot shows to others: output, files, pages, and what `ps` tells of it."""
    process = Path("/proc") / str(bot.pid)
    told = [process / "cmdline", process / "comm", *process.glob("task/*/comm")]
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    pages = {page: read(f"http://127.0.0.1:{port}/{page}") for page in ("metrics", "healthz", "no-page")}
    return {
        "output": bot.output.encode(),
        **pages,
        **{str(path): path.read_bytes() for path in [*told, *files]},
    }


def waits_until(holds: Callable[[], bool], bot: BotProcess) -> None:
    end = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < end, bot.output
        time.sleep(0.05)


@pytest.fixture
def proxy(telegram: Emulator) -> Iterator[FaultProxy]:
    with FaultProxy(telegram.port) as made:
        yield made


def test_no_secret_is_in_anything_that_is_written_whatever_fails(
    telegram: Emulator,
    proxy: FaultProxy,
    start_bot: StartBot,
    seed_index: Path,
    tmp_path: Path,
    free_port: int,
) -> None:
    telegram.fault("setMyCommands", delay=SLOWER_THAN_PATIENCE)
    web, _ = free_ports()
    bot = start_bot(
        WEB_PORT=str(web),
        ADMIN_IDS=str(ADMIN),
        TELEGRAM_BASE_URL=proxy.base_url,
        METRICS_PORT=str(free_port),
        CONCURRENT_UPDATES="8",
    )
    person = telegram.person(ADMIN)
    person.says("/lang")
    person.waits_for_message(timeout=START_SECONDS)
    for fault in FAULTS:
        proxy.inject(fault)
        person.says("/ask 北京榜樣每個月評出多少人?")
        assert "10名月榜人物" in person.waits_for_message(timeout=SOON).text
    # A handler raises: Telegram refuses a message, and repeats the address with all that is in it.
    telegram.fault(
        "sendMessage", status=400, description=f"Bad Request at {proxy.base_url}{telegram.token}/sendMessage"
    )
    person.says("/help")
    person.waits_for_message(timeout=SOON, containing="編號")
    person.says("/stats")
    stats = person.waits_for_message(timeout=SOON).text
    page = f"http://127.0.0.1:{free_port}/metrics"
    waits_until(lambda: b'faults_total{fault="timeout"}' in read(page), bot)

    written = written_by(bot, free_port, seed_index, tmp_path)
    written["page"] = read(f"http://127.0.0.1:{web}/")
    assert "篇7".encode() in written["page"]
    written |= {f"message {message.message_id}": message.text.encode() for message in person.history()}
    assert stats.encode() in written.values()
    for kind in ("429", "500", "502", "network", "409"):
        assert f'faults_total{{fault="{kind}"}}'.encode() in written["metrics"]
    assert "/bot***/sendMessage" in bot.output  # it came by, and was taken out
    assert places_with((telegram.token,), written) == []

    proxy.inject(Fault("*", status=401, times=100))
    assert bot.wait(SOON) == 1
    assert "TELEGRAM_BOT_TOKEN" in bot.output.splitlines()[-1]
    assert places_with((telegram.token,), {"output": bot.output.encode()}) == []


def test_the_secret_of_the_webhook_is_in_nothing_that_is_written(
    telegram: Emulator, proxy: FaultProxy, start_bot: StartBot, seed_index: Path, tmp_path: Path
) -> None:
    hook, port = free_ports()
    proxy.inject(Fault("setWebhook", status=502))
    bot = start_bot(
        WEBHOOK_URL=f"http://127.0.0.1:{hook}/hook",
        WEBHOOK_PORT=str(hook),
        WEBHOOK_SECRET=WEBHOOK_SECRET,
        TELEGRAM_BASE_URL=proxy.base_url,
        METRICS_PORT=str(port),
    )
    person = telegram.person(ADMIN)
    person.says("/lang")
    person.waits_for_message(timeout=START_SECONDS)
    telegram.fault("sendMessage", status=400, description=f"Bad Request: secret_token={WEBHOOK_SECRET}")
    person.says("/help")
    person.waits_for_message(timeout=SOON, containing="編號")
    address, name = f"http://127.0.0.1:{hook}", "X-Telegram-Bot-Api-Secret-Token"
    json_type = {"Content-Type": "application/json"}
    pages = {
        "without the secret": read(f"{address}/hook", json_type, b"{}"),
        "with a wrong one": read(f"{address}/hook", json_type | {name: "wrong"}, b"{}"),
        "no update": read(
            f"{address}/hook", json_type | {name: WEBHOOK_SECRET}, b'{"update_id": "no number"}'
        ),
        "no JSON": read(f"{address}/hook", json_type | {name: WEBHOOK_SECRET}, b"\xff{"),
        "elsewhere": read(f"{address}/{WEBHOOK_SECRET}"),
    }
    written = written_by(bot, port, seed_index, tmp_path) | pages
    assert "ecret_token=***" in bot.output  # it came by, and was taken out
    assert places_with((telegram.token, WEBHOOK_SECRET), written) == []
    assert bot.terminate() == 0


def test_what_looks_for_secrets_finds_them_in_every_form() -> None:
    secret = "123:AA-b_c"
    planted = {
        "plain": b"x/bot123:AA-b_c/getMe",
        "address": b"123%3AAA-b_c",
        "half": b"Unauthorized: AA-b_c",
        "none": b"123:***",
    }
    assert places_with((secret,), planted) == ["plain", "address", "half"]


def free_ports() -> tuple[int, int]:
    """Two that are free now."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
