"""LlamaIndex: its VectorStoreIndex alone, and fused with its BM25Retriever by its QueryFusionRetriever."""

from __future__ import annotations

import functools

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.retrievers.bm25 import BM25Retriever
from sentence_transformers import SentenceTransformer

from benchmarks.peers.protocol import TOP, Build, Search, Task, run

# Its BM25 takes a pattern for words, and no function that would find Chinese ones: every character is one. Overlapping
# pairs of them found less on the development questions: first hit 0.72 against 0.77.
_CHARACTERS = r"\w"


def _embedding(task: Task, *, best: bool) -> HuggingFaceEmbedding:
    """By default without a prompt, since the library knows none for a local folder."""
    prompts = {"query_instruction": "query: ", "text_instruction": "passage: "}
    return HuggingFaceEmbedding(model_name=task.model, device="cpu", **(prompts if best else {}))


def _documents(task: Task, *, best: bool) -> list[Document]:
    """Metadata is embedded with the text by default, as `key: value` lines; at its best it is the bare path."""
    return [
        Document(id_=passage.passage_id, text=passage.under_path)
        if best
        else Document(id_=passage.passage_id, text=passage.text, metadata=passage.path)
        for passage in task.passages
    ]


def _search(retriever: BaseRetriever) -> Search:
    return lambda question: [result.node.ref_doc_id for result in retriever.retrieve(question)]


def _vectors(task: Task, *, best: bool) -> Build:
    embedding = _embedding(task, best=best)

    def build() -> Search:
        index = VectorStoreIndex.from_documents(_documents(task, best=best), embed_model=embedding)
        return _search(index.as_retriever(similarity_top_k=TOP))

    return build


def _fusion(task: Task, *, best: bool) -> Build:
    """One query, so that no language model is asked for others; by default BM25 takes words of two and more letters."""
    embedding = _embedding(task, best=best)
    words = {"token_pattern": _CHARACTERS, "skip_stemming": True, "language": "zh"} if best else {}

    def build() -> Search:
        index = VectorStoreIndex.from_documents(_documents(task, best=best), embed_model=embedding)
        keywords = BM25Retriever.from_defaults(
            nodes=list(index.docstore.docs.values()), similarity_top_k=TOP, **words
        )
        vectors = index.as_retriever(similarity_top_k=TOP)
        return _search(
            QueryFusionRetriever(
                [vectors, keywords],
                llm=MockLLM(),
                mode="reciprocal_rerank",
                num_queries=1,
                similarity_top_k=TOP,
                use_async=False,
            )
        )

    return build


if __name__ == "__main__":
    run(
        {
            "vectors": functools.partial(_vectors, best=False),
            "vectors, best": functools.partial(_vectors, best=True),
            "hybrid": functools.partial(_fusion, best=False),
            "hybrid, best": functools.partial(_fusion, best=True),
        },
        (SentenceTransformer, "encode"),
    )
