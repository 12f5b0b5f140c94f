"""The extractor on the bundled model: a question and a text go through its layers together (a cross-encoder)."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from retrieval.embedding.bundled.engine import Engine, Threads, load_engine
from retrieval.embedding.bundled.tokenizer import BundledTokenizer, TokenizedText
from retrieval.types import Extraction, FloatMatrix, FloatVector, IntMatrix, IntVector

EXTRACTOR_FOLDER = "extractor"
HEADS_FILE = "heads.npz"
MOST_TOKENS = 192
"""Of a question with a window, as in training."""
_LONGEST_SPAN = 64  # tokens


class Heads(NamedTuple):
    """The layer that is read from the token embeddings, and the pieces that the model knows."""

    weights: FloatMatrix
    """(2, hidden): of the start and the end of an answer."""
    biases: FloatVector
    """(2,)"""
    pieces: IntVector
    """For each token id of the tokenizer its row in the model."""

    def save(self, path: Path) -> None:
        """Write them to a new file."""
        np.savez(path, allow_pickle=False, weights=self.weights, biases=self.biases, pieces=self.pieces)

    @classmethod
    def load(cls, path: Path) -> Heads:
        """Raises OSError, ValueError or KeyError if the file cannot be read."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(arrays["weights"], arrays["biases"], arrays["pieces"])


class BundledExtractor:
    """An `Extractor`; loaded at the first call, threads may share it."""

    def __init__(self, folder: Path, tokenizer: BundledTokenizer, threads: int = 1) -> None:
        """`folder` is that of the unpacked model."""
        self._folder = folder
        self._tokenizer = tokenizer
        self._threads = threads
        self._lock = threading.Lock()
        self._model: tuple[Engine, Heads] | None = None

    def extract(self, question: str, windows: Sequence[tuple[str, int]]) -> list[Extraction]:
        pairs = [self._tokenizer.tokenize_pair(question, text, MOST_TOKENS) for text, _ in windows]
        logits = self._logits(pairs)
        return [
            best_span(rows, pair.spans, body)
            for rows, pair, (_, body) in zip(logits, pairs, windows, strict=True)
        ]

    def _logits(self, pairs: Sequence[TokenizedText]) -> list[FloatMatrix]:
        """For each pair (tokens, 2) logits of start and end."""
        engine, heads = self._loaded()
        embeddings = engine.token_embeddings([heads.pieces[pair.ids].tolist() for pair in pairs])
        return [rows @ heads.weights.T + heads.biases for rows in embeddings]

    def _loaded(self) -> tuple[Engine, Heads]:
        with self._lock:
            if self._model is None:
                heads = Heads.load(self._folder / EXTRACTOR_FOLDER / HEADS_FILE)
                threads = Threads(of_a_batch=self._threads)
                self._model = (load_engine(self._folder, threads, EXTRACTOR_FOLDER), heads)
            return self._model


def best_span(logits: FloatMatrix, spans: IntMatrix, body: int) -> Extraction:
    """The span behind the offset `body` with the highest start plus end, from (tokens, 2) logits and spans.

    Its score is that sum less the logits of the first token, which stand for none.
    """
    inside = np.flatnonzero((spans[:, 1] > spans[:, 0]) & (spans[:, 1] > body))
    if not len(inside):
        return Extraction(0, 0, -np.inf)
    sums = logits[inside, 0][:, None] + logits[inside, 1]
    length = np.arange(len(inside)) - np.arange(len(inside))[:, None]
    sums[(length < 0) | (length >= _LONGEST_SPAN)] = -np.inf
    first, last = np.unravel_index(int(sums.argmax()), sums.shape)
    score = float(sums[first, last] - logits[0].sum())
    return Extraction(int(spans[inside[first], 0]), int(spans[inside[last], 1]), score)
