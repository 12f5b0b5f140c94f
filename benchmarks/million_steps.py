"""The steps of `million`, each in a process of its own: `python -m benchmarks.million_steps STEP CMRC_FILE SIZE FOLDER`."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.made_up import MadeUp
from benchmarks.made_up_index import Originals, map_originals, write_index
from benchmarks.made_up_questions import (
    MadeUpQuestion,
    OriginalRows,
    PreparedEncoder,
    make_questions,
    nearest_rows,
    read_questions,
    recalls,
    uncoded,
    write_questions,
)
from benchmarks.million_pool import read_pool
from bot.statistics import resident_bytes
from retrieval.answer import search
from retrieval.generation import Generation, load_generation
from retrieval.ranker import WEIGHTS, rank_passages
from retrieval.ranking import best, scaled
from retrieval.types import FloatVector, Hit, IntVector

_QUESTIONS = 200
_MOST_COMPARED = 5_000
# As the ranker takes them.
_DEPTH = 50  # candidates from each ranker
_RANKED_WHOLE = 512
_BEST_TOGETHER = 360


_Near = tuple[IntVector, NDArray[np.bool_] | None, IntVector, IntVector]
"""What passes the filter of a question, as positions and as a mask; the passages of the nearest paragraphs, and of the
nearest sentences."""


def main() -> int:
    step, cmrc, size, scratch = sys.argv[1:]
    folder = Path(scratch) / size
    steps = {"build": _build, "search": _search, "compare": _compare}
    steps[step](Path(cmrc), int(size), folder)
    return 0


def _build(cmrc: Path, size: int, folder: Path) -> None:
    made_up = MadeUp(read_pool(cmrc, folder.parent), size)
    started = time.perf_counter()
    parts = write_index(made_up, folder)
    seconds = round(time.perf_counter() - started, 1)
    generation = load_generation(folder / "generation")
    write_questions(
        make_questions(made_up, map_originals(folder / "originals"), generation, _QUESTIONS), folder
    )
    _keep(folder, "built", {"seconds": seconds, "seconds by part": parts})


def _search(_cmrc: Path, _size: int, folder: Path) -> None:
    questions = read_questions(folder)
    before = resident_bytes()
    started = time.perf_counter()
    generation = load_generation(folder / "generation")
    loaded = time.perf_counter() - started
    first = _timed(generation, questions[:1])[0][0]
    _timed(generation, questions[::-1])  # what is asked often is in memory
    times, found = _timed(generation, questions)
    placed = [question.only.place is not None for question in questions]
    np.save(folder / "found.npy", np.asarray([_positions(generation, hits) for hits in found]))
    disk = sum(path.stat().st_size for path in (folder / "generation").rglob("*") if path.is_file())
    _keep(
        folder,
        "searched",
        {
            "passages": len(generation.passages),
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
    """What is resident but for pages of files, which the system takes back when it needs them."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    (anonymous,) = (line for line in lines if line.startswith("RssAnon:"))
    return int(anonymous.split()[1]) * 1024


def _spread(times: NDArray[np.float64]) -> dict[str, float]:
    p50, p95 = np.percentile(times, [50, 95])
    return {"p50 ms": round(float(p50), 1), "p95 ms": round(float(p95), 1), "searches": len(times)}


def _timed(
    generation: Generation, questions: list[MadeUpQuestion]
) -> tuple[NDArray[np.float64], list[tuple[Hit, ...]]]:
    """Milliseconds and hits of each search."""
    encoder = PreparedEncoder()
    times, found = [], []
    for question in questions:
        encoder.encoding = question.encoding
        started = time.perf_counter()
        found.append(search(question.text, generation, encoder, only=question.only, top_k=10))
        times.append((time.perf_counter() - started) * 1000)
    return np.asarray(times), found


def _positions(generation: Generation, hits: tuple[Hit, ...]) -> list[int]:
    found = [generation.position(hit.passage.passage_id) for hit in hits]
    return [-1 if spot is None else spot for spot in found] + [-1] * (10 - len(hits))


