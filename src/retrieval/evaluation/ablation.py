"""What each signal of the ranker is worth: the ranking without it, and by it alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from retrieval.evaluation.dataset import EvaluationQuestion
from retrieval.evaluation.scores import Estimate, estimate_mean
from retrieval.index import Index
from retrieval.questions import Query, encode_question, read_question
from retrieval.ranking import WEIGHTS, rank_passages
from retrieval.types import Encoder

_TOP = 3


@dataclass(frozen=True, slots=True)
class AblationRow:
    """A ranking by some of the signals, over the answerable questions."""

    signals: str
    hit_at_1: Estimate
    hit_at_3: Estimate


def ablate(
    questions: Sequence[EvaluationQuestion], index: Index, encoder: Encoder
) -> tuple[AblationRow, ...]:
    """All signals, all but each in turn, and each alone; none without an answerable question."""
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
        found = [question.is_answered_by(hit.passage) for hit in hits]
        first.append(float(any(found[:1])))
        early.append(float(any(found)))
    return AblationRow(name, estimate_mean(first), estimate_mean(early))


def _query_of(question: EvaluationQuestion, encoder: Encoder) -> Query:
    return encode_question(read_question(question.text), encoder)
