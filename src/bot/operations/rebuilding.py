"""The one way to build: for the command line, for the watch and for an admin in a chat."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings
from retrieval.building import Inspection, build_generation, checkpoint, diff, reports, write_generation
from retrieval.errors import BulletinBotError
from retrieval.evaluation import EvaluationQuestion, read_questions, regression_gate
from retrieval.index import Index, generations
from retrieval.progress import Progress, Stage, no_progress
from retrieval.reading import cited_name, find_files, read_files
from retrieval.storage import lock, manifests
from retrieval.types import Encoder, Reading


class GateRefusedError(BulletinBotError):
    """The new generation answers fewer of the known questions: it is kept aside, the old one stays in service."""

    def __init__(self, report: reports.BuildReport, kept_in: Path) -> None:
        super().__init__(_why_refused(report, kept_in))
        self.report = report


def build(
    settings: Settings,
    *,
    encoder: Encoder | None = None,
    full: bool = False,
    force: bool = False,
    progress: Progress = no_progress,
) -> reports.BuildReport:
    """Read the bulletins, embed what is new (with `full` everything), check, put into service; returns what was done.

    Call it in a thread of its own: it blocks for seconds to hours. A bot that runs passes its own encoder, so that the
    model is not loaded twice, and picks the new generation up by itself. `progress` is called in this thread; what it
    raises ends the build and leaves nothing behind. `force` serves what the gate would refuse.

    Raises IndexBusyError (with its holder) where another build is under way, GateRefusedError (with its report), and
    BulletinBotError for what else the operator can mend, each with a sentence for the operator. Whatever is raised,
    what was in service before still is.
    """
    with lock.only_builder(settings.index_dir, "rebuild"):
        generations.remove_leftovers(settings.index_dir)
        plan = _read(settings, progress)
        encoder = encoder or load_configured_encoder(settings)
        return _build(settings, plan, encoder, full=full, force=force)


def load_configured_encoder(settings: Settings) -> Encoder:
    """The encoder that the settings name."""
    from retrieval.embedding import load_encoder

    return load_encoder(settings.embedding_model, settings.model_cache, settings.embedding_threads)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a build starts from."""

    sources: dict[str, str]
    reading: Reading
    questions: tuple[EvaluationQuestion, ...]
    before: Index | None
    kept: dict[str, regression_gate.Outcome]
    clock: _StageClock


def _read(settings: Settings, progress: Progress) -> _Plan:
    """Everything that can be wrong and needs no model, before the model is loaded."""
    clock = _StageClock(progress)
    sources = manifests.hash_sources(source_files(settings.bulletins_dir))
    reading = read_bulletins(settings.bulletins_dir, clock)
    before = generations.last_whole(settings.index_dir)
    report = reports.read_report(settings.index_dir / before.name) if before else None
    kept = report.gate.outcomes if report and report.gate else {}
    return _Plan(sources, reading, _questions(settings.development_questions), before, kept, clock)


def source_files(folder: Path) -> dict[str, Path]:
    """The files of the bulletins by the name under which they are cited; raises if the folder is not there."""
    return {cited_name(path, folder): path for path in find_files(folder)}


def read_bulletins(folder: Path, progress: Progress = no_progress) -> Reading:
    """The passages of every file in the folder; raises BulletinBotError if there is none."""
    reading = read_files(_one_by_one(find_files(folder), progress), folder)
    if not reading.passages:
        raise BulletinBotError(f"Nothing to index in {folder}: put bulletins there, for example a .txt.")
    return reading


def _one_by_one(paths: list[Path], progress: Progress) -> Iterator[Path]:
    """The paths, with word of each as it is asked for."""
    for done, path in enumerate(paths):
        progress(Stage.READING, done, len(paths))
        yield path
    progress(Stage.READING, len(paths), len(paths))


def _questions(path: Path) -> tuple[EvaluationQuestion, ...]:
    there = path.is_file() or any(path.glob("questions*.jsonl"))
    return read_questions(path) if there else ()


def _build(
    settings: Settings, plan: _Plan, encoder: Encoder, *, full: bool, force: bool
) -> reports.BuildReport:
    journal = checkpoint.checkpoint_path(settings.index_dir, encoder.name, full=full)
    reuse = () if full else _known(settings, plan, encoder)
    parts = build_generation(plan.reading.passages, encoder, plan.clock, reuse, journal_file=journal)
    inspected: list[reports.BuildReport] = []

    def inspect(new: Index) -> Inspection:
        report = _report(new, plan, encoder, settings.gate_margin, forced=force)
        inspected.append(report)
        return Inspection(_may_serve(report), {reports.REPORT_FILE: reports.report_json(report)})

    written = write_generation(parts, encoder, settings.index_dir, plan.sources, inspect, plan.clock)
    checkpoint.remove_checkpoints(settings.index_dir)
    (report,) = inspected
    if not _may_serve(report):
        raise GateRefusedError(report, generations.refused_folder(settings.index_dir, written.name))
    return report


def _known(settings: Settings, plan: _Plan, encoder: Encoder) -> Iterable[Index]:
    """The generations whose embeddings are used again, the one in service first."""
    first = [plan.before] if plan.before else []
    skip = plan.before.name if plan.before else None
    return itertools.chain(first, generations.whole_generations(settings.index_dir, encoder.name, but=skip))


def _report(new: Index, plan: _Plan, encoder: Encoder, margin: float, *, forced: bool) -> reports.BuildReport:
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
        gate=regression_gate.judge(plan.questions, new, plan.before, plan.kept, encoder, margin, plan.clock),
        forced=forced,
        seconds=plan.clock.seconds,
    )


def _may_serve(report: reports.BuildReport) -> bool:
    return report.forced or report.gate is None or report.gate.passed


def _why_refused(report: reports.BuildReport, kept_in: Path) -> str:
    gate = report.gate
    if gate is None:
        raise ValueError("only a gate refuses")
    return (
        f"The new generation is not put into service: of {len(gate.outcomes)} questions with known answers it finds "
        f"{gate.hits_after:.0%} in the first three hits (before {gate.hits_before:.0%}) and {gate.quotes_after:.0%} "
        f"in the quotes (before {gate.quotes_before:.0%}), and may fall by {gate.margin:.0%}. {report.replaces} still "
        f"serves; the new one is kept in {kept_in}, whose {reports.REPORT_FILE} lists what changed and what was lost. "
        "Mend the bulletins, or run `bulletin-bot rebuild --force`."
    )


class _StageClock:
    """Passes progress on and keeps, for each stage, how much there was to do and how long it took."""

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
