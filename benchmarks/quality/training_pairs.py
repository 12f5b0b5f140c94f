"""The written pairs and their twins as JSON lines, to train the reader of sentences on.

usage: python -m benchmarks.quality.training_pairs data/training/written OUT.jsonl [--seed 1] [--without FILE ...]
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from benchmarks.quality.pair_twins import twins
from benchmarks.quality.written_pairs import Pair, read_written


def _row(pair: Pair) -> str:
    found = pair.answer is not None
    row = {
        "id": pair.identity,
        "q": pair.question,
        "passage": pair.passage,
        "path": " › ".join(pair.path),
        "answer": pair.answer,
        "start": pair.start if found else None,
        "end": pair.end if found else None,
        "kind": pair.kind,
    }
    return json.dumps(row, ensure_ascii=False)


def main() -> None:
    """Write the pairs of a folder and their twins as JSON lines, and print how many there are of each kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--without", nargs="*", default=[], help="names of files to leave out, to measure on them"
    )
    options = parser.parse_args()
    bulletins = [
        read_written(file)
        for file in sorted(options.folder.glob("*.txt"))
        if file.name not in options.without
    ]
    pairs = [pair for bulletin in bulletins for pair in bulletin.pairs] + list(twins(bulletins, options.seed))
    options.out.write_text("".join(f"{_row(pair)}\n" for pair in pairs), encoding="utf-8")
    for kind, count in sorted(Counter(pair.kind for pair in pairs).items()):
        print(f"{kind:28}{count:6}")
    answered = sum(pair.answer is not None for pair in pairs)
    print(f"{answered} with an answer, {len(pairs) - answered} with none, of {len(bulletins)} bulletins")


if __name__ == "__main__":
    main()
