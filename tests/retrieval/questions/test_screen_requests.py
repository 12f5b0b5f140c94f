"""Messages that ask for a screen or pick a number from a list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.questions.screen_requests import Screen, picked_number, requested_screen


@pytest.mark.parametrize(
    ("message", "screen"),
    [
        ("help", Screen.HELP),
        ("Help!", Screen.HELP),
        ("怎麼用？", Screen.HELP),
        ("你會做什麼?", Screen.HELP),
        ("有哪些地方?", Screen.PLACES),
        ("你們收錄了哪些城市", Screen.PLACES),
        ("what places do you cover?", Screen.PLACES),
        ("最新一期", Screen.NEWEST),
        ("最新一期講什麼?", Screen.NEWEST),
        ("the latest issue", Screen.NEWEST),
        ("有哪些簡報", Screen.BULLETINS),
        ("目錄", Screen.BULLETINS),
        ("有哪些地方提到志願者?", None),
        ("最新一期里志願者有多少", None),
        ("怎麼用微信宣傳?", None),
        ("什麼", None),
        ("重慶的經驗", None),
        ("一共提到多少個城市", Screen.PLACES),
        ("邊啲地方?", Screen.PLACES),
        ("呢啲簡報入面有幾多個城市", Screen.PLACES),
        ("how many cities are there", Screen.PLACES),
        ("How many places are covered in total?", Screen.PLACES),
        ("which places are mentioned in these bulletins?", Screen.PLACES),
        ("這些簡報講了什麼", Screen.BULLETINS),
        ("呢啲簡報講咩嘅", Screen.BULLETINS),
        ("总结一下这些简报", Screen.BULLETINS),
        ("what is this collection about", Screen.BULLETINS),
        ("Give me an overview", Screen.BULLETINS),
        ("summarise the bulletins please", Screen.BULLETINS),
        ("how many bulletins are there?", Screen.BULLETINS),
        ("這些簡報講了什麼志願服務", None),
        ("give me an overview of Shanghai", None),
        ("how many cities mention volunteers", None),
        ("提到多少個城市的志願者", None),
        ("概括一下上海的工作", None),
    ],
)
def test_a_message_asks_for_a_screen_only_as_a_whole(message: str, screen: Screen | None) -> None:
    assert requested_screen(message) is screen


@pytest.mark.parametrize(
    ("message", "number"),
    [
        ("2", 2),
        ("２", 2),
        ("2\ufe0f\u20e3", 2),
        ("〔2〕", 2),
        ("第二條", 2),
        ("#3", 3),
        ("2016年", None),
        ("3 個", None),
    ],
)
def test_a_bare_number_is_read_in_any_form(message: str, number: int | None) -> None:
    assert picked_number(message) == number


@given(st.text(max_size=60))
def test_any_message_is_read_without_an_error(message: str) -> None:
    requested_screen(message)
    picked_number(message)
