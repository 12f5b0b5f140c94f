"""Quality of the ranker on foreign paragraphs and questions: CMRC 2018 dev, which is not in this repository.

    python -m benchmarks.quality.public_reading PATH/TO/cmrc2018_dev.json [--questions 1000]

Ranks all paragraphs for each question by BM25 alone, by the paragraph vectors alone, and by the ranker; exits with 1
if the ranker's first hit is right less often than that of either. The result is saved in benchmarks/results.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.quality.cmrc import PublicQuestion, read_cmrc
from bot.settings import Settings
from retrieval.building.builder import build_generation, write_generation
from retrieval.embedding.encoder import load_encoder
from retrieval.index.index import Index
from retrieval.questions.question import Query, encode_question, read_question
from retrieval.ranking.ranker import rank_passages
from retrieval.types import Encoder, IntVector

_RESULT = Path(__file__).parents[1] / "results" / "public_reading.json"
_TOP = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--questions", type=int, default=1000)
    arguments = parser.parse_args()
    settings = Settings()
    encoder = load_encoder(settings.embedding_model, settings.model_cache)
    passages, questions = read_cmrc(arguments.file)
    chosen = random.Random(0).sample(questions, min(arguments.questions, len(questions)))
    with tempfile.TemporaryDirectory() as folder:
        parts = build_generation(passages, encoder)
        shares = _measure(chosen, write_generation(parts, encoder, Path(folder), {}), encoder)
    result = {"paragraphs": len(passages), "questions": len(chosen), "hit_at_1_and_3": shares}
    _RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))
    alone = max(shares["BM25 alone"][0], shares["dense paragraphs alone"][0])
    sys.exit(0 if shares["ranker"][0] >= alone else 1)


def _measure(
    questions: Sequence[PublicQuestion], index: Index, encoder: Encoder
) -> dict[str, tuple[float, float]]:
    """By ranking: shares of the questions whose paragraph is first, and among the first three."""
    hits_by_ranking: dict[str, list[tuple[bool, bool]]] = {}
    for question in questions:
        answer_position = index.position(question.passage_id)
        query = encode_question(read_question(question.text), encoder)
        for name, positions in _rankings(index, query):
            best = positions[:_TOP].tolist()
            hits_by_ranking.setdefault(name, []).append(
                (best[:1] == [answer_position], answer_position in best)
            )
    means = {name: np.asarray(rows, np.float64).mean(axis=0) for name, rows in hits_by_ranking.items()}
    return {name: (round(float(first), 4), round(float(early), 4)) for name, (first, early) in means.items()}


def _rankings(index: Index, query: Query) -> Iterator[tuple[str, IntVector]]:
    yield "BM25 alone", index.sparse.rank(query.question.terms, _TOP).positions
    yield "dense paragraphs alone", index.paragraphs.rank(query.vector, _TOP).positions
    yield "ranker", rank_passages(index, query).ranking.positions


if __name__ == "__main__":
    main()
