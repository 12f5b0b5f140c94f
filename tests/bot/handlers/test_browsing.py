from __future__ import annotations

from dataclasses import replace

import pytest

from bot.locales import ZH_HANT
from bot.state.records import QuotedSpan
from retrieval.storage import PassageStore
from retrieval.storage.earlier_ids import EarlierId, EarlierIds
from tests.chatting import Chat

PASSAGE = "09847808a7a6d8c9"  # 北京・篇3・二
GONE = "0" * 16


async def test_a_deep_link_opens_the_paragraph_with_the_ways_on(chat: Chat) -> None:
    (paragraph,) = await chat.person.says(f"/start p_{PASSAGE}")
    assert paragraph.text.startswith("北京・篇3・二、把好“三關”,確保“北京榜樣”入選質量\n\n二是把好")
    assert paragraph.labels == [
        ["‹ 上一段", "下一段 ›"],
        ["全節", "本篇目錄", "複製引文"],
        ["本地其他簡報", "🧺 收進籃子"],
    ]
    assert paragraph.spans("underline") == []


async def test_opened_from_an_answer_the_quoted_sentence_is_underlined(chat: Chat) -> None:
    (answer,) = await chat.person.says("北京榜樣每個月評出多少人?")
    (paragraph,) = await chat.person.says(f"/start p_{PASSAGE}")
    assert paragraph.spans("underline") == [answer.text.split("」")[0].removeprefix("「")]
    _, (section,) = await chat.person.presses(chat.person.stored(answer), answer.button("閱讀全節"))
    assert section.spans("underline") == paragraph.spans("underline")


async def test_opened_by_an_earlier_id_the_sentence_quoted_under_it_is_underlined(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    (answer,) = await chat.person.says("北京榜樣每個月評出多少人?")
    conversations = chat.services.conversations
    given = conversations.answer_in(answer.chat_id, answer.message_id)
    assert given is not None
    conversations.save_answer(replace(given, quotes=(QuotedSpan(GONE, 0, 4),)))
    store = PassageStore.from_passages(chat.answerer.index.passages)
    entry = EarlierId(int(GONE, 16), int(PASSAGE, 16), is_same_text=True)
    monkeypatch.setattr(store, "earlier_ids", EarlierIds.of([entry]))
    (paragraph,) = await chat.person.says(f"/start p_{GONE}")
    assert paragraph.spans("underline") == ["二是把好"]


async def test_a_link_may_itself_say_where_the_quote_stands(chat: Chat) -> None:
    (paragraph,) = await chat.person.says(f"/start p_{PASSAGE}_0_4")
    assert paragraph.spans("underline") == ["二是把好"]


@pytest.mark.parametrize("span", ["4_0", "0_9999999", "9999998_9999999", "3_3"])
async def test_a_span_that_is_none_is_let_be(chat: Chat, span: str) -> None:
    (paragraph,) = await chat.person.says(f"/start p_{PASSAGE}_{span}")
    assert paragraph.spans("underline") == []


async def test_a_button_turns_the_message_into_the_neighbour(chat: Chat) -> None:
    (paragraph,) = await chat.person.says(f"/start p_{PASSAGE}")
    _, sent = await chat.person.presses(chat.person.stored(paragraph), paragraph.button("下一段 ›"))
    assert sent == []
    assert chat.person.shown()[-1].text.startswith("北京・篇3・三、立體傳播")


async def test_a_paragraph_that_is_gone_says_so_and_the_ways_to_browse_are_offered(chat: Chat) -> None:
    (gone,) = await chat.person.says(f"/start p_{GONE}")
    assert gone.text == ZH_HANT.unknown_passage
    assert gone.labels[0] == [ZH_HANT.browse_places, ZH_HANT.browse_bulletins, ZH_HANT.start_search]


async def test_the_nearest_to_a_gone_paragraph_is_found_by_the_question_it_was_quoted_for(chat: Chat) -> None:
    (answer,) = await chat.person.says("北京榜樣每個月評出多少人?")
    conversations = chat.services.conversations
    given = conversations.answer_in(answer.chat_id, answer.message_id)
    assert given is not None
    conversations.save_answer(replace(given, quotes=(QuotedSpan(GONE, 0, 5),)))
    (gone,) = await chat.person.says(f"/start p_{GONE}")
    assert ZH_HANT.nearest in gone.text
    assert gone.links[0][0].startswith("1. 北京・篇3")
    assert gone.buttons[0][0].callback_data == f"p:{PASSAGE}:0"


async def test_from_provinces_to_a_section_by_buttons_alone(chat: Chat) -> None:
    (shown,) = await chat.person.says("/places")
    assert "安徽合肥包河區" in shown.text
    for label, text in (
        ("重慶市", "重慶\uff1a2 篇簡報"),
        ("篇4", "重慶・篇4"),
        ("三、補齊三個短板", "針對農村精神文明建設滯後"),
        ("全節", "針對農村精神文明建設滯後"),
        ("本地其他簡報", "重慶\uff1a2 篇簡報"),
        ("🏠 首頁", "您好"),
    ):
        await chat.person.presses(chat.person.stored(shown), shown.button(label))
        shown = chat.person.shown()[-1]
        assert text in shown.text


async def test_the_table_of_contents_leads_to_bulletins_and_their_places(chat: Chat) -> None:
    (shown,) = await chat.person.says("/bulletins")
    assert "• 篇3\u3000北京、浙江、山東、重慶、陝西" in shown.text
    await chat.person.presses(chat.person.stored(shown), shown.button("篇3"))
    assert chat.person.shown()[-1].labels[:2] == [["北京", "浙江"], ["山東", "重慶"]]
