"""`bulletin-bot evaluate`: the quality table, its JSON, and the results kept for the next engineer."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import opencc
from rich.console import Console, Group, RenderableType
from rich.table import Table

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
    """The quality of a generation, and what each signal of the ranker adds to it."""

    manifest: manifests.Manifest
    score: Score
    ablation: tuple[AblationRow, ...]


def measure_quality(settings: Settings, questions: Path | None) -> Measured:
    """Ask the generation in service every question; the development questions where none are named."""
    wanted = read_questions(questions or settings.development_questions)
    encoder = load_encoder(settings.embedding_model, settings.model_cache, settings.embedding_threads)
    index = generations.load_current(settings.index_dir, encoder.name)
    score = evaluate(wanted, lambda text: answer(text, index, encoder), in_the_other_script, index.passages)
    return Measured(index.manifest, score, ablate(wanted, index, encoder))


def quality_json(measured: Measured) -> str:
    """One object: each measure by its name, their intervals, the types, calibration, ablation, and what was measured."""
    score, manifest = measured.score, measured.manifest
    return json.dumps(
        {
            "questions": score.questions,
            **{measure.value: score.value(measure) for measure in Measure},
            "intervals": {measure.value: asdict(found) for measure, found in score.estimates.items()},
            "by_type": {name: _values(found) for name, found in score.by_type.items()},
            "calibration": asdict(score.calibration),
            "ablation": [asdict(row) for row in measured.ablation],
            "encoder": manifest.encoder,
            "passages": manifest.passages,
            "sources": manifest.sources,
        },
        ensure_ascii=False,
        indent=1,
    )


def _values(estimates: Mapping[Measure, Estimate]) -> dict[str, float]:
    return {measure.value: round(found.value, 4) for measure, found in estimates.items()}


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
    """Write the JSON below the folder of the questions, under the day and the commit; returns the file."""
    results = folder / coverage_summary.RESULTS
    results.mkdir(exist_ok=True)
    path = results / f"{datetime.now(UTC):%Y-%m-%d}-{_commit()}.json"
    path.write_text(quality_json(measured) + "\n", encoding="utf-8")
    return path


def _measure_table(score: Score) -> RenderableType:
    table = Table("measure", "value", "95 % interval", "questions")
    for measure, found in score.estimates.items():
        interval = f"{found.low:.3f} to {found.high:.3f}"
        table.add_row(_label(measure), f"{found.value:.3f}", interval, str(found.questions))
    table.add_row("Brier score", f"{score.calibration.brier:.3f}", "", str(score.questions))
    return table


def _type_table(score: Score) -> RenderableType:
    table = Table("type", "questions", *map(_label, _SHOWN_BY_TYPE))
    for name, found in score.by_type.items():
        asked = found[Measure.SAME_FIRST_HIT_IN_BOTH_SCRIPTS].questions
        cells = (f"{found[measure].value:.2f}" if measure in found else "—" for measure in _SHOWN_BY_TYPE)
        table.add_row(name, str(asked), *cells)
    return table


def _calibration_table(calibration: Calibration) -> RenderableType:
    table = Table("confidence", "questions", "mean confidence", "first hit answers")
    for cases in calibration.curve:
        edges = f"{cases.low:.1f} to {cases.high:.1f}"
        table.add_row(edges, str(cases.cases), f"{cases.confidence:.2f}", f"{cases.right:.2f}")
    return table


def _ablation_table(rows: Sequence[AblationRow]) -> RenderableType:
    table = Table("ranking by", "hit at 1", "hit at 3")
    for row in rows:
        table.add_row(row.signals, f"{row.hit_at_1.value:.3f}", f"{row.hit_at_3.value:.3f}")
    return table


def _label(measure: Measure) -> str:
    return measure.value.replace("_", " ")


def in_the_other_script(text: str) -> str:
    """A Traditional text in Simplified script, a Simplified one in Traditional."""
    simplified: str = opencc.OpenCC("t2s").convert(text)
    traditional: str = opencc.OpenCC("s2t").convert(text)
    return simplified if simplified != text else traditional


def _commit() -> str:
    """The short name of the commit checked out, "unknown" outside a repository."""
    git = shutil.which("git")
    if git is None:
        return "unknown"
    found = subprocess.run(  # noqa: S603 (a fixed command)
        [git, "rev-parse", "--short=7", "HEAD"], capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or "unknown"
