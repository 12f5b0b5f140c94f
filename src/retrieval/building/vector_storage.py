"""The vectors of a new index: exact in a small collection, quantized in a large one."""

from __future__ import annotations

import numpy as np

from retrieval.building.embed_passages import EmbeddedTexts
from retrieval.index.vectors import FaissIndex, Int8Tokens, VectorParts
from retrieval.progress import Progress, Stage, no_progress

EXACT_UP_TO = 20_000
"""Passages whose vectors are kept exact: 1 GB, of which 0.9 are tokens. A million would take 60 GB."""


def vector_parts(
    embedded: EmbeddedTexts,
    like: VectorParts | None = None,
    progress: Progress = no_progress,
    exact_up_to: int = EXACT_UP_TO,
) -> VectorParts:
    """Exact vectors of up to so many passages, quantized ones of more; `like` as in `quantized_parts`.

    Quantization is reported at the stage `Stage.QUANTIZING`, in passages.
    """
    passages = len(embedded.paragraphs)
    if passages <= exact_up_to:
        return exact_parts(embedded)
    from retrieval.building.quantized_storage import quantized_parts

    progress(Stage.QUANTIZING, 0, passages)
    return quantized_parts(embedded, like, _in_passages(progress, passages))


def exact_parts(embedded: EmbeddedTexts) -> VectorParts:
    """Vectors in float32, tokens in int8; every search compares with every vector."""
    positions = np.arange(len(embedded.paragraphs), dtype=np.int64)
    return VectorParts(
        paragraphs=FaissIndex.build(embedded.paragraphs, positions),
        sentences=FaissIndex.build(embedded.sentences, embedded.owners),
        tokens=Int8Tokens(embedded.codes, embedded.scales, embedded.starts),
    )


def _in_passages(progress: Progress, passages: int) -> Progress:
    """The callback with counts of vectors scaled to passages."""
    return lambda stage, done, total: progress(stage, passages * done // max(total, 1), passages)
