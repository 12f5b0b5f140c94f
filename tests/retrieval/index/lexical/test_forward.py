"""The terms of each text, read from an inverted index and put together again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.index.lexical import bm25, index_of_terms, inverted_index, terms_by_text, vocabulary_of
from retrieval.index.lexical.bm25 import BM25Index

TEXTS = st.lists(
    st.lists(st.sampled_from(["志", "願", "服務", "100%", "北京", "a"]), max_size=9), min_size=1, max_size=9
)


@given(TEXTS, st.lists(st.sampled_from(["志", "服務", "北京", "無"]), min_size=1))
def test_an_index_put_together_again_scores_as_before(texts: list[list[str]], query: list[str]) -> None:
    index = BM25Index.build(texts)
    vocabulary = vocabulary_of(index)
    again = index_of_terms(vocabulary, list(terms_by_text(index, vocabulary)), index.lengths)
    assert np.array_equal(again.scores(query), index.scores(query))
    assert np.array_equal(again.frequencies(query), index.frequencies(query))
    assert [again.holding(term).tolist() for term in query] == [
        index.holding(term).tolist() for term in query
    ]


def test_texts_of_several_segments_keep_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    from retrieval.index.lexical import forward

    for module in (bm25, inverted_index, forward):
        monkeypatch.setattr(module, "SEGMENT", 4)
    index = BM25Index.build([[f"詞{number}", "共有"] for number in range(11)])
    vocabulary = vocabulary_of(index)
    again = index_of_terms(vocabulary, list(terms_by_text(index, vocabulary)), index.lengths)
    assert again.holding("詞9").tolist() == [9]
    assert again.holding("共有").tolist() == list(range(11))
