"""Write unanswerable twins of answerable questions as JSON lines: near misses by the hundred, the same for a seed.

    python -m benchmarks.quality.unanswerable_twins > twins.jsonl
    bulletin-bot evaluate --questions twins.jsonl

By default those of the development questions in `data/eval`; `--questions` names another file, `--bulletins` the folder that it
asks about.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

from bot.settings import Settings
from retrieval.evaluation.dataset import read_questions
from retrieval.evaluation.unanswerable_twins import Twin, make_twins
from retrieval.reading import read_collection


def main() -> None:
    settings = Settings()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=Path, default=settings.development_questions)
    parser.add_argument("--bulletins", type=Path, default=settings.bulletins_dir)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    passages = read_collection(arguments.bulletins).passages
    twins = make_twins(read_questions(arguments.questions), passages, arguments.seed)
    sys.stdout.writelines(_line(twin) + "\n" for twin in twins)
    counts = Counter(twin.exchange.value for twin in twins)
    sys.stderr.write(
        f"{len(twins)} twins: {', '.join(f'{name} {count}' for name, count in counts.items())}.\n"
    )


def _line(twin: Twin) -> str:
    question = twin.question
    fields = {
        "id": question.question_id,
        "q": question.text,
        "type": question.kind,
        "gold": [],
        "note": question.note,
        "exchanged": {"part": twin.exchange.value, "before": twin.before, "after": twin.after},
    }
    return json.dumps(fields, ensure_ascii=False)


if __name__ == "__main__":
    main()
