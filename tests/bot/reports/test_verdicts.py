"""Verdicts below an answer: what is pressed shows, can be changed and taken back, and a thumbs-down asks why."""

from __future__ import annotations

import pytest

from bot.locales import LANGUAGES, ZH_HANT, Texts
from bot.reports.verdict_keyboard import REASONS_OF_ANSWERS, REASONS_OF_REFUSALS
from bot.serving.answerer import Answerer
from bot.state import feedback
from bot.state.records import Reason, Verdict
from tests.chatting import Chat, a_group, new_chat
from tests.e2e.bot_api.in_process import Telegram
from tests.e2e.bot_api.sent_message import SentMessage, seen
from tests.e2e.bot_api.state import User

QUESTION = "北京榜樣每個月評出多少人?"
REFUSED = "深圳垃圾分類怎麼罰？"


async def press(person: Telegram, message: SentMessage, label: str) -> tuple[str, SentMessage]:
    """The notice of a press, and the message as it is then."""
    question, sent = await person.presses(person.stored(message), person.sees(message).button(label))
    assert question.answer is not None
    assert sent == []
    return question.answer["text"], person.sees(message)


def labels(message: SentMessage) -> list[str]:
    return [label for row in message.labels for label in row]


def kept(chat: Chat) -> list[tuple[Verdict, Reason | None]]:
    return [(row.verdict, row.reason) for row in feedback.all_feedback(chat.services.database)]


async def test_the_pressed_verdict_is_ticked_can_be_changed_and_is_taken_back_by_another_press(
    chat: Chat,
) -> None:
    (answer,) = await chat.person.says(QUESTION)
    assert await press(chat.person, answer, "👍") == (ZH_HANT.verdict_kept, chat.person.sees(answer))
    assert {"✓ 👍", "👎", "引用有誤"} <= {*labels(chat.person.sees(answer))}
    notice, changed = await press(chat.person, answer, "引用有誤")
    assert notice == ZH_HANT.citation_reported
    assert {"👍", "👎", "✓ 引用有誤"} <= {*labels(changed)}
    assert kept(chat) == [(Verdict.WRONG_CITATION, None)]
    notice, withdrawn = await press(chat.person, answer, "✓ 引用有誤")
    assert notice == ZH_HANT.reports.withdrawn
    assert labels(withdrawn) == labels(answer)
    assert kept(chat) == []


@pytest.mark.parametrize(("language", "texts"), LANGUAGES.items())
@pytest.mark.parametrize(
    ("asked", "reasons"), [(QUESTION, REASONS_OF_ANSWERS), (REFUSED, REASONS_OF_REFUSALS)]
)
async def test_a_thumbs_down_asks_why_with_four_buttons_that_go_once_one_is_pressed(
    answerer: Answerer, language: str, texts: Texts, asked: str, reasons: tuple[Reason, ...]
) -> None:
    chat = new_chat(answerer, language)
    async with chat.application:
        (answer,) = await chat.person.says(asked)
        notice, why = await press(chat.person, answer, "👎")
        assert notice == texts.reports.why
        offered = [texts.reports.reasons[reason] for reason in reasons]
        assert len({*offered}) == 4
        assert labels(why)[-4:] == offered
        assert [label.replace("✓ ", "") for label in labels(why)[:-4]] == labels(answer)
        notice, given = await press(chat.person, answer, offered[2])
        assert notice == texts.reports.reason_kept
        assert "✓ 👎" in labels(given)
        assert not {*offered} & {*labels(given)}
        assert kept(chat) == [(Verdict.BAD, reasons[2])]
    assert chat.request.refused == []


async def test_a_thumbs_up_after_a_thumbs_down_takes_the_question_why_away(chat: Chat) -> None:
    (answer,) = await chat.person.says(QUESTION)
    await press(chat.person, answer, "👎")
    _, changed = await press(chat.person, answer, "👍")
    assert "✓ 👍" in labels(changed)
    assert len(labels(changed)) == len(labels(answer))
    assert kept(chat) == [(Verdict.GOOD, None)]


async def test_in_a_group_verdicts_are_counted_and_nobodys_is_ticked(chat: Chat) -> None:
    group = a_group()
    (answer,) = await chat.person.says_in(group, f"/ask {QUESTION}")
    stored = group.messages[answer.message_id]
    other = Telegram(chat.person.state, chat.application, User(8, "Other", "", "zh-hant"))
    for person, label in ((chat.person, "👍"), (other, "👍 1")):
        await person.presses(stored, seen(stored).button(label))
    assert "👍 2" in labels(seen(stored))
    await other.presses(stored, seen(stored).button("👍 2"))
    assert "👍 1" in labels(seen(stored))


async def test_the_verdict_of_an_answer_that_is_forgotten_is_not_taken(chat: Chat) -> None:
    (answer,) = await chat.person.says(QUESTION)
    _, why = await press(chat.person, answer, "👎")
    chat.services.database.write("DELETE FROM answers")
    for label in ("✓ 👎", ZH_HANT.reports.reasons[Reason.PLACE]):
        question, _ = await chat.person.presses(chat.person.stored(why), why.button(label))
        assert question.answer is not None
        assert (question.answer["text"], question.answer["show_alert"]) == (ZH_HANT.answer_forgotten, True)
    assert kept(chat) == [(Verdict.BAD, None)]
