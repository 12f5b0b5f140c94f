"""The steps of `million`, each in a process of its own: `python -m benchmarks.scale.million_steps STEP CMRC_FILE SIZE FOLDER`."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.scale.made_up import MadeUp
from benchmarks.scale.made_up_index import Originals, map_originals, write_index
from benchmarks.scale.made_up_questions import (
    MadeUpQuestion,
    PreparedEncoder,
    make_questions,
    nearest_rows,
    read_questions,
    recalls,
    unquantized,
    write_questions,
)
from benchmarks.scale.million_exact import exact_candidates, ranges_of, rank_candidates, rank_every
from benchmarks.scale.million_pool import read_pool
from bot.operations.statistics import resident_bytes
from retrieval.answering.answerer import search
from retrieval.index.index import Index, load_index
from retrieval.types import Hit, IntVector

_QUESTIONS = 200
_MOST_UNQUANTIZED = 5_000
"""Passages of a place for which every token vector is compared before quantization: 400 MB a thousand."""

_Pair = tuple[MadeUpQuestion, IntVector]
"""A question and the positions of its hits."""
_Recalls = dict[str, dict[str, float]]


def main() -> int:
    step, cmrc, size, scratch = sys.argv[1:]
    folder = Path(scratch) / size
    steps = {"build": _build, "search": _search, "compare": _compare}
    steps[step](Path(cmrc), int(size), folder)
    return 0


def _build(cmrc: Path, size: int, folder: Path) -> None:
    made_up = MadeUp(read_pool(cmrc, folder.parent), size)
    parts = write_index(made_up, folder)
    index = load_index(folder / "generation")
    write_questions(make_questions(made_up, map_originals(folder / "originals"), index, _QUESTIONS), folder)
    _keep(folder, "built", {"seconds": round(sum(parts.values()), 1), "seconds by part": parts})


def _search(_cmrc: Path, _size: int, folder: Path) -> None:
    questions = read_questions(folder)
    before = resident_bytes()
    started = time.perf_counter()
    index = load_index(folder / "generation")
    loaded = time.perf_counter() - started
    first = _timed(index, questions[:1])[0][0]
    _timed(index, questions[::-1])  # the pages that are read often are in memory
    times, hits_of_search = _timed(index, questions)
    placed = [question.only.place is not None for question in questions]
    np.save(folder / "found.npy", np.asarray([_positions(index, hits) for hits in hits_of_search]))
    disk = sum(path.stat().st_size for path in (folder / "generation").rglob("*") if path.is_file())
    _keep(
        folder,
        "searched",
        {
            "passages": len(index.passages),
            "load s": round(loaded, 2),
            "first search ms": round(first, 1),
            "within a place": _spread(times[placed]),
            "anywhere": _spread(times[~np.asarray(placed)]),
            "resident MB": round(resident_bytes() / 2**20),
            "resident but for mapped files MB": round(_not_mapped() / 2**20),
            "resident before loading MB": round(before / 2**20),
            "disk MB": round(disk / 2**20),
            "load average": round(os.getloadavg()[0], 1),
        },
    )


def _not_mapped() -> int:
    """Resident memory without mapped files, whose pages the system can reclaim."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (anonymous,) = (line for line in lines if line.startswith("RssAnon:"))
    return int(anonymous.split()[1]) * 1024


def _spread(times: NDArray[np.float64]) -> dict[str, float]:
    p50, p95 = np.percentile(times, [50, 95])
    return {"p50 ms": round(float(p50), 1), "p95 ms": round(float(p95), 1), "searches": len(times)}


def _timed(
    index: Index, questions: list[MadeUpQuestion]
) -> tuple[NDArray[np.float64], list[tuple[Hit, ...]]]:
    """Milliseconds and hits of each search."""
    encoder = PreparedEncoder()
    times, hits_of_search = [], []
    for question in questions:
        encoder.encoding = question.encoding
        started = time.perf_counter()
        hits_of_search.append(search(question.text, index, encoder, only=question.only, top_k=10))
        times.append((time.perf_counter() - started) * 1000)
    return np.asarray(times), hits_of_search


def _positions(index: Index, hits: tuple[Hit, ...]) -> list[int]:
    positions = [index.position(hit.passage.passage_id) for hit in hits]
    return [-1 if position is None else position for position in positions] + [-1] * (10 - len(hits))


def _compare(cmrc: Path, size: int, folder: Path) -> None:
    index = load_index(folder / "generation")
    originals = map_originals(folder / "originals")
    unquantized_index = unquantized(index, MadeUp(read_pool(cmrc, folder.parent), size), originals)
    hits_of_search = [row[row >= 0] for row in np.load(folder / "found.npy")]
    pairs = list(zip(read_questions(folder), hits_of_search, strict=True))
    placed = [pair for pair in pairs if pair[0].only.place is not None]
    others = [pair for pair in pairs if pair[0].only.place is None]
    _keep(
        folder,
        "compared",
        {
            "within a place": _within_places(index, unquantized_index, placed),
            "anywhere": _anywhere(index, unquantized_index, originals, others),
        },
    )


def _within_places(index: Index, unquantized_index: Index, pairs: Sequence[_Pair]) -> _Recalls:
    hits_of_search = [hits for _, hits in pairs]
    queries = [(question.query, question.only.positions(index)) for question, _ in pairs]
    few = [number for number, (_, passing) in enumerate(queries) if len(passing) <= _MOST_UNQUANTIZED]
    return {
        "every passage": _mean(
            hits_of_search, [rank_every(index, *asked, ranges_of(index, *asked)) for asked in queries]
        ),
        "every passage, scaled over all": _mean(
            hits_of_search, [rank_every(index, *asked) for asked in queries]
        ),
        "nothing coded": _mean(
            [hits_of_search[number] for number in few],
            [rank_every(unquantized_index, *queries[number]) for number in few],
        ),
    }


def _anywhere(
    index: Index, unquantized_index: Index, originals: Originals, pairs: Sequence[_Pair]
) -> _Recalls:
    questions, hits_of_search = [question for question, _ in pairs], [hits for _, hits in pairs]
    exact = list(zip(questions, exact_candidates(index, originals, questions), strict=True))
    vectors = np.stack([question.query.vector for question in questions])
    nearest = [index.paragraphs.rank(vector, 10).positions for vector in vectors]
    exactly_nearest = nearest_rows(originals.paragraphs, vectors, [None] * len(vectors), 10)
    recall_of = {
        name: _mean(
            hits_of_search, [rank_candidates(compared, question.query, chosen) for question, chosen in exact]
        )
        for name, compared in (("candidates", index), ("candidates, nothing coded", unquantized_index))
    }
    return {**recall_of, "paragraphs": _mean(nearest, exactly_nearest)}


def _mean(hits_of_search: list[IntVector], exact: list[IntVector]) -> dict[str, float]:
    values = list(recalls(hits_of_search, exact))
    return {"recall at 10": round(float(np.mean(values)), 4) if values else 1.0, "searches": len(values)}


def _keep(folder: Path, name: str, figures: dict[str, object]) -> None:
    text = json.dumps(figures, indent=1)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(folder.name, name, text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
