"""Print how many right and wrong sentences of labelled files the wording check keeps, by kind.

python -m benchmarks.quality.wording_check_score PAIRS.jsonl [REPLIES.jsonl]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bot.wording.evaluation import measure_files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("replies", type=Path, nargs="?")
    arguments = parser.parse_args()
    for name, found in measure_files(arguments.pairs, arguments.replies).items():
        print(name)
        for kind, counts in found.items() if isinstance(found, dict) else ():
            shown = f"{counts[0]} of {counts[1]} kept" if isinstance(counts, list) else json.dumps(counts)
            print(f"  {kind}: {shown}")


if __name__ == "__main__":
    main()
