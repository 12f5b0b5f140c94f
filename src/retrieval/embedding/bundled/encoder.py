"""The bundled model as an `Encoder`: the vectors of a SentenceTransformer on the same folder, at a fraction of its cost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retrieval.embedding.bundled.bert import BertEncoder, multiplies_bfloat16
from retrieval.embedding.bundled.tokenizer import BundledTokenizer
from retrieval.embedding.bundled.weights import NAME, PROMPTS
from retrieval.storage import row_ranges
from retrieval.types import Encoding, FloatMatrix, IntMatrix

if TYPE_CHECKING:
    from torch import Tensor


class BundledEncoder:
    """Texts are encoded without padding: a text has the same vectors alone and among others, but for rounding."""

    name = NAME

    def __init__(self, model: BertEncoder, tokenizer: BundledTokenizer) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self.dimension = model.dimension

    @classmethod
    def load(cls, folder: Path) -> BundledEncoder:
        """The encoder on the unpacked model in the folder, as precise as is fastest on this processor."""
        model = BertEncoder(folder, packed=multiplies_bfloat16())
        return cls(model, BundledTokenizer(folder, model.longest))

    def encode_queries(self, texts: Sequence[str]) -> Encoding:
        """The texts encoded as questions."""
        return self._encode(texts, PROMPTS["query"])

    def encode_passages(self, texts: Sequence[str]) -> Encoding:
        """The texts encoded as what is searched."""
        return self._encode(texts, PROMPTS["passage"])

    def _encode(self, texts: Sequence[str], prompt: str) -> Encoding:
        if not texts:
            return Encoding(np.zeros((0, self.dimension), np.float32), (), ())
        tokenized = [self._tokenizer.tokenize(prompt + text) for text in texts]
        states = list(self._model.hidden_states([found.numbers for found in tokenized]))
        spans = [np.maximum(found.spans - len(prompt), 0) for found in tokenized]
        return Encoding(
            vectors=row_ranges.unit_rows(np.stack([state.mean(dim=0).numpy() for state in states])),
            tokens=tuple(_tokens(state, span) for state, span in zip(states, spans, strict=True)),
            spans=tuple(span[_is_of_text(span)] for span in spans),
        )


def _tokens(state: Tensor, spans: IntMatrix) -> FloatMatrix:
    return row_ranges.unit_rows(state.numpy()[_is_of_text(spans)])


def _is_of_text(spans: IntMatrix) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """False for the tokens of the prompt and the special ones."""
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = spans[:, 1] > spans[:, 0]
    return found
