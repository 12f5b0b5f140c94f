"""Haystack: BM25 and embeddings from its in-memory store, joined by reciprocal ranks, documents split by passage."""

from __future__ import annotations

import functools

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from sentence_transformers import SentenceTransformer

from benchmarks.peers.protocol import TOP, Build, Search, Task, run


def _documents(task: Task, *, best: bool) -> list[Document]:
    """By default the path is metadata, which neither retriever reads; at its best it is put above the text."""
    return [
        Document(
            content=passage.under_path if best else passage.text,
            meta={"passage_id": passage.passage_id, **passage.path},
        )
        for passage in task.passages
    ]


def _hybrid(task: Task, *, best: bool) -> Build:
    """At its best with the prompts of the model, which it leaves out by default.

    To its BM25 every Chinese character is a word. Overlapping pairs of them, by another pattern, found less on the
    development questions: first hit 0.71 against 0.81.
    """
    store = InMemoryDocumentStore()
    common = {"model": task.model, "device": ComponentDevice.from_str("cpu"), "progress_bar": False}
    of_passages = SentenceTransformersDocumentEmbedder(prefix="passage: " if best else "", **common)
    of_questions = SentenceTransformersTextEmbedder(prefix="query: " if best else "", **common)
    of_passages.warm_up()
    of_questions.warm_up()

    def build() -> Search:
        _indexing(store, of_passages).run({"splitter": {"documents": _documents(task, best=best)}})
        return _search(_querying(store, of_questions))

    return build


def _indexing(store: InMemoryDocumentStore, embedder: SentenceTransformersDocumentEmbedder) -> Pipeline:
    pipeline = Pipeline()
    pipeline.add_component("splitter", DocumentSplitter(split_by="passage", split_length=1))
    pipeline.add_component("embedder", embedder)
    pipeline.add_component("writer", DocumentWriter(store))
    pipeline.connect("splitter", "embedder")
    pipeline.connect("embedder", "writer")
    return pipeline


def _querying(store: InMemoryDocumentStore, embedder: SentenceTransformersTextEmbedder) -> Pipeline:
    pipeline = Pipeline()
    pipeline.add_component("embedder", embedder)
    pipeline.add_component("vectors", InMemoryEmbeddingRetriever(store, top_k=TOP))
    pipeline.add_component("keywords", InMemoryBM25Retriever(store, top_k=TOP))
    pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=TOP))
    pipeline.connect("embedder.embedding", "vectors.query_embedding")
    pipeline.connect("vectors", "joiner")
    pipeline.connect("keywords", "joiner")
    return pipeline


def _search(pipeline: Pipeline) -> Search:
    def search(question: str) -> list[str]:
        outputs = pipeline.run({"embedder": {"text": question}, "keywords": {"query": question}})
        return [document.meta["passage_id"] for document in outputs["joiner"]["documents"]]

    return search


if __name__ == "__main__":
    run(
        {
            "hybrid": functools.partial(_hybrid, best=False),
            "hybrid, best": functools.partial(_hybrid, best=True),
        },
        (SentenceTransformer, "encode"),
    )
