"""Questions for sets of places, filters and overviews over the first bulletins written for training.

`python -m benchmarks.quality.sets` asks those of `data/training/sets.tsv`. A line has the kind of the question, its words, and
by `;` the answers that are needed (`place=words`), the places that may come besides (`?place`) and those that may not (`!place`);
without a needed one the question is to be refused. A `|` parts names of one place, and words any of which are enough. An
answer is clean if at most a third of its places are none of these.
"""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from retrieval.api import BulletinIndex, build
from retrieval.language import fold
from retrieval.types import Answer

TRAINING = Path("data/training")
LISTED = frozenset(("coverage", "exclusion", "count"))
MOST_OTHERS = 1 / 3
BULLETINS = 26
"""The first bulletins of the folder: those that the answers of the questions were noted from; the later ones hold more."""


@dataclass(frozen=True, slots=True)
class SetQuestion:
    """A question with its answers by place."""

    kind: str
    text: str
    needed: tuple[tuple[str, str], ...]
    allowed: tuple[str, ...]
    barred: tuple[str, ...]


def read_sets(file: Path) -> list[SetQuestion]:
    """The questions of the file, in order."""
    return [_question(*line.split("\t")) for line in file.read_text(encoding="utf-8").splitlines()]


def _question(kind: str, text: str, answers: str) -> SetQuestion:
    parts = [part for part in answers.split(";") if part]
    pairs = (part.partition("=") for part in parts if part[0] not in "?!")
    needed = tuple((place, words) for place, _, words in pairs)
    return SetQuestion(
        kind,
        text,
        needed,
        (*(place for place, _ in needed), *(part[1:] for part in parts if part[0] == "?")),
        tuple(part[1:] for part in parts if part[0] == "!"),
    )


def build_written(folder: Path) -> BulletinIndex:
    """The index, in the folder, of the written bulletins without their questions."""
    source = folder / "bulletins"
    source.mkdir()
    for file in sorted((TRAINING / "written").glob("*.txt"))[:BULLETINS]:
        lines = (line.partition(" ") for line in file.read_text(encoding="utf-8").splitlines())
        kept = [
            f"\n{text}" if mark == "#" else text for mark, _, text in lines if mark in ("@", "#", "##", "P")
        ]
        texts = [text for text in kept if fold(text) != "导语"]
        (source / file.name).write_text("\n".join(texts) + "\n", encoding="utf-8")
    return build(source, folder / "index")


def measure(question: SetQuestion, answer: Answer) -> tuple[bool, bool]:
    """Whether all that is needed is quoted (or refused, if nothing is), and whether little else is."""
    quoted = [(fold(quote.passage.place_name or ""), fold(quote.text)) for quote in answer.quotes]
    if not question.needed:
        is_refused = answer.status == "refused"
        return is_refused, is_refused
    is_full = all(
        any(_is_any(place, name) and _is_any(words, text) for name, text in quoted)
        for place, words in question.needed
    )
    names = {name for name, _ in quoted}
    others = [name for name in names if not any(_is_any(place, name) for place in question.allowed)]
    is_barred = any(_is_any(place, name) for place in question.barred for name in names)
    is_crowded = question.kind in LISTED and len(others) > MOST_OTHERS * len(names)
    return is_full, is_full and not is_barred and not is_crowded


def _is_any(alternatives: str, text: str) -> bool:
    return any(one in text for one in fold(alternatives).split("|"))


def main() -> None:
    """Print by kind how many questions are answered whole, and clean."""
    questions = read_sets(TRAINING / "sets.tsv")
    measured: defaultdict[str, list[tuple[bool, bool]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        index = build_written(Path(folder))
        started = time.process_time()
        for question in questions:
            measured[question.kind].append(measure(question, index.ask(question.text)))
        spent = (time.process_time() - started) * 1000 / len(questions)
    everything = [values for found in measured.values() for values in found]
    for kind, found in [*measured.items(), ("all", everything)]:
        print(
            f"{kind:12} whole {sum(full for full, _ in found):3} clean {sum(c for _, c in found):3} of {len(found)}"
        )
    print(f"{spent:.0f} ms of processor time a question")


if __name__ == "__main__":
    main()
