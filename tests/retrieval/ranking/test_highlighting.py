from __future__ import annotations

import time

import pytest

from retrieval.ranking.highlighting import matched_spans


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("志愿者 保险", "志願者的保險。志願者", ["志願者", "保險", "志願者"]),
        ("志願服務制度", "志願服務的制度", ["志願服務", "制度"]),
        ("請問多少志願者", "有多少志願者", ["志願者"]),
        ("QQ", "建qq羣", ["qq"]),
        ("水", "飲水思源", ["水"]),
        ("量子", "志願者", []),
        ("", "志願者", []),
        ("???", "志願者", []),
    ],
)
def test_words_are_found_in_either_script_and_neighbours_are_joined(
    query: str, text: str, expected: list[str]
) -> None:
    assert [text[start:end] for start, end in matched_spans(query, text)] == expected


@pytest.mark.parametrize("query", ["漢" * 4096, "京" * 4096, "和" * 4096], ids=["rare", "a place", "a link"])
def test_a_query_as_long_as_a_message_is_cut_into_words_once_for_all_the_results(query: str) -> None:
    started = time.process_time()
    for number in range(50):
        matched_spans(query, f"{number}北京和重慶的志願者。" * 20)
    assert time.process_time() - started < 0.5
