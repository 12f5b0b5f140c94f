"""Folding keeps every offset; sentences cover the text."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from retrieval.language.folding import fold
from retrieval.language.sentences import first_sentence, sentence_spans

TEXTS = st.text(
    alphabet=st.one_of(
        st.characters(), st.sampled_from("羣臺裏。！？；\uff01\uff1f\uff1b”」\n 上海一ＡＢ?3")
    ),
    max_size=80,
)


@given(TEXTS)
def test_folding_keeps_the_length(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(TEXTS)
def test_sentences_leave_out_nothing_but_white_space(text: str) -> None:
    spans = list(sentence_spans(text))
    assert "".join("".join(text[start:end] for start, end in spans).split()) == "".join(text.split())
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


def test_both_widths_of_a_mark_end_a_sentence() -> None:
    assert first_sentence("真的\uff1f是的\uff01") == "真的\uff1f"
    assert first_sentence("真的?是的!") == "真的?"


def test_a_lost_decimal_point_ends_no_sentence() -> None:
    assert first_sentence("由11?74%提升到80?62%。下一句。") == "由11?74%提升到80?62%。"


def test_both_scripts_fold_alike() -> None:
    assert fold("臺灣羣眾，ABC") == fold("台湾群众,abc")