def _compare(cmrc: Path, size: int, folder: Path) -> None:
    generation = load_generation(folder / "generation")
    kept = map_originals(folder / "originals")
    questions = read_questions(folder)
    originals = uncoded(generation, MadeUp(read_pool(cmrc, folder.parent), size), kept)
    passing = [question.only.positions(generation) for question in questions]
    masks = [_mask(positions, size) for positions in passing]
    vectors = np.stack([question.encoding.vectors[0] for question in questions])
    paragraphs = nearest_rows(kept.paragraphs, vectors, masks, _DEPTH)
    owners = np.asarray(generation.sentences.owners)
    of_sentences = [None if mask is None else mask[owners] for mask in masks]
    sentences = [owners[rows] for rows in nearest_rows(kept.sentences, vectors, of_sentences, 2 * _DEPTH)]
    near: list[_Near] = list(zip(passing, masks, paragraphs, sentences, strict=True))
    pairs = [
        (question, _candidates(generation, kept, question, some))
        for question, some in zip(questions, near, strict=True)
    ]
    found = [row[row >= 0] for row in np.load(folder / "found.npy")]
    is_placed = np.asarray([mask is not None for mask in masks])
    few = [number for number, positions in enumerate(passing) if len(positions) <= _MOST_COMPARED]
    dense = [
        generation.paragraphs.rank(vector, 10, mask).positions
        for vector, mask in zip(vectors, masks, strict=True)
    ]
    _keep(
        folder,
        "compared",
        {
            "candidates": _by_place(found, [_first_ten(generation, *pair) for pair in pairs], is_placed),
            "nothing coded": _by_place(found, [_first_ten(originals, *pair) for pair in pairs], is_placed),
            "every passage": _mean(
                [found[number] for number in few],
                [_first_ten(generation, questions[number], passing[number]) for number in few],
            ),
            "paragraphs": _by_place(dense, [rows[:10] for rows in paragraphs], is_placed),
        },
    )


def _mask(positions: IntVector, size: int) -> NDArray[np.bool_] | None:
    mask = np.zeros(size, np.bool_)
    mask[positions] = True
    return None if len(positions) == size else mask


def _candidates(generation: Generation, kept: Originals, question: MadeUpQuestion, near: _Near) -> IntVector:
    """All that pass where they are few, as in a search; else the best of each ranker, nothing left to chance.

    Within a place those too that are best by keywords, paragraphs and sentences together.
    """
    passing, mask, paragraphs, sentences = near
    if len(passing) <= _RANKED_WHOLE:
        return passing
    keywords = generation.sparse.scores(question.query.question.terms, mask)
    ranking = best(keywords, _DEPTH)
    chosen = [passing[ranking.positions[ranking.scores > 0]], paragraphs, sentences]
    if mask is not None:
        together = _together(generation, kept, question, passing) + WEIGHTS["keywords"] * scaled(keywords)
        chosen.append(passing[best(together, _BEST_TOGETHER).positions])
    return np.unique(np.concatenate(chosen))


def _together(
    generation: Generation, kept: Originals, question: MadeUpQuestion, passing: IntVector
) -> FloatVector:
    """What paragraph and best sentence of each passage that passes add up to, by their float32 vectors."""
    rows, firsts = generation.sentence_rows_of(passing)
    vector = question.query.vector
    paragraphs = OriginalRows(kept.paragraphs).products(vector, passing)
    sentences = np.maximum.reduceat(OriginalRows(kept.sentences).products(vector, rows), firsts)
    return WEIGHTS["paragraph"] * scaled(paragraphs) + WEIGHTS["sentence"] * scaled(sentences)


def _first_ten(generation: Generation, question: MadeUpQuestion, only: IntVector) -> IntVector:
    return rank_passages(generation, question.query, only, most=len(only)).ranking.positions[:10]


def _by_place(
    found: list[IntVector], exact: list[IntVector], is_placed: NDArray[np.bool_]
) -> dict[str, dict[str, float]]:
    """The recall of the questions within a place, and of those anywhere."""
    return {
        name: _mean([found[spot] for spot in spots], [exact[spot] for spot in spots])
        for name, spots in (
            ("within a place", np.flatnonzero(is_placed)),
            ("anywhere", np.flatnonzero(~is_placed)),
        )
    }


def _mean(found: list[IntVector], exact: list[IntVector]) -> dict[str, float]:
    values = list(recalls(found, exact))
    return {"recall at 10": round(float(np.mean(values)), 4) if values else 1.0, "searches": len(values)}


def _keep(folder: Path, name: str, figures: dict[str, object]) -> None:
    text = json.dumps(figures, indent=1)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    print(folder.name, name, text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
