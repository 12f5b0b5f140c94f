"""The bundled model's forward pass: bfloat16 weights packed for the processor, texts laid end to end without padding.

The same arithmetic as transformers' BertModel (Devlin et al. 2018, arXiv:1810.04805), without its imports (200 MB, 4 s
of processor time) and its overhead. Where the processor multiplies bfloat16 the linear layers do, and everything
between them stays float32: the tests hold the cosine to plain float32 above 0.9999 for a text and 0.9995 for a token.
Elsewhere all is float32.
"""

from __future__ import annotations

import itertools
import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import numpy as np

from retrieval.storage import array_files
from retrieval.types import FloatMatrix

if TYPE_CHECKING:
    from safetensors import safe_open
    from torch import Tensor

_WEIGHTS = "model.safetensors"
_BYTES_OF_FLOAT32 = 4
# Rows that the packed weights are laid out for: about the tokens of a question.
_USUAL_ROWS = 24
# Tokens of one pass: chosen to bound memory, not measured.
_TOKENS_AT_ONCE = 1024
# Up to so many tokens threads wait for each other longer than they help: a question takes 11 ms in one, 14 in two.
_TOKENS_OF_ONE_THREAD = 96
# oneDNN keeps about 3 MB of code for every number of rows that it meets: there are to be few.
_FEWEST_ROWS = 8
_STEPS_OF_AN_OCTAVE = 4

Activation = Literal["none", "gelu"]


def multiplies_bfloat16() -> bool:
    """Whether this processor has bfloat16 instructions; without them bfloat16 is slower than float32."""
    import torch

    has_instructions = bool(torch.cpu.get_capabilities().get("avx512_bf16"))
    return has_instructions and bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


@dataclass(frozen=True, slots=True)
class _Linear:
    weight: Tensor
    bias: Tensor
    is_packed: bool

    @classmethod
    def of(cls, weight: Tensor, bias: Tensor, *, packed: bool) -> _Linear:
        """As it is, or in bfloat16 in the layout that oneDNN multiplies fastest."""
        import torch

        if not packed:
            return cls(weight, bias, is_packed=False)
        reordered = torch.ops.mkldnn._reorder_linear_weight(weight.bfloat16(), _USUAL_ROWS)
        return cls(reordered, bias.bfloat16(), is_packed=True)

    def forward(self, rows: Tensor, activation: Activation = "none") -> Tensor:
        import torch
        from torch.nn import functional

        if self.is_packed:
            how = "none" if activation == "gelu" else ""  # of GELU: the exact one, not by tanh
            product = torch.ops.mkldnn._linear_pointwise(
                rows.bfloat16(), self.weight, self.bias, activation, [], how
            )
            return cast("Tensor", product)
        product = functional.linear(rows, self.weight, self.bias)
        return functional.gelu(product) if activation == "gelu" else product


@dataclass(frozen=True, slots=True)
class _Norm:
    weight: Tensor
    bias: Tensor
    epsilon: float

    def forward(self, rows: Tensor) -> Tensor:
        from torch.nn import functional

        return functional.layer_norm(rows, self.weight.shape, self.weight, self.bias, self.epsilon)


@dataclass(frozen=True, slots=True)
class _Layer:
    qkv: _Linear
    """Queries, keys and values in one."""
    attention_output: _Linear
    attention_norm: _Norm
    intermediate: _Linear
    output: _Linear
    output_norm: _Norm
    heads: int

    def forward(self, rows: Tensor, lengths: Sequence[int]) -> Tensor:
        context = self._attend(self.qkv.forward(rows), lengths)
        rows = self.attention_norm.forward(rows + self.attention_output.forward(context))
        widened = self.intermediate.forward(rows, "gelu")
        return self.output_norm.forward(rows + self.output.forward(widened))

    def _attend(self, projected: Tensor, lengths: Sequence[int]) -> Tensor:
        """Each text attends to itself alone: nothing is padded, and no text depends on what it is read with."""
        import torch
        from torch.nn import functional

        contexts = []
        for text in torch.split(projected, list(lengths)):
            queries, keys, values = text.view(1, len(text), 3, self.heads, -1).permute(2, 0, 3, 1, 4)
            context = functional.scaled_dot_product_attention(queries, keys, values)
            contexts.append(context.transpose(1, 2).reshape(len(text), -1))
        return contexts[0] if len(contexts) == 1 else torch.cat(contexts)


