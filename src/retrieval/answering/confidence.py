"""The calibrated probability that the first quote answers, from absolute signals."""

from __future__ import annotations

import math
from dataclasses import astuple

from retrieval.answering.evidence import Evidence

# Logistic regression over `Evidence`, in the order of its fields, fitted by `python -m benchmarks.quality.fit_confidence`
# on the development questions and, as questions about other things, those of CMRC 2018.
COEFFICIENTS = (
    25.702,
    8.667,
    29.088,
    -0.813,
    0.82,
    1.364,
    1.226,
    1.436,
    3.021,
    0.267,
    22.959,
    -13.494,
    -92.532,
)
INTERCEPT = -58.214

THRESHOLD = 0.2
"""Below it the bot refuses. On the questions held out 1 % of the answerable ones and all of the far ones; on the 200
far ones of `questions_far.jsonl`, made to be hard (a covered place, another matter), 91 %; 0.3 refuses 94 % of those,
and 5 % of the answerable."""

# Sentences this much below the best late interaction may still be the one that answers. On the development questions
# `lacks_what_is_asked` refuses 71 of 98 near misses and 1 of 316 answerable ones; 0.02 and 0.04 hardly differ.
_NEAR = 0.03


def confidence(evidence: Evidence) -> float:
    """The probability, 0 to 1, that the quote answers the question."""
    logit = INTERCEPT + sum(c * value for c, value in zip(COEFFICIENTS, astuple(evidence), strict=True))
    return 1.0 / (1.0 + math.exp(-logit))


def lacks_what_is_asked(evidence: Evidence) -> bool:
    """Whether a sum, a date, a name or the like is asked for and no sentence near the best one has any."""
    return evidence.unmet > _NEAR
