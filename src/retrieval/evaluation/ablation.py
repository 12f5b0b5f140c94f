"""Ablation of the ranker: rankings without each feature, and by each feature alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from retrieval.evaluation.dataset import EvaluationQuestion
from retrieval.evaluation.estimates import Estimate, estimate_mean
from retrieval.index import Index
from retrieval.questions import Query, encode_question, read_question
from retrieval.ranking import WEIGHTS, rank_passages
from retrieval.types import Encoder

_TOP = 3


@dataclass(frozen=True, slots=True)
class AblationRow:
    """The hits of a ranking by some of the features, over the answerable questions."""

    features: str
    """The features in use, as in "without place"."""
    hit_at_1: Estimate
    hit_at_3: Estimate


def ablate(
    questions: Sequence[EvaluationQuestion], index: Index, encoder: Encoder
) -> tuple[AblationRow, ...]:
    """Rows for all features, for all but each in turn, and for each alone; none without an answerable question."""
    answerable = [question for question in questions if question.golds]
    queries = [_query_of(question, encoder) for question in answerable]
    if not queries:
        return ()
    return tuple(_row(name, weights, answerable, queries, index) for name, weights in _weights_in_turn())


def _weights_in_turn() -> Iterator[tuple[str, Mapping[str, float]]]:
    yield "all", WEIGHTS
    for name in WEIGHTS:
        yield f"without {name}", {other: weight for other, weight in WEIGHTS.items() if other != name}
    for name in WEIGHTS:
        yield f"{name} alone", {name: 1.0}


def _row(
    name: str,
    weights: Mapping[str, float],
    questions: Sequence[EvaluationQuestion],
    queries: Sequence[Query],
    index: Index,
) -> AblationRow:
    first, early = [], []
    for question, query in zip(questions, queries, strict=True):
        hits = rank_passages(index, query, weights=weights).hits(index, _TOP)
        answers = [question.is_answered_by(hit.passage) for hit in hits]
        first.append(float(any(answers[:1])))
        early.append(float(any(answers)))
    return AblationRow(name, estimate_mean(first), estimate_mean(early))


def _query_of(question: EvaluationQuestion, encoder: Encoder) -> Query:
    return encode_question(read_question(question.text), encoder)
