"""The candidates of the comparison: each library in its default and its best form, and this project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
OWN = "bulletin_bot"


@dataclass(frozen=True, slots=True)
class Environment:
    """Packages of the isolated environment in which a library runs."""

    packages: tuple[str, ...]
    """Packages whose versions are reported."""
    constraints: tuple[Path, ...]
    """Files that pin the versions of these and of all their dependencies."""


_PEERS = (Path(__file__).parent / "requirements.txt",)
# An environment is named after the module of this package that runs in it.
ENVIRONMENTS: Mapping[str, Environment] = {
    OWN: Environment(
        ("bulletin-bot", "sentence-transformers", "torch"),
        (ROOT / "requirements" / "run.lock", ROOT / "requirements" / "torch.lock"),
    ),
    "langchain": Environment(
        (
            "langchain-classic",
            "langchain-community",
            "langchain-huggingface",
            "faiss-cpu",
            "rank-bm25",
            "jieba",
            "sentence-transformers",
            "torch",
        ),
        _PEERS,
    ),
    "llama_index": Environment(
        (
            "llama-index-core",
            "llama-index-embeddings-huggingface",
            "llama-index-retrievers-bm25",
            "sentence-transformers",
            "torch",
        ),
        _PEERS,
    ),
    "txtai": Environment(("txtai", "sentence-transformers", "torch"), _PEERS),
    "thirty_lines": Environment(("sentence-transformers", "faiss-cpu", "jieba", "bm25s", "torch"), _PEERS),
    "plain_maxsim": Environment(("sentence-transformers", "torch"), _PEERS),
    "multi_vector": Environment(("sentence-transformers", "torch"), _PEERS),
    "haystack": Environment(
        ("haystack-ai", "sentence-transformers-haystack", "sentence-transformers", "torch"), _PEERS
    ),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One row of the table."""

    name: str
    form: str
    environment: str
    configuration: str
    folded: bool = False
    """Whether it gets texts and questions in one script, which no library does by itself."""

    @property
    def title(self) -> str:
        return f"{self.name}, {self.form}"


_SYSTEMS = (
    ("LangChain, FAISS", "langchain", "vectors", False),
    ("LangChain, BM25 + FAISS", "langchain", "hybrid", True),
    ("LlamaIndex, vectors", "llama_index", "vectors", False),
    ("LlamaIndex, BM25 + vectors", "llama_index", "hybrid", True),
    ("txtai, hybrid", "txtai", "hybrid", True),
    ("Haystack, BM25 + vectors", "haystack", "hybrid", True),
    ("our parts in 30 lines", "thirty_lines", "hybrid", True),
    ("plain MaxSim, 20 lines", "plain_maxsim", "maxsim", True),
    ("MultiVectorEncoder", "multi_vector", "maxsim", True),
)


def _forms_of(name: str, environment: str, configuration: str, *, fold: bool) -> tuple[Candidate, ...]:
    best = f"{configuration}, best"
    forms = (
        Candidate(name, "default", environment, configuration),
        Candidate(name, "fair best", environment, best),
    )
    return (
        (*forms, Candidate(name, "fair best, folded for it", environment, best, folded=True))
        if fold
        else forms
    )


CANDIDATES = (
    Candidate("bulletin-bot", "passages", OWN, "search"),
    Candidate("bulletin-bot", "whole answer", OWN, "answer"),
    *(
        candidate
        for name, environment, configuration, fold in _SYSTEMS
        for candidate in _forms_of(name, environment, configuration, fold=fold)
    ),
)
