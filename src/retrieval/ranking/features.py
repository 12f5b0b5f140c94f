"""The features of each candidate for a query, which the ranker adds up and confidence reads."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.index import Index, cached_per_index
from retrieval.index.vectors import maxsim
from retrieval.questions import Query, Question, answer_types
from retrieval.top_k import scaled
from retrieval.types import FloatMatrix, FloatVector, IntVector

# Weights of the features, each 0 to 1 over the candidates of a question; fitted by `python -m benchmarks.quality.fit_ranking`
# on four sets of 873 questions. On a set left out of the fit they put a passage that answers first for 0.856 (mean of the
# sets, by the root of their sizes), MaxSim and place alone for 0.829; without any one of the five it is 0.840 to 0.850.
# What else was tried, and why it fell: docs/quality.md.
WEIGHTS = {
    "maxsim": 0.93,
    "place": 0.49,
    "keywords": 0.46,
    "salient_maxsim": 1.0,
    "answer_type": 0.18,
}
# Six bytes a token blur both MaxSims, so the cosine of the sentence helps where tokens are quantized: among 100,000 passages
# gold@1 of 300 public questions is 0.873 without it, 0.910 with 0.5, 0.917 with 1; of 391 development questions on quantizers
# trained on other texts hit@1 is 0.870, 0.865 and 0.857 (`benchmarks.scale.million`, `benchmarks.quality.coded_quality`).
QUANTIZED_WEIGHTS = {**WEIGHTS, "sentence": 0.5}
SHARES = frozenset({"place", "answer_type"})
"""Features that are 0 to 1 as they are."""


_UNTESTED = -1
# A byte a passage each. Most questions expect one of thirty types; names that the question lacks are a type of their own.
_TYPES_CACHED = 32


@dataclass(frozen=True, slots=True)
class Features:
    """The features of the passages at some positions."""

    values: dict[str, FloatVector]
    """By name, in the order of the positions, not scaled."""
    sentence_scores: dict[int, FloatVector]
    """By position: the MaxSim score of each sentence of the passage."""
    token_maxima: dict[int, FloatVector]
    """By position: for each token of the query the cosine of the nearest token of the passage."""


def weights_of(index: Index) -> Mapping[str, float]:
    """The weights for the tokens of the index, exact or quantized."""
    return QUANTIZED_WEIGHTS if index.tokens.is_quantized else WEIGHTS


def compute_features(
    index: Index, query: Query, positions: IntVector, keywords: FloatVector | None = None
) -> Features:
    """The features of the passages at the positions, with their BM25 scores where these are known:

    `maxsim` the MaxSim score of the best sentence; `salient_maxsim` that of all sentences together, by the tokens that
    tell these passages apart; `place` 1 for a place of the question; `keywords` BM25; `answer_type` 1 for a text with an
    answer of the expected type; `sentence`, which counts beside quantized tokens only and which confidence reads, the cosine
    of the best sentence.
    """
    rows, starts = index.sentence_rows_of(positions)
    sentence_maxima = index.tokens.token_maxima(query.tokens, rows)
    sentence_scores = maxsim(sentence_maxima)
    passage_maxima = np.maximum(np.maximum.reduceat(sentence_maxima, starts, axis=0), 0.0)
    cosines = index.sentences.products(query.vector, rows)
    question = query.question
    return Features(
        values={
            "maxsim": np.maximum(np.maximum.reduceat(sentence_scores, starts), np.float32(0.0)),
            "salient_maxsim": salient_maxsim(passage_maxima, salience(passage_maxima)),
            "place": index.place_index.match(question.places, question.folded, positions),
            "keywords": index.bm25.scores_at(question.terms, positions) if keywords is None else keywords,
            "answer_type": _has_answer_type(index, question, positions),
            "sentence": np.maximum.reduceat(cosines, starts),
        },
        sentence_scores=_by_position(positions, _split(sentence_scores, starts)),
        token_maxima=_by_position(positions, passage_maxima),
    )


def salience(passage_maxima: FloatMatrix) -> FloatVector:
    """(query tokens,) by how much the best of (passages, query tokens) maxima is above their mean.

    A token that every passage answers alike, a particle or the matter of the whole collection, hardly counts.
    """
    return np.asarray(passage_maxima.max(axis=0) - passage_maxima.mean(axis=0), np.float32)


def salient_maxsim(passage_maxima: FloatMatrix, weights: FloatVector) -> FloatVector:
    """(passages,) the mean of the maxima over the tokens of the query, weighted; 0 where no token has weight."""
    return np.asarray(passage_maxima @ weights / max(float(weights.sum()), 1e-9), np.float32)


def _by_position(positions: IntVector, values: Iterable[FloatVector]) -> dict[int, FloatVector]:
    return dict(zip(positions.tolist(), values, strict=True))


def _split(values: FloatVector, starts: IntVector) -> Iterator[FloatVector]:
    """As `np.split`, which takes four times as long: 0.21 ms for 340 parts."""
    edges = itertools.pairwise([*starts.tolist(), len(values)])
    return (values[start:end] for start, end in edges)


def _has_answer_type(index: Index, question: Question, positions: IntVector) -> FloatVector:
    """(positions,) 1 for a text that has an answer of the expected type, else 0; each text is tested once a type."""
    if not question.answer_pattern and question.answer_type is answer_types.AnswerType.ANYTHING:
        return np.zeros(len(positions), np.float32)
    has_answer = _answer_test(question)
    known = _tested_texts(index)(has_answer)
    for position in positions[known[positions] == _UNTESTED].tolist():
        known[position] = has_answer(index.folded_texts[position])
    return known[positions].astype(np.float32)


@cached_per_index
def _tested_texts(index: Index) -> Callable[[Callable[[str], bool]], NDArray[np.int8]]:
    """By the test, (passages,) whether each text meets it, or `_UNTESTED`."""
    size = len(index.passages)
    return functools.lru_cache(_TYPES_CACHED)(lambda _: np.full(size, _UNTESTED, np.int8))


def _answer_test(question: Question) -> Callable[[str], bool]:
    """The test whether a folded text has an answer of the expected type."""
    if question.answer_pattern:
        return question.answer_pattern.is_met_by
    return _has_type(question.answer_type)


@functools.cache
def _has_type(answer_type: answer_types.AnswerType) -> Callable[[str], bool]:
    return functools.partial(answer_types.has_answer_type, answer_type)


def scale_feature(name: str, values: FloatVector) -> FloatVector:
    """The values of a feature over the candidates of a question, scaled to 0..1 if they are not."""
    return values if name in SHARES else scaled(values)
