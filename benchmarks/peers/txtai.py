"""txtai: its hybrid index of BM25 and FAISS, scores fused half and half."""

from __future__ import annotations

import functools

from txtai import Embeddings
from txtai.vectors import HFVectors

from benchmarks.peers.protocol import TOP, Build, Search, Task, run

# txtai reads a model's prompts from its folder, under other names than the bundled model has for them.
_PROMPTS = {"query": "query: ", "data": "passage: "}


def _hybrid(task: Task, *, best: bool) -> Build:
    """By default passages without their path; at its best with it above the text.

    Its words end where Unicode's rules say, in Chinese after every character. Pairs of them instead (`ngrams`) found
    less on the development questions: first hit 0.60 against 0.77.
    """
    embeddings = Embeddings(path=task.model, gpu=False, instructions=_PROMPTS, hybrid=True)

    def build() -> Search:
        embeddings.index(
            (passage.passage_id, passage.under_path if best else passage.text, None)
            for passage in task.passages
        )
        return lambda question: [identity for identity, _ in embeddings.search(question, TOP)]

    return build


if __name__ == "__main__":
    run(
        {
            "hybrid": functools.partial(_hybrid, best=False),
            "hybrid, best": functools.partial(_hybrid, best=True),
        },
        (HFVectors, "encode"),
    )
