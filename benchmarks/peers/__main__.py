"""Compares this project with other libraries on the same passages, questions and model.

    python -m benchmarks.peers [--cache FOLDER] [--only TEXT] [--under COMMAND]

Each library runs in a process and an isolated environment of its own, which `uv` (requirements/supply.lock) installs
into its cache, about 1.5 GB each. The table is printed and saved in benchmarks/results/peers.json. An interrupted run,
or one with --only, leaves its outcomes in FOLDER, and the next run of the same commit continues from them. The held-out
questions are only read here: nothing is tuned by this comparison.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from benchmarks.peers.candidates import CANDIDATES, ENVIRONMENTS, Candidate
from benchmarks.peers.comparison import QuestionSets, asked, passage_text, row_of
from benchmarks.peers.environments import measure_sizes, run_task
from benchmarks.peers.protocol import Outcome, Task
from benchmarks.peers.report import commit, report_of, table_of
from benchmarks.plain_model import save_plain_model
from bot.operations.rebuilding import read_bulletins
from bot.settings import Settings
from retrieval.evaluation.dataset import read_questions
from retrieval.types import Passage

_RESULT = Path(__file__).parents[1] / "results" / "peers.json"
_WIDTH = 200
_FILES = ("questions", "questions_heldout", "questions_heldout_second")


def main() -> None:
    arguments = _arguments()
    settings = Settings()
    sets = _questions(settings.development_questions)
    passages = read_bulletins(settings.bulletins_dir).passages
    model = _plain_model(arguments.cache)
    unfinished = arguments.cache / f"unfinished-{commit()}"
    unfinished.mkdir(parents=True, exist_ok=True)
    rows, versions = [], {}
    for candidate in CANDIDATES:
        if arguments.only in candidate.title:
            task = _task(candidate, model, passages, sets)
            file = unfinished / f"{candidate.title}.json"
            outcome = _outcome(candidate.environment, task, file, arguments.under)
            rows.append(row_of(candidate, outcome, measure_sizes(candidate.environment), sets, passages))
            versions[candidate.environment] = outcome.versions
    report = report_of(sets, len(passages), versions, rows)
    Console(width=_WIDTH).print(table_of(report))
    if not arguments.only:
        _RESULT.write_text(report.as_json(), encoding="utf-8")
        shutil.rmtree(unfinished)


def _plain_model(cache: Path) -> Path:
    """The bundled model as the other libraries load it, below the cache."""
    cache.mkdir(parents=True, exist_ok=True)
    folder = cache / "plain-multilingual-e5-small"
    if not folder.is_dir():
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            save_plain_model(Path(scratch, "model"))
            Path(scratch, "model").rename(folder)
    return folder


def _outcome(environment: str, task: Task, file: Path, under: str) -> Outcome:
    """Outcome of the task, read from the file if an interrupted run has already written it."""
    if not file.is_file():
        print(file.stem, file=sys.stderr)
        file.write_text(run_task(environment, task, under).as_json(), encoding="utf-8")
    return Outcome.from_json(file.read_text(encoding="utf-8"))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir(), "bulletin-bot-peers"))
    parser.add_argument(
        "--only", default="", help="only candidates whose title contains this; saves no result"
    )
    parser.add_argument("--under", default="", help="a command that starts each measured process")
    return parser.parse_args()


def _questions(folder: Path) -> QuestionSets:
    """Questions that the bulletins answer, by file; a ranking can be neither right nor wrong for the others."""
    return {
        name: [question for question in read_questions(folder / f"{name}.jsonl") if question.golds]
        for name in _FILES
    }


def _task(candidate: Candidate, model: Path, passages: Sequence[Passage], sets: QuestionSets) -> Task:
    return Task(
        configuration=candidate.configuration,
        model=str(model),
        passages=tuple(passage_text(passage, folded=candidate.folded) for passage in passages),
        questions=asked(sets, folded=candidate.folded),
        packages=ENVIRONMENTS[candidate.environment].packages,
    )


if __name__ == "__main__":
    main()
