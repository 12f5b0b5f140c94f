"""Messages that ask for a screen or a list entry, refusals and what follows them, and tables, in the application."""

from __future__ import annotations

import pytest

from bot.locales import ZH_HANT
from tests.chatting import Chat
from tests.e2e.bot_api.sent_message import SentMessage


async def _asks(chat: Chat, text: str) -> SentMessage:
    (message,) = await chat.person.says(text)
    return message


@pytest.mark.parametrize(
    ("said", "command"), [("有哪些地方?", "/places"), ("有哪些簡報", "/bulletins"), ("help", "/help")]
)
async def test_a_message_that_asks_for_a_screen_gets_what_its_command_gives(
    chat: Chat, said: str, command: str
) -> None:
    by_words, by_command = await _asks(chat, said), await _asks(chat, command)
    assert (by_words.text, by_words.labels) == (by_command.text, by_command.labels)


async def test_the_issue_of_the_highest_number_is_the_newest_where_no_bulletin_bears_a_date(
    chat: Chat,
) -> None:
    newest = await _asks(chat, "最新一期")
    assert newest.text.startswith(ZH_HANT.newest_by_number.format(bulletin="篇7"))
    assert "黑龍江" in newest.text


async def test_a_listing_within_a_bulletin_counts_and_names_the_places_of_this_one_alone(chat: Chat) -> None:
    listing = await _asks(chat, "第2篇裡哪些城市提到謠言")
    assert listing.text.startswith(ZH_HANT.places_telling.format(count=2, total=6))
    assert "江蘇南京" in listing.text
    assert "上海" not in listing.text


async def test_an_overview_is_lead_sentences_with_a_button_for_each_section(chat: Chat) -> None:
    overview = await _asks(chat, "重慶的經驗")
    assert "〔1〕重慶・篇3・導語" in overview.text
    sections = [row[0] for row in overview.buttons[:-1]]
    assert sections[0].label == "一、傳播隊伍尖端化"
    _, (opened,) = await chat.person.presses(chat.person.stored(overview), sections[0])
    assert opened.text.startswith("重慶・篇3・一、傳播隊伍尖端化")


async def test_a_number_picks_from_the_last_list_and_without_one_is_no_question(chat: Chat) -> None:
    assert (await _asks(chat, "2")).text == ZH_HANT.nothing_listed
    results = await _asks(chat, "/search 志願者 保險")
    picked = await _asks(chat, "2")
    second = results.text.split("\n2. ")[1].split("\n")[0]
    assert picked.text.startswith(second.split("・")[0])
    assert "最多" not in picked.text
    assert (await _asks(chat, "99")).text.startswith("上一份清單只有")


async def test_a_refusal_is_short_and_more_does_not_repeat_it(chat: Chat) -> None:
    refusal = await _asks(chat, "深圳垃圾分類怎麼罰?")
    assert refusal.text == "簡報沒有收錄「深圳」。"
    assert refusal.labels[0] == [ZH_HANT.ask_examples[0]]
    assert (await _asks(chat, "還有嗎?")).text == ZH_HANT.nothing_to_go_on_from


async def test_two_places_in_a_search_are_told_which_one_counts(chat: Chat) -> None:
    results = await _asks(chat, "/search 志願者 @重慶 @北京")
    assert "用了「北京」，沒有用「重慶」" in results.text


async def test_an_unknown_name_in_a_comparison_is_left_out_and_told(chat: Chat) -> None:
    answer = await _asks(chat, "/compare 北京 火星 好人")
    assert answer.text.startswith("簡報裡沒有「火星」，已略過。 只剩一個地方，沒有可比的。")
    assert "北京・篇3" in answer.text


async def test_where_the_server_knows_no_rich_messages_the_same_comes_as_text_and_is_asked_for_once(
    chat: Chat,
) -> None:
    chat.request.state.has_rich_messages = False
    for _ in range(2):
        answer = await _asks(chat, "/compare 北京 山東 好人")
        assert answer.text.startswith("2 個地方中有 2 個提到。\n\n北京\n「")
    assert len(chat.request.refused) == 1
    chat.request.refused.clear()


async def test_where_it_knows_them_places_stand_in_a_table(chat: Chat) -> None:
    answer = await _asks(chat, "/compare 北京 山東 好人")
    assert "地方 | 簡報原文 |" in answer.text
    assert "北京 | 「" in answer.text
    assert answer.labels[0][:2] == ["〔1〕", "〔2〕"]
