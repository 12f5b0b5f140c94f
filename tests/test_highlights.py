from __future__ import annotations

import pytest

from retrieval.highlights import matched_spans


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
