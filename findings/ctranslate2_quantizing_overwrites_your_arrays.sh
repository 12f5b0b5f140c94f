#!/usr/bin/env bash
# Quantizing a ctranslate2 specification overwrites the arrays that its weights were set from.
#
# ctranslate2 4.8.5: an encoder is described in code from NumPy arrays (TransformerEncoderModelSpec) and made int8 by `optimize`.
# Seen: a float32 array that was set as a weight holds multiples of 1/scale up to 127 afterwards, so that a second model made from
# the same arrays (another precision, a variant that shares the embeddings) saves and loads without a word and computes something else.
# An array that reached the specification as a copy, such as one joined from three by np.concatenate, is left alone.
# One would guess that a specification copies or only reads what it is given: `optimize` returns nothing and names no argument.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet ctranslate2==4.8.5 numpy==2.4.6 setuptools==80.9.0
OMP_NUM_THREADS=1 "$folder/venv/bin/python" - "$folder" <<'PY'
import os
import sys
from importlib.metadata import version
import ctranslate2
import numpy as np
from ctranslate2.specs import TransformerEncoderModelSpec, TransformerEncoderSpec
from ctranslate2.specs.common_spec import Activation

SIZE, WORDS = 64, 100
chance = np.random.default_rng(1)
words = chance.normal(0, 1, (WORDS, SIZE)).astype(np.float32)
output = chance.normal(0, 0.1, (SIZE, SIZE)).astype(np.float32)
parts = [chance.normal(0, 0.1, (SIZE, SIZE)).astype(np.float32) for _ in range(3)]
given = {"words": words.copy(), "output": output.copy(), "parts": [part.copy() for part in parts]}
zeros = np.zeros(4 * SIZE, np.float32)
wide, narrow = np.ones((4 * SIZE, SIZE), np.float32) / 99, np.ones((SIZE, 4 * SIZE), np.float32) / 99


def norm(layer):
    layer.gamma, layer.beta = np.ones(SIZE, np.float32), zeros[:SIZE]


def saved(path):
    encoder = TransformerEncoderSpec(1, 4, pre_norm=False, activation=Activation.GELU, layernorm_embedding=True)
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = words
    encoder.position_encodings.encodings = np.zeros((16, SIZE), np.float32)
    norm(encoder.layernorm_embedding)
    layer = encoder.layer[0]
    layer.self_attention.linear[0].weight, layer.self_attention.linear[0].bias = np.concatenate(parts), zeros[: 3 * SIZE]
    layer.self_attention.linear[1].weight, layer.self_attention.linear[1].bias = output, zeros[:SIZE]
    layer.ffn.linear_0.weight, layer.ffn.linear_0.bias = wide.copy(), zeros
    layer.ffn.linear_1.weight, layer.ffn.linear_1.bias = narrow.copy(), zeros[:SIZE]
    norm(layer.self_attention.layer_norm)
    norm(layer.ffn.layer_norm)
    spec = TransformerEncoderModelSpec(encoder)
    spec.register_vocabulary([f"w{number}" for number in range(WORDS)])
    spec.validate()
    spec.optimize("int8")
    os.mkdir(path)
    spec.save(path)
    states = ctranslate2.Encoder(path, compute_type="float32").forward_batch([[3, 14, 15, 92]]).last_hidden_state
    return np.asarray(states).ravel()


first = saved(f"{sys.argv[1]}/first")
print("ctranslate2", version("ctranslate2"))
print("embeddings as given:", np.array_equal(words, given["words"]), "greatest:", float(np.abs(words).max()))
print("output weights as given:", np.array_equal(output, given["output"]))
print("joined weights as given:", all(map(np.array_equal, parts, given["parts"])))
second = saved(f"{sys.argv[1]}/second")
cosine = float(first @ second / np.linalg.norm(first) / np.linalg.norm(second))
print("cosine of the states of a second model from the same arrays:", round(cosine, 3))
changed = not np.array_equal(words, given["words"]) and not np.array_equal(output, given["output"])
sys.exit(not (changed and all(map(np.array_equal, parts, given["parts"])) and cosine < 0.99))
PY
echo "as described"
