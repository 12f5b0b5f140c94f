"""Scores over evaluation questions: by measure, by kind of question, by kind of near miss, and of twins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from retrieval.evaluation.calibration import Calibration, calibrate
from retrieval.evaluation.dataset import NEAR_MISSES, EvaluationQuestion
from retrieval.evaluation.estimates import Estimate, estimate_mean
from retrieval.evaluation.metrics import Measure, first_hit, measure_answer, measure_conversation
from retrieval.types import Answer, Passage

Asker = Callable[[str], Answer]
Converser = Callable[[Sequence[str]], Answer]
"""The answer to the last of the messages of one conversation."""

_Measured = tuple[EvaluationQuestion, Mapping[Measure, float]]


@dataclass(frozen=True, slots=True)
class TwinScore:
    """The estimates of the English questions that translate Chinese ones, and of these."""

    english: Mapping[Measure, Estimate]
    chinese: Mapping[Measure, Estimate]


@dataclass(frozen=True, slots=True)
class Score:
    """The estimates over a set of questions; measures that apply to no question are missing."""

    questions: int
    estimates: Mapping[Measure, Estimate]
    by_type: Mapping[str, Mapping[Measure, Estimate]]
    """The estimates for the questions of each type, in the order of the names."""
    by_file: Mapping[str, Mapping[Measure, Estimate]]
    """The estimates for the questions of each file, in the order of the names."""
    near_misses: Mapping[str, Estimate]
    """The share refused of each kind of near miss that was asked alone, in the order of `NEAR_MISSES`."""
    twins: TwinScore
    calibration: Calibration
    """Of the questions asked alone."""

    def value(self, measure: Measure) -> float | None:
        """The mean of a measure, None where it applied to no question."""
        estimate = self.estimates.get(measure)
        return estimate.value if estimate else None


def evaluate(
    questions: Sequence[EvaluationQuestion],
    ask: Asker,
    other_script: Callable[[str], str],
    passages: Sequence[Passage],
    *,
    converse: Converser | None = None,
) -> Score:
    """The score over the questions; each is asked as it is and in the other script.

    Questions with earlier turns need `converse`; they count in the measures of conversations alone. Raises ValueError
    if it is missing.
    """
    answers = [_ask(question, ask, converse, str) for question in questions]
    again = [_ask(question, ask, converse, other_script) for question in questions]
    measured = [
        (question, _measure(question, answer, other, ask=ask, passages=passages))
        for question, answer, other in zip(questions, answers, again, strict=True)
    ]
    alone = [number for number, question in enumerate(questions) if not question.earlier]
    return Score(
        questions=len(questions),
        estimates=_estimates(measured),
        by_type=_grouped(measured, lambda question: question.kind),
        by_file=_grouped(measured, lambda question: question.file),
        near_misses=_near_misses(measured),
        twins=_twins(measured),
        calibration=calibrate(
            [answers[number].confidence for number in alone],
            [measured[number][1].get(Measure.HIT_AT_1, 0.0) == 1.0 for number in alone],
        ),
    )


def _ask(
    question: EvaluationQuestion, ask: Asker, converse: Converser | None, script: Callable[[str], str]
) -> Answer:
    if not question.earlier:
        return ask(script(question.text))
    if converse is None:
        raise ValueError(f"{question.question_id} is the last turn of a conversation: `converse` is missing")
    return converse([script(turn) for turn in (*question.earlier, question.text)])


def _measure(
    question: EvaluationQuestion, answer: Answer, other: Answer, *, ask: Asker, passages: Sequence[Passage]
) -> Mapping[Measure, float]:
    own = (
        measure_conversation(question, answer, ask(question.text))
        if question.earlier
        else measure_answer(question, answer, passages)
    )
    is_same = float(first_hit(answer) == first_hit(other))
    return {**own, Measure.SAME_FIRST_HIT_IN_BOTH_SCRIPTS: is_same}


def _estimates(measured: Iterable[_Measured]) -> dict[Measure, Estimate]:
    answers = [values for _, values in measured]
    columns = {measure: [values[measure] for values in answers if measure in values] for measure in Measure}
    return {
        measure: estimate_mean(column, is_share=measure.is_share)
        for measure, column in columns.items()
        if column
    }


def _grouped(
    measured: Sequence[_Measured], name_of: Callable[[EvaluationQuestion], str]
) -> dict[str, dict[Measure, Estimate]]:
    names = sorted({name_of(question) for question, _ in measured})
    return {name: _estimates(case for case in measured if name_of(case[0]) == name) for name in names}


def _near_misses(measured: Sequence[_Measured]) -> dict[str, Estimate]:
    refused: dict[str, list[float]] = {kind: [] for kind in NEAR_MISSES}
    for question, values in measured:
        if Measure.NEAR_MISSES_REFUSED in values:
            refused[question.near_miss].append(values[Measure.NEAR_MISSES_REFUSED])
    return {kind: estimate_mean(shares) for kind, shares in refused.items() if shares}


def _twins(measured: Sequence[_Measured]) -> TwinScore:
    pairs = list(_pairs(measured))
    return TwinScore(
        english=_estimates(english for english, _ in pairs),
        chinese=_estimates(chinese for _, chinese in pairs),
    )


def _pairs(measured: Sequence[_Measured]) -> Iterator[tuple[_Measured, _Measured]]:
    """Each English question with the Chinese one that it translates, where both were asked."""
    by_id = {question.question_id: (question, values) for question, values in measured}
    for question, values in measured:
        if question.twin_of in by_id:
            yield (question, values), by_id[question.twin_of]
