#!/usr/bin/env bash
# The embedding of a text depends on how wide it is padded, and not on the texts beside it.
#
# ctranslate2 4.8.5 on an AMD EPYC, a BERT-like encoder of random weights in int8; padding is masked by the lengths that go with the batch.
# Seen: a text in a list with longer ones has other values than alone for some lengths, and so has a text that is padded with
# nothing beside it. Padded to the same width, alone (a StorageView with its length) and in any batch, it has equal bytes.
# One would guess that masked padding changes nothing, or else that the neighbours in a batch do: so one gives up batches of
# mixed lengths where vectors have to repeat. Padding every text to a multiple of eight, alone too, is enough.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet ctranslate2==4.8.5 numpy==2.4.6 setuptools==80.9.0
OMP_NUM_THREADS=1 "$folder/venv/bin/python" - "$folder/model" <<'PY'
import os
import sys
from importlib.metadata import version
import ctranslate2
import numpy as np
from ctranslate2 import StorageView
from ctranslate2.specs import TransformerEncoderModelSpec, TransformerEncoderSpec
from ctranslate2.specs.common_spec import Activation

LAYERS, HEADS, SIZE, WORDS, POSITIONS = 6, 12, 384, 500, 64
chance = np.random.default_rng(7)


def fill(linear, rows, columns):
    linear.weight = chance.normal(0, 0.05, (rows, columns)).astype(np.float32)
    linear.bias = np.zeros(rows, np.float32)


def norm(layer):
    layer.gamma, layer.beta = np.ones(SIZE, np.float32), np.zeros(SIZE, np.float32)


encoder = TransformerEncoderSpec(LAYERS, HEADS, pre_norm=False, activation=Activation.GELU, layernorm_embedding=True)
encoder.scale_embeddings = False
encoder.embeddings[0].weight = chance.normal(0, 1, (WORDS, SIZE)).astype(np.float32)
encoder.position_encodings.encodings = chance.normal(0, 1, (POSITIONS, SIZE)).astype(np.float32)
norm(encoder.layernorm_embedding)
for layer in encoder.layer:
    fill(layer.self_attention.linear[0], 3 * SIZE, SIZE)
    fill(layer.self_attention.linear[1], SIZE, SIZE)
    norm(layer.self_attention.layer_norm)
    fill(layer.ffn.linear_0, 4 * SIZE, SIZE)
    fill(layer.ffn.linear_1, SIZE, 4 * SIZE)
    norm(layer.ffn.layer_norm)
spec = TransformerEncoderModelSpec(encoder)
spec.register_vocabulary([f"w{number}" for number in range(WORDS)])
spec.validate()
spec.optimize("int8")
os.mkdir(sys.argv[1])
spec.save(sys.argv[1])
model = ctranslate2.Encoder(sys.argv[1], compute_type="int8", intra_threads=1)


def listed(texts):
    states = np.asarray(model.forward_batch(texts).last_hidden_state)
    return [row[: len(text)] for row, text in zip(states, texts)]


def padded(texts, width):
    ids = np.zeros((len(texts), width), np.int32)
    for row, text in zip(ids, texts):
        row[: len(text)] = text
    lengths = StorageView.from_array(np.array([len(text) for text in texts], np.int32))
    states = np.asarray(model.forward_batch(StorageView.from_array(ids), lengths).last_hidden_state)
    return [row[: len(text)] for row, text in zip(states, texts)]


WIDTH = 40
texts = [chance.integers(1, WORDS, length).tolist() for length in range(5, WIDTH + 1)]
alone = [listed([text])[0] for text in texts]
together = listed(texts)
wide = [padded([text], WIDTH)[0] for text in texts]
differ = lambda one, other: sum(not np.array_equal(a, b) for a, b in zip(one, other))
print("ctranslate2", version("ctranslate2"), "texts:", len(texts))
print("alone and in a list with longer texts, different:", differ(alone, together))
print("alone and alone with padding, different:", differ(alone, wide))
print("alone with padding and in a batch of that width, different:", differ(wide, padded(texts, WIDTH)))
print("the same and in the list of all, different:", differ(wide, together))
sys.exit(not (differ(alone, together) and differ(alone, wide) and not differ(wide, padded(texts, WIDTH)) and not differ(wide, together)))
PY
echo "as described"
