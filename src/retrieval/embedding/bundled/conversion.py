"""The weights of a BERT as a model of CTranslate2.

The specification is filled here and not by `ctranslate2.converters`: those load the model through transformers and
torch, need a patched configuration (transformers 5 has no position_embedding_type), and add a pooling layer with random
weights that is computed in vain.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from retrieval.embedding.bundled.vocabulary import Vocabulary
from retrieval.embedding.bundled.weights import Shape

if TYPE_CHECKING:
    from ctranslate2.specs import TransformerEncoderSpec
    from ctranslate2.specs.common_spec import LayerNormSpec, LinearSpec
    from ctranslate2.specs.transformer_spec import TransformerEncoderLayerSpec

Tensors = Mapping[str, NDArray[np.float32]]


def save_ctranslate2(tensors: Tensors, shape: Shape, vocabulary: Vocabulary, folder: Path) -> None:
    """Write the tensors, named as transformers does, to a new folder in int8; float32 is computed from it too.

    The model names the special pieces alone: CTranslate2 reads names only of texts that are given as pieces, and this one
    gets ids. All names take 8 MB of memory and 30 ms, those of the extractor 3 MB and 12 ms. CTranslate2 overwrites the
    array of the word embeddings.
    """
    from ctranslate2.specs import TransformerEncoderModelSpec

    model = TransformerEncoderModelSpec(_encoder(tensors, shape))
    model.register_vocabulary([piece for piece, _ in vocabulary.pieces])  # `validate` wants one name for each
    model.config.layer_norm_epsilon = shape.norm_epsilon
    model.validate()
    model.optimize("int8")
    special = sorted({vocabulary.begin, vocabulary.padding, vocabulary.end, vocabulary.unknown})
    model.register_vocabulary([vocabulary.pieces[number][0] for number in special])
    folder.mkdir()
    model.save(str(folder))


def _encoder(tensors: Tensors, shape: Shape) -> TransformerEncoderSpec:
    from ctranslate2.specs import TransformerEncoderSpec
    from ctranslate2.specs.common_spec import Activation

    encoder = TransformerEncoderSpec(
        shape.layers, shape.heads, pre_norm=False, activation=Activation.GELU, layernorm_embedding=True
    )
    encoder.scale_embeddings = False
    types = tensors["embeddings.token_type_embeddings.weight"]
    encoder.embeddings[0].weight = tensors["embeddings.word_embeddings.weight"]
    encoder.position_encodings.encodings = tensors["embeddings.position_embeddings.weight"] + types[0]
    _set_norm(encoder.layernorm_embedding, tensors, "embeddings.LayerNorm")
    for number, layer in enumerate(encoder.layer):
        _set_layer(layer, tensors, f"encoder.layer.{number}")
    return encoder


def _set_layer(layer: TransformerEncoderLayerSpec, tensors: Tensors, name: str) -> None:
    qkv = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
    _set_linear(layer.self_attention.linear[0], tensors, *qkv)
    _set_linear(layer.self_attention.linear[1], tensors, f"{name}.attention.output.dense")
    _set_norm(layer.self_attention.layer_norm, tensors, f"{name}.attention.output.LayerNorm")
    _set_linear(layer.ffn.linear_0, tensors, f"{name}.intermediate.dense")
    _set_linear(layer.ffn.linear_1, tensors, f"{name}.output.dense")
    _set_norm(layer.ffn.layer_norm, tensors, f"{name}.output.LayerNorm")


def _set_linear(linear: LinearSpec, tensors: Tensors, *names: str) -> None:
    """One layer for all of the names, their results side by side."""
    linear.weight = np.concatenate([tensors[f"{name}.weight"] for name in names])
    linear.bias = np.concatenate([tensors[f"{name}.bias"] for name in names])


def _set_norm(norm: LayerNormSpec, tensors: Tensors, name: str) -> None:
    norm.gamma, norm.beta = tensors[f"{name}.weight"], tensors[f"{name}.bias"]
