"""Passages to vectors: each text is embedded once, unless an index of the encoder or the checkpoint has its vectors.

Memory is bounded: keys of all texts (about 150 bytes a passage), one window of passages as texts, one group of texts as
vectors and tokens, one block of rows. The rest is in the checkpoint and in spill files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from retrieval.building.checkpoint import open_checkpoint
from retrieval.building.embedding_batches import MissingTexts, embed_missing
from retrieval.building.reusable_vectors import (
    IndexVectors,
    ReusableVectors,
    VectorLocations,
    VectorSource,
)
from retrieval.building.unique_texts import UniqueTexts
from retrieval.index import Index
from retrieval.index.vectors import TokenCodes
from retrieval.progress import Progress, Stage
from retrieval.storage import SpillFile
from retrieval.types import Encoder, FloatMatrix, FloatVector, IntMatrix, IntVector, Passage, TextKeys

# Rows copied at a time: about 20 MB of tokens.
_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class EmbeddedTexts:
    """All vectors of some passages, in their order.

    The large arrays are mapped from spill files: only the pages in use are in memory.
    """

    paragraphs: FloatMatrix
    """(passages, dimension), unit length."""
    sentences: FloatMatrix
    """(sentences, dimension), unit length."""
    codes: NDArray[np.int8]
    """(tokens, dimension) the tokens of all sentences, one after the other, as `TokenCodes` keeps them."""
    scales: FloatVector
    """(tokens,)"""
    starts: IntVector
    """(sentences + 1,) the first token of each sentence, and the end of the last."""
    owners: IntVector
    """(sentences,) the position of the passage of each."""
    spans: IntMatrix
    """(sentences, 2): start and end of each in the text of its passage."""
    keys: TextKeys


def embed_passages(
    passages: Sequence[Passage],
    encoder: Encoder,
    progress: Progress,
    reuse: Iterable[Index] = (),
    *,
    checkpoint_file: Path | None = None,
) -> EmbeddedTexts:
    """The vectors of all passages; texts that neither the checkpoint nor an index to reuse has are embedded.

    Indexes are requested until all texts are found. New vectors are in the checkpoint as soon as they are computed, and
    stay there when this function returns or is interrupted; without a file the checkpoint is in memory.
    """
    reusable = ReusableVectors[VectorSource](UniqueTexts.from_passages(passages))
    with open_checkpoint(checkpoint_file, encoder.dimension) as checkpoint:
        reusable.look_in(checkpoint)
        look_in_indexes(reusable, reuse, encoder.name)
        embed_missing(passages, MissingTexts.from_reusable(reusable), encoder, checkpoint.add, progress)
        reusable.look_in(checkpoint)
        folder = checkpoint_file.parent if checkpoint_file else None
        return _in_order(reusable, encoder.dimension, folder, progress)


def look_in_indexes(
    reusable: ReusableVectors[VectorSource], indexes: Iterable[Index], encoder_name: str
) -> None:
    """Look the missing texts up in those of the indexes that are of the encoder, until none is missing."""
    remaining = iter(indexes)
    while not reusable.is_complete and (index := next(remaining, None)):
        if index.manifest.encoder == encoder_name:
            reusable.look_in(IndexVectors(index))


def _in_order(
    reusable: ReusableVectors[VectorSource], dimension: int, folder: Path | None, progress: Progress
) -> EmbeddedTexts:
    """The vectors from all sources in the order of the passages, copied to spill files in the folder."""
    if not reusable.is_complete:
        raise AssertionError("a text was embedded and its vector is missing")
    paragraphs = [source.paragraph_vectors for source in reusable.sources]
    sentences = [source.sentence_vectors for source in reusable.sources]
    codes, scales, starts = _tokens_in_order(
        reusable, SpillFile(folder, np.int8, (dimension,)), SpillFile(folder, np.float32), progress
    )
    return EmbeddedTexts(
        paragraphs=vectors_in_order(
            reusable.paragraphs, paragraphs, SpillFile(folder, np.float32, (dimension,))
        ),
        sentences=vectors_in_order(
            reusable.sentences, sentences, SpillFile(folder, np.float32, (dimension,))
        ),
        codes=codes,
        scales=scales,
        starts=starts,
        owners=reusable.texts.owners,
        spans=reusable.texts.spans,
        keys=reusable.texts.keys,
    )


def blocks_of(locations: VectorLocations) -> Iterator[tuple[int, list[tuple[int, IntVector, IntVector]]]]:
    """The size of each block of texts, and for each source its number, offsets in the block and rows in the source."""
    for start in range(0, len(locations.rows), _BLOCK):
        sources, rows = locations.sources[start : start + _BLOCK], locations.rows[start : start + _BLOCK]
        offsets = {number: np.flatnonzero(sources == number) for number in np.unique(sources).tolist()}
        yield len(rows), [(number, at, rows[at]) for number, at in offsets.items()]


def vectors_in_order(
    locations: VectorLocations, readers: Sequence[Callable[[IntVector], FloatMatrix]], file: SpillFile
) -> FloatMatrix:
    """The vectors in the order of the texts, each read from its source."""
    for size, shares in blocks_of(locations):
        block = np.empty((size, *file.shape), np.float32)
        for number, offsets, rows in shares:
            block[offsets] = readers[number](rows)
        file.append(block)
    return cast("FloatMatrix", file.mapped())


def _tokens_in_order(
    reusable: ReusableVectors[VectorSource], codes: SpillFile, scales: SpillFile, progress: Progress
) -> tuple[NDArray[np.int8], FloatVector, IntVector]:
    """Codes, scales and starts, as in `EmbeddedTexts`."""
    lengths, done, total = [np.zeros(1, np.int64)], 0, len(reusable.sentences.rows)
    for size, shares in blocks_of(reusable.sentences):
        progress(Stage.ORDERING, done, total)
        done += size
        block: dict[int, TokenCodes] = {}
        for number, offsets, rows in shares:
            block.update(zip(offsets.tolist(), reusable.sources[number].token_codes(rows), strict=True))
        texts = [block[offset] for offset in range(size)]
        codes.append(np.concatenate([text.codes for text in texts]))
        scales.append(np.concatenate([text.scales for text in texts]))
        lengths.append(np.asarray([len(text.scales) for text in texts]))
    progress(Stage.ORDERING, total, total)
    starts = np.cumsum(np.concatenate(lengths))
    return cast("NDArray[np.int8]", codes.mapped()), cast("FloatVector", scales.mapped()), starts
