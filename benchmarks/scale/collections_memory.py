"""Memory of an index of five collections, each asked, against the same passages as one.

Run `python -m benchmarks.scale.collections_memory`.

Passages are made up (`benchmarks.scale.synthetic`), vectors as wide as the bundled model's. Each index is opened and
asked in a process of its own; the figures are its resident memory and what of it is anonymous (not mapped from files).
The model, 250 MB more in either, is left out. `--count N` passages, 5,000 by default; above 20,000 they are quantized.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks.scale.synthetic import SyntheticEncoder, read_vocabulary, synthetic_passages
from retrieval.answering import answer
from retrieval.building import build_generation, write_generation
from retrieval.index import collections, generations

COLLECTIONS = 5
QUESTIONS = (
    "北京的志願者有多少名?",
    "哪些地方提到微信?",
    "上海和南京的好人評選有什麼不同?",
    "第3期活動做了什麼?",
    "長沙怎麼宣傳身邊好人?",
)


def _build(count: int, folder: Path, *, several: bool) -> None:
    passages = list(synthetic_passages(count, read_vocabulary()))
    size = -(-count // COLLECTIONS)
    if several:
        names = (f"第{number // size + 1}集" for number in range(count))
        passages = [replace(passage, collection=name) for passage, name in zip(passages, names, strict=True)]
    encoder = SyntheticEncoder()
    write_generation(build_generation(passages, encoder), encoder, folder, {})


def _ask(folder: Path) -> str:
    """Every question to every collection, several times; then the memory of this process in MB."""
    encoder = SyntheticEncoder()
    index = generations.load_current(folder, encoder.name)
    for name in collections.names_of(index):
        for question in QUESTIONS:
            answer(question, collections.within(index, [name]), encoder)
    fields = dict(
        line.split(":") for line in Path("/proc/self/status").read_text().splitlines() if ":" in line
    )
    return " ".join(str(int(fields[name].split()[0]) // 1024) for name in ("VmRSS", "RssAnon"))


def main() -> None:
    """Build both indexes, ask each in a process of its own, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5_000)
    parser.add_argument("--ask", type=Path)
    arguments = parser.parse_args()
    if arguments.ask:
        print(_ask(arguments.ask))
        return
    with tempfile.TemporaryDirectory() as folder:
        measured = {}
        for several in (False, True):
            index = Path(folder) / str(several)
            _build(arguments.count, index, several=several)
            command = [sys.executable, "-m", "benchmarks.scale.collections_memory", "--ask", str(index)]
            output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            measured[several] = [int(number) for number in output.split()]
            print(
                f"{COLLECTIONS if several else 1} collections: {measured[several][0]} MB, anonymous {measured[several][1]} MB"
            )
        print(" ".join(f"{after / before:.2f}" for before, after in zip(*measured.values(), strict=True)))


if __name__ == "__main__":
    main()
