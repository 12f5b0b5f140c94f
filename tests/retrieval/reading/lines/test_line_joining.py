from __future__ import annotations

import functools

from hypothesis import given
from hypothesis import strategies as st

from retrieval.reading.lines.line_joining import join, join_broken_lines, join_paragraphs


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


def test_a_figure_that_is_broken_at_a_column_goes_on_without_a_blank() -> None:
    line = "各社區書屋全年共借出圖書一百餘種，服務讀者共12"
    text = "各社區書屋全年共借出圖書一百餘種，服務讀者甚多，"
    assert join_broken_lines([line, "345人次。", text, "居民稱便。", text, "遠近聞名。"])[0][0].endswith(
        "共12345人次。"
    )


def test_a_line_that_ends_in_a_comma_goes_on_only_in_one_block_of_a_page() -> None:
    lines = ["社區書屋全年開放，", "居民稱便。"]
    assert join_broken_lines(lines, after_commas=True) == [("社區書屋全年開放，居民稱便。", 0)]
    assert join_broken_lines(lines) == [(lines[0], 0), (lines[1], 1)]
