"""Visits of a real browser to the pages of the seven bulletins."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright

from bot.serving.answerer import Answerer
from bot.settings import load_settings
from bot.web import pages_served

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
_AXE = "axe-core@4.14.1"


class Visit:
    """A page of the browser, and what went wrong or elsewhere meanwhile."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.complaints: list[str] = []
        self.strangers: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._watch)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.strangers.append(request.url)

    async def open(self, path: str) -> None:
        """Go to a path of the pages."""
        await self.page.goto(self.address + path)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium without a window."""
    if CHROMIUM is None:
        pytest.skip("Chromium cannot be had here: the tests in a real browser are skipped")
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        await opened.close()


@pytest.fixture
async def visit(browser: Browser, answerer: Answerer, free_port: int) -> AsyncIterator[Visit]:
    """A visit on a wide screen; at its end nothing went wrong and nothing was asked of another host."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(
            pages_served(load_settings(web_port=free_port, web_api=True), answerer)
        )
        context = await browser.new_context(locale="zh-TW", viewport={"width": 1100, "height": 800})
        made = Visit(await context.new_page(), f"http://127.0.0.1:{free_port}")
        yield made
        await context.close()
    assert made.complaints == []
    assert made.strangers == []


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core, which judges how a page serves keyboards and screen readers."""
    folder = tmp_path_factory.mktemp("axe")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("axe-core cannot be had here without npm: its judgement is skipped")
    packed = subprocess.run(
        [npm, "pack", "--silent", _AXE], cwd=folder, capture_output=True, check=False, timeout=120
    )
    archives = list(folder.glob("*.tgz"))
    if packed.returncode or not archives:
        pytest.skip(f"{_AXE} cannot be fetched here: its judgement is skipped")
    with tarfile.open(archives[0]) as archive:
        archive.extractall(folder, filter="data")
    return Path(folder, "package", "axe.min.js").read_text(encoding="utf-8")
