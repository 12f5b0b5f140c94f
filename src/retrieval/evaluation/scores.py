"""Scores over evaluation questions, with confidence intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.evaluation.calibration import Calibration, calibrate
from retrieval.evaluation.dataset import EvaluationQuestion
from retrieval.evaluation.metrics import Measure, measure_answer
from retrieval.types import Answer, Passage

Asker = Callable[[str], Answer]

_RESAMPLES = 2_000
_SEED = 20_18


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over questions with its 95 % interval, by the percentiles of a bootstrap over the questions.

    Efron & Tibshirani 1993, chapter 13.
    """

    value: float
    low: float
    high: float
    questions: int


@dataclass(frozen=True, slots=True)
class Score:
    """The estimates over a set of questions; measures that apply to no question are missing."""

    questions: int
    estimates: Mapping[Measure, Estimate]
    by_type: Mapping[str, Mapping[Measure, Estimate]]
    """The estimates for the questions of each type, in the order of the names."""
    calibration: Calibration

    def value(self, measure: Measure) -> float | None:
        """The mean of a measure, None where it applied to no question."""
        estimate = self.estimates.get(measure)
        return estimate.value if estimate else None


def evaluate(
    questions: Sequence[EvaluationQuestion],
    ask: Asker,
    other_script: Callable[[str], str],
    passages: Sequence[Passage],
) -> Score:
    """The score over the questions; each is asked as it is and in the other script."""
    answers = [ask(question.text) for question in questions]
    again = [ask(other_script(question.text)) for question in questions]
    measured = [
        {
            **measure_answer(question, answer, passages),
            Measure.SAME_FIRST_HIT_IN_BOTH_SCRIPTS: float(_first_hit(answer) == _first_hit(other)),
        }
        for question, answer, other in zip(questions, answers, again, strict=True)
    ]
    types = [question.kind for question in questions]
    return Score(
        questions=len(questions),
        estimates=_estimates(measured),
        by_type={
            name: _estimates(values for kind, values in zip(types, measured, strict=True) if kind == name)
            for name in sorted(set(types))
        },
        calibration=calibrate(
            [answer.confidence for answer in answers],
            [values.get(Measure.HIT_AT_1, 0.0) == 1.0 for values in measured],
        ),
    )


def _estimates(measured: Iterable[Mapping[Measure, float]]) -> dict[Measure, Estimate]:
    answers = list(measured)
    columns = {measure: [values[measure] for values in answers if measure in values] for measure in Measure}
    return {measure: estimate_mean(column) for measure, column in columns.items() if column}


def estimate_mean(values: Sequence[float]) -> Estimate:
    """The mean with its interval, the same for the same values."""
    column = np.asarray(values, np.float64)
    rows = np.random.default_rng(_SEED).integers(len(column), size=(_RESAMPLES, len(column)))
    low, high = np.percentile(column[rows].mean(axis=1), (2.5, 97.5))
    return Estimate(float(column.mean()), float(low), float(high), len(column))


def _first_hit(answer: Answer) -> str | None:
    return answer.hits[0].passage.passage_id if answer.hits else None
