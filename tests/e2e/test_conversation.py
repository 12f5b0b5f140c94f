"""A conversation as a person sees it: the real process, real Telegram calls, the bundled model."""

from __future__ import annotations

import re

import pytest

from tests.e2e.bot_api import Emulator, SentMessage
from tests.e2e.conftest import StartBot

ANSWER = "每月發佈10名月榜人物"
CITATION = "〔1〕北京・篇3・二、把好“三關”,確保“北京榜樣”入選質量"
FIRST_REPLY_SECONDS = 90.0  # the process starts and loads its model first


def _is_the_cited_answer(message: SentMessage) -> bool:
    quote = message.text.splitlines()[0]
    return (
        quote.startswith("「") and ANSWER in quote and quote.endswith("」〔1〕") and CITATION in message.text
    )


@pytest.mark.parametrize("question", ["北京榜樣每個月評出多少人?", "北京榜样每个月评出多少人"])
def test_a_question_in_either_script_is_answered_by_polling_with_its_citation(
    telegram: Emulator, start_bot: StartBot, question: str
) -> None:
    bot = start_bot()
    person = telegram.person(7)
    person.says(question)
    assert _is_the_cited_answer(person.waits_for_message(timeout=FIRST_REPLY_SECONDS))
    assert telegram.refused == []
    assert bot.terminate() == 0


def test_a_question_is_answered_by_webhook(telegram: Emulator, start_bot: StartBot, free_port: int) -> None:
    start_bot(WEBHOOK_URL=f"http://127.0.0.1:{free_port}/hook", WEBHOOK_PORT=str(free_port))
    person = telegram.person(7)
    person.says("北京榜樣每個月評出多少人?")
    assert _is_the_cited_answer(person.waits_for_message(timeout=FIRST_REPLY_SECONDS))
    assert telegram.calls_of("setWebhook")[0].params["secret_token"]
    assert telegram.refused == []


def test_one_conversation_reaches_everything_without_a_refused_call(
    telegram: Emulator, start_bot: StartBot
) -> None:
    bot = start_bot()
    person = telegram.person(7)
    person.opens()
    assert "江蘇南京" in person.waits_for_message(timeout=FIRST_REPLY_SECONDS).text

    person.says("/ask 大連推出了多少個公益項目?")
    answer = person.waits_for_message()
    assert "112項公益項目" in answer.text
    assert not answer.dropped
    assert answer.spans("expandable_blockquote")

    person.follows(answer, next(label for label, _ in answer.links if label.startswith("〔1〕遼")))
    paragraph = person.waits_for_message()
    assert paragraph.text.startswith("遼寧大連・篇6・二、實施項目化運作\n\n以需求為導向")
    assert paragraph.labels[0] == ["‹ 上一段", "下一段 ›"]
    assert "112項公益項目" in paragraph.spans("underline")[0]

    person.presses(paragraph, "下一段 ›")
    assert person.waits_for_edit(paragraph).text.startswith("遼寧大連・篇6・三、堅持示範引領")

    person.says("/search 志愿者 保险")
    assert "1. 上海・篇1・三、着力推進學雷鋒志願服務制度化" in person.waits_for_message().text
    person.says("/places")
    assert "安徽合肥包河區" in person.waits_for_message().text
    person.says("/help")
    assert "/search" in person.waits_for_message().text
    person.says("深圳垃圾分类不扔对会罚多少钱")
    refusal = person.waits_for_message().text
    assert "沒有收錄「深圳」" in refusal
    assert len(refusal.splitlines()) <= 3
    person.opens("p_0123456789abcdef")
    assert "已經不在" in person.waits_for_message().text
    assert telegram.refused == []
    assert "ERROR" not in bot.output


