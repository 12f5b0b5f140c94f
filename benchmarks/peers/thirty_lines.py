"""The parts of this project put together in thirty lines: a SentenceTransformer, FAISS, jieba and bm25s, fused by rank."""

from __future__ import annotations

import functools

import bm25s
import faiss
import jieba
import numpy as np
from sentence_transformers import SentenceTransformer

from benchmarks.peers.protocol import TOP, Build, Search, Task, run


def _hybrid(task: Task, *, best: bool) -> Build:
    """By default passages without their path; at its best with it above the text."""
    model = SentenceTransformer(task.model, device="cpu")

    def build() -> Search:
        texts = [passage.under_path if best else passage.text for passage in task.passages]
        vectors = model.encode(texts, prompt_name="passage", batch_size=32, show_progress_bar=False)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        keywords = bm25s.BM25()
        keywords.index([jieba.lcut_for_search(text) for text in texts], show_progress=False)

        def search(question: str) -> list[str]:
            vector = model.encode([question], prompt_name="query", batch_size=32, show_progress_bar=False)
            dense = index.search(vector, 50)[1][0]
            # bm25s knows the empty word, whose number is beyond those that it scores.
            terms = [term for term in jieba.lcut_for_search(question) if term and term in keywords.vocab_dict]
            found = keywords.retrieve([terms], k=min(50, len(texts)), show_progress=False) if terms else None
            scores = np.zeros(len(texts))
            for ranking in (dense, found.documents[0]) if found else (dense,):
                scores[ranking] += 1 / (60 + np.arange(len(ranking)))
            return [task.passages[row].passage_id for row in np.argsort(-scores, kind="stable")[:TOP]]

        return search

    return build


if __name__ == "__main__":
    run(
        {
            "hybrid": functools.partial(_hybrid, best=False),
            "hybrid, best": functools.partial(_hybrid, best=True),
        },
        (SentenceTransformer, "encode"),
    )
