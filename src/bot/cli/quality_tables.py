"""Tables of measured quality for the terminal: every figure with its interval, held out first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Console, RenderableType
from rich.table import Table

from bot.cli.quality_measurement import Measured, MeasuredSet
from retrieval.evaluation import Measure, Score, ablation, calibration, estimates, question_sets

_SPLITS = {question_sets.Split.HELD_OUT: "held out", question_sets.Split.DEVELOPMENT: "development"}

_COLUMNS = {
    Measure.HIT_AT_1: "hit@1",
    Measure.HIT_AT_3: "hit@3",
    Measure.FIRST_QUOTE: "first quote",
    Measure.ANY_QUOTE: "any quote",
    Measure.ALL_ANSWERS: "all answers",
    Measure.WRONG_REFUSALS: "refused wrongly",
}
"""Columns of the tables by type and by file; types of questions to be refused have a table of their own."""
_REFUSALS = {Measure.NEAR_MISSES_REFUSED: "near refused", Measure.FAR_REFUSED: "far refused"}


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
    if len(score.by_file) > 1:
        yield _grouped_table("file", score.by_file, _COLUMNS | _REFUSALS)
    types = {name: found for name, found in score.by_type.items() if not _COLUMNS.keys().isdisjoint(found)}
    if types:
        yield _grouped_table("type", types, _COLUMNS)
    if score.near_misses:
        yield _near_miss_table(score.near_misses)
    if score.twins.english:
        twins = {"English": score.twins.english, "Chinese": score.twins.chinese}
        yield _grouped_table("twins", twins, _COLUMNS)
    yield _calibration_table(score.calibration)


def _measure_table(score: Score) -> Table:
    table = Table("measure", "value", "95 % interval", "questions")
    for measure, estimate in score.estimates.items():
        table.add_row(_label(measure), f"{estimate.value:.3f}", _interval(estimate), str(estimate.questions))
    table.add_row("Brier score", f"{score.calibration.brier:.3f}", "", "")
    return table


def _grouped_table(
    title: str, groups: Mapping[str, Mapping[Measure, estimates.Estimate]], columns: Mapping[Measure, str]
) -> Table:
    """A row for each group, shares in percent; a column that applies to none of them is left out."""
    shown = [measure for measure in columns if any(measure in found for found in groups.values())]
    table = Table(f"{title}, %", "asked", *(columns[measure] for measure in shown))
    for name, found in groups.items():
        asked = max(estimate.questions for estimate in found.values())
        table.add_row(name, str(asked), *(_cell(found.get(measure)) for measure in shown))
    return table


def _near_miss_table(near_misses: Mapping[str, estimates.Estimate]) -> Table:
    table = Table("near miss", "refused", "95 % interval", "questions")
    for kind, estimate in near_misses.items():
        table.add_row(kind, f"{estimate.value:.2f}", _interval(estimate), str(estimate.questions))
    return table


def _calibration_table(calibration: calibration.Calibration) -> Table:
    table = Table("confidence", "questions", "mean confidence", "first hit answers")
    for cases in calibration.curve:
        edges = f"{cases.low:.1f} to {cases.high:.1f}"
        table.add_row(edges, str(cases.cases), f"{cases.confidence:.2f}", f"{cases.right:.2f}")
    return table


def _ablation_table(rows: Sequence[ablation.AblationRow]) -> Table:
    table = Table("ranking by, %", "hit@1", "hit@3")
    for row in rows:
        table.add_row(row.features, _cell(row.hit_at_1), _cell(row.hit_at_3))
    return table


def _cell(estimate: estimates.Estimate | None) -> str:
    """The value above its interval, in percent; a dash where there is none."""
    if estimate is None:
        return "—"
    return f"{100 * estimate.value:.0f}\n{100 * estimate.low:.0f}-{100 * estimate.high:.0f}"


def _interval(estimate: estimates.Estimate) -> str:
    return f"{estimate.low:.3f} to {estimate.high:.3f}"


def _label(measure: Measure) -> str:
    return measure.value.replace("_", " ")
