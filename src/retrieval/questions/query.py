"""A question as the rankers get it."""

from __future__ import annotations

from dataclasses import dataclass

from retrieval.questions.question import Question
from retrieval.types import Encoder, Encoding, FloatMatrix, FloatVector, IntMatrix


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the rankers get it."""

    question: Question
    vector: FloatVector
    """(dimension,)"""
    tokens: FloatMatrix
    """(tokens, dimension)"""
    spans: IntMatrix
    """(tokens, 2): where each token stands in the folded question."""


def make_query(question: Question, encoding: Encoding) -> Query:
    """The query of a question that was encoded as the only text."""
    return Query(question, encoding.vectors[0], encoding.tokens[0], encoding.spans[0])


def encode_question(question: Question, encoder: Encoder) -> Query:
    """The query of a question, embedded as it stands folded."""
    return make_query(question, encoder.encode_queries([question.folded]))
