"""The log line of an answer."""

from __future__ import annotations

import logging

import pytest

from bot.serving.answerer import Answerer
from bot.settings import load_settings
from tests.chatting import Chat, new_chat
from tests.e2e.bot_api.in_process import Telegram
from tests.e2e.bot_api.state import User

QUESTION = "北京榜樣每個月評出多少人?"
TIMES = ["waiting_ms", "reading_ms", "embedding_ms", "ranking_ms", "quoting_ms", "sending_ms", "total_ms"]


def lines_of(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [vars(record) for record in caplog.records if record.name == "bot.observability.answer_log"]


async def test_an_answer_is_one_line_with_what_became_of_it_and_where_its_time_went(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await chat.person.says(QUESTION)
    await chat.person.says("火星上有多少志願者?")
    line, refusal = lines_of(caplog)
    assert line["msg"] == "answer"
    assert (line["status"], line["reason"], line["kind"]) == ("answered", None, "plain")
    assert line["generation"] == chat.answerer.index.name
    assert line["hits"] == 10
    assert isinstance(line["confidence"], float)
    spent = {name: line[name] for name in TIMES}
    assert all(isinstance(time, float) for time in spent.values())
    assert sum(float(str(time)) for name, time in spent.items() if name != "total_ms") <= float(
        str(line["total_ms"])
    )
    assert refusal["status"] == "refused"
    assert refusal["chat"] == line["chat"]
    assert refusal["answer"] != line["answer"]
    kept = chat.services.database.rows("SELECT answer_id FROM answers ORDER BY at")
    assert kept[0] == (line["answer"],)


async def test_a_comparison_says_how_long_it_took_to_compare(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await chat.person.says("/compare 北京 重慶 志願者")
    (line,) = lines_of(caplog)
    assert line["kind"] == "comparison"
    assert float(str(line["comparing_ms"])) > 0


async def test_neither_the_question_nor_the_id_of_the_chat_is_in_the_log(
    answerer: Answerer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    chat = new_chat(answerer)
    person = Telegram(chat.request.state, chat.application, User(4000000007, "Person", "", "zh-hant"))
    async with chat.application:
        await person.says("/start")
        await person.says(QUESTION)
    written = " ".join(str(vars(record)) for record in caplog.records)
    assert lines_of(caplog)
    assert QUESTION not in written
    assert "4000000007" not in written


async def test_the_question_is_in_the_line_where_the_operator_wants_it(
    answerer: Answerer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    chat = new_chat(answerer, settings=load_settings(log_questions=True))
    async with chat.application:
        await chat.person.says(QUESTION)
    (line,) = lines_of(caplog)
    assert line["question"] == QUESTION
