from __future__ import annotations

from dataclasses import replace

from bot.replies.markup import formal_reference, passage_reference
from retrieval.types import Quote
from tests.chatting import a_passage, utf16_length


def test_a_reference_is_the_quote_with_bulletin_place_and_section() -> None:
    quote = Quote(a_passage(), 0, 12, 1.0)
    assert formal_reference([quote]) == "「每月發佈10名月榜人物。」（《簡報 篇3》，北京・二、把好“三關”）"


def test_a_quote_too_long_for_the_clipboard_is_left_out_rather_than_cut() -> None:
    quote = Quote(a_passage("長" * 300), 0, 300, 1.0)
    assert formal_reference([quote]) == "（《簡報 篇3》，北京・二、把好“三關”）"


def test_whatever_the_names_a_reference_fits_the_clipboard() -> None:
    passage = replace(a_passage(heading="\U0001f600" * 400), bulletin_title="\U0001f600" * 400)
    assert 1 <= utf16_length(passage_reference(passage)) < 256
