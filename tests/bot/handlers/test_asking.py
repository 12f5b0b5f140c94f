"""Questions through a real Application; only the network is replaced, by the strict emulator."""

from __future__ import annotations

import pytest

from bot.locales import ZH_HANT
from bot.serving.answerer import Answerer
from tests.chatting import Chat, new_chat
from tests.e2e.bot_api.sent_message import SentMessage

PASSAGE = "09847808a7a6d8c9"  # 北京・篇3・二


async def _asks(chat: Chat, text: str) -> SentMessage:
    (answer,) = await chat.person.says(text)
    return answer


async def test_a_plain_question_gets_one_answer_with_deep_links_and_buttons(chat: Chat) -> None:
    answer = await _asks(chat, "北京榜樣每個月評出多少人?")
    assert "每月發佈10名月榜人物" in answer.text.split("\n\n")[0]
    assert answer.links[0][1].endswith(f"?start=p_{PASSAGE}")
    assert answer.labels == [
        ["閱讀全節", "更多結果", "複製引文"],
        ["🧺 收進籃子", "📄 Word", "Markdown"],
        ["👍", "👎", "引用有誤"],
    ]
    assert answer.reply_to_message_id == 0


@pytest.mark.parametrize("command", ["/ask", "/compare", "/ask   ", "/compare\n"])
async def test_a_command_without_words_says_how_it_is_used_with_examples(chat: Chat, command: str) -> None:
    usage = await _asks(chat, command)
    assert usage.text in (ZH_HANT.ask_usage, ZH_HANT.compare_usage)
    assert len(usage.labels) == 4


@pytest.mark.parametrize(
    "text",
    [
        " ",
        "\n",
        "???",
        "🎉",
        "\u202e",
        "\x00\x01",
        "\ud800",
        "<b>&amp;",
        "x" * 4096,
        "一" * 4096,
        "/unknown",
        "/",
    ],
)
async def test_bad_input_gets_one_reply_and_no_error(
    chat: Chat, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    await _asks(chat, text)
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_the_bots_own_name_is_no_part_of_a_question(chat: Chat) -> None:
    assert (await _asks(chat, "@bulletin_test_bot 你好")).text == ZH_HANT.greeting


async def test_a_follow_up_is_answered_on_the_last_topic_and_says_how_it_was_read(chat: Chat) -> None:
    await _asks(chat, "重慶有多少志願者?")
    answer = await _asks(chat, "那江蘇呢?")
    assert answer.text.startswith("理解為\uff1a江蘇・多少志願者\n「")
    assert "\n江蘇" in answer.text or "江蘇・" in answer.text


async def test_thanks_get_thanks_and_leave_the_topic_alone(chat: Chat) -> None:
    await _asks(chat, "北京榜樣每個月評出多少人?")
    assert (await _asks(chat, "謝謝!")).text == ZH_HANT.thanks
    assert "北京榜樣每個月評出多少人" in (await _asks(chat, "還有嗎?")).text


async def test_a_reply_to_an_earlier_answer_is_read_in_the_light_of_that_one(chat: Chat) -> None:
    earlier = await _asks(chat, "重慶有多少志願者?")
    await _asks(chat, "北京榜樣每個月評出多少人?")
    (answer,) = await chat.person.says("那大連呢?", earlier)
    assert answer.text.startswith("理解為\uff1a大連・多少志願者")


async def test_a_reply_that_names_no_place_asks_of_the_place_of_the_answer(chat: Chat) -> None:
    earlier = await _asks(chat, "日照遇到重大報道,各平台先後怎麼發?")
    await _asks(chat, "北京榜樣每個月評出多少人?")
    (answer,) = await chat.person.says("新媒體聯盟是什麼時候建立的", earlier)
    assert answer.text.startswith("理解為\uff1a山東日照・新媒體聯盟")


async def test_an_edited_question_changes_its_answer_and_is_read_as_it_was_first(chat: Chat) -> None:
    await _asks(chat, "重慶有多少志願者?")
    follow_up = await chat.person.asks("那江蘇呢?")
    answer = chat.person.shown()[-1]
    assert "江蘇・多少志願者" in answer.text
    await chat.person.edits(follow_up, "那重慶呢?")
    edited = chat.person.shown()[-1]
    assert edited.message_id == answer.message_id
    assert edited.text.startswith("理解為\uff1a重慶・多少志願者")
    assert len(edited.edits) == 1


async def test_an_edited_question_whose_answer_is_gone_is_answered_anew(chat: Chat) -> None:
    asked = await chat.person.asks("重慶有多少志願者?")
    answer = chat.person.shown()[-1]
    del chat.person.chat.messages[answer.message_id]
    await chat.person.edits(asked, "江蘇有多少志願者?")
    chat.request.refused.clear()
    assert "江蘇" in chat.person.shown()[-1].text


async def test_a_comparison_shows_a_block_a_place_and_says_where_nothing_is_said(chat: Chat) -> None:
    answer = await _asks(chat, "北京和廣州的好人怎麼評?")
    assert answer.text.startswith("2 個地方中有 1 個提到。沒提到：廣州。\n")
    assert "北京 | 「" in answer.text


@pytest.mark.parametrize("words", ["北京 山東 好人", "北京 山东 好人"])
async def test_the_command_compares_the_places_it_is_given(chat: Chat, words: str) -> None:
    answer = await _asks(chat, f"/compare {words}")
    assert answer.spans("bold")[0] == "北京"
    assert words.split()[1] in answer.spans("bold")


async def test_without_places_the_command_compares_all_of_them(chat: Chat) -> None:
    answer = await _asks(chat, "/compare 好人評選")
    assert len([line for line in answer.text.split("\n") if " | 「" in line]) >= 2


async def test_the_quotes_of_an_answer_can_be_read_in_simplified_characters(answerer: Answerer) -> None:
    chat = new_chat(answerer, "zh-hans")
    async with chat.application:
        answer = await _asks(chat, "北京榜樣每個月評出多少人?")
        _, (converted,) = await chat.person.presses(chat.person.stored(answer), answer.button("简"))
    assert converted.text.startswith("简体转换")
    assert "每月发布10名月榜人物" in converted.text
    assert converted.links == []


async def test_the_buttons_of_a_forgotten_answer_say_so(chat: Chat) -> None:
    answer = await _asks(chat, "北京榜樣每個月評出多少人?")
    chat.services.database.write("DELETE FROM answers")
    for label in ("更多結果", "👍"):
        question, sent = await chat.person.presses(chat.person.stored(answer), answer.button(label))
        assert question.answer is not None
        assert question.answer["text"] == ZH_HANT.answer_forgotten
        assert sent == []
