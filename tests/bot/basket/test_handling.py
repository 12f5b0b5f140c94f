"""Collecting quotes in the chat, looking at them, taking them out, and files of them."""

from __future__ import annotations

import io
import sqlite3

import docx
import pytest

from bot.basket import stored_basket
from bot.locales import ZH_HANT
from bot.state.records import QuotedSpan
from tests.bot.export.test_docx_writer import quoted_with_notes
from tests.chatting import Chat, a_group
from tests.e2e.bot_api.delivery import press
from tests.e2e.bot_api.sent_message import SentMessage, seen
from tests.e2e.bot_api.state import Question, User

QUESTION = "北京榜樣每個月評出多少人？"
QUOTE = (
    "把好月評關,組織相關領導、媒體人、專家學者、好人代表等,對海選出的50名候選人進行評審,"
    "通過市屬媒體每週發佈5名周榜人物,每月發佈10名月榜人物。"
)
LABELS = ZH_HANT.basket


async def presses(chat: Chat, message: SentMessage, label: str) -> tuple[str, list[SentMessage]]:
    """The notice of the press, and the messages sent then, or the pressed one as it is now."""
    stored = chat.person.stored(message)
    question, sent = await chat.person.presses(stored, chat.person.sees(message).button(label))
    assert question.answer is not None
    return str(question.answer["text"]), sent or [chat.person.sees(message)]


async def answered(chat: Chat) -> SentMessage:
    (answer,) = await chat.person.says(QUESTION)
    return answer


async def test_the_quotes_of_an_answer_are_collected_and_shown_with_their_citation(chat: Chat) -> None:
    notice, _ = await presses(chat, await answered(chat), LABELS.collect)
    assert notice == "收進籃子了，現在有 1 段。/basket 看全部。"
    (basket,) = await chat.person.says("/basket")
    assert basket.text.startswith("引文籃子（1 段）\n\n1. 「把好月評關")
    assert basket.links[0][0].startswith("北京・篇3・二")
    assert basket.labels == [["✕ 1"], ["📄 Word", "Markdown", "🗑 清空"], ["🏠 首頁"]]


async def test_what_is_in_already_is_not_put_in_twice(chat: Chat) -> None:
    answer = await answered(chat)
    await presses(chat, answer, LABELS.collect)
    notice, _ = await presses(chat, answer, LABELS.collect)
    assert notice == LABELS.collected_before
    (basket,) = await chat.person.says("/basket")
    assert "（1 段）" in basket.text


async def test_a_paragraph_that_was_opened_is_collected_whole(chat: Chat) -> None:
    answer = await answered(chat)
    (passage,) = await chat.person.says(f"/start {answer.links[0][1].partition('start=')[2]}")
    notice, _ = await presses(chat, passage, LABELS.collect)
    assert "1 段" in notice
    (basket,) = await chat.person.says("/basket")
    assert "1. 「二是把好“三關”" in basket.text


async def test_an_answer_becomes_a_word_file_with_a_footnote_for_each_quote(chat: Chat) -> None:
    _, (sent,) = await presses(chat, await answered(chat), LABELS.word)
    assert sent.document_name.startswith("簡報引文-")
    assert sent.document_name.endswith(".docx")
    assert sent.text == "1 段引文，每段的出處在腳註裡。"
    ((quote, note),) = quoted_with_notes(sent.document)
    assert quote == f"「{QUOTE}」"
    assert note.startswith("《精神文明建設工作簡報 篇3》，北京，二、把好“三關”")
    assert docx.Document(io.BytesIO(sent.document)).paragraphs[0].text == QUESTION


async def test_the_basket_becomes_a_markdown_file(chat: Chat) -> None:
    await presses(chat, await answered(chat), LABELS.collect)
    (basket,) = await chat.person.says("/basket")
    _, (sent,) = await presses(chat, basket, LABELS.markdown)
    assert sent.document_name.endswith(".md")
    assert f"「{QUOTE}」[^1]" in sent.document.decode()
    assert sent.document.decode().startswith("# 簡報引文\n")


async def test_one_quote_is_taken_out_and_the_others_stay(chat: Chat) -> None:
    await presses(chat, await answered(chat), LABELS.collect)
    (other,) = await chat.person.says("日照遇到重大報道，各平台先後怎麼發？")
    await presses(chat, other, LABELS.collect)
    (basket,) = await chat.person.says("/basket")
    _, (basket,) = await presses(chat, basket, "✕ 1")
    assert "（1 段）" in basket.text
    assert "1. 「把好月評關" not in basket.text
    _, (basket,) = await presses(chat, basket, "✕ 1")
    assert basket.text == LABELS.empty_basket


async def test_it_is_emptied_only_after_a_question(chat: Chat) -> None:
    await presses(chat, await answered(chat), LABELS.collect)
    (basket,) = await chat.person.says("/basket")
    _, (asked,) = await presses(chat, basket, LABELS.empty)
    assert asked.text == "真的要把籃子裡的 1 段全部拿掉嗎？"
    _, (back,) = await presses(chat, asked, ZH_HANT.back)
    assert "（1 段）" in back.text
    _, (asked,) = await presses(chat, back, LABELS.empty)
    _, (emptied,) = await presses(chat, asked, LABELS.do_empty)
    assert emptied.text == LABELS.empty_basket


