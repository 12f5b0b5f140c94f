"""/about, /forget and what /help says is kept: through the real Application, against the strict emulator."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.application import build_application
from bot.desk import ReadingDesk
from bot.handlers.context import DATABASE
from bot.settings import load_settings
from bot.texts.keeping import KEEPING_TEXTS
from tests.e2e.bot_api.emulator import DEFAULT_TOKEN
from tests.e2e.bot_api.in_process import EmulatedRequest, Telegram, new_state

SAID = KEEPING_TEXTS["zh-hant"]


@pytest.fixture
async def person(desk: ReadingDesk) -> AsyncIterator[Telegram]:
    state = new_state()
    request = EmulatedRequest(state)
    async with build_application(load_settings(), desk, DEFAULT_TOKEN, request) as application:
        yield Telegram(state, application)
    assert request.refused == []


async def test_about_names_places_counts_time_and_quality(person: Telegram, desk: ReadingDesk) -> None:
    (reply,) = await person.says("/about")
    assert "15 個地方、7 篇簡報、69 段" in reply.text
    assert "江蘇南京" in reply.text
    assert SAID.no_dates in reply.text
    assert desk.generation.manifest.built_at[:10] in reply.text
    assert "品質" in reply.text


async def test_about_is_a_button_of_the_help_which_says_what_is_kept(person: Telegram) -> None:
    (help_,) = await person.says("/help")
    assert "/forget" in help_.text
    assert "30 天" in help_.text
    stored = person.chat.messages[help_.message_id]
    await person.presses(stored, help_.button(SAID.about_button))
    assert "69 段" in person.sees(help_).text


async def test_forget_deletes_all_about_the_person_and_says_how_much(person: Telegram) -> None:
    await person.says("北京榜樣每個月評出多少人?")
    (forgotten,) = await person.says("/forget")
    assert forgotten.text.startswith("已經刪除關於您的所有紀錄，共 3 筆")
    database = person.application.bot_data[DATABASE]
    assert database.number("SELECT count(*) FROM turns") == 0
    assert database.number("SELECT count(*) FROM answers") == 0
    assert database.number("SELECT count(*) FROM outcomes") == 1
    (follow_up,) = await person.says("那大連呢?")
    assert "理解為" not in follow_up.text
