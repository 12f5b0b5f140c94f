"""This project through its own functions: a rebuild of the folder of bulletins, then questions.

Unlike the others it reads the files itself, embeds each sentence beside each paragraph, writes everything to disk and
checks it: all of that is in the time to build.
"""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.peers.protocol import TOP, Build, Search, Task, run
from bot.operations.rebuilding import build as rebuild
from bot.operations.rebuilding import load_configured_encoder
from bot.settings import Settings
from retrieval.answering.answerer import answer, search
from retrieval.embedding.bundled.encoder import BundledEncoder
from retrieval.embedding.encoder import load_encoder
from retrieval.index.generations import load_current
from retrieval.index.index import Index
from retrieval.types import Encoder, Hit

Find = Callable[[str, Index, Encoder], tuple[Hit, ...]]


def _ranked(question: str, index: Index, encoder: Encoder) -> tuple[Hit, ...]:
    """The passages alone, as the others give them."""
    return search(question, index, encoder, top_k=TOP)


def _answered(question: str, index: Index, encoder: Encoder) -> tuple[Hit, ...]:
    """The passages of a whole answer: quotes with citations, or a refusal."""
    return answer(question, index, encoder).hits


def _prepare(task: Task, *, find: Find) -> Build:
    """A rebuild without questions for the gate, since the other libraries have none."""
    folder = tempfile.TemporaryDirectory()
    settings = Settings(index_dir=Path(folder.name, "index"), development_questions=Path(folder.name, "none"))
    encoder = load_encoder(settings.embedding_model, settings.model_cache, settings.embedding_threads)
    rebuild_encoder = load_configured_encoder(settings)

    def build() -> Search:
        rebuild(settings, encoder=rebuild_encoder)
        index = load_current(settings.index_dir, encoder.name)
        assert {passage.passage_id for passage in task.passages} == {
            passage.passage_id for passage in index.passages
        }, f"not the same passages as in {folder.name}"
        return lambda question: [hit.passage.passage_id for hit in find(question, index, encoder)]

    return build


if __name__ == "__main__":
    run(
        {
            "search": functools.partial(_prepare, find=_ranked),
            "answer": functools.partial(_prepare, find=_answered),
        },
        (BundledEncoder, "encode_queries"),
    )
