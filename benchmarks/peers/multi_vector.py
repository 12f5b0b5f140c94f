"""sentence-transformers' own late interaction: a MultiVectorEncoder of the same model, unit token vectors, MaxSim."""

from __future__ import annotations

import functools

from sentence_transformers import MultiVectorEncoder, SentenceTransformer
from sentence_transformers.base.modules import Normalize

from benchmarks.peers.protocol import TOP, Build, Search, Task, run

# It knows prompts by the names "query" and "document"; the model has them as "query" and "passage".
_PROMPTS = {"query": "query: ", "document": "passage: "}


def _maxsim(task: Task, *, best: bool) -> Build:
    """By default without prompts, as it wraps a model, and passages without their path; at its best with both."""
    transformer = SentenceTransformer(task.model, device="cpu")[0]
    model = MultiVectorEncoder(
        modules=[transformer, Normalize(module_input_name="token_embeddings")],
        prompts=_PROMPTS if best else None,
        device="cpu",
    )

    def build() -> Search:
        texts = [passage.under_path if best else passage.text for passage in task.passages]
        passages = model.encode_document(texts)

        def search(question: str) -> list[str]:
            scores = model.similarity(model.encode_query([question]), passages)[0]
            return [task.passages[row].passage_id for row in scores.topk(TOP).indices.tolist()]

        return search

    return build


if __name__ == "__main__":
    run(
        {
            "maxsim": functools.partial(_maxsim, best=False),
            "maxsim, best": functools.partial(_maxsim, best=True),
        },
        (MultiVectorEncoder, "encode"),
    )
