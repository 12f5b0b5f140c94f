"""The steps of `million`, each in a process of its own: `python -m benchmarks.scale.million_steps STEP ARTICLES SIZE FOLDER`."""

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
    nearest_rows,
    questions_of,
    recalls,
    unquantized,
)
from benchmarks.scale.million_pool import read_pool
from benchmarks.scale.moved_names import load_index
from bot.operations.statistics import resident_bytes
from retrieval.answering.answerer import search
from retrieval.index.index import Index
from retrieval.ranking.candidates import find_candidates
from retrieval.types import Hit, IntVector

_ANYWHERE, _PLACED = 300, 100
"""Questions asked."""
_MOST_UNQUANTIZED = 2_000
"""Passages of a place for which every token vector is compared before quantization: 400 MB a thousand."""
_FIRST = 10
_PARAGRAPHS = 800
"""Nearest paragraphs that a search anywhere asks for."""


def main() -> int:
    step, articles, size, folder = sys.argv[1:]
    scratch = Path(folder).parents[1]
    made_up = MadeUp(read_pool(Path(articles), scratch, questions_only=step == "search"), int(size))
    steps = {"build": _build, "search": _search, "compare": _compare}
    steps[step](made_up, Path(folder))
    return 0


def _originals(folder: Path) -> Path:
    """The vectors before quantization, which all versions of the program share."""
    return folder.parent / "originals"


def _build(made_up: MadeUp, folder: Path) -> None:
    parts = write_index(made_up, folder, _originals(folder))
    _keep(folder, "built", {"seconds": round(sum(parts.values()), 1), "seconds by part": parts})


def _questions(made_up: MadeUp) -> tuple[list[MadeUpQuestion], list[MadeUpQuestion]]:
    """Those asked anywhere, and those asked within the place of their answer."""
    anywhere = questions_of(made_up, _ANYWHERE, is_placed=False)
    return anywhere, questions_of(made_up, _PLACED, is_placed=True)


