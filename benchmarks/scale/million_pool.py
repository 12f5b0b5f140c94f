"""Clauses of the seed collection and of a CMRC file with their vectors, of which made-up paragraphs consist."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.quality.cmrc import read_cmrc
from bot.settings import Settings
from retrieval.embedding.encoder import load_encoder
from retrieval.language.sentences import sentence_spans
from retrieval.reading.structure.passage_builder import read_collection
from retrieval.types import FloatMatrix, IntVector, Passage

_CLAUSE = re.compile(r"[^,\uff0c、;\uff1b:\uff1a]+[,\uff0c、;\uff1b:\uff1a]*")
_LONGEST = 80
_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Pool:
    """Distinct clauses in order of first occurrence, with their vectors from the bundled model."""

    clauses: tuple[str, ...]
    vectors: FloatMatrix
    tokens: FloatMatrix
    """Token vectors of all clauses one after the other; clause `i` has `starts[i]:starts[i + 1]`."""
    starts: IntVector


def read_pool(cmrc: Path, folder: Path) -> Pool:
    """The pool of the seed collection and the file; embedded once (two minutes), then read from the folder."""
    clauses = _clauses(cmrc)
    pool_file = folder / "pool.npz"
    if not pool_file.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        _embed(clauses, pool_file)
    with np.load(pool_file, allow_pickle=False) as arrays:
        return Pool(
            clauses,
            arrays["vectors"].astype(np.float32),
            arrays["tokens"].astype(np.float32),
            arrays["starts"],
        )


def _clauses(cmrc: Path) -> tuple[str, ...]:
    seed: tuple[Passage, ...] = read_collection(Settings().bulletins_dir).passages
    texts = [passage.text for passage in (*seed, *read_cmrc(cmrc)[0])]
    sentences = (text[start:end] for text in texts for start, end in sentence_spans(text))
    clauses = (clause for sentence in sentences for clause in _CLAUSE.findall(sentence))
    return tuple(dict.fromkeys(clause for clause in clauses if 4 <= len(clause) <= _LONGEST))


def _embed(clauses: tuple[str, ...], pool_file: Path) -> None:
    encoder = load_encoder("bundled", Settings().model_cache)
    parts = [
        encoder.encode_passages(clauses[start : start + _AT_ONCE])
        for start in range(0, len(clauses), _AT_ONCE)
    ]
    tokens = [rows for part in parts for rows in part.tokens]
    np.savez(
        pool_file,
        vectors=np.concatenate([part.vectors for part in parts]).astype(np.float16),
        tokens=np.concatenate(tokens).astype(np.float16),
        starts=np.concatenate([[0], np.cumsum([len(rows) for rows in tokens])]).astype(np.int64),
    )