def test_a_reply_under_way_is_finished_before_the_bot_stops(telegram: Emulator, start_bot: StartBot) -> None:
    bot = start_bot()
    person = telegram.person(7)
    person.opens()
    person.waits_for_message(timeout=FIRST_REPLY_SECONDS)
    telegram.fault("sendMessage", delay=1.0)
    person.says("大連推出了多少個公益項目?")
    taken = telegram.log.wait_until(
        lambda: telegram.look(lambda state: not state.updates.pending) or None, 10.0
    )
    assert taken
    assert bot.terminate() == 0
    assert "112項公益項目" in person.waits_for_message().text
    assert "ERROR" not in bot.output


def test_paragraphs_are_offered_in_any_chat(conversation: Emulator) -> None:
    person = conversation.person(9)
    found = person.inline("志願服務", timeout=FIRST_REPLY_SECONDS)
    assert "志願服務" in found.results[0]["description"]
    assert not found.is_personal
    assert person.inline("").results
    assert conversation.refused == []


def test_in_a_chat_that_the_bot_never_joined_a_guest_message_gets_a_cited_answer(
    conversation: Emulator,
) -> None:
    person = conversation.person(811)
    answer = person.calls_guest("北京榜樣每個月評出多少人？")
    assert "10名" in answer["input_message_content"]["message_text"]
    (row,) = answer["reply_markup"]["inline_keyboard"]
    whole = person.opens(row[0]["url"])
    assert "10名" in person.waits_for_message(after=whole).text


def test_the_commands_are_announced_by_language_and_fewer_in_groups(conversation: Emulator) -> None:
    conversation.person(10).inline("", timeout=FIRST_REPLY_SECONDS)
    assert [command["command"] for command in conversation.commands("en")][:3] == ["ask", "search", "compare"]
    assert conversation.commands("zh")[0]["description"] == "提问"
    in_groups = conversation.commands("", '{"type": "all_group_chats"}')
    assert [command["command"] for command in in_groups] == ["ask", "search", "compare", "help"]


def test_the_token_is_in_no_line_of_a_run_at_debug_level(telegram: Emulator, start_bot: StartBot) -> None:
    bot = start_bot()
    person = telegram.person(7)
    telegram.fault("sendMessage", status=500)
    telegram.fault("sendMessage", reset="after")
    person.says("北京榜樣每個月評出多少人?")
    person.says("/help")
    person.waits_for_message(timeout=FIRST_REPLY_SECONDS)
    bot.terminate()
    assert bot.output
    assert telegram.token not in bot.output
    assert telegram.token.partition(":")[2] not in bot.output


@pytest.mark.parametrize(
    "text", ["   \n ", "???!!!。。。", "🎉🎉", "<b>&amp;</i>", "\u202e\u200f", "a" * 4096, "一" * 4096]
)
def test_bad_input_gets_a_polite_reply(conversation: Emulator, text: str) -> None:
    person = conversation.person(8)
    person.says(text)
    assert re.search(r"簡報|請", person.waits_for_message(timeout=FIRST_REPLY_SECONDS).text)
    assert conversation.refused == []


@pytest.mark.parametrize(
    ("token", "sentence"),
    [
        ("", "TELEGRAM_BOT_TOKEN is not set"),
        ("not-a-token", "TELEGRAM_BOT_TOKEN is not a bot token"),
        ("123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "Telegram does not know this TELEGRAM_BOT_TOKEN"),
    ],
)
def test_a_missing_malformed_or_unknown_token_is_one_sentence(
    start_bot: StartBot, token: str, sentence: str
) -> None:
    bot = start_bot(TELEGRAM_BOT_TOKEN=token, LOG_LEVEL="INFO")
    assert bot.wait() == 1
    last = bot.output.strip().splitlines()[-1]
    assert sentence in last
    assert "Traceback" not in bot.output
    if token:
        assert token not in bot.output


def test_without_an_index_the_command_that_builds_one_is_named(start_bot: StartBot, tmp_path: object) -> None:
    bot = start_bot(INDEX_DIR=f"{tmp_path}/nothing")
    assert bot.wait() == 1
    assert bot.output.strip().splitlines()[-1].endswith("run `bulletin-bot rebuild` first.")
