"""Texts to vectors, each text once: what a generation of the same encoder or a build broken off knows is not embedded again.

Memory is bounded: keys of all texts (about 150 bytes a passage), and besides one window of passages as texts, one
group of texts as vectors and tokens, one block of rows. All else lies in the journal and in files without a name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from retrieval.building.checkpoint import open_checkpoint
from retrieval.building.embedding_batches import embed_unknown
from retrieval.building.reusable_vectors import IndexVectors, Known, VectorLocations
from retrieval.building.unique_texts import UniqueTexts
from retrieval.index import Index, TextKeys
from retrieval.index.vectors import TokenCodes
from retrieval.progress import Progress, Stage
from retrieval.storage import SpillFile
from retrieval.types import Encoder, FloatMatrix, FloatVector, IntMatrix, IntVector, Passage

# Rows put in order at a time: about 20 MB of tokens.
_BLOCK = 1024


@dataclass(frozen=True, slots=True)
class EmbeddedTexts:
    """All that is embedded of some passages, in their order.

    The large arrays are mapped from files without a name: only what is used of them comes into memory.
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
    """(sentences + 1,) where the tokens of each sentence begin; the last is where they end."""
    owners: IntVector
    """(sentences,) the position of the passage of each."""
    spans: IntMatrix
    """(sentences, 2): where each stands in the text of its passage."""
    keys: TextKeys


def embed_passages(
    passages: Sequence[Passage],
    encoder: Encoder,
    progress: Progress,
    reuse: Iterable[Index] = (),
    *,
    journal_file: Path | None = None,
) -> EmbeddedTexts:
    """Everything embedded: what neither the journal nor one of the generations knows is embedded now.

    No generation is asked for once everything is known. What is embedded stands in the journal as soon as it is, and
    stays there when this returns or is broken off; without a file it is kept in memory.
    """
    table = UniqueTexts.of(passages)
    with open_checkpoint(journal_file, encoder.dimension) as journal:
        known = Known(table)
        known.ask(journal)
        _ask_generations(known, reuse, encoder.name)
        embed_unknown(passages, known, encoder, journal, progress)
        known.ask(journal)
        return _in_order(known, encoder.dimension, journal_file.parent if journal_file else None, progress)


def _ask_generations(known: Known, indexes: Iterable[Index], encoder_name: str) -> None:
    remaining = iter(indexes)
    while not known.is_complete and (index := next(remaining, None)):
        if index.manifest.encoder == encoder_name:
            known.ask(IndexVectors(index))


def _in_order(known: Known, dimension: int, folder: Path | None, progress: Progress) -> EmbeddedTexts:
    """What the sources know, as the passages stand."""
    if not known.is_complete:
        raise AssertionError("a text was embedded and is not known")
    paragraphs = [source.paragraph_vectors for source in known.sources]
    sentences = [source.sentence_vectors for source in known.sources]
    codes, scales, starts = _tokens_in_order(
        known, SpillFile(folder, np.int8, (dimension,)), SpillFile(folder, np.float32), progress
    )
    return EmbeddedTexts(
        paragraphs=_vectors_in_order(
            known.paragraphs, paragraphs, SpillFile(folder, np.float32, (dimension,))
        ),
        sentences=_vectors_in_order(known.sentences, sentences, SpillFile(folder, np.float32, (dimension,))),
        codes=codes,
        scales=scales,
        starts=starts,
        owners=known.table.owners,
        spans=known.table.spans,
        keys=known.table.keys,
    )


def _blocks(found: VectorLocations) -> Iterator[tuple[int, list[tuple[int, IntVector, IntVector]]]]:
    """Of each block of rows its size, and for each source its number, the spots in the block and its own rows there."""
    for start in range(0, len(found.rows), _BLOCK):
        sources, rows = found.sources[start : start + _BLOCK], found.rows[start : start + _BLOCK]
        spots = ((number, np.flatnonzero(sources == number)) for number in np.unique(sources).tolist())
        yield len(rows), [(number, spot, rows[spot]) for number, spot in spots]


def _vectors_in_order(
    found: VectorLocations, readers: Sequence[Callable[[IntVector], FloatMatrix]], file: SpillFile
) -> FloatMatrix:
    for size, shares in _blocks(found):
        block = np.empty((size, *file.shape), np.float32)
        for number, spots, rows in shares:
            block[spots] = readers[number](rows)
        file.append(block)
    return cast("FloatMatrix", file.mapped())


def _tokens_in_order(
    known: Known, codes: SpillFile, scales: SpillFile, progress: Progress
) -> tuple[NDArray[np.int8], FloatVector, IntVector]:
    lengths, done, total = [np.zeros(1, np.int64)], 0, len(known.sentences.rows)
    for size, shares in _blocks(known.sentences):
        progress(Stage.ORDERING, done, total)
        done += size
        block: dict[int, TokenCodes] = {}
        for number, spots, rows in shares:
            block.update(zip(spots.tolist(), known.sources[number].token_codes(rows), strict=True))
        texts = [block[spot] for spot in range(size)]
        codes.append(np.concatenate([text.codes for text in texts]))
        scales.append(np.concatenate([text.scales for text in texts]))
        lengths.append(np.asarray([len(text.scales) for text in texts]))
    progress(Stage.ORDERING, total, total)
    starts = np.cumsum(np.concatenate(lengths))
    return cast("NDArray[np.int8]", codes.mapped()), cast("FloatVector", scales.mapped()), starts
