from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.replies.message_length import PATTERN_EXAMPLES, cut_block, pack_blocks, size_of, utf16_units
from tests.chatting import utf16_length
from tests.e2e.bot_api.formatting import parse_html

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=9000)


@given(text=ANY_TEXT)
def test_units_are_counted_as_telegram_counts_them(text: str) -> None:
    assert utf16_units(text) == utf16_length(text)
    assert size_of(f"<b>{html.escape(text)}</b>").units == utf16_length(text)


@given(text=ANY_TEXT, most=st.integers(20, 4096), start=st.integers(0, 9000), length=st.integers(1, 9000))
def test_a_long_block_is_cut_into_pieces_that_parse_and_together_are_the_whole(
    text: str, most: int, start: int, length: int
) -> None:
    left, right = min(start, len(text)), min(start + length, len(text))
    before, marked, after = (html.escape(part) for part in (text[:left], text[left:right], text[right:]))
    block = (
        f'<blockquote expandable>{before}<a href="https://t.me/a?start=b">{marked}</a>{after}</blockquote>'
    )
    shown = [parse_html(piece)[0] for piece in cut_block(block, most)]
    assert "".join(shown) == text
    assert all(utf16_length(piece) <= most for piece in shown)


def test_a_cut_falls_behind_a_sentence_where_one_ends_late_enough() -> None:
    assert cut_block("甲甲甲甲甲甲。乙乙。丙丙丙", 11) == ("甲甲甲甲甲甲。乙乙。", "丙丙丙")
    assert cut_block("<b>" + "甲" * 6 + "</b>", 4) == ("<b>甲甲甲甲</b>", "<b>甲甲</b>")


def test_blocks_are_packed_whole_and_no_message_has_more_links_than_telegram_keeps() -> None:
    assert pack_blocks(["甲" * 5, "乙" * 5, "丙" * 5], 12) == ("甲甲甲甲甲\n\n乙乙乙乙乙", "丙丙丙丙丙")
    messages = pack_blocks(['<a href="https://t.me/a?start=b">〔1〕</a>'] * 250)
    assert [len(parse_html(message)[1]) for message in messages] == [95, 95, 60]


@pytest.mark.parametrize(("pattern", "example", "counterexample"), PATTERN_EXAMPLES)
def test_each_pattern_matches_its_example_and_not_its_counterexample(
    pattern: re.Pattern[str], example: str, counterexample: str
) -> None:
    assert pattern.fullmatch(example)
    assert not pattern.fullmatch(counterexample)
