from __future__ import annotations

import pytest

from bot.handlers.context import CONVERSATIONS
from bot.locales import ZH_HANT
from bot.state.conversations import Verdict
from tests.chatting import Chat


@pytest.mark.parametrize(
    ("label", "verdict", "said"),
    [
        ("👍", Verdict.GOOD, ZH_HANT.verdict_kept),
        ("👎", Verdict.BAD, ZH_HANT.verdict_kept),
        ("引用有誤", Verdict.WRONG_CITATION, ZH_HANT.citation_reported),
    ],
)
async def test_a_verdict_is_kept_and_thanked_for_without_a_message(
    chat: Chat, label: str, verdict: Verdict, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[tuple[str, int, Verdict]] = []

    def keep(answer_id: str, user_id: int, given: Verdict) -> bool:
        kept.append((answer_id, user_id, given))
        return True

    monkeypatch.setattr(chat.application.bot_data[CONVERSATIONS], "save_verdict", keep)
    (answer,) = await chat.person.says("北京榜樣每個月評出多少人?")
    button = answer.button(label)
    question, sent = await chat.person.presses(chat.person.stored(answer), button)
    assert question.answer is not None
    assert question.answer["text"] == said
    assert sent == []
    assert kept == [(button.callback_data.split(":")[2], 7, verdict)]
