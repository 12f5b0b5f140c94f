"""Asks one home of an index, and measures: `python -m benchmarks.scale.asked_home QUESTIONS ADDRESS SMALL TARGET`.

A process of its own that has loaded what a bot has and nothing else: no pool of passages, and the driver of the server only
where the home is one. A small index is asked first, since dictionaries and gazetteer are not what an index adds; memory is
what comes on top of that, mapped files counted, and the libraries of the driver.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.scale.made_up_questions import MadeUpQuestion, PreparedEncoder
from bot.serving.malloc_tuning import trim_heap, use_one_heap
from retrieval.answering.answerer import search
from retrieval.index.filters import Filter
from retrieval.index.homes import SCHEMES, FolderHome
from retrieval.index.index import Index
from retrieval.types import Encoding

FIRST, CLIENTS = 10, 8
_AT_ONCE = 60
"""Questions asked by one client, and then by several."""
_Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Questions:
    """What both homes are asked."""

    encoder: str
    """The name of the encoder that the index was built with."""
    anywhere: tuple[MadeUpQuestion, ...]
    placed: tuple[MadeUpQuestion, ...]

    def save(self, path: Path) -> None:
        """Write them for a process that reads nothing else."""
        asked = (*self.anywhere, *self.placed)
        about = [(each.text, each.only.place, each.gold) for each in asked]
        arrays: dict[str, Any] = {
            f"{name} {number}": array
            for number, each in enumerate(asked)
            for name, array in zip(_ARRAYS, _arrays_of(each.encoding), strict=True)
        }
        np.savez(path, about=np.asarray(json.dumps([self.encoder, len(self.anywhere), about])), **arrays)

    @classmethod
    def load(cls, path: Path) -> Questions:
        with np.load(path, allow_pickle=False) as file:
            encoder, count, about = json.loads(str(file["about"]))
            asked = tuple(
                MadeUpQuestion(text, Filter(place=place), _encoding(file, number), gold)
                for number, (text, place, gold) in enumerate(about)
            )
        return cls(encoder, asked[:count], asked[count:])


_ARRAYS = ("vectors", "tokens", "spans")


def _arrays_of(encoding: Encoding) -> tuple[NDArray[Any], ...]:
    return encoding.vectors, encoding.tokens[0], encoding.spans[0]


def _encoding(file: Mapping[str, NDArray[Any]], number: int) -> Encoding:
    vectors, tokens, spans = (file[f"{name} {number}"] for name in _ARRAYS)
    return Encoding(vectors, (tokens,), (spans,))


def main(questions: str, address: str, small: str, target: str) -> int:
    """Ask one home, and write times, memory and what was found."""
    use_one_heap()
    asked = Questions.load(Path(questions))
    _timed(load(small, asked.encoder), asked.anywhere[:FIRST])
    gc.collect()
    trim_heap()
    before = _memory()
    started = time.perf_counter()
    index = load(address, asked.encoder)
    loaded = time.perf_counter() - started
    trim_heap()  # as the bot does after a start
    at_start = _memory()
    _timed(index, [*asked.placed[:20], *asked.anywhere[:20]])
    anywhere, found_anywhere = _timed(index, asked.anywhere)
    placed, found_placed = _timed(index, asked.placed)
    of_one = _memory()
    (one, _), (many, after) = (_rate(index, asked.anywhere[:_AT_ONCE], clients) for clients in (1, CLIENTS))
    found = {"anywhere": found_anywhere, "within a place": found_placed}
    Path(target).with_suffix(".found.json").write_text(json.dumps(found), encoding="utf-8")
    figures = {
        "load s": round(loaded, 2),
        "memory MB": _more(after, before),
        "of it mapped from files MB": _more(after, before, "mapped"),
        "memory MB once loaded": _more(at_start, before),
        "memory MB after one client": _more(of_one, before),
        "anywhere": anywhere,
        "within a place": placed,
        "answers a second, 1 client": round(one, 1),
        f"answers a second, {CLIENTS} clients": round(many, 1),
    }
    Path(target).with_suffix(".json").write_text(json.dumps(figures), encoding="utf-8")
    return 0


def load(address: str, encoder: str) -> Index:
    """The index of a folder or of a server; on a server a small one is not held whole either."""
    if not address.startswith(SCHEMES):
        return FolderHome(Path(address)).load_current(encoder)
    from retrieval.index.postgres import load_server_index
    from retrieval.index.postgres.server import ServerAddress

    return load_server_index(ServerAddress.from_url(address), encoder, 0)


def ids_found(index: Index, question: MadeUpQuestion) -> list[str]:
    """The ids of the first ten that `bulletin-bot search` would show."""
    encoder = PreparedEncoder()
    encoder.encoding = question.encoding
    hits = search(question.text, index, encoder, only=question.only, top_k=FIRST)
    return [hit.passage.passage_id for hit in hits]


def _timed(index: Index, questions: Sequence[MadeUpQuestion]) -> tuple[_Figures, list[list[str]]]:
    """Wall and processor times of the searches, and the ids of the first ten of each."""
    times, found = [], []
    for question in questions:
        started = time.perf_counter(), time.process_time()
        found.append(ids_found(index, question))
        times.append((time.perf_counter() - started[0], time.process_time() - started[1]))
    wall, processor = np.asarray(times).T * 1000
    return {
        "p50 ms": round(float(np.median(wall)), 1),
        "p95 ms": round(float(np.percentile(wall, 95)), 1),
        "processor p50 ms": round(float(np.median(processor)), 2),
    }, found


def _rate(index: Index, questions: Sequence[MadeUpQuestion], clients: int) -> tuple[float, dict[str, int]]:
    """Answers a second of so many clients at once, and the memory while their threads are there, as those of a bot are."""
    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as threads:
        list(threads.map(lambda question: ids_found(index, question), questions))
        return len(questions) / (time.perf_counter() - started), _memory()


def _memory() -> dict[str, int]:
    """Kilobytes of this process in memory: all, and those mapped from files."""
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    fields = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    return {"all": fields["Rss"], "mapped": fields["Rss"] - fields["Anonymous"]}


def _more(after: dict[str, int], before: dict[str, int], kind: str = "all") -> float:
    return round((after[kind] - before[kind]) / 1024, 1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
