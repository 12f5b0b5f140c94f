from __future__ import annotations

import pytest

from bot.replies.search_syntax import TypedSearch, read_search


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("志願者", TypedSearch("志願者")),
        ("志願者 @重慶 #篇3", TypedSearch("志願者", "重慶", "篇3")),
        ("#3 志願者  保險 @重庆", TypedSearch("志願者 保險", "重庆", "3")),
        ("志願者 \uff20重慶 \uff03篇3", TypedSearch("志願者", "重慶", "篇3")),
        ("@重慶 @上海", TypedSearch("", "上海")),
        ("a@b.c 好#人", TypedSearch("a@b.c 好#人")),
        ("@ #", TypedSearch("@ #")),
        ("", TypedSearch("")),
    ],
)
def test_filters_are_told_from_words(text: str, expected: TypedSearch) -> None:
    assert read_search(text) == expected
