"""`/forget`: it says what would go and asks; only the person's own press deletes it."""

from __future__ import annotations

import pytest

from bot.locales import LANGUAGES, ZH_HANT, Texts
from bot.serving.answerer import Answerer
from bot.state import users
from tests.bot.reports.test_verdicts import press
from tests.chatting import Chat, a_group, new_chat
from tests.e2e.bot_api.in_process import Telegram
from tests.e2e.bot_api.sent_message import seen
from tests.e2e.bot_api.state import User

QUESTION = "北京榜樣每個月評出多少人?"


async def test_forget_says_what_would_go_and_deletes_it_once_confirmed(chat: Chat) -> None:
    await chat.person.says(QUESTION)
    (asked,) = await chat.person.says("/forget")
    for line in ("上一個問題 1", "訊息編號 1", "問題和回答 1"):
        assert f"• {line}" in asked.text
    database = chat.services.database
    assert database.number("SELECT count(*) FROM answers") == 1
    _, forgotten = await press(chat.person, asked, ZH_HANT.about.forget_yes)
    assert forgotten.text.startswith("已經刪除關於您的所有紀錄，共 4 筆")
    assert database.number("SELECT count(*) FROM turns") == 0
    assert database.number("SELECT count(*) FROM answers") == 0
    assert database.number("SELECT count(*) FROM outcomes") == 1
    (follow_up,) = await chat.person.says("那大連呢?")
    assert "理解為" not in follow_up.text


async def test_what_is_not_confirmed_stays(chat: Chat) -> None:
    await chat.person.says(QUESTION)
    (asked,) = await chat.person.says("/forget")
    _, kept = await press(chat.person, asked, ZH_HANT.about.forget_no)
    assert (kept.text, kept.buttons) == (ZH_HANT.about.forget_kept, ())
    assert chat.services.database.number("SELECT count(*) FROM answers") == 1


@pytest.mark.parametrize(("language", "texts"), LANGUAGES.items())
async def test_where_nothing_is_kept_nothing_is_asked(
    answerer: Answerer, language: str, texts: Texts
) -> None:
    chat = new_chat(answerer, language)
    async with chat.application:
        (told,) = await chat.person.says("/forget")
    assert told.text == texts.about.nothing_kept


async def test_nobody_else_in_a_group_can_press_the_button(chat: Chat) -> None:
    group = a_group()
    await chat.person.says(QUESTION)
    (asked,) = await chat.person.says_in(group, "/forget")
    other = Telegram(chat.person.state, chat.application, User(8, "Other", "", "zh-hant"))
    stored = group.messages[asked.message_id]
    question, _ = await other.presses(stored, asked.button(ZH_HANT.about.forget_yes))
    assert question.answer is not None
    assert (question.answer["text"], question.answer["show_alert"]) == (ZH_HANT.about.forget_not_yours, True)
    assert users.count_rows(chat.services.database, 7)["answers"] == 1
    await chat.person.presses(stored, asked.button(ZH_HANT.about.forget_yes))
    assert "answers" not in users.count_rows(chat.services.database, 7)
    assert "刪除" in seen(stored).text.replace("刪掉", "刪除")


@pytest.mark.parametrize("texts", LANGUAGES.values())
def test_every_table_of_a_person_has_a_name(texts: Texts) -> None:
    assert texts.about.forget_rows.keys() == {
        "languages",
        "collections",
        "wording",
        "turns",
        "basket",
        "sent",
        "subscriptions",
        "answers",
        "feedback",
        "searches",
    }
