from __future__ import annotations

import itertools
import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from retrieval.embedding.bundled.normalized_text import NormalizedText

COMPOSING = st.sampled_from("ae \u0301\u0323\u0308\u0344ｶﾞ\u1112\u1161\u11ab각가ﾡￂ½㈠ﬁ１，　①℀㍿")
ANY_TEXT = st.text(COMPOSING | st.characters(exclude_categories=["Cs"]), max_size=40)


def parts(text: str) -> list[tuple[str, str]]:
    """Each character of the normalized text with what it was made of."""
    normalized = NormalizedText.of(text)
    spans = normalized.spans.tolist()
    return [
        (character, text[start:end]) for character, (start, end) in zip(normalized.text, spans, strict=True)
    ]


@settings(max_examples=500)
@given(text=ANY_TEXT)
@example(text="a\u0301\u0323b")  # the marks change places, and the second is part of the letter
@example(text="\u0301\u0323")
@example(text="각\u11a8")
def test_every_character_is_in_the_form_of_what_it_was_made_of(text: str) -> None:
    assert NormalizedText.of(text).text == re.sub(" {2,}", " ", unicodedata.normalize("NFKC", text))
    for character, origin in parts(text):
        assert character in unicodedata.normalize("NFKC", origin)


@settings(max_examples=500)
@given(text=ANY_TEXT)
def test_spans_ascend_and_leave_out_nothing_but_the_spaces_before_another(text: str) -> None:
    spans = [tuple(span) for span in NormalizedText.of(text).spans.tolist()]
    distinct = [span for span, _ in itertools.groupby(spans)]
    edges = [0, *itertools.chain.from_iterable(distinct), len(text)]
    assert edges == sorted(edges)
    between = "".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
    assert not unicodedata.normalize("NFKC", between).strip(" ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("北京", [("北", "北"), ("京", "京")]),
        ("，１", [(",", "，"), ("1", "１")]),
        ("㈠北", [("(", "㈠"), ("一", "㈠"), (")", "㈠"), ("北", "北")]),
        ("ﬁn", [("f", "ﬁ"), ("i", "ﬁ"), ("n", "n")]),
        ("e\u0301t", [("é", "e\u0301"), ("t", "t")]),
        ("ｶﾞﾎ", [("ガ", "ｶﾞ"), ("ホ", "ﾎ")]),
        ("\u1112\u1161\u11ab가", [("한", "\u1112\u1161\u11ab"), ("가", "가")]),
        ("北 \u3000 京", [("北", "北"), (" ", " "), ("京", "京")]),
    ],
)
def test_a_character_has_the_span_of_the_whole_that_it_was_made_of(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert parts(text) == expected


def test_a_run_of_spaces_is_its_last_one() -> None:
    assert NormalizedText.of("北   京").spans.tolist() == [[0, 1], [3, 4], [4, 5]]
