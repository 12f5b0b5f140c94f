"""Writes pictures of the pages of the reader page as PNG: `python -m benchmarks.pictures.reader_page FOLDER`.

They are made by Chromium (/usr/bin/chromium, or CHROMIUM) from the index in service, to be looked at.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from bot.serving import open_answerer
from bot.settings import Settings, load_settings
from bot.web import pages_served

PORT = 8123
ADDRESS = f"http://127.0.0.1:{PORT}"
_PHONE, _DESK = {"width": 390, "height": 844}, {"width": 1100, "height": 800}


async def _cited(page: Page) -> None:
    await _asked(page)
    await page.click(".answer a")
    await page.wait_for_selector("mark")


async def _asked(page: Page) -> None:
    await page.goto(f"{ADDRESS}/ask")
    await page.fill("#question", "北京榜樣每個月評出多少人？")
    await page.click("main button")
    await page.wait_for_selector(".block")


async def _compared(page: Page) -> None:
    await page.goto(f"{ADDRESS}/ask")
    await page.fill("#question", "北京和山東的好人怎麼評選？")
    await page.click("main button")
    await page.wait_for_selector(".block")


async def _searched(page: Page) -> None:
    await page.goto(f"{ADDRESS}/search")
    await page.fill("#words", "志願者 保險")
    await page.click("main button")
    await page.wait_for_selector(".block")


async def _bulletin(page: Page) -> None:
    await page.goto(f"{ADDRESS}/b/篇3?script=hans")


async def _index(page: Page) -> None:
    await page.goto(f"{ADDRESS}/")


PICTURES = {
    "index-desk": (_index, _DESK, "light"),
    "cited-phone": (_cited, _PHONE, "light"),
    "cited-desk-dark": (_cited, _DESK, "dark"),
    "asked-phone-dark": (_asked, _PHONE, "dark"),
    "compared-desk": (_compared, _DESK, "light"),
    "bulletin-phone": (_bulletin, _PHONE, "light"),
    "bulletin-desk": (_bulletin, _DESK, "light"),
    "searched-phone": (_searched, _PHONE, "light"),
}


async def _write(browser: Browser, folder: Path) -> None:
    for name, (steps, size, scheme) in PICTURES.items():
        page = await browser.new_page(viewport=size, color_scheme=scheme, locale="zh-TW")
        await steps(page)
        await page.wait_for_load_state("networkidle")
        await page.screenshot(path=folder / f"{name}.png")
        await page.close()


async def _main(settings: Settings, folder: Path) -> None:
    answerer = open_answerer(settings)
    async with pages_served(settings, answerer), async_playwright() as playwright:
        program = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        await _write(browser, folder)
        await browser.close()
    answerer.close()


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    asyncio.run(_main(load_settings(web_port=PORT), target))
