from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.folding import fold
from retrieval.questions.question import read_question
from retrieval.questions.small_talk import LONGEST, PHRASES, small_talk
from retrieval.types import SmallTalk


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("你好", SmallTalk.GREETING),
        ("哈囉!", SmallTalk.GREETING),
        ("Hi there", SmallTalk.GREETING),
        ("早晨", SmallTalk.GREETING),
        ("謝謝你們的幫助🙏", SmallTalk.THANKS),
        ("唔該晒", SmallTalk.THANKS),
        ("thx!!", SmallTalk.THANKS),
        ("好的,謝謝", SmallTalk.THANKS),
        ("拜拜", SmallTalk.GOODBYE),
        ("See you later", SmallTalk.GOODBYE),
        ("你好,你是誰?", SmallTalk.WHO),
        ("who are you", SmallTalk.WHO),
        ("OK", SmallTalk.ACKNOWLEDGEMENT),
        ("嗯嗯", SmallTalk.ACKNOWLEDGEMENT),
    ],
)
def test_a_message_that_only_is_polite_is_small_talk(message: str, kind: SmallTalk) -> None:
    assert small_talk(fold(message)) is kind


@pytest.mark.parametrize(
    "message",
    [
        "",
        "?",
        "你好,上海有什麼獎?",
        "history",
        "謝謝上海",
        "好人",
        "好的做法有哪些",
        "北京",
        "thanksgiving",
        "早餐",
        "為什麼",
    ],
)
def test_a_message_in_which_anything_else_stands_is_not(message: str) -> None:
    assert small_talk(fold(message)) is None


@given(st.text(max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    small_talk(fold(text))


def test_a_long_message_of_small_words_is_read_at_once() -> None:
    assert small_talk("哈" * (LONGEST - 1) + "x") is None
    assert read_question("那么" * 250 + "图").type is not None


@pytest.mark.parametrize(("kind", "example", "counterexample"), [(row[0], *row[2:]) for row in PHRASES])
def test_the_phrases_of_a_kind_match_their_example_and_not_their_counterexample(
    kind: SmallTalk, example: str, counterexample: str
) -> None:
    assert small_talk(example) is kind
    assert small_talk(counterexample) is None
