"""LangChain: FAISS alone, and its EnsembleRetriever of BM25 and FAISS.

Both retrievers are in langchain-community, which is no longer developed and has no official successor for either. Its
usual text splitter (4,000 characters) would leave every passage whole, so passages are its documents as they are.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import jieba
from langchain_classic.retrievers import EnsembleRetriever
from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings
from sentence_transformers import SentenceTransformer

from benchmarks.peers.protocol import TOP, Build, Search, Task, run


def _embeddings(task: Task, *, best: bool) -> HuggingFaceEmbeddings:
    """By default a text is embedded without a prompt; at its best with those the model was trained with."""
    prompts = {"encode_kwargs": {"prompt": "passage: "}, "query_encode_kwargs": {"prompt": "query: "}}
    return HuggingFaceEmbeddings(model_name=task.model, **(prompts if best else {}))


def _documents(task: Task, *, best: bool) -> list[Document]:
    """By default the path is metadata, which neither retriever reads; at its best it is put above the text."""
    return [
        Document(
            page_content=passage.under_path if best else passage.text,
            metadata={"passage_id": passage.passage_id, **passage.path},
        )
        for passage in task.passages
    ]


def _search(find: Callable[[str], list[Document]]) -> Search:
    return lambda question: [document.metadata["passage_id"] for document in find(question)]


def _vectors(task: Task, *, best: bool) -> Build:
    embeddings = _embeddings(task, best=best)

    def build() -> Search:
        store = FAISS.from_documents(_documents(task, best=best), embeddings)
        return _search(functools.partial(store.similarity_search, k=TOP))

    return build


def _ensemble(task: Task, *, best: bool) -> Build:
    """Equal weights, as its documentation shows; by default BM25 splits at spaces, of which Chinese has none."""
    embeddings = _embeddings(task, best=best)
    words = {"preprocess_func": jieba.lcut} if best else {}
    jieba.initialize()

    def build() -> Search:
        documents = _documents(task, best=best)
        keywords = BM25Retriever.from_documents(documents, k=TOP, **words)
        vectors = FAISS.from_documents(documents, embeddings).as_retriever(search_kwargs={"k": TOP})
        return _search(EnsembleRetriever(retrievers=[keywords, vectors], weights=[0.5, 0.5]).invoke)

    return build


if __name__ == "__main__":
    run(
        {
            "vectors": functools.partial(_vectors, best=False),
            "vectors, best": functools.partial(_vectors, best=True),
            "hybrid": functools.partial(_ensemble, best=False),
            "hybrid, best": functools.partial(_ensemble, best=True),
        },
        (SentenceTransformer, "encode"),
    )
