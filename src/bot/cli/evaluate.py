"""`bulletin-bot evaluate`: the quality tables, their JSON, and stored results."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import opencc
from rich.console import Console, Group, RenderableType
from rich.table import Table

from bot.output import json_line, terminal
from bot.serving import coverage_summary
from bot.settings import Settings
from retrieval.answering import answer
from retrieval.embedding import load_encoder
from retrieval.evaluation import (
    AblationRow,
    Calibration,
    Estimate,
    Measure,
    Score,
    ablate,
    evaluate,
    read_questions,
)
from retrieval.index import generations
from retrieval.storage import manifests

_SHOWN_BY_TYPE = (
    Measure.HIT_AT_1,
    Measure.HIT_AT_3,
    Measure.FIRST_QUOTE,
    Measure.ANY_QUOTE,
    Measure.WRONG_REFUSALS,
    Measure.NEAR_MISSES_REFUSED,
    Measure.FAR_REFUSED,
)


@dataclass(frozen=True, slots=True)
class Measured:
    """The quality of an index, with and without each feature of the ranker."""

    manifest: manifests.Manifest
    score: Score
    ablation: tuple[AblationRow, ...]


def show_evaluation(settings: Settings, questions: Path | None, *, as_json: bool, store: bool) -> None:
    """Print the scores on questions with known answers; with `store`, also write them beside the questions."""
    measured = measure_quality(settings, questions)
    if as_json:
        sys.stdout.write(quality_json(measured) + "\n")
        sys.stdout.flush()
    else:
        show_quality(measured, terminal())
    if store:
        sys.stderr.write(f"Kept in {store_quality(measured, settings.development_questions)}.\n")


def measure_quality(settings: Settings, questions: Path | None) -> Measured:
    """Ask the index in service every question of the file or folder, by default the development questions."""
    dataset = read_questions(questions or settings.development_questions)
    encoder = load_encoder(settings.embedding_model, settings.model_cache, settings.embedding_threads)
    index = generations.load_current(settings.index_dir, encoder.name)
    score = evaluate(dataset, lambda text: answer(text, index, encoder), in_the_other_script, index.passages)
    return Measured(index.manifest, score, ablate(dataset, index, encoder))


def quality_json(measured: Measured) -> str:
    """A JSON object: measures by name, intervals, scores by question type, calibration, ablation, and the index measured."""
    score, manifest = measured.score, measured.manifest
    return json_line(
        {
            "questions": score.questions,
            **{measure.value: score.value(measure) for measure in Measure},
            "intervals": {measure.value: asdict(estimate) for measure, estimate in score.estimates.items()},
            "by_type": {name: _values(estimates) for name, estimates in score.by_type.items()},
            "calibration": asdict(score.calibration),
            "ablation": [_ablation_json(row) for row in measured.ablation],
            "encoder": manifest.encoder,
            "passages": manifest.passages,
            "sources": manifest.sources,
        },
        indent=1,
    )


def _values(estimates: Mapping[Measure, Estimate]) -> dict[str, float]:
    return {measure.value: round(estimate.value, 4) for measure, estimate in estimates.items()}


def show_quality(measured: Measured, console: Console) -> None:
    """Print the tables."""
    score = measured.score
    console.print(
        Group(
            _measure_table(score),
            _type_table(score),
            _calibration_table(score.calibration),
            _ablation_table(measured.ablation),
        )
    )


def store_quality(measured: Measured, folder: Path) -> Path:
    """Write the JSON beside the questions, under the day and the commit, and return its path."""
    results = folder / coverage_summary.RESULTS
    results.mkdir(exist_ok=True)
    path = results / f"{datetime.now(UTC):%Y-%m-%d}-{_commit()}.json"
    path.write_text(quality_json(measured) + "\n", encoding="utf-8")
    return path


def _measure_table(score: Score) -> RenderableType:
    table = Table("measure", "value", "95 % interval", "questions")
    for measure, estimate in score.estimates.items():
        interval = f"{estimate.low:.3f} to {estimate.high:.3f}"
        table.add_row(_label(measure), f"{estimate.value:.3f}", interval, str(estimate.questions))
    table.add_row("Brier score", f"{score.calibration.brier:.3f}", "", str(score.questions))
    return table


def _type_table(score: Score) -> RenderableType:
    table = Table("type", "questions", *map(_label, _SHOWN_BY_TYPE))
    for name, estimates in score.by_type.items():
        questions = estimates[Measure.SAME_FIRST_HIT_IN_BOTH_SCRIPTS].questions
        cells = (
            f"{estimates[measure].value:.2f}" if measure in estimates else "—" for measure in _SHOWN_BY_TYPE
        )
        table.add_row(name, str(questions), *cells)
    return table


def _calibration_table(calibration: Calibration) -> RenderableType:
    table = Table("confidence", "questions", "mean confidence", "first hit answers")
    for cases in calibration.curve:
        edges = f"{cases.low:.1f} to {cases.high:.1f}"
        table.add_row(edges, str(cases.cases), f"{cases.confidence:.2f}", f"{cases.right:.2f}")
    return table


def _ablation_json(row: AblationRow) -> dict[str, object]:
    return {"signals": row.features, "hit_at_1": asdict(row.hit_at_1), "hit_at_3": asdict(row.hit_at_3)}


def _ablation_table(rows: Sequence[AblationRow]) -> RenderableType:
    table = Table("ranking by", "hit at 1", "hit at 3")
    for row in rows:
        table.add_row(row.features, f"{row.hit_at_1.value:.3f}", f"{row.hit_at_3.value:.3f}")
    return table


def _label(measure: Measure) -> str:
    return measure.value.replace("_", " ")


def in_the_other_script(text: str) -> str:
    """A Traditional text in Simplified script, a Simplified one in Traditional."""
    simplified: str = opencc.OpenCC("t2s").convert(text)
    traditional: str = opencc.OpenCC("s2t").convert(text)
    return simplified if simplified != text else traditional


def _commit() -> str:
    """The short hash of the commit checked out; "unknown" outside a repository."""
    git = shutil.which("git")
    if git is None:
        return "unknown"
    result = subprocess.run(  # noqa: S603 (a fixed command)
        [git, "rev-parse", "--short=7", "HEAD"], capture_output=True, text=True, check=False
    )
    return result.stdout.strip() or "unknown"
