"""The reader page in a real browser: what a person sees, and what the browser complains of."""

from __future__ import annotations

import html
import re
import time
from urllib.parse import quote

import pytest
from playwright.async_api import Browser, Page

from bot.serving.answerer import Answerer
from bot.settings import load_settings
from bot.web import pages_served
from tests.bot.web.conftest import answerer_of, make_passage
from tests.bot.web_access.test_doors import TOKEN, init_data
from tests.browser.visits import Visit

QUESTION = "北京榜樣每個月評出多少人？"


async def ask(visit: Visit, question: str = QUESTION) -> None:
    await visit.open("/ask")
    await visit.page.fill("#question", question)
    await visit.page.click("main button")
    await visit.page.wait_for_selector(".answer")


async def is_in_view(page: Page, selector: str) -> bool:
    seen: bool = await page.evaluate(
        "s => { const r = document.querySelector(s).getBoundingClientRect();"
        " return r.top >= 0 && r.bottom <= innerHeight && r.left >= 0 && r.right <= innerWidth; }",
        selector,
    )
    return seen


@pytest.mark.parametrize("width", [390, 1100])
async def test_a_citation_opens_with_the_quoted_sentence_marked_and_in_view(visit: Visit, width: int) -> None:
    await visit.page.set_viewport_size({"width": width, "height": 800})
    await ask(visit)
    quoted = re.match("「(.*?)」", await visit.page.inner_text(".answer .block"))
    assert quoted is not None
    await visit.page.click(".answer a")
    await visit.page.wait_for_selector("mark")
    assert await visit.page.inner_text("mark") == quoted[1]
    assert await is_in_view(visit.page, "mark")
    assert await visit.page.evaluate("document.querySelector(':target') !== null")


async def test_a_search_marks_the_words_and_leads_to_the_passage(visit: Visit) -> None:
    await visit.open("/search")
    await visit.page.fill("#words", "志願者 保險")
    await visit.page.fill("#place", "上海")
    await visit.page.keyboard.press("Enter")
    await visit.page.wait_for_selector(".hit mark")
    assert "志願者" in await visit.page.locator(".hit mark").all_inner_texts()
    await visit.page.click(".hit a")
    await visit.page.wait_for_selector(".passage:target")
    assert await is_in_view(visit.page, ".passage:target")


async def test_the_script_is_switched_and_marked_as_a_conversion(visit: Visit) -> None:
    await visit.open("/")
    await visit.page.click(".rows a >> nth=2")
    before = await visit.page.inner_text(".text")
    await visit.page.click("text=轉為簡體")
    assert "不是原文" in await visit.page.inner_text("[role=note]")
    assert "志愿" in await visit.page.inner_text(".text")
    await visit.page.click(".scripts >> text=原文")
    assert await visit.page.inner_text(".text") == before


@pytest.mark.parametrize("path", ["/", "/b/篇3", "/search", "/ask"])
async def test_a_phone_scrolls_down_and_never_sideways(visit: Visit, path: str) -> None:
    await visit.page.set_viewport_size({"width": 390, "height": 844})
    await visit.open(path)
    assert await visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_a_comparison_fits_a_phone(visit: Visit) -> None:
    await visit.page.set_viewport_size({"width": 390, "height": 844})
    await ask(visit, "北京和山東的好人怎麼評選？")
    assert await visit.page.locator("table").count() == 1
    assert await visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_the_dark_page_is_dark_and_the_printed_one_light_and_without_controls(visit: Visit) -> None:
    brightness = "parseInt(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])"
    await visit.page.emulate_media(color_scheme="dark")
    await visit.open("/b/篇3")
    assert await visit.page.evaluate(brightness) < 60
    await visit.page.emulate_media(media="print", color_scheme="dark")
    assert await visit.page.evaluate(brightness) == 255
    assert not await visit.page.is_visible(".top")
    assert not await visit.page.is_visible(".contents")
    assert len(await visit.page.pdf()) > 10_000


async def test_the_keyboard_reaches_the_text_first_and_then_everything(visit: Visit) -> None:
    await visit.open("/b/篇3")
    await visit.page.keyboard.press("Tab")
    assert await visit.page.evaluate("document.activeElement.className") == "skip"
    await visit.page.keyboard.press("Enter")
    assert await visit.page.evaluate("document.activeElement.id") == "main"
    await visit.page.keyboard.press("Tab")
    assert await visit.page.evaluate("document.activeElement.matches('main a')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_serious(visit: Visit, axe: str, scheme: str) -> None:
    await visit.page.emulate_media(color_scheme=scheme)
    for path in ("/", "/b/篇3", "/b/篇3?script=hans", "/search", "/api/", "/nothing"):
        await visit.open(path)
        await judge(visit.page, axe)
    await ask(visit)
    await judge(visit.page, axe)
    await visit.page.click(".answer a")
    await visit.page.wait_for_selector("mark")
    await judge(visit.page, axe)
    visit.complaints = [text for text in visit.complaints if "404" not in text]


async def judge(page: Page, axe: str) -> None:
    await page.evaluate(axe + ";0")
    found = (await page.evaluate("axe.run(document)"))["violations"]
    serious = [
        (each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in {"serious", "critical"}
    ]
    assert serious == [], page.url


async def test_hostile_text_runs_nothing_in_a_browser(browser: Browser, free_port: int) -> None:
    hostile = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
    answerer = answerer_of([make_passage("00000000000000e1", hostile, place=hostile, bulletin=hostile)])
    async with pages_served(load_settings(web_port=free_port), answerer):
        page = await browser.new_page()
        await page.goto(f"http://127.0.0.1:{free_port}/p/00000000000000e1?q=0-8")
        assert await page.inner_text("mark") == "<script>"
        assert html.unescape(await page.inner_html(".passage mark")) == "<script>"
        assert await page.title() != "taken"
        assert await page.locator("script, img").count() == 0
        await page.close()
    answerer.close()


async def test_without_scripts_everything_works(browser: Browser, answerer: Answerer, free_port: int) -> None:
    async with pages_served(load_settings(web_port=free_port), answerer):
        context = await browser.new_context(java_script_enabled=False, locale="zh-TW")
        page = await context.new_page()
        await page.goto(f"http://127.0.0.1:{free_port}/ask")
        await page.fill("#question", QUESTION)
        await page.click("main button")
        await page.click(".answer a")
        assert "10名月榜人物" in await page.inner_text("mark")
        await context.close()


async def test_telegram_lets_a_reader_into_a_closed_page_by_the_mini_app(
    browser: Browser, answerer: Answerer, free_port: int
) -> None:
    settings = load_settings(
        web_port=free_port,
        web_url="https://bulletins.example",
        telegram_bot_token=TOKEN,
        bot_mode="private",
        allowed_chats="7",
    )
    passage = answerer.whole.passages[0]
    address = f"http://127.0.0.1:{free_port}/p/{passage.passage_id}?q=0-5"
    async with pages_served(settings, answerer):
        page = await (await browser.new_context()).new_page()
        await page.goto(address)
        assert await page.locator("mark").count() == 0
        given = quote(init_data(auth_date=str(int(time.time()))))
        await page.goto("about:blank")
        await page.goto(f"{address}#tgWebAppData={given}&tgWebAppVersion=9.0")
        await page.wait_for_selector("mark")
        assert await page.inner_text("mark") == passage.text[:5]
        assert given not in page.url
        await page.context.close()
