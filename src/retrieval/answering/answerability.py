"""The probability that the first quote answers, from its similarity, the scores of the extractor and what the quotes lack."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from retrieval.answering.extraction import ExtractedAnswer

# Logistic regression over `Signs`, in the order of its fields, fitted by `python -m benchmarks.extractor.fit_answerability`.
COEFFICIENTS = (0.14, 0.108, 0.102, 0.072, -1.507)
INTERCEPT = 1.103
THRESHOLD = 0.15
"""An answer that was read is refused below it, so that with the older questions 4 % of the answerable are refused.

Of those that it is fitted on, by weights fitted without the set, 2.7 % are refused and 52 % of the near misses (5.0 % and 42 %
without reading); at 0.21 4.2 % and 57 %, at 0.25 5.0 % and 59 %.
"""
_LEAST_SCORE, _MOST_SCORE = -15.0, 15.0
_LEAST_SURE = 1e-4


@dataclass(frozen=True, slots=True)
class Signs:
    """The evidence for and against an answer."""

    log_odds: float
    """Of the confidence by similarity."""
    best: float
    """The highest score of an extracted answer."""
    first: float
    """The score of the answer in the likeliest window by similarity."""
    second: float
    """The second highest score; `_LEAST_SCORE` where a single window is read."""
    lacks: float
    """1 if a rule finds that the quotes lack what is asked for, else 0."""


def signs_of(confidence: float, extracted: Sequence[ExtractedAnswer], *, lacks: bool) -> Signs:
    """The signs of at least one extracted answer, the likeliest window first, with the confidence by similarity."""
    sure = min(max(confidence, _LEAST_SURE), 1.0 - _LEAST_SURE)
    scores = [min(max(answer.score, _LEAST_SCORE), _MOST_SCORE) for answer in extracted]
    best, second, *_ = sorted([*scores, _LEAST_SCORE], reverse=True)
    return Signs(math.log(sure / (1.0 - sure)), best, scores[0], second, float(lacks))


def is_answerable(confidence: float, extracted: Sequence[ExtractedAnswer]) -> bool:
    """Whether at least one extracted answer makes an answer likely, where no rule was asked."""
    return answerability(signs_of(confidence, extracted, lacks=False)) >= THRESHOLD


def answerability(signs: Signs) -> float:
    """The probability, 0 to 1, that the first quote answers the question."""
    logit = INTERCEPT + sum(c * value for c, value in zip(COEFFICIENTS, astuple(signs), strict=True))
    return 1.0 / (1.0 + math.exp(-logit))
