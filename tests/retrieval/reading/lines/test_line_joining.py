from __future__ import annotations

import functools

from hypothesis import given
from hypothesis import strategies as st

from retrieval.reading.lines.line_joining import join, join_paragraphs


@given(st.lists(st.text(st.sampled_from("ab1,. 中文。"), max_size=4), max_size=8))
def test_pieces_are_joined_as_they_would_be_one_after_the_other(pieces: list[str]) -> None:
    assert join(*pieces) == functools.reduce(join, pieces, "")


def test_words_keep_a_space_between_them_and_chinese_characters_none() -> None:
    assert join("volunteer", "service") == "volunteer service"
    assert join("志願", "服務") == "志願服務"
    assert join("App", "上線") == "App上線"


def test_a_piece_goes_on_from_the_one_before_until_a_sentence_ends_or_a_mark_opens() -> None:
    pieces = [("志願者走進", False), ("社區。", False), ("二、宣講", False), ("評選", True)]
    assert join_paragraphs(pieces) == [("志願者走進社區。", 0), ("二、宣講", 2), ("評選", 3)]
