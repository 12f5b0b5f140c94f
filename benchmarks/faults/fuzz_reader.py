"""Reads mutated files of every format: `python -m benchmarks.faults.fuzz_reader [COUNT] [SEED]`; any failure ends with status 1.

`--minutes M --progress FILE` stops after so many minutes and goes on from there the next time.

Every file has to be read without an exception, in under two seconds of processor time, and every visible character of it
has to stand in a passage, in a heading or in what is named as left out, as often as an independent extraction finds it.
The result of a run of 10,000 files is saved in benchmarks/results.
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
import random
import sys
import time
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree

from benchmarks.faults.visible_text import counted, visible_text
from retrieval.reading.formats.loader import read_contents
from retrieval.reading.formats.signatures import Format, format_of
from retrieval.reading.structure.bulletin_parser import Outline, outline_document
from retrieval.types import Section

ROOT = Path(__file__).parents[2]
SECONDS = 2.0
_RESULT = Path(__file__).parents[1] / "results" / "fuzz_reader.json"
_COMPLETE = 10_000
# A changed byte makes most Word files unreadable as a whole: so many are changed in their text nodes instead.
_INSIDE = 0.8
_NAMELESS = "characters that the file does not name"
_MAY_BE_DAMAGED = (Format.WORD, Format.PDF, Format.ARCHIVE)
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
    folders = (
        ROOT / "data" / "bulletins",
        ROOT / "tests" / "bulletins",
        ROOT / "tests" / "retrieval" / "reading" / "cases",
        ROOT / "benchmarks" / "quality" / "offices",
    )
    paths = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    return [
        (path.name, path.read_bytes())
        for path in paths
        if path.suffix not in (".py", ".tsv", ".pyc", ".jsonl", ".json")
    ]


def mutations(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """`count` damaged files, determined by the seed."""
    chance = random.Random(seed)
    sources = samples()
    suffixes = (".txt", ".md", ".html", ".docx", ".pdf", ".zip")
    for number in range(count):
        name, content = chance.choice(sources)
        original = name
        if chance.random() < 0.1:
            name = f"{number}{chance.choice(suffixes)}"
        if (
            name == original
            and name.endswith(".docx")
            and chance.random() < _INSIDE
            and content.startswith(b"PK")
        ):
            yield name, mutated_inside(content, chance)
            continue
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


def mutated_inside(content: bytes, chance: random.Random) -> bytes:
    """A Word file some of whose text nodes are doubled, cut, filled with marks or with the text of others."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    root = etree.fromstring(parts["word/document.xml"])
    nodes = [node for node in root.iter("{*}t") if node.text]
    for _ in range(chance.randint(1, 8) if nodes else 0):
        node, other = chance.choice(nodes), chance.choice(nodes)
        text = node.text or ""
        cut = chance.randrange(len(text) + 1)
        marks = chance.choice(_MARKS).replace("\x00", "") * chance.choice((1, 3, 50))
        node.text = chance.choice(
            (text[:cut], text + text, text[:cut] + marks + text[cut:], other.text or "")
        )
    parts["word/document.xml"] = etree.tostring(root)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return stream.getvalue()


def read(name: str, content: bytes) -> tuple[float, list[Outline]]:
    """The seconds of processor time that reading took, and the outlines of the documents with all findings.

    Raises where a reader of text met an exception: text is never too damaged to be read.
    """
    start = time.process_time()
    documents = [*read_contents(content, name)]
    outlines = [outline_document(document) for document in documents]
    took = time.process_time() - start
    form = format_of(content, Path(name).suffix.lower())
    for finding in (finding for document in documents for finding in document.findings):
        if finding.message.startswith("cannot be read") and form not in _MAY_BE_DAMAGED:
            raise ValueError(finding.message)
    return took, [
        replace(outline, findings=(*document.findings, *outline.findings))
        for document, outline in zip(documents, outlines, strict=True)
    ]


