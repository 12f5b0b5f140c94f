"""Tables of measured quality for the terminal: every figure with its interval, held out first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console, RenderableType
from rich.table import Table

from bot.cli.quality_measurement import Measured, MeasuredSet
from retrieval.evaluation import Measure, Score, ablation, calibration, estimates, question_sets

_SPLITS = {question_sets.Split.HELD_OUT: "held out", question_sets.Split.DEVELOPMENT: "development"}

_BY_TYPE = (
    Measure.HIT_AT_1,
    Measure.HIT_AT_3,
    Measure.FIRST_QUOTE,
    Measure.ANY_QUOTE,
    Measure.ALL_ANSWERS,
    Measure.WRONG_REFUSALS,
)
"""Columns of the table by type; questions to be refused have a table of their own."""

_OF_TWINS = (
    Measure.HIT_AT_1,
    Measure.HIT_AT_3,
    Measure.FIRST_QUOTE,
    Measure.ANY_QUOTE,
    Measure.WRONG_REFUSALS,
)


def show_quality(measured: Measured, console: Console) -> None:
    """Print the tables of each set, then calibration and ablation."""
    for found in measured.sets:
        asked = found.asked
        files = ", ".join(asked.files)
        console.print(
            f"\n{asked.collection}, {_SPLITS[asked.split]}: {found.score.questions} questions ({files})"
        )
        console.print(*_tables(found), sep="\n")
    console.print(_ablation_table(measured.ablation))
    console.print("Intervals of 95 %: Wilson's for shares, a bootstrap over the questions for MRR and nDCG.")


def _tables(measured: MeasuredSet) -> Iterator[RenderableType]:
    score = measured.score
    yield _measure_table(score)
    if any(_BY_TYPE[0] in estimates for estimates in score.by_type.values()):
        yield _type_table(score)
    if score.near_misses:
        yield _near_miss_table(score.near_misses)
    if score.twins.english:
        yield _twin_table(score)
    yield _calibration_table(score.calibration)


def _measure_table(score: Score) -> Table:
    table = Table("measure", "value", "95 % interval", "questions")
    for measure, estimate in score.estimates.items():
        table.add_row(_label(measure), f"{estimate.value:.3f}", _interval(estimate), str(estimate.questions))
    table.add_row("Brier score", f"{score.calibration.brier:.3f}", "", "")
    return table


def _type_table(score: Score) -> Table:
    table = Table("type", "questions", *map(_label, _BY_TYPE))
    for name, found in score.by_type.items():
        if _BY_TYPE[0] in found:
            table.add_row(name, str(found[_BY_TYPE[0]].questions), *map(_cell, map(found.get, _BY_TYPE)))
    return table


def _near_miss_table(near_misses: Mapping[str, estimates.Estimate]) -> Table:
    table = Table("near miss", "refused", "95 % interval", "questions")
    for kind, estimate in near_misses.items():
        table.add_row(kind, f"{estimate.value:.2f}", _interval(estimate), str(estimate.questions))
    return table


def _twin_table(score: Score) -> Table:
    english, chinese = score.twins.english, score.twins.chinese
    table = Table("twins", "English", "Chinese")
    for measure in _OF_TWINS:
        table.add_row(_label(measure), _cell(english.get(measure)), _cell(chinese.get(measure)))
    return table


def _calibration_table(calibration: calibration.Calibration) -> Table:
    table = Table("confidence", "questions", "mean confidence", "first hit answers")
    for cases in calibration.curve:
        edges = f"{cases.low:.1f} to {cases.high:.1f}"
        table.add_row(edges, str(cases.cases), f"{cases.confidence:.2f}", f"{cases.right:.2f}")
    return table


def _ablation_table(rows: Sequence[ablation.AblationRow]) -> Table:
    table = Table("ranking by", "hit at 1", "hit at 3")
    for row in rows:
        table.add_row(row.features, _cell(row.hit_at_1), _cell(row.hit_at_3))
    return table


def _cell(estimate: estimates.Estimate | None) -> str:
    """The value above its interval; a dash where there is none."""
    return f"{estimate.value:.2f}\n{estimate.low:.2f}-{estimate.high:.2f}" if estimate else "—"


def _interval(estimate: estimates.Estimate) -> str:
    return f"{estimate.low:.3f} to {estimate.high:.3f}"


def _label(measure: Measure) -> str:
    return measure.value.replace("_", " ")
