from __future__ import annotations

import pytest

from bot.locales import ZH_HANT
from tests.chatting import Chat
from tests.e2e.bot_api.sent_message import SentMessage


async def _presses(chat: Chat, shown: SentMessage, label: str) -> SentMessage:
    await chat.person.presses(chat.person.stored(shown), shown.button(label))
    return chat.person.shown()[-1]


async def test_results_have_their_words_in_bold_and_buttons_to_open_turn_and_filter(chat: Chat) -> None:
    (shown,) = await chat.person.says("/search 志愿者 保险")
    assert "1. 上海・篇1・三、着力推進學雷鋒志願服務制度化" in shown.text
    assert {"志願者", "保險"} <= {*shown.spans("bold")}
    assert shown.labels == [["1", "2", "3", "4", "5"], ["下一頁 ›"], ["📍 選地方", "📄 選簡報"]]


async def test_a_page_is_turned_in_place_and_a_passage_opens_below(chat: Chat) -> None:
    (shown,) = await chat.person.says("/search 志願者")
    turned = await _presses(chat, shown, "下一頁 ›")
    assert turned.message_id == shown.message_id
    assert turned.labels[0] == ["6", "7", "8", "9", "10"]
    opened = await _presses(chat, turned, "6")
    assert opened.message_id > shown.message_id


async def test_filters_are_chosen_and_lifted_by_buttons(chat: Chat) -> None:
    (shown,) = await chat.person.says("/search 志願者")
    choice = await _presses(chat, shown, "📍 選地方")
    limited = await _presses(chat, choice, "重慶")
    assert "@重慶" in limited.text.splitlines()[0]
    assert all("重慶" in label for label, _ in limited.links)
    both = await _presses(chat, await _presses(chat, limited, "📄 選簡報"), "篇4")
    assert all("重慶・篇4" in label for label, _ in both.links)
    lifted = await _presses(chat, both, "✕ 📍 重慶")
    assert lifted.text.splitlines()[0].startswith("搜尋\uff1a志願者 #篇4")


@pytest.mark.parametrize("typed", ["志願者 @重慶 #篇4", "志愿者 @重庆 #4", "#篇4 志願者 \uff20重慶"])
async def test_filters_are_typed_in_either_script(chat: Chat, typed: str) -> None:
    (shown,) = await chat.person.says(f"/search {typed}")
    assert shown.links
    assert all("重慶・篇4" in label for label, _ in shown.links)


@pytest.mark.parametrize(("typed", "said"), [("志願者 @火星", "「火星」"), ("志願者 #篇99", "「篇99」")])
async def test_an_unknown_filter_is_said_plainly(chat: Chat, typed: str, said: str) -> None:
    (shown,) = await chat.person.says(f"/search {typed}")
    assert said in shown.text
    assert shown.labels


@pytest.mark.parametrize(
    ("typed", "title"),
    [("@重慶", "重慶\uff1a2 篇簡報"), ("#篇3", "精神文明建設工作簡報 篇3"), ("@重慶 #篇4", "重慶・篇4")],
)
async def test_filters_alone_open_what_they_name(chat: Chat, typed: str, title: str) -> None:
    (shown,) = await chat.person.says(f"/search {typed}")
    assert shown.text.startswith(title)


async def test_filters_that_exclude_each_other_find_nothing_and_can_be_lifted(chat: Chat) -> None:
    (shown,) = await chat.person.says("/search 志願者 @重慶 #篇1")
    assert ZH_HANT.no_results in shown.text
    assert (await _presses(chat, shown, "✕ 📄 篇1")).links


async def test_a_forgotten_search_says_so(chat: Chat) -> None:
    (shown,) = await chat.person.says("/search 志願者")
    chat.services.database.write("DELETE FROM searches")
    for label in ("下一頁 ›", "📍 選地方"):
        question, _ = await chat.person.presses(chat.person.stored(shown), shown.button(label))
        assert question.answer is not None
        assert question.answer["text"] == ZH_HANT.search_forgotten


async def test_more_results_of_an_answer_are_those_of_its_question(chat: Chat) -> None:
    (answer,) = await chat.person.says("北京榜樣每個月評出多少人?")
    shown = await _presses(chat, answer, "更多結果")
    assert shown.text.startswith("搜尋\uff1a北京榜樣每個月評出多少人")
    assert shown.message_id > answer.message_id


async def test_an_edited_search_changes_its_results(chat: Chat) -> None:
    asked = await chat.person.asks("/search 志原者")
    await chat.person.edits(asked, "/search 志願者 @上海")
    (shown,) = chat.person.shown()
    assert "@上海" in shown.text


async def test_search_without_words_says_how_with_examples(chat: Chat) -> None:
    (usage,) = await chat.person.says("/search")
    assert usage.text == ZH_HANT.search_usage
    found = await _presses(chat, usage, ZH_HANT.search_examples[0])
    assert found.text.startswith("搜尋\uff1a志願者 保險")
