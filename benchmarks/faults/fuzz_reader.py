"""Reads mutated files of every format: `python -m benchmarks.faults.fuzz_reader [COUNT] [SEED]`; any failure ends with status 1.

Every file has to be read without an exception, in under two seconds of processor time.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from retrieval.reading.formats.loader import read_contents
from retrieval.reading.structure.bulletin_parser import outline_document

ROOT = Path(__file__).parents[2]
SECONDS = 2.0
_MARKS: tuple[str, ...] = (
    "一、",
    "(二)",
    "三是",
    "第1篇",
    "篇2",
    "第十二期",
    "首先",
    "①",
    "1.",
    "|a|b|\n|-|-|\n",
    "<table><tr><td>",
    "</div>",
)
_MARKS += (
    "<ol><li>",
    "。",
    "\n",
    "\x00",
    "\ufeff",
    "“",
    "《",
    "最后",
    "上海市",
    "目录\n",
    "---\n",
    "第九期\n",
    "> " * 50,
)


def samples() -> list[tuple[str, bytes]]:
    """The seed collection and the made-up files of the tests, by name."""
    folders = (ROOT / "data" / "bulletins", ROOT / "tests" / "bulletins")
    paths = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    return [(path.name, path.read_bytes()) for path in paths if path.suffix not in (".py", ".tsv", ".pyc")]


def mutations(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """`count` damaged files, determined by the seed."""
    chance = random.Random(seed)
    sources = samples()
    suffixes = (".txt", ".md", ".html", ".docx", ".pdf", ".zip")
    for number in range(count):
        name, content = chance.choice(sources)
        if chance.random() < 0.1:
            name = f"{number}{chance.choice(suffixes)}"
        yield name, mutated(content[: chance.choice((2_000, 20_000, 200_000))], chance)


def mutated(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        position = chance.randrange(len(changed) + 1)
        kind = chance.randrange(6)
        if kind == 0:
            del changed[position : position + chance.randint(1, 400)]
        elif kind == 1:
            changed[position:position] = chance.randbytes(chance.randint(1, 40))
        elif kind == 2:
            changed[position:position] = chance.choice(_MARKS).encode() * chance.choice((1, 3, 2000))
        elif kind == 3:
            changed[position:position] = changed[: chance.randint(1, 3000)]
        elif kind == 4:
            changed[position : position + 1] = bytes((chance.randrange(256),))
        else:
            changed[position:position] = chance.choice(_MARKS).encode("gb18030") * chance.choice((1, 50))
    return bytes(changed)


def seconds_to_read(name: str, content: bytes) -> float:
    start = time.process_time()
    for document in read_contents(content, name):
        outline_document(document)
    return time.process_time() - start


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    failures, slowest = 0, (0.0, "")
    for name, content in samples():  # what is loaded once is not counted
        seconds_to_read(name, content)
    for number, (name, content) in enumerate(mutations(count, seed)):
        try:
            took = seconds_to_read(name, content)
        except Exception as error:  # noqa: BLE001 - any of them is what is looked for
            print(f"{number} {name}: {type(error).__name__}: {error}")
            failures += 1
            continue
        slowest = max(slowest, (took, f"{number} {name}, {len(content)} bytes"))
        if took > SECONDS:
            print(f"{number} {name}: {took:.2f} s for {len(content)} bytes")
            failures += 1
    print(f"{count} files, {failures} failures, slowest {slowest[0]:.2f} s ({slowest[1]})")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