async def test_a_quote_that_no_bulletin_holds_any_more_is_said_to_be_gone_and_not_exported(
    chat: Chat,
) -> None:
    await presses(chat, await answered(chat), LABELS.collect)
    chat.services.database.write(
        "INSERT INTO basket VALUES (7, ?, 0, 3, '甲乙丙', '上海・篇9・導語', ?)",
        ("0" * 16, chat.services.database.now()),
    )
    (basket,) = await chat.person.says("/basket")
    assert f"2. 「甲乙丙」\n上海・篇9・導語\n⚠️ {LABELS.is_gone}" in basket.text
    _, (sent,) = await presses(chat, basket, LABELS.markdown)
    text = sent.document.decode()
    assert "甲乙丙" not in text
    assert "上海・篇9・導語" in text
    assert sent.text == "1 段引文，每段的出處在腳註裡。"


async def test_a_quote_is_found_again_where_its_paragraph_has_changed_around_it(chat: Chat) -> None:
    answer = await answered(chat)
    await presses(chat, answer, LABELS.collect)
    chat.services.database.write("UPDATE basket SET start = start + 1, stop = stop + 1")
    (basket,) = await chat.person.says("/basket")
    assert LABELS.is_gone not in basket.text
    _, (sent,) = await presses(chat, basket, LABELS.markdown)
    assert f"「{QUOTE}」[^1]" in sent.document.decode()


async def test_a_basket_of_nothing_but_what_is_gone_makes_no_file(chat: Chat) -> None:
    chat.services.database.write(
        "INSERT INTO basket VALUES (7, ?, 0, 3, '甲乙丙', '上海', ?)",
        ("0" * 16, chat.services.database.now()),
    )
    (basket,) = await chat.person.says("/basket")
    notice, (still,) = await presses(chat, basket, LABELS.word)
    assert notice == LABELS.nothing_to_export
    assert still.message_id == basket.message_id


async def test_a_full_basket_says_so(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_basket, "MOST_QUOTES", 0)
    notice, _ = await presses(chat, await answered(chat), LABELS.collect)
    assert notice == LABELS.full.format(most=100)
    (basket,) = await chat.person.says("/basket")
    assert basket.text == LABELS.empty_basket


async def test_many_quotes_are_shown_page_by_page(chat: Chat) -> None:
    for number in range(19):
        chat.services.database.write(
            "INSERT INTO basket VALUES (7, ?, 0, 3, ?, '上海', ?)",
            (f"{number:016x}", "引<b>" * 100, chat.services.database.now()),
        )
    (basket,) = await chat.person.says("/basket")
    assert "第 1／3 頁" in basket.text
    _, (basket,) = await presses(chat, basket, ZH_HANT.next_page)
    assert [label for row in basket.labels for label in row][:8] == [f"✕ {number}" for number in range(9, 17)]
    _, (basket,) = await presses(chat, basket, "✕ 9")
    assert "（18 段）" in basket.text
    assert "第 2／3 頁" in basket.text


async def test_without_its_state_the_basket_says_that_nothing_was_changed(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = await answered(chat)

    def broken(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(type(chat.services.database), "rows", broken)
    notice = await _notice_without_state(chat, answer)
    assert notice == ZH_HANT.answer_forgotten
    (basket,) = await chat.person.says("/basket")
    assert basket.text == LABELS.unavailable


async def _notice_without_state(chat: Chat, answer: SentMessage) -> str:
    notice, _ = await presses(chat, answer, LABELS.collect)
    return notice


async def test_forget_empties_the_basket(chat: Chat) -> None:
    await presses(chat, await answered(chat), LABELS.collect)
    (asked,) = await chat.person.says("/forget")
    assert ZH_HANT.about.forget_rows["basket"] in asked.text
    await chat.person.presses(chat.person.stored(asked), asked.button(ZH_HANT.about.forget_yes))
    assert chat.services.database.number("SELECT count(*) FROM basket") == 0


async def test_in_a_group_whoever_presses_collects_for_themselves_and_the_basket_stays_private(
    chat: Chat,
) -> None:
    group = a_group()
    (answer,) = await chat.person.says_in(group, f"/ask@{chat.application.bot.username} {QUESTION}")
    stored = group.messages[answer.message_id]
    other = User(8, "Other", "", "zh-hant")
    chat.person.state.users[8] = other
    pressed: Question = press(chat.person.state, other, stored, seen(stored).button(LABELS.collect))
    await chat.person._process()
    assert pressed.answer is not None
    assert "1 段" in pressed.answer["text"]
    persons = chat.services.database.rows("SELECT person FROM basket")
    assert persons == [(8,)]
    (refusal,) = await chat.person.says_in(group, f"/basket@{chat.application.bot.username}")
    assert refusal.text == ZH_HANT.admin.only_in_private


async def test_the_button_of_a_basket_removes_nothing_of_another_person(chat: Chat) -> None:
    await presses(chat, await answered(chat), LABELS.collect)
    database = chat.services.database
    ((passage, start, stop),) = database.rows("SELECT passage, start, stop FROM basket")
    other = stored_basket.StoredBasket(database, 8)
    assert other.remove(QuotedSpan(str(passage), int(start or 0), int(stop or 0))) is False
    assert database.number("SELECT count(*) FROM basket") == 1
