from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.index.lexical import bm25 as bm25_module
from retrieval.index.lexical import inverted_index
from retrieval.index.lexical.bm25 import BM25Index

TEXTS = st.lists(st.lists(st.sampled_from("甲乙丙丁戊"), max_size=8), min_size=1, max_size=12).filter(any)
QUERY = st.lists(st.sampled_from("甲乙丙丁戊己"), max_size=5)


def bm25(texts: Sequence[Sequence[str]], query: Sequence[str]) -> list[float]:
    """Lucene's formula written out, term by term, k1 = 1.5 and b = 0.75."""
    average = sum(map(len, texts)) / len(texts)
    scores = []
    for text in texts:
        score = 0.0
        for term in query:
            holding = sum(term in other for other in texts)
            rarity = math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
            frequency = text.count(term)
            score += rarity * frequency / (frequency + 1.5 * (0.25 + 0.75 * len(text) / average))
        scores.append(score)
    return scores


@given(TEXTS, QUERY)
def test_the_scores_are_those_of_the_formula(texts: list[list[str]], query: list[str]) -> None:
    np.testing.assert_allclose(BM25Index.build(texts).scores(query), bm25(texts, query), rtol=1e-4)


@given(TEXTS, QUERY, st.integers(0, 15))
def test_a_ranking_holds_only_texts_with_a_term_of_the_query_best_first(
    texts: list[list[str]], query: list[str], top_k: int
) -> None:
    ranking = BM25Index.build(texts).rank(query, top_k)
    matching = [position for position, text in enumerate(texts) if set(text) & set(query)]
    assert set(ranking.positions.tolist()) <= set(matching)
    assert len(ranking.positions) == min(top_k, len(matching))
    assert np.all(np.diff(ranking.scores) <= 0)


@given(TEXTS, QUERY, st.data())
def test_within_a_mask_the_ranking_is_that_of_all_scores_that_pass(
    texts: list[list[str]], query: list[str], data: st.DataObject
) -> None:
    index = BM25Index.build(texts)
    within = np.asarray(data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts))))
    np.testing.assert_allclose(index.scores(query, within), index.scores(query)[within], rtol=1e-5)
    scores = index.scores(query) * within
    ranking = index.rank(query, 5, within)
    np.testing.assert_allclose(ranking.scores, np.sort(scores[scores > 0])[::-1][:5], rtol=1e-5)
    np.testing.assert_allclose(scores[ranking.positions], ranking.scores, rtol=1e-5)


@given(TEXTS, QUERY, st.booleans(), st.data())
def test_other_texts_are_scored_as_the_ranking_scores_its_own(
    texts: list[list[str]], query: list[str], is_limited: bool, data: st.DataObject
) -> None:
    # Segments of three texts, and terms of more than a third of the texts do not rank them.
    with pytest.MonkeyPatch.context() as patch:
        for module in (bm25_module, inverted_index):
            patch.setattr(module, "SEGMENT", 3)
        patch.setattr(bm25_module, "_COMMON", 1 / 3)
        index = BM25Index.build(texts)
        within = np.ones(len(texts), np.bool_) if is_limited else None
        others = data.draw(st.lists(st.integers(0, len(texts) - 1), unique=True).map(sorted))
        ranking, scores = index.rank_and_score(query, 5, np.asarray(others, np.int64), within)
        _, every = index.rank_and_score(query, 5, np.arange(len(texts)), within)
        assert scores.tolist() == every[others].tolist()
        assert every[ranking.positions].tolist() == ranking.scores.tolist()
        assert ranking.scores.tolist() == np.sort(every[every > 0])[::-1][:5].tolist()
        if is_limited:
            np.testing.assert_allclose(every, index.scores(query), rtol=1e-5)


@given(TEXTS)
def test_it_knows_which_text_holds_which_term(texts: list[list[str]]) -> None:
    index = BM25Index.build(texts)
    for term in "甲乙丙丁戊己":
        assert index.knows(term) == any(term in text for text in texts)
        assert index.coverage([term]).tolist() == [float(term in text) for text in texts]


@given(TEXTS)
def test_the_rarer_a_term_the_more_it_weighs(texts: list[list[str]]) -> None:
    index = BM25Index.build(texts)
    for term in "甲乙丙丁戊己":
        holding = sum(term in text for text in texts)
        assert index.idf(index.frequencies([term]))[0] == pytest.approx(
            math.log(1 + len(texts) / (1 + holding))
        )


def test_terms_that_no_text_holds_change_nothing() -> None:
    index = BM25Index.build([["北京", "榜样"], ["上海"]])
    assert index.scores(["北京", "火星"]).tolist() == index.scores(["北京"]).tolist()
    assert index.scores(["火星"]).tolist() == [0, 0]
    assert index.scores([]).tolist() == [0, 0]


@settings(max_examples=20)
@given(TEXTS, QUERY)
def test_what_was_saved_scores_as_before_when_loaded(texts: list[list[str]], query: list[str]) -> None:
    index = BM25Index.build(texts)
    with tempfile.TemporaryDirectory() as folder:
        index.save(Path(folder) / "bm25")
        loaded = BM25Index.load(Path(folder) / "bm25", len(texts))
        assert loaded.size == index.size
        assert loaded.scores(query).tolist() == index.scores(query).tolist()
        assert loaded.coverage(query).tolist() == index.coverage(query).tolist()


@given(TEXTS, QUERY, st.data())
def test_taking_some_texts_gives_the_index_of_these_alone(
    texts: list[list[str]], query: list[str], data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.integers(0, len(texts) - 1), unique=True).map(sorted))
    # Segments of three texts: what is taken lies in several, and fills several.
    with pytest.MonkeyPatch.context() as patch:
        for module in (bm25_module, inverted_index):
            patch.setattr(module, "SEGMENT", 3)
        taken = BM25Index.build(texts).taking(np.asarray(chosen, np.int64))
        alone = BM25Index.build([texts[position] for position in chosen])
        np.testing.assert_array_equal(taken.scores(query), alone.scores(query))
        np.testing.assert_array_equal(taken.frequencies(query), alone.frequencies(query))
        np.testing.assert_array_equal(taken.holding("甲"), alone.holding("甲"))
