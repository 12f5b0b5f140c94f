"""/about, /forget and what /help says is kept."""

from __future__ import annotations

from bot.handlers.context import DATABASE
from bot.texts.keeping import KEEPING_TEXTS
from tests.chatting import Chat

SAID = KEEPING_TEXTS["zh-hant"]


async def test_about_names_places_counts_time_and_quality(chat: Chat) -> None:
    (reply,) = await chat.person.says("/about")
    assert "15 個地方、7 篇簡報、69 段" in reply.text
    assert "江蘇南京" in reply.text
    assert SAID.no_dates in reply.text
    assert chat.desk.generation.manifest.built_at[:10] in reply.text
    assert "品質" in reply.text


async def test_about_is_a_button_of_the_help_which_says_what_is_kept(chat: Chat) -> None:
    (help_,) = await chat.person.says("/help")
    assert "/forget" in help_.text
    assert "30 天" in help_.text
    stored = chat.person.stored(help_)
    await chat.person.presses(stored, help_.button(SAID.about_button))
    assert "69 段" in chat.person.sees(help_).text


async def test_forget_deletes_all_about_the_person_and_says_how_much(chat: Chat) -> None:
    await chat.person.says("北京榜樣每個月評出多少人?")
    (forgotten,) = await chat.person.says("/forget")
    assert forgotten.text.startswith("已經刪除關於您的所有紀錄，共 3 筆")
    database = chat.application.bot_data[DATABASE]
    assert database.number("SELECT count(*) FROM turns") == 0
    assert database.number("SELECT count(*) FROM answers") == 0
    assert database.number("SELECT count(*) FROM outcomes") == 1
    (follow_up,) = await chat.person.says("那大連呢?")
    assert "理解為" not in follow_up.text
