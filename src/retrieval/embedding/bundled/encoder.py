"""The bundled model as an `Encoder` without sentence-transformers: the same vectors, without its imports (200 MB, 4 s)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from retrieval.embedding.bundled.engine import Engine, load_engine
from retrieval.embedding.bundled.tokenizer import BundledTokenizer
from retrieval.embedding.bundled.weights import NAME, PROMPTS
from retrieval.storage import row_ranges
from retrieval.types import Encoding, FloatMatrix, FloatVector, IntMatrix, Mask


class BundledEncoder:
    """Encodes without padding: a text has the same vectors alone and among others, but for rounding."""

    name = NAME

    def __init__(self, engine: Engine, tokenizer: BundledTokenizer) -> None:
        self._engine = engine
        self._tokenizer = tokenizer
        self.dimension = engine.dimension

    @classmethod
    def load(cls, folder: Path) -> BundledEncoder:
        """The encoder on the unpacked model in the folder."""
        engine = load_engine(folder)
        return cls(engine, BundledTokenizer(folder, engine.longest))

    def encode_queries(self, texts: Sequence[str]) -> Encoding:
        """Vectors of texts as questions, with the prompt for questions."""
        return self._encode(texts, PROMPTS["query"])

    def encode_passages(self, texts: Sequence[str]) -> Encoding:
        """Vectors of texts as passages, with the prompt for passages."""
        return self._encode(texts, PROMPTS["passage"])

    def _encode(self, texts: Sequence[str], prompt: str) -> Encoding:
        if not texts:
            return Encoding(np.zeros((0, self.dimension), np.float32), (), ())
        tokenized = [self._tokenizer.tokenize(prompt + text) for text in texts]
        embeddings = self._engine.token_embeddings([text.ids for text in tokenized])
        spans = [np.maximum(text.spans - len(prompt), 0) for text in tokenized]
        return Encoding(
            vectors=row_ranges.unit_rows(np.stack(list(map(_mean, embeddings)))),
            tokens=tuple(
                row_ranges.unit_rows(rows[_is_of_text(span)])
                for rows, span in zip(embeddings, spans, strict=True)
            ),
            spans=tuple(span[_is_of_text(span)] for span in spans),
        )


def _mean(rows: FloatMatrix) -> FloatVector:
    """The mean of the rows, added up in the order in which torch adds, as Pooling does."""
    import torch

    return torch.from_numpy(rows).mean(dim=0).numpy()


def _is_of_text(spans: IntMatrix) -> Mask:
    """False for the tokens of the prompt and the special ones."""
    return np.asarray(spans[:, 1] > spans[:, 0])