def _search(made_up: MadeUp, folder: Path) -> None:
    anywhere, placed = _questions(made_up)
    before = resident_bytes()
    started = time.perf_counter()
    index = load_index(folder / "generation")
    loaded = time.perf_counter() - started
    first = float(_timed(index, anywhere[:1])[0][0, 0])
    _timed(index, [*placed, *anywhere][::-1])  # the pages that are read often are in memory
    placed_times, hits_within = _timed(index, placed)
    times, hits_anywhere = _timed(index, anywhere)
    np.savez(
        folder / "found.npz", within=_positions(index, hits_within), anywhere=_positions(index, hits_anywhere)
    )
    disk = sum(path.stat().st_size for path in (folder / "generation").rglob("*") if path.is_file())
    _keep(
        folder,
        "searched",
        {
            "passages": len(index.passages),
            "load s": round(loaded, 2),
            "first search ms": round(first, 1),
            "within a place": _spread(placed_times),
            "anywhere": _spread(times),
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
    """Of (searches, 2) wall and processor milliseconds; beside other work the latter say more."""
    p50, p95 = np.percentile(times[:, 0], [50, 95])
    return {
        "p50 ms": round(float(p50), 1),
        "p95 ms": round(float(p95), 1),
        "processor p50 ms": round(float(np.percentile(times[:, 1], 50)), 2),
        "searches": len(times),
    }


def _timed(
    index: Index, questions: list[MadeUpQuestion]
) -> tuple[NDArray[np.float64], list[tuple[Hit, ...]]]:
    """(searches, 2) wall and processor milliseconds, and the hits of each search."""
    encoder = PreparedEncoder()
    times, hits_of_search = [], []
    for question in questions:
        encoder.encoding = question.encoding
        started = time.perf_counter(), time.process_time()
        hits_of_search.append(search(question.text, index, encoder, only=question.only, top_k=10))
        ended = time.perf_counter(), time.process_time()
        times.append([(end - start) * 1000 for start, end in zip(started, ended, strict=True)])
    return np.asarray(times), hits_of_search


def _positions(index: Index, hits_of_search: Sequence[tuple[Hit, ...]]) -> NDArray[np.int64]:
    """(searches, 10) the positions of the hits, -1 where there are fewer."""
    positions = np.full((len(hits_of_search), 10), -1)
    for row, hits in zip(positions, hits_of_search, strict=True):
        row[: len(hits)] = [index.position(hit.passage.passage_id) for hit in hits]
    return positions


def _compare(made_up: MadeUp, folder: Path) -> None:
    index, originals = load_index(folder / "generation"), map_originals(_originals(folder))
    uncoded = unquantized(index, made_up, originals)
    anywhere, placed = _questions(made_up)
    with np.load(folder / "found.npz") as found:
        hits_anywhere, hits_within = list(found["anywhere"]), list(found["within"])
    _keep(
        folder,
        "compared",
        {
            "within a place": _within_places(index, uncoded, placed, hits_within),
            "anywhere": _anywhere(index, uncoded, (anywhere, hits_anywhere), originals),
        },
    )


def _within_places(
    index: Index, uncoded: Index, questions: Sequence[MadeUpQuestion], hits: Sequence[IntVector]
) -> dict[str, dict[str, float]]:
    """Of the places of up to 2,000 passages, where every passage can be measured."""
    from benchmarks.scale.million_exact import rank_every  # as in `_anywhere`

    asked = [
        (question, passing, found)
        for question, found in zip(questions, hits, strict=True)
        if len(passing := question.only.positions(index)) <= _MOST_UNQUANTIZED
    ]
    chosen = [question for question, _, _ in asked]
    return {
        "coded": _golds(chosen, [found for _, _, found in asked]),
        "every passage, coded": _golds(
            chosen, [rank_every(index, q.query, passing) for q, passing, _ in asked]
        ),
        "every passage, uncoded": _golds(
            chosen, [rank_every(uncoded, q.query, passing) for q, passing, _ in asked]
        ),
    }


def _anywhere(
    index: Index,
    uncoded: Index,
    searches: tuple[Sequence[MadeUpQuestion], Sequence[IntVector]],
    originals: Originals,
) -> dict[str, dict[str, float]]:
    # Imported here: another version of the program, which only builds and searches, ranks in another way.
    from benchmarks.scale.million_exact import exact_candidates, rank_candidates

    questions, hits = searches
    exact = exact_candidates(index, originals, questions)
    own = [find_candidates(index, question.query, None, _FIRST).positions for question in questions]
    rankings = {
        "coded": hits,
        "uncoded": [rank_candidates(uncoded, q.query, c) for q, c in zip(questions, exact, strict=True)],
        "uncoded, candidates of the coded": [
            rank_candidates(uncoded, q.query, c) for q, c in zip(questions, own, strict=True)
        ],
        "coded, candidates of the uncoded": [
            rank_candidates(index, q.query, c) for q, c in zip(questions, exact, strict=True)
        ],
    }
    return {name: _golds(questions, ranked) for name, ranked in rankings.items()} | {
        "nearest paragraphs": _nearest(index, originals, questions)
    }


def _nearest(index: Index, originals: Originals, questions: Sequence[MadeUpQuestion]) -> dict[str, float]:
    """The share of the nearest paragraphs that the index finds, and the time that it takes."""
    vectors = np.stack([question.query.vector for question in questions])
    exact = nearest_rows(originals.paragraphs, vectors, _PARAGRAPHS)
    started = time.perf_counter()
    nearest = [index.paragraphs.rank(vector, _PARAGRAPHS).positions for vector in vectors]
    milliseconds = (time.perf_counter() - started) * 1000 / len(vectors)
    return {
        f"recall at {_PARAGRAPHS}": round(float(np.mean(list(recalls(nearest, exact)))), 4),
        "mean ms": round(milliseconds, 2),
    }


def _golds(questions: Sequence[MadeUpQuestion], rankings: Sequence[IntVector]) -> dict[str, float]:
    """The share of the questions whose paragraph comes first, and is among the first ten."""
    is_gold = [ranking == question.gold for question, ranking in zip(questions, rankings, strict=True)]
    return {
        "gold@1": round(float(np.mean([found[:1].any() for found in is_gold])), 4),
        "gold@10": round(float(np.mean([found[:_FIRST].any() for found in is_gold])), 4),
        "searches": len(questions),
    }


def _keep(folder: Path, name: str, figures: dict[str, object]) -> None:
    text = json.dumps(figures, indent=1)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(folder.parent.name, folder.name, name, text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
