"""Late interaction as a user would write it: MaxSim over the token vectors of a SentenceTransformer, in twenty lines."""

from __future__ import annotations

import functools

import torch
from sentence_transformers import SentenceTransformer

from benchmarks.peers.protocol import TOP, Build, Search, Task, run


def _maxsim(task: Task, *, best: bool) -> Build:
    """By default passages without their path; at its best with it above the text."""
    model = SentenceTransformer(task.model, device="cpu")

    def embedded(texts: list[str], prompt: str) -> list[torch.Tensor]:
        tokens = model.encode(texts, prompt_name=prompt, output_value="token_embeddings", batch_size=16)
        return [torch.nn.functional.normalize(rows, dim=-1) for rows in tokens]

    def build() -> Search:
        texts = [passage.under_path if best else passage.text for passage in task.passages]
        passages = torch.nn.utils.rnn.pad_sequence(embedded(texts, "passage"), batch_first=True)

        def search(question: str) -> list[str]:
            scores = (passages @ embedded([question], "query")[0].T).amax(dim=1).sum(dim=1)
            return [task.passages[row].passage_id for row in scores.topk(TOP).indices.tolist()]

        return search

    return build


if __name__ == "__main__":
    run(
        {
            "maxsim": functools.partial(_maxsim, best=False),
            "maxsim, best": functools.partial(_maxsim, best=True),
        },
        (SentenceTransformer, "encode"),
    )
