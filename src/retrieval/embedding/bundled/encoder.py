"""The bundled model as an `Encoder` without sentence-transformers: the same vectors, without its imports (400 MB, 5 s)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from retrieval.embedding.bundled.engine import Engine, Threads, load_engine
from retrieval.embedding.bundled.extractor import BundledExtractor
from retrieval.embedding.bundled.known_vector import check_known_vector
from retrieval.embedding.bundled.model_folder import encoder_name
from retrieval.embedding.bundled.tokenizer import BundledTokenizer
from retrieval.embedding.bundled.weights import NAME, PROMPTS
from retrieval.storage import row_ranges
from retrieval.types import Encoding, Extractor, IntMatrix, Mask


class BundledEncoder:
    """A text has the same vectors, byte for byte, alone and among others."""

    def __init__(
        self,
        engine: Engine,
        tokenizer: BundledTokenizer,
        name: str = NAME,
        extractor: Extractor | None = None,
    ) -> None:
        self.name = name
        self.extractor = extractor
        self._engine = engine
        self._tokenizer = tokenizer
        self.dimension = engine.dimension

    @classmethod
    def load(cls, folder: Path, threads: int = 1, *, extraction: bool = True) -> BundledEncoder:
        """The encoder on the unpacked model in the folder; raises BulletinBotError if it computes wrong vectors."""
        engine = load_engine(folder, Threads(of_a_batch=threads))
        tokenizer = BundledTokenizer(folder, engine.longest)
        extractor = BundledExtractor(folder, tokenizer, threads) if extraction else None
        encoder = cls(engine, tokenizer, encoder_name(folder), extractor)
        check_known_vector(encoder)
        return encoder

    def encode_queries(self, texts: Sequence[str]) -> Encoding:
        """Vectors of texts as questions, with the prompt for questions."""
        return self._encode(texts, PROMPTS["query"])

    def encode_passages(self, texts: Sequence[str]) -> Encoding:
        """Vectors of texts as passages, with the prompt for passages."""
        return self._encode(texts, PROMPTS["passage"])

    def _encode(self, texts: Sequence[str], prompt: str) -> Encoding:
        if not texts:
            return Encoding(np.zeros((0, self.dimension), np.float32), (), ())
        tokenized = [self._tokenizer.tokenize(text, prompt) for text in texts]
        embeddings = self._engine.token_embeddings([text.ids for text in tokenized])
        masks = [_is_of_text(text.spans) for text in tokenized]
        return Encoding(
            vectors=row_ranges.unit_rows(np.stack([rows.mean(axis=0) for rows in embeddings])),
            tokens=tuple(
                row_ranges.unit_rows(rows[mask]) for rows, mask in zip(embeddings, masks, strict=True)
            ),
            spans=tuple(text.spans[mask] for text, mask in zip(tokenized, masks, strict=True)),
        )


def _is_of_text(spans: IntMatrix) -> Mask:
    """False for the tokens of the prompt and the special ones."""
    return np.asarray(spans[:, 1] > spans[:, 0])
