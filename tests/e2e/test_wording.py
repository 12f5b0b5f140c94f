"""Wording as a person sees it: the real process between an emulated Telegram and a model on a real socket."""

from __future__ import annotations

from tests import model_server as double
from tests.e2e.bot_api import Emulator
from tests.e2e.conftest import StartBot
from tests.e2e.test_conversation import FIRST_REPLY_SECONDS

QUESTION = "北京榜樣每個月評出多少人?"
REPLY = "每月發佈10名月榜人物。[1]\n通過市屬媒體每週發佈5名周榜人物，每月發佈10名月榜人物。[1]\n每月發給獎金100萬元。[1]"


def test_checked_sentences_are_edited_in_and_a_failing_model_leaves_the_plain_answer(
    telegram: Emulator, start_bot: StartBot
) -> None:
    with double.model_server(double.says(REPLY)) as model:
        bot = start_bot(
            LLM_BASE_URL=model.url, LLM_MODEL=double.MODEL, LLM_API_KEY=double.KEY, LOG_LEVEL="DEBUG"
        )
        person = telegram.person(7)
        person.says(QUESTION)
        plain = person.waits_for_message(timeout=FIRST_REPLY_SECONDS)
        assert plain.text.startswith("「")
        worded = person.waits_for_edit(plain)
        assert "由模型歸納，以下為原文" in worded.text
        assert "每月發佈10名月榜人物。〔1〕" in worded.text
        assert "100萬元" not in worded.text
        model.behaviour = double.fails(429)
        person.says("大連推出了多少個公益項目?")
        assert "112項公益項目" in person.waits_for_message().text
    assert telegram.refused == []
    assert bot.terminate() == 0
    assert double.KEY not in bot.output
    assert QUESTION not in bot.output
