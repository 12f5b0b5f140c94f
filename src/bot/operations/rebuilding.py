"""Builds an index from the bulletins; the command line, the file watcher and `/rebuild` all use it."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.operations import purging
from bot.settings import Settings
from retrieval.building import Inspection, build_generation, checkpoint, diff, reports, write_generation
from retrieval.errors import BulletinBotError
from retrieval.evaluation import EvaluationQuestion, read_questions, regression_gate
from retrieval.index import Index, collections, generations
from retrieval.progress import Progress, Stage, no_progress
from retrieval.reading import preparation, read_collection, source_files
from retrieval.storage import lock, manifests
from retrieval.types import Encoder, Reading


class GateRefusedError(BulletinBotError):
    """The new generation answers fewer of the known questions: it is set aside, and the old one stays in service."""

    def __init__(self, report: reports.BuildReport, folder: Path) -> None:
        super().__init__(_refusal_sentence(report, folder))
        self.report = report


def build(
    settings: Settings,
    *,
    encoder: Encoder | None = None,
    full: bool = False,
    force: bool = False,
    progress: Progress = no_progress,
) -> reports.BuildReport:
    """Read the bulletins, embed new passages (with `full`, all), check the index, put it into service; returns a report.

    Blocks for seconds to hours. A running bot passes its own encoder, so that the model is not loaded twice, and picks
    up the new generation by itself. `progress` is called in this thread; an exception from it ends the build and leaves
    nothing behind. `force` serves an index that the gate would refuse. With INDEX_URL the folder is where the index is
    built before it is copied to the server.

    Raises IndexBusyError (with its holder) if another build is under way, GateRefusedError (with its report), and
    BulletinBotError for other faults that the operator can mend, each with a sentence for the operator. After any error
    the index that was in service still is.
    """
    with settings.index_home().building(settings.index_dir, "rebuild") as publisher:
        with lock.only_builder(settings.index_dir, "rebuild"):
            purging.finish_purge_in_build(settings, publisher, encoder)
            generations.remove_leftovers(settings.index_dir)
            plan = _read(settings, progress)
            encoder = encoder or load_configured_encoder(settings)
            report = _build(settings, plan, encoder, full=full, force=force)
        publisher.serve(report.generation, progress)
    return report


def load_configured_encoder(settings: Settings) -> Encoder:
    """The SentenceTransformer that the settings name."""
    from retrieval.embedding import load_rebuild_encoder

    return load_rebuild_encoder(settings.embedding_model, settings.model_cache, settings.embedding_threads)


@dataclass(frozen=True, slots=True)
class _Plan:
    """The input of a build."""

    sources: dict[str, str]
    reading: Reading
    questions: tuple[EvaluationQuestion, ...]
    before: Index | None
    """The last whole generation."""
    baseline: dict[str, regression_gate.Outcome]
    """Outcomes of the known questions on that generation."""
    clock: _StageClock


def _read(settings: Settings, progress: Progress) -> _Plan:
    """Read the input; faults in it are raised here, before the model is loaded."""
    clock = _StageClock(progress)
    sources = manifests.hash_sources(source_files(settings.bulletins_dir))
    reading = read_bulletins(settings.bulletins_dir, clock)
    before = generations.last_whole(settings.index_dir)
    report = reports.read_report(settings.index_dir / before.name) if before else None
    baseline = report.gate.outcomes if report and report.gate else {}
    return _Plan(sources, reading, _questions(settings.development_questions), before, baseline, clock)


def read_bulletins(folder: Path, progress: Progress = no_progress) -> Reading:
    """The passages of every file in the folder; raises BulletinBotError if there is none."""
    reading = read_collection(folder, progress)
    if not reading.passages:
        raise BulletinBotError(f"Nothing to index in {folder}: put bulletins there, for example a .txt.")
    return reading


def _questions(path: Path) -> tuple[EvaluationQuestion, ...]:
    exists = path.is_file() or any(path.glob("questions*.jsonl"))
    return read_questions(path) if exists else ()


def _build(
    settings: Settings, plan: _Plan, encoder: Encoder, *, full: bool, force: bool
) -> reports.BuildReport:
    checkpoint_file = checkpoint.checkpoint_path(settings.index_dir, encoder.name, full=full)
    reuse = () if full else _known(settings, plan, encoder)
    parts = build_generation(
        plan.reading.passages, encoder, plan.clock, reuse, checkpoint_file=checkpoint_file
    )
    inspected: list[reports.BuildReport] = []

    def inspect(new: Index) -> Inspection:
        report = _report(new, plan, encoder, settings.gate_margin, forced=force, full=full)
        inspected.append(report)
        return Inspection(_may_serve(report), {reports.REPORT_FILE: reports.report_json(report)})

    written = write_generation(
        parts,
        encoder,
        settings.index_dir,
        plan.sources,
        inspect,
        plan.clock,
        picture_of=preparation.picture_of,
    )
    checkpoint.remove_checkpoints(settings.index_dir)
    (report,) = inspected
    if not _may_serve(report):
        raise GateRefusedError(report, generations.refused_folder(settings.index_dir, written.name))
    return report


def _known(settings: Settings, plan: _Plan, encoder: Encoder) -> Iterable[Index]:
    """The generations whose embeddings are reused, the one in service first."""
    first = [plan.before] if plan.before else []
    skip = plan.before.name if plan.before else None
    return itertools.chain(first, generations.whole_generations(settings.index_dir, encoder.name, but=skip))


def _report(
    new: Index, plan: _Plan, encoder: Encoder, margin: float, *, forced: bool, full: bool
) -> reports.BuildReport:
    old = plan.before.passages if plan.before else ()
    details = diff.passage_changes(old, new.passages) if plan.before else ()
    return reports.BuildReport(
        generation=new.name,
        replaces=plan.before.name if plan.before else None,
        passages=len(new.passages),
        embedded=plan.clock.totals[Stage.EMBEDDING],
        encoder=encoder.name,
        changes=diff.count_by_place(details, old, new.passages)
        if plan.before
        else diff.all_added(new.passages),
        details=details,
        findings=plan.reading.findings,
        gate=regression_gate.compare(
            plan.questions, *_asked(new, plan.before), plan.baseline, encoder, margin, plan.clock
        ),
        forced=forced,
        seconds=plan.clock.seconds,
        left_out=plan.reading.left_out_counts,
        full=full,
        encoder_before=plan.before.manifest.encoder if plan.before else None,
    )


def _asked(new: Index, before: Index | None) -> tuple[Index, Index | None]:
    """The collection of each that the known questions are asked of: the one that answers where none is named."""
    return collections.within(new), before and collections.within(before)


def _may_serve(report: reports.BuildReport) -> bool:
    return report.forced or report.gate is None or report.gate.passed


def _refusal_sentence(report: reports.BuildReport, folder: Path) -> str:
    gate = report.gate
    if gate is None:
        raise ValueError("only a gate refuses")
    limit = (
        f"and must reach {regression_gate.FLOOR:.0%}"
        if gate.is_below_floor
        else f"and may fall by {gate.margin:.0%}"
    )
    before = (
        (f" (before {gate.hits_before:.0%})", f" (before {gate.quotes_before:.0%})")
        if report.replaces
        else ("", "")
    )
    serving = f"{report.replaces} still serves" if report.replaces else "None is in service yet"
    return (
        f"The new generation is not put into service: of {len(gate.outcomes)} questions with known answers it finds "
        f"{gate.hits_after:.0%} in the first three hits{before[0]} and {gate.quotes_after:.0%} "
        f"in the quotes{before[1]}, {limit}. {serving}; "
        f"the new one is kept in {folder}, whose {reports.REPORT_FILE} lists what changed and what was lost. "
        "Mend the bulletins, or run `bulletin-bot rebuild --force`."
    )


class _StageClock:
    """Passes progress on, and records the total and the seconds of each stage."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._started: dict[Stage, float] = {}
        self.totals: dict[Stage, int] = {}
        self.seconds: dict[str, float] = {}

    def __call__(self, stage: Stage, done: int, total: int) -> None:
        now = time.perf_counter()
        started = self._started.setdefault(stage, now)
        self.totals[stage] = total
        self.seconds[stage.value] = round(now - started, 3)
        self._progress(stage, done, total)
