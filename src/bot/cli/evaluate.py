"""`bulletin-bot evaluate`: the quality tables, their JSON, and stored results."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.quality_measurement import Measured, MeasuredSet, measure_quality
from bot.cli.quality_tables import show_quality
from bot.output import json_line, terminal
from bot.serving import coverage_summary, open_answerer
from bot.settings import Settings
from bot.wording import Wording, measure_model, measure_wording, open_wording
from retrieval.evaluation import Measure, Score, ablation, estimates, read_questions


def show_evaluation(
    settings: Settings,
    questions: Path | None,
    *,
    collection: str | None = None,
    as_json: bool = False,
    store: bool = False,
) -> None:
    """Print the scores on questions with known answers; with `store`, also write them beside the questions."""
    measured = measure_quality(settings, questions, collection)
    if measured.trained_on:
        verb = "Measured although" if questions else "Left out because"
        sys.stderr.write(f"{verb} a model was trained on it: {', '.join(measured.trained_on)}.\n")
    if as_json:
        sys.stdout.write(quality_json(measured) + "\n")
        sys.stdout.flush()
    else:
        show_quality(measured, terminal())
    if store:
        sys.stderr.write(f"Kept in {store_quality(measured, settings.development_questions)}.\n")


def show_wording(settings: Settings, questions: Path | None) -> None:
    """Print as JSON how the check judges the stored sentences, and what the model of the settings makes of the questions."""
    found = measure_wording(settings.development_questions / "wording")
    wording = open_wording(settings)
    if wording:
        asked = [
            known.text
            for known in read_questions(questions or settings.development_questions / "questions.jsonl")
        ]
        found["model"] = asyncio.run(_measured_model(settings, wording, asked))
    sys.stdout.write(json_line(found, indent=1) + "\n")
    sys.stdout.flush()


async def _measured_model(settings: Settings, wording: Wording, asked: Sequence[str]) -> dict[str, object]:
    answerer = open_answerer(settings)
    try:
        return await measure_model(wording, [answerer.answer_now(question) for question in asked])
    finally:
        answerer.close()
        await wording.close()


def quality_json(measured: Measured) -> str:
    """A JSON object: the fields of the first set, those of every set under `sets`, and the ablation.

    `docs/quality.md` lists the fields.
    """
    return json_line(
        {
            **_set_json(measured.sets[0]),
            "ablation": [_ablation_json(row) for row in measured.ablation],
            "trained_on": list(measured.trained_on),
            "sets": [_set_json(found) for found in measured.sets],
        },
        indent=1,
    )


def _set_json(measured: MeasuredSet) -> dict[str, object]:
    asked, manifest = measured.asked, measured.manifest
    return {
        "collection": asked.collection,
        "set": asked.split.value,
        "files": list(asked.files),
        **_score_json(measured.score),
        "encoder": manifest.encoder,
        "passages": manifest.passages,
        "sources": manifest.sources,
    }


def _score_json(score: Score) -> dict[str, object]:
    twins = score.twins
    return {
        "questions": score.questions,
        **{measure.value: score.value(measure) for measure in Measure},
        "intervals": _intervals(score.estimates),
        "by_type": {name: _values(found) for name, found in score.by_type.items()},
        "intervals_by_type": {name: _intervals(found) for name, found in score.by_type.items()},
        "intervals_by_file": {name: _intervals(found) for name, found in score.by_file.items()},
        "near_misses": {kind: _estimate_json(estimate) for kind, estimate in score.near_misses.items()},
        "twins": {"english": _intervals(twins.english), "chinese": _intervals(twins.chinese)},
        "calibration": asdict(score.calibration),
    }


def _values(found: Mapping[Measure, estimates.Estimate]) -> dict[str, float]:
    return {measure.value: round(estimate.value, 4) for measure, estimate in found.items()}


def _intervals(found: Mapping[Measure, estimates.Estimate]) -> dict[str, dict[str, object]]:
    return {measure.value: _estimate_json(estimate) for measure, estimate in found.items()}


def _estimate_json(estimate: estimates.Estimate) -> dict[str, object]:
    fields = asdict(estimate)
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in fields.items()}


def _ablation_json(row: ablation.AblationRow) -> dict[str, object]:
    return {
        "signals": row.features,
        "hit_at_1": _estimate_json(row.hit_at_1),
        "hit_at_3": _estimate_json(row.hit_at_3),
    }


def store_quality(measured: Measured, folder: Path) -> Path:
    """Write the JSON beside the questions, under the day and the commit, and return its path."""
    results = (folder if folder.is_dir() else folder.parent) / coverage_summary.RESULTS
    results.mkdir(exist_ok=True)
    path = results / f"{datetime.now(UTC):%Y-%m-%d}-{_commit()}.json"
    path.write_text(quality_json(measured) + "\n", encoding="utf-8")
    return path


def _commit() -> str:
    """The short hash of the commit checked out; "unknown" outside a repository."""
    git = shutil.which("git")
    if git is None:
        return "unknown"
    result = subprocess.run(  # noqa: S603 (a fixed command)
        [git, "rev-parse", "--short=7", "HEAD"], capture_output=True, text=True, check=False
    )
    return result.stdout.strip() or "unknown"
