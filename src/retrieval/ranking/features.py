"""What is measured of each candidate for a query: the signals that the ranker adds up and confidence reads."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from retrieval.index import Index
from retrieval.index.vectors import maxsim
from retrieval.questions import Query, Question, answer_types
from retrieval.top_k import scaled
from retrieval.types import FloatVector, IntVector

# Weights of the signals, each 0 to 1 over the candidates of a question; fitted by `python -m benchmarks.quality.fit_ranking`
# on 316 development questions, where they put a passage that answers first for 0.888 of the questions left out. Fitted
# without `terms`, `passage_maxsim` and `wanted`, on 356 questions, it was 0.869, with them 0.884. The share of the
# question's terms in the heading was measured too: weight 0.02, gone.
WEIGHTS = {
    "keywords": 0.62,
    "terms": 0.41,
    "paragraph": 0.35,
    "sentence": 0.21,
    "late": 1.0,
    "place": 0.77,
    "passage_maxsim": 0.87,
    "wanted": 0.24,
}
SHARES = frozenset({"place", "wanted", "terms"})
"""Features that are 0 to 1 as they are."""


@dataclass(frozen=True, slots=True)
class Features:
    """What was measured at some positions."""

    values: dict[str, FloatVector]
    """By name, in the order of the positions, as measured (not scaled)."""
    sentence_scores: dict[int, FloatVector]
    """By position: the late interaction of each sentence of the passage."""
    nearest: dict[int, FloatVector]
    """By position: for each token of the query the cosine of the nearest token of the passage."""


def compute_features(index: Index, query: Query, positions: IntVector) -> Features:
    """The signals of the passages at the positions:

    `keywords` BM25; `terms` the share of the question's terms held, weighted by rarity; `paragraph` and `sentence`
    cosines of paragraph and best sentence; `late` and `passage_maxsim` the late interaction of the best sentence and
    of all sentences together; `place` 1 for a place of the question; `wanted` 1 for a passage with what is asked for.
    """
    rows, firsts = index.sentence_rows_of(positions)
    nearest = index.tokens.nearest(query.tokens, rows)
    of_sentences = maxsim(nearest)
    together = np.maximum(np.maximum.reduceat(nearest, firsts, axis=0), 0.0)
    cosines = index.sentences.products(query.vector, rows)
    question = query.question
    keywords, held = index.sparse.matches(question.terms, positions)
    return Features(
        values={
            "keywords": keywords,
            "terms": held,
            "paragraph": index.paragraphs.products(query.vector, positions),
            "sentence": np.maximum.reduceat(cosines, firsts),
            "late": np.maximum(np.maximum.reduceat(of_sentences, firsts), np.float32(0.0)),
            "passage_maxsim": maxsim(together),
            "place": index.coverage.match(question.places, question.folded, positions),
            "wanted": _wanted(index, question, positions),
        },
        sentence_scores=_by_passage(positions, _parted(of_sentences, firsts)),
        nearest=_by_passage(positions, together),
    )


def _by_passage(positions: IntVector, values: Iterable[FloatVector]) -> dict[int, FloatVector]:
    return dict(zip(positions.tolist(), values, strict=True))


def _parted(values: FloatVector, firsts: IntVector) -> Iterator[FloatVector]:
    """As `np.split` does, which takes four times as long: 0.21 ms for 340 parts."""
    edges = itertools.pairwise([*firsts.tolist(), len(values)])
    return (values[first:end] for first, end in edges)


def _wanted(index: Index, question: Question, positions: IntVector) -> FloatVector:
    is_given = _test_of(question)
    if is_given is None:
        return np.zeros(len(positions), np.float32)
    return np.asarray([is_given(index.folded_texts[int(position)]) for position in positions], np.float32)


def _test_of(question: Question) -> Callable[[str], bool] | None:
    """What tells whether a folded text has what is asked for; None where anything may be."""
    if question.answer_pattern:
        return question.answer_pattern.is_met_by
    if question.answer_type is answer_types.AnswerType.ANYTHING:
        return None
    return functools.partial(answer_types.has_answer_type, question.answer_type)


def scale_feature(name: str, values: FloatVector) -> FloatVector:
    """The values of a signal over the candidates of a question, brought to 0..1 where they are not."""
    return values if name in SHARES else scaled(values)
