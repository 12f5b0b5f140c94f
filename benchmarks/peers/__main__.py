"""The same passages, questions and model put to other libraries and to this project, in one run.

    python -m benchmarks.peers [--cache FOLDER] [--only TEXT] [--under COMMAND]

Installs each library into an environment of its own below the cache (about 1.5 GB each, kept for the next run), lets
it build and answer in a process of its own, and shows what each reached; the result is kept in
benchmarks/results/peers.json. A run that was broken off, or asked for --only some, goes on from what it measured, as
long as the commit is the same. The held-out questions are only ever read here: nothing is tuned by this comparison.
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
from benchmarks.peers.environments import Installed, install, measure_sizes, run_task
from benchmarks.peers.protocol import Outcome, Task
from benchmarks.peers.report import commit, report_of, table_of
from bot.operations.rebuilding import read_bulletins
from bot.settings import Settings
from retrieval.embedding.bundled.weights import bundled_model_folder
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
    model = bundled_model_folder(settings.model_cache)
    unfinished = arguments.cache / f"unfinished-{commit()}"
    unfinished.mkdir(parents=True, exist_ok=True)
    rows, versions = [], {}
    for candidate in CANDIDATES:
        if arguments.only in candidate.title:
            installed = install(candidate.environment, arguments.cache)
            task = _task(candidate, model, passages, sets)
            outcome = _outcome(installed, task, unfinished / f"{candidate.title}.json", arguments.under)
            rows.append(row_of(candidate, outcome, measure_sizes(installed), sets, passages))
            versions[candidate.environment] = outcome.versions
    report = report_of(sets, len(passages), versions, rows)
    Console(width=_WIDTH).print(table_of(report))
    if not arguments.only:
        _RESULT.write_text(report.as_json(), encoding="utf-8")
        shutil.rmtree(unfinished)


def _outcome(installed: Installed, task: Task, kept: Path, under: str) -> Outcome:
    """What came of the task, also where a run of this commit that was broken off did it."""
    if not kept.is_file():
        print(kept.stem, file=sys.stderr)
        outcome = run_task(installed, task, under)
        kept.write_text(outcome.as_json(), encoding="utf-8")
    return Outcome.from_json(kept.read_text(encoding="utf-8"))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir(), "bulletin-bot-peers"))
    parser.add_argument("--only", default="", help="only candidates whose name holds this; keeps no result")
    parser.add_argument("--under", default="", help="a command each measured process is run by")
    return parser.parse_args()


def _questions(folder: Path) -> QuestionSets:
    """Those that the bulletins answer, by file: of the others, a ranking can be neither right nor wrong."""
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
