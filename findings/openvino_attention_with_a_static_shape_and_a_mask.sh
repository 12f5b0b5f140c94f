#!/usr/bin/env bash
# OpenVINO gives a wrong attention for a fixed length with a mask of zeros, in the precision that it chooses by itself.
#
# openvino 2026.4.1, CPU, a processor with bfloat16 instructions (avx512_bf16 or amx_bf16), where its precision by default is bf16:
# `scaled_dot_product_attention` of one input of 16 positions, 12 heads of 32. Seen: with a float32 mask that hides nothing and a
# static shape the result is unrelated to the right one (cosine near 0 to numpy), without an error or a warning. The same model is right
# without the mask, with the mask and a dynamic length, and with INFERENCE_PRECISION_HINT f32.
# One would guess that a mask of zeros changes nothing, and that fixing the length, the usual advice for speed, changes the time alone.
# On a processor without bfloat16 the default is float32 and right: the script says so and shows nothing.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
grep -qE 'avx512_bf16|amx_bf16' /proc/cpuinfo || { echo "no bfloat16 instructions here: nothing to show"; exit 0; }
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet openvino==2026.4.1 numpy==2.4.6
OMP_NUM_THREADS=1 "$folder/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version
import numpy as np
import openvino as ov
import openvino.opset15 as op

LENGTH, HEADS, SIZE = 16, 12, 32
core, chance = ov.Core(), np.random.default_rng(0)
inputs = chance.standard_normal((1, LENGTH, HEADS * SIZE)).astype(np.float32)
mask = np.zeros((1, 1, 1, LENGTH), np.float32)
order = op.constant(np.array([0, 2, 1, 3]))


def attention(length, masked):
    x = op.parameter([1, length, HEADS * SIZE], np.float32)
    given = [x] + ([op.parameter([1, 1, 1, length], np.float32)] if masked else [])
    heads = op.transpose(op.reshape(x, op.constant(np.array([0, 0, HEADS, SIZE])), True), order)
    mixed = op.transpose(op.scaled_dot_product_attention(heads, heads, heads, *given[1:]), order)
    flat = op.reshape(mixed, op.constant(np.array([0, 0, HEADS * SIZE])), True)
    return ov.Model([op.result(flat)], given, "attention")


def in_numpy():
    heads = inputs.reshape(LENGTH, HEADS, SIZE).transpose(1, 0, 2).astype(np.float64)
    scores = heads @ heads.transpose(0, 2, 1) / np.sqrt(SIZE)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    return (weights @ heads).transpose(1, 0, 2).ravel()


def cosine(length, masked, **settings):
    model = core.compile_model(attention(length, masked), "CPU", settings)
    result = model([inputs, mask] if masked else [inputs])[0].astype(np.float64).ravel()
    right = in_numpy()
    return float(result @ right / np.linalg.norm(result) / np.linalg.norm(right))


precision = core.compile_model(attention(LENGTH, True), "CPU").get_property("INFERENCE_PRECISION_HINT")
print("openvino", version("openvino"), "precision by default:", precision)
seen = {
    "static, mask of zeros": cosine(LENGTH, True),
    "static, no mask": cosine(LENGTH, False),
    "dynamic, mask of zeros": cosine(-1, True),
    "static, mask of zeros, f32": cosine(LENGTH, True, INFERENCE_PRECISION_HINT="f32"),
}
for name, value in seen.items():
    print(f"{name}: cosine to numpy {value:.4f}")
wrong, *right = seen.values()
sys.exit(not (wrong < 0.5 and min(right) > 0.99))
PY
echo "as described"