def lost_characters(name: str, content: bytes, outlines: Sequence[Outline]) -> Counter[str] | None:
    """Visible characters that stand in no passage, heading or entry of what was left out; None where none can be compared.

    An archive, and a file of which a finding says that nothing could be read, or that characters of a PDF have no names,
    are not compared.
    """
    if len(outlines) != 1 or (not outlines[0].bulletins and outlines[0].findings):
        return None
    if any(_NAMELESS in finding.message for finding in outlines[0].findings):
        return None
    visible = visible_text(content, name)
    return (
        None
        if visible is None
        else counted(visible) - Counter(unicodedata.normalize("NFKC", "".join(_shown(outlines[0]))))
    )


def _shown(outline: Outline) -> Iterator[str]:
    """The texts of an outline: each heading once, where it begins."""
    yield outline.title
    yield from (entry.text for entry in outline.left_out)
    for bulletin in outline.bulletins:
        yield from (bulletin.title, bulletin.label)
        path: tuple[Section, ...] = ()
        for paragraph in bulletin.paragraphs:
            steps = paragraph.section_path
            same = [*itertools.takewhile(lambda pair: pair[0] is pair[1], zip(path, steps, strict=False))]
            yield from (section.full for section in steps[len(same) :])
            yield paragraph.line.text
            path = steps


@dataclass(slots=True)
class Run:
    """The progress of a run, and its findings."""

    next: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    compared: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")

    @classmethod
    def resumed(cls, path: Path | None) -> Run:
        if path is None or not path.exists():
            return cls()
        saved = json.loads(path.read_text("utf-8"))
        seconds, name = saved["slowest"]
        return cls(saved["next"], Counter(saved["failures"]), Counter(saved["compared"]), (seconds, name))

    def saved(self) -> dict[str, object]:
        return {
            "next": self.next,
            "failures": self.failures,
            "compared": self.compared,
            "slowest": self.slowest,
        }

    def check(self, number: int, name: str, content: bytes) -> None:
        """Reads one file, prints and counts what is wrong."""
        try:
            took, outlines = read(name, content)
            lost = lost_characters(name, content, outlines)
        except Exception as error:  # noqa: BLE001 - any of them is what is looked for
            self._fail("exceptions", f"{number} {name}: {type(error).__name__}: {error}")
            return
        self.slowest = max(self.slowest, (took, f"{number} {name}, {len(content)} bytes"))
        if took > SECONDS:
            self._fail("too slow", f"{number} {name}: {took:.2f} s for {len(content)} bytes")
        if lost is not None:
            self.compared[Path(name).suffix] += 1
        if lost:
            self._fail("characters lost", f"{number} {name}: lost {''.join(lost.elements())[:60]}")

    def _fail(self, kind: str, message: str) -> None:
        print(message, flush=True)
        self.failures[kind] += 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=_COMPLETE)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--minutes", type=float, default=float("inf"))
    parser.add_argument("--progress", type=Path)
    arguments = parser.parse_args()
    deadline = time.monotonic() + 60 * arguments.minutes
    run = Run.resumed(arguments.progress)
    for name, content in samples():  # what is loaded once is not counted
        read(name, content)
    files = itertools.islice(enumerate(mutations(arguments.count, arguments.seed)), run.next, None)
    for number, (name, content) in files:
        run.check(number, name, content)
        run.next = number + 1
        if time.monotonic() > deadline:
            break
    if arguments.progress:
        arguments.progress.write_text(json.dumps(run.saved()), encoding="utf-8")
    result = {
        "files": run.next,
        "seed": arguments.seed,
        "compared with an independent extraction, by ending": dict(sorted(run.compared.items())),
        "failures": dict(run.failures),
        "slowest_seconds": round(run.slowest[0], 2),
    }
    print(json.dumps(result, indent=1), run.slowest[1])
    if run.next >= _COMPLETE:
        _RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 1 if run.failures else 0


if __name__ == "__main__":
    sys.exit(main())
