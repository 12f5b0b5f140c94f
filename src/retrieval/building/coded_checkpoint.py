"""The part of a checkpoint that a large collection uses: sentences coded as they are embedded, a tenth of their size.

A row takes a hundred bytes and 6 a token, an exact one 2 KB and 388 a token.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import fields

import numpy as np

from retrieval.building.checkpoint import Checkpoint, SentenceVectors
from retrieval.index.quantized import CodedTexts, ProductQuantizer, Quantizers
from retrieval.types import FloatMatrix, FloatVector, IntVector, TextKeys

_ARRAYS = tuple(part.name for part in fields(ProductQuantizer))
_NAMES = tuple(f"{of}.{name}" for of in ("sentences", "tokens") for name in _ARRAYS)


class CodedCheckpoint:
    """Vectors of paragraphs, codes of sentences and of their tokens, all by the quantizers that the checkpoint keeps."""

    def __init__(self, checkpoint: Checkpoint, quantizers: Quantizers) -> None:
        self._checkpoint = checkpoint
        self._file = checkpoint.file
        self._quantizers = quantizers

    @property
    def keys(self) -> TextKeys:
        """The keys of all rows."""
        return TextKeys(self._file.keys("paragraphs"), self._file.keys("coded_sentences"))

    def add(
        self, paragraphs: Mapping[bytes, FloatVector], sentences: Mapping[bytes, SentenceVectors]
    ) -> None:
        """As `Checkpoint.add`, with the sentences coded."""
        coded = self._quantizers.encode(
            np.stack([vector for vector, _ in sentences.values()])
            if sentences
            else np.zeros((0, self._checkpoint.dimension), np.float32),
            [tokens.vectors for _, tokens in sentences.values()],
        )
        parts = np.split(coded.tokens, np.cumsum(coded.counts)[:-1]) if sentences else []
        self._file.add(
            {
                "paragraphs": ((key, vector.tobytes()) for key, vector in paragraphs.items()),
                "coded_sentences": (
                    (key, vector.tobytes(), tokens.tobytes())
                    for key, vector, tokens in zip(sentences, coded.vectors, parts, strict=True)
                ),
            }
        )

    def paragraph_vectors(self, rows: IntVector) -> FloatMatrix:
        """(rows, dimension) in the order given; rows are counted among the paragraphs."""
        return self._checkpoint.paragraph_vectors(rows)

    def coded(self, rows: IntVector) -> CodedTexts:
        """These sentences, in the order given."""
        contents = list(self._file.read("coded_sentences", rows, "vector", "tokens"))
        sentence_bytes, token_bytes = self._quantizers.sentences.row_bytes, self._quantizers.tokens.row_bytes
        return CodedTexts(
            np.frombuffer(b"".join(vector for vector, _ in contents), np.uint8).reshape(-1, sentence_bytes),
            np.frombuffer(b"".join(tokens for _, tokens in contents), np.uint8).reshape(-1, token_bytes),
            np.asarray([len(tokens) // token_bytes for _, tokens in contents], np.int64),
        )


def kept_quantizers(checkpoint: Checkpoint) -> Quantizers | None:
    """The quantizers of the rows that are coded, None before there are any."""
    if checkpoint.file.is_empty or not len(checkpoint.file.keys("quantizers")):
        return None
    contents = checkpoint.file.read("quantizers", np.arange(len(_NAMES)), "array")
    arrays = [np.load(io.BytesIO(array), allow_pickle=False) for (array,) in contents]
    return Quantizers(ProductQuantizer(*arrays[: len(_ARRAYS)]), ProductQuantizer(*arrays[len(_ARRAYS) :]))


def keep_quantizers(checkpoint: Checkpoint, quantizers: Quantizers) -> None:
    """Keep the quantizers for a build that continues this one; raises BulletinBotError if they cannot be written."""
    arrays = (
        getattr(quantizer, name)
        for quantizer in (quantizers.sentences, quantizers.tokens)
        for name in _ARRAYS
    )
    checkpoint.file.add(
        {
            "quantizers": [
                (name.encode().ljust(16, b"\0")[:16], _as_bytes(array))
                for name, array in zip(_NAMES, arrays, strict=True)
            ]
        }
    )


def _as_bytes(array: FloatMatrix) -> bytes:
    content = io.BytesIO()
    np.save(content, array, allow_pickle=False)
    return content.getvalue()
