"""/about, /forget and what /help says is kept."""

from __future__ import annotations

import pytest

from bot.handlers.context import DATABASE
from bot.locales import LANGUAGES, ZH_HANT
from bot.state.retention import LIMITS
from tests.chatting import Chat

SAID = ZH_HANT.about


async def test_about_names_places_counts_time_and_quality(chat: Chat) -> None:
    (reply,) = await chat.person.says("/about")
    assert "15 個地方、7 篇簡報、69 段" in reply.text
    assert "江蘇南京" in reply.text
    assert SAID.no_dates in reply.text
    assert chat.answerer.index.manifest.built_at[:10] in reply.text
    assert "品質" in reply.text


async def test_about_is_a_button_of_the_help_which_says_what_is_kept(chat: Chat) -> None:
    (help_,) = await chat.person.says("/help")
    assert "/forget" in help_.text
    assert "30 天" in help_.text
    stored = chat.person.stored(help_)
    await chat.person.presses(stored, help_.button(SAID.button))
    assert "69 段" in chat.person.sees(help_).text


async def test_what_is_kept_of_a_question_and_of_its_verdict_is_the_question_itself_with_who_asked(
    chat: Chat,
) -> None:
    question = "北京榜樣每個月評出多少人?"
    (answer,) = await chat.person.says(question)
    await chat.person.presses(chat.person.stored(answer), answer.button("👍"))
    database, person = chat.application.bot_data[DATABASE], chat.person.user.id
    for table, column in (("answers", "json_extract(turn, '$.question')"), ("feedback", "question")):
        (kept,) = database.rows(f"SELECT {column} FROM {table} WHERE person = ?", (person,))  # noqa: S608
        assert kept[0] == question


@pytest.mark.parametrize(
    ("language", "with_answers", "with_verdicts", "whose"),
    [
        ("zh-hant", "問題連同回答（給按鈕和回覆用）留 30 天", "評價連同那個問題留 1 年", "記著是您問的"),
        ("zh-hans", "问题连同回答（给按钮和回复用）留 30 天", "评价连同那个问题留 1 年", "记着是您问的"),
        (
            "en",
            "questions with their answers, for buttons and replies, 30 days",
            "verdicts with their question a year",
            "with who asked",
        ),
    ],
)
def test_the_help_says_that_questions_are_kept_and_as_long_as_they_are(
    language: str, with_answers: str, with_verdicts: str, whose: str
) -> None:
    days = {limit.table: limit.seconds / (24 * 60 * 60) for limit in LIMITS}
    assert (days["answers"], days["feedback"]) == (30, 365)
    kept = LANGUAGES[language].about.retention
    assert all(words in kept for words in (with_answers, with_verdicts, whose))


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
