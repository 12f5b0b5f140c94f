"""Cost of the reader page: `python -m benchmarks.speed.reader_page`.

Five minutes. Processor time of a page of a passage; the largest page of a thousand bulletins; memory that the pages add to
the bot; and the waits of people who ask the bot while fifty readers open a page every five seconds each, in slices of
time in turn with nobody reading, so that other work on the machine meets both alike.
"""

from __future__ import annotations

import asyncio
import http.client
import itertools
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from urllib.parse import quote, unquote

import httpx
from tests.doubles import HashEncoder, loaded, make_passage

from benchmarks.bounds import Bound, judge
from benchmarks.faults.soak_figures import percentile, spread
from benchmarks.machine import machine
from benchmarks.served import Served, served
from bot.serving import Answerer, open_answerer
from bot.settings import load_settings
from bot.web import web_application
from retrieval.building import build_generation

READERS, EVERY_SECONDS = 50, 5.0
_SLICES, _SLICE_SECONDS, _QUESTIONS_A_SECOND = 48, 5.0, 2.5
_ASKERS = range(500, 520)
_TIMES_EACH = 5
_PAGES_READ = 1000


def main() -> int:
    page_ms = asyncio.run(_processor_ms())
    largest = asyncio.run(_largest_page())
    port = _free_port()
    with served() as bot:
        _ask(bot, 5.0)
        without = bot.megabytes()
    with served(WEB_PORT=str(port)) as bot:
        _ask(bot, 5.0)
        _read(port, _PAGES_READ)
        with_pages = bot.megabytes()
        alone, reading = _waits(bot, port)
    ratio = percentile(reading, 0.95) / percentile(alone, 0.95)
    figures: dict[str, object] = {
        "processor ms of a page of a passage, mean": round(statistics.mean(page_ms), 2),
        "the same, p95": round(percentile(page_ms, 0.95), 2),
        "largest page of 1,000 bulletins, bytes": largest,
        "MB of the bot without pages, with them after 1,000 were read": (without, with_pages),
        "waits without readers, ms": spread([wait * 1000 for wait in alone]),
        "waits with 50 readers, ms": spread([wait * 1000 for wait in reading]),
        "machine": machine(),
    }
    bounds = (
        Bound("processor ms of a page", round(percentile(page_ms, 0.95), 2), at_most=20.0),
        Bound("bytes of the largest page", largest, at_most=300_000),
        Bound("MB that the pages add", with_pages - without, at_most=60),
        Bound("wait p95 with readers to without", round(ratio, 2), at_most=1.2),
    )
    return judge("reader_page", figures, bounds)


def _reader(answerer: Answerer) -> httpx.AsyncClient:
    """A reader without a network, each request from another address."""
    application = web_application(load_settings(web_proxies="127.0.0.1"), answerer, "secret")
    return httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://localhost")


def _another_address(counter: itertools.count[int] = itertools.count(1)) -> dict[str, str]:  # noqa: B008
    number = next(counter)
    return {"X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}


async def _processor_ms() -> list[float]:
    """Processor milliseconds of the page of each passage with its words marked, the redirect to it and the client included."""
    answerer = open_answerer(load_settings())
    taken = []
    async with _reader(answerer) as reader:
        for _, passage in itertools.product(range(_TIMES_EACH), answerer.whole.passages):
            before = time.process_time()
            address, headers = f"/p/{passage.passage_id}?q=0-5", _another_address()
            page = await reader.get(address, follow_redirects=True, headers=headers)
            taken.append((time.process_time() - before) * 1000)
            assert "<mark" in page.text
    answerer.close()
    return taken[len(answerer.whole.passages) :]


async def _largest_page() -> int:
    """Bytes of the largest page met on the way through all pages of a thousand bulletins, one of them of 400,000 characters."""
    paragraph = "志願者走進社區開展服務。" * 40
    passages = [
        make_passage(
            f"{number:016x}", paragraph, bulletin=f"篇{max(number - 840, 1)}", place=f"地方{number // 12}"
        )
        for number in range(1, 1841)
    ]
    encoder = HashEncoder()
    answerer = Answerer(loaded(build_generation(passages, encoder), encoder), encoder)
    sizes, waiting, seen = [0], ["/"], {"/"}
    async with _reader(answerer) as reader:
        while waiting:
            page = await reader.get(waiting.pop(), headers=_another_address())
            sizes.append(len(page.content))
            found = {unquote(address) for address in re.findall(r'href="(/(?:b/|\?page)[^"#]*)', page.text)}
            fresh = {address for address in found if "script=" not in address} - seen
            seen |= fresh
            waiting += sorted(fresh)
    answerer.close()
    return max(sizes)


def _ask(bot: Served, seconds: float) -> list[float]:
    """Seconds that questions asked at a steady pace wait."""
    bot.telegram.log.clear()
    asked = []
    for number in range(int(seconds * _QUESTIONS_A_SECOND)):
        asked.append(bot.ask(_ASKERS[number % len(_ASKERS)], number))
        time.sleep(1 / _QUESTIONS_A_SECOND)
    bot.wait_for(asked, 60)
    return [one.wait for one in asked]


def _waits(bot: Served, port: int) -> tuple[list[float], list[float]]:
    """Waits without and with readers, who are a process of their own so that the emulated Telegram is not disturbed."""
    command = [sys.executable, "-m", "benchmarks.speed.reader_page", str(port)]
    readers = subprocess.Popen(command, stdin=subprocess.PIPE, text=True)
    assert readers.stdin is not None
    waits: tuple[list[float], list[float]] = ([], [])
    try:
        for number in range(_SLICES):
            are_reading = number % 4 in {1, 2}  # ABBA: a drift meets both alike
            readers.stdin.write(f"{int(are_reading)}\n")
            readers.stdin.flush()
            waits[are_reading].extend(_ask(bot, _SLICE_SECONDS))
    finally:
        readers.terminate()
        readers.wait()
    return waits


def _read(port: int, pages: int) -> None:
    for number in range(pages):
        _get(port, number % 250 + 1, number)


def _get(port: int, reader: int, number: int) -> None:
    """Open a page of one of the seven bulletins, from an address of this machine's own."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", port, timeout=30, source_address=(f"127.0.1.{reader}", 0)
    )
    connection.request("GET", quote(f"/b/篇{number % 7 + 1}"))
    response = connection.getresponse()
    response.read()
    assert response.status == 200, response.status
    connection.close()


def _keep_reading(port: int, reader: int, are_reading: threading.Event) -> None:
    """Open a page every `EVERY_SECONDS` on a schedule of one's own, while the event is set."""
    at = time.monotonic() + EVERY_SECONDS * reader / READERS
    for number in itertools.count(reader):
        time.sleep(max(0.0, at - time.monotonic()))
        at += EVERY_SECONDS
        if are_reading.is_set():
            _get(port, reader, number)


def _readers(port: int) -> None:
    """The readers; a line on standard input, 1 or 0, tells whether they read."""
    are_reading = threading.Event()
    for reader in range(1, READERS + 1):
        threading.Thread(target=_keep_reading, args=(port, reader, are_reading), daemon=True).start()
    for line in sys.stdin:
        (are_reading.set if line.strip() == "1" else are_reading.clear)()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _readers(int(sys.argv[1]))
    else:
        sys.exit(main())