class BertEncoder:
    """An `Engine` on torch; immutable, so any number of threads may share it."""

    def __init__(self, folder: Path, *, packed: bool) -> None:
        """Read `config.json` and `model.safetensors` of the folder.

        The word embeddings (164 MB) stay on disk: only the rows of tokens that occur are read, as they occur.
        """
        import torch
        from safetensors import safe_open

        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.dimension = int(config["hidden_size"])
        self.longest = int(config["max_position_embeddings"])
        with safe_open(folder / _WEIGHTS, "pt") as weights:
            reader = _Reader(weights, config["layer_norm_eps"], config["num_attention_heads"], packed)
            types = reader.tensor("embeddings.token_type_embeddings.weight")
            self._positions = reader.tensor("embeddings.position_embeddings.weight") + types[0]
            self._norm = reader.norm("embeddings.LayerNorm")
            self._layers = [reader.layer(number) for number in range(config["num_hidden_layers"])]
        self._words = _rows_of(folder / _WEIGHTS, "embeddings.word_embeddings.weight")
        self._threads = torch.get_num_threads()
        torch.set_num_threads(1)  # for small products elsewhere, such as late interaction

    def token_embeddings(self, ids: Sequence[Sequence[int]]) -> list[FloatMatrix]:
        import torch

        with torch.inference_mode():
            return [rows.numpy() for batch in _batches(ids) for rows in self._forward(batch)]

    def _forward(self, texts: Sequence[Sequence[int]]) -> tuple[Tensor, ...]:
        import torch

        filler = [0] * _missing_rows(sum(map(len, texts)))
        batch = [*texts, filler] if filler else texts
        lengths = [len(text) for text in batch]
        torch.set_num_threads(1 if sum(lengths) <= _TOKENS_OF_ONE_THREAD else self._threads)
        words = self._words[np.array(list(itertools.chain.from_iterable(batch)))].view(np.float32)
        positions = torch.cat([torch.arange(length) for length in lengths])
        rows = self._norm.forward(torch.from_numpy(words) + self._positions[positions])
        for layer in self._layers:
            rows = layer.forward(rows, lengths)
        return torch.split(rows, lengths)[: len(texts)]


def _missing_rows(rows: int) -> int:
    """Rows missing to one of few numbers: the multiples of 8 up to 64, and four between a power of 2 and the next."""
    octave = 1 << (rows - 1).bit_length()
    return -rows % max(_FEWEST_ROWS, octave // (2 * _STEPS_OF_AN_OCTAVE))


def _batches(texts: Sequence[Sequence[int]]) -> Iterator[list[Sequence[int]]]:
    """The texts in order, as many at a time as one pass takes; always at least one."""
    batch: list[Sequence[int]] = []
    for text in texts:
        if batch and sum(map(len, batch)) + len(text) > _TOKENS_AT_ONCE:
            yield batch
            batch = []
        batch.append(text)
    if batch:
        yield batch


def _rows_of(path: Path, name: str) -> array_files.RowReader:
    """The rows of a matrix in a file that `safe_open` has found whole: eight bytes of a length, so much JSON, the tensors.

    See https://github.com/huggingface/safetensors.
    """
    with path.open("rb") as opened:
        (length,) = struct.unpack("<Q", opened.read(8))
        described = json.loads(opened.read(length))[name]
    count, width = described["shape"]
    return array_files.RowReader(
        path, 8 + length + described["data_offsets"][0], count, width * _BYTES_OF_FLOAT32
    )


def _tensor(weights: safe_open, name: str) -> Tensor:
    """A view of the mapped file."""
    return cast("Tensor", weights.get_tensor(name))  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class _Reader:
    """The parts of the model by their names in the file."""

    weights: safe_open
    epsilon: float
    heads: int
    packed: bool

    def tensor(self, name: str) -> Tensor:
        """A copy of it, so that the file it was read from need not stay mapped."""
        return _tensor(self.weights, name).clone()

    def linear(self, *names: str) -> _Linear:
        """One layer for all of the names, their results side by side."""
        import torch

        weight, bias = (
            torch.cat([self.tensor(f"{name}.{part}") for name in names]) for part in ("weight", "bias")
        )
        return _Linear.of(weight, bias, packed=self.packed)

    def norm(self, name: str) -> _Norm:
        return _Norm(self.tensor(f"{name}.weight"), self.tensor(f"{name}.bias"), self.epsilon)

    def layer(self, number: int) -> _Layer:
        layer = f"encoder.layer.{number}"
        attention = f"{layer}.attention.self"
        return _Layer(
            qkv=self.linear(f"{attention}.query", f"{attention}.key", f"{attention}.value"),
            attention_output=self.linear(f"{layer}.attention.output.dense"),
            attention_norm=self.norm(f"{layer}.attention.output.LayerNorm"),
            intermediate=self.linear(f"{layer}.intermediate.dense"),
            output=self.linear(f"{layer}.output.dense"),
            output_norm=self.norm(f"{layer}.output.LayerNorm"),
            heads=self.heads,
        )
