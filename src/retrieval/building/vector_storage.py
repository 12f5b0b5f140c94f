"""The vectors of a new index: exact in a small collection, quantized in a large one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.building.embed_passages import embed_passages
from retrieval.index import Index
from retrieval.index.vectors import FaissIndex, Int8Tokens, VectorParts
from retrieval.progress import Progress, Stage
from retrieval.types import Encoder, IntMatrix, Passage, TextKeys

EXACT_UP_TO = 20_000
"""Passages whose vectors are kept exact: 1 GB, of which 0.9 are tokens. A million would take 60 GB."""


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """The vectors of some passages, with the spans and keys of their texts as an index keeps them."""

    vectors: VectorParts
    spans: IntMatrix
    keys: TextKeys


def exact_vectors(
    passages: Sequence[Passage],
    encoder: Encoder,
    progress: Progress,
    reuse: Iterable[Index] = (),
    *,
    checkpoint_file: Path | None = None,
) -> PassageVectors:
    """Vectors in float32, tokens in int8; every search compares with every vector. As `embed_passages`."""
    embedded = embed_passages(passages, encoder, progress, reuse, checkpoint_file=checkpoint_file)
    positions = np.arange(len(embedded.paragraphs), dtype=np.int64)
    vectors = VectorParts(
        paragraphs=FaissIndex.build(embedded.paragraphs, positions),
        sentences=FaissIndex.build(embedded.sentences, embedded.owners),
        tokens=Int8Tokens(embedded.codes, embedded.scales, embedded.starts),
    )
    return PassageVectors(vectors, embedded.spans, embedded.keys)


def quantized_vectors(
    passages: Sequence[Passage],
    encoder: Encoder,
    progress: Progress,
    reuse: Iterable[Index] = (),
    *,
    checkpoint_file: Path | None = None,
) -> PassageVectors:
    """Vectors in a fifteenth of the space, with the training of a quantized index to reuse. As `embed_coded`.

    The lists of the paragraphs are reported at the stage `Stage.QUANTIZING`.
    """
    from retrieval.building.embed_coded import embed_coded
    from retrieval.building.quantized_storage import quantized_parts

    coded = embed_coded(passages, encoder, progress, reuse, checkpoint_file=checkpoint_file)
    progress(Stage.QUANTIZING, 0, len(passages))
    vectors = quantized_parts(coded)
    progress(Stage.QUANTIZING, len(passages), len(passages))
    return PassageVectors(vectors, coded.spans, coded.keys)
