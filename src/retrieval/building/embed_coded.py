"""Passages of a large collection to codes, each sentence coded as soon as it is embedded.

The quantizers are those of the build that is continued, or of the index that is rebuilt. Where there are none, sentences
evenly spread over the whole collection are embedded first and the quantizers trained on them, as they would be if all were
embedded: of the rest nothing but codes is ever written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

import numpy as np

from retrieval.building.checkpoint import Checkpoint, open_checkpoint
from retrieval.building.coded_checkpoint import CodedCheckpoint, keep_quantizers, kept_quantizers
from retrieval.building.embed_passages import blocks_of, look_in_indexes, vectors_in_order
from retrieval.building.embedding_batches import MissingTexts, embed_missing
from retrieval.building.quantized_storage import CodedPassages, train_quantizers
from retrieval.building.reusable_vectors import ReusableVectors, TextSource, VectorSource
from retrieval.building.unique_texts import UniqueTexts
from retrieval.index import Index
from retrieval.index.quantized import (
    CodedTexts,
    Codes,
    QuantizedSentences,
    QuantizedTokens,
    Quantizers,
)
from retrieval.index.vectors import TokenCodes
from retrieval.progress import Progress, Stage
from retrieval.storage import SpillFile, row_ranges
from retrieval.types import Encoder, FloatMatrix, IntVector, Passage, TextKeys

# Sentences that the quantizers are trained on, forty for each of 256 centroids, and tokens of each: 190 MB.
_SENTENCES_TRAINED_ON, _TOKENS_OF_EACH = 10_240, 12
_BLOCK = 1024


class _CodedSource(TextSource, Protocol):
    """Codes of the sentences by row."""

    def coded(self, rows: IntVector) -> CodedTexts: ...


def embed_coded(
    passages: Sequence[Passage],
    encoder: Encoder,
    progress: Progress,
    reuse: Iterable[Index] = (),
    *,
    checkpoint_file: Path | None = None,
) -> CodedPassages:
    """As `embed_passages`, with sentences and tokens coded."""
    exact = ReusableVectors[VectorSource](UniqueTexts.from_passages(passages))
    with open_checkpoint(checkpoint_file, encoder.dimension) as checkpoint:
        exact.look_in(checkpoint)
        look_in_indexes(exact, reuse, encoder.name)
        like = next((source.index for source in exact.sources if _is_quantized(source.index)), None)
        kept = kept_quantizers(checkpoint) or (quantizers_of(like) if like else None)
        quantizers, rest = (
            (kept, progress) if kept else _trained(passages, exact, encoder, checkpoint, progress)
        )
        own = CodedCheckpoint(checkpoint, quantizers)
        coded = _coded_sources(exact, own, quantizers)
        missing = MissingTexts.from_reusable(coded)
        if missing.characters and not kept_quantizers(checkpoint):
            keep_quantizers(checkpoint, quantizers)
        embed_missing(passages, missing, encoder, own.add, rest)
        coded.look_in(own)
        folder = checkpoint_file.parent if checkpoint_file else None
        return _in_order(coded, quantizers, like, folder, progress)


def quantizers_of(index: Index) -> Quantizers:
    """The quantizers of a quantized index."""
    sentences, tokens = cast("QuantizedSentences", index.sentences), cast("QuantizedTokens", index.tokens)
    return Quantizers(sentences.quantizer, tokens.quantizer)


def _is_quantized(index: Index | None) -> bool:
    return index is not None and index.tokens.is_quantized


def _trained(
    passages: Sequence[Passage],
    exact: ReusableVectors[VectorSource],
    encoder: Encoder,
    checkpoint: Checkpoint,
    progress: Progress,
) -> tuple[Quantizers, Progress]:
    """Quantizers trained on sentences of the whole collection, which are embedded first, and the progress of the rest."""
    missing = MissingTexts.from_reusable(exact)
    sample = row_ranges.evenly_spread(len(exact.sentences.rows), _SENTENCES_TRAINED_ON)
    chosen, whole = missing.sentences_among(sample), len(missing.positions)
    done = whole * chosen.characters // max(missing.characters, 1)
    embed_missing(passages, chosen, encoder, checkpoint.add, _part(progress, 0, done, whole))
    exact.look_in(checkpoint)
    return _train(exact, sample[~exact.sentences.missing[sample]]), _part(progress, done, whole, whole)


def _part(progress: Progress, first: int, last: int, whole: int) -> Progress:
    """The progress of a step that leads from the first count to the last of the whole."""
    return lambda stage, done, total: progress(stage, first + (last - first) * done // max(total, 1), whole)


def _train(exact: ReusableVectors[VectorSource], sample: IntVector) -> Quantizers:
    """Trained on the vectors of the sentences in these rows and on some tokens of each."""
    vectors: list[FloatMatrix] = []
    tokens: list[FloatMatrix] = []
    numbers, rows = exact.sentences.sources[sample], exact.sentences.rows[sample]
    for number, source in enumerate(exact.sources):
        for batch in np.array_split(rows[numbers == number], 1 + len(rows) // _BLOCK):
            vectors.append(source.sentence_vectors(batch))
            tokens.extend(map(_some, source.token_codes(batch)))
    return train_quantizers(np.concatenate(vectors), np.concatenate(tokens))


def _some(tokens: TokenCodes) -> FloatMatrix:
    """At most so many of the token vectors of a text."""
    rows = row_ranges.evenly_spread(len(tokens.scales), _TOKENS_OF_EACH)
    return TokenCodes(tokens.codes[rows], tokens.scales[rows]).vectors


@dataclass(frozen=True, slots=True, eq=False)
class _Coding:
    """A source whose vectors are coded as they are read."""

    source: VectorSource
    quantizers: Quantizers

    @property
    def keys(self) -> TextKeys:
        return self.source.keys

    def paragraph_vectors(self, rows: IntVector) -> FloatMatrix:
        return self.source.paragraph_vectors(rows)

    def coded(self, rows: IntVector) -> CodedTexts:
        tokens = [tokens.vectors for tokens in self.source.token_codes(rows)]
        return self.quantizers.encode(self.source.sentence_vectors(rows), tokens)


@dataclass(frozen=True, slots=True, eq=False)
class _StoredCodes:
    """A quantized index, whose codes are taken as they are."""

    index: Index

    @property
    def keys(self) -> TextKeys:
        return self.index.keys

    def paragraph_vectors(self, rows: IntVector) -> FloatMatrix:
        return self.index.paragraphs.vectors(rows)

    def coded(self, rows: IntVector) -> CodedTexts:
        sentences = cast("QuantizedSentences", self.index.sentences)
        tokens = cast("QuantizedTokens", self.index.tokens)
        return CodedTexts(sentences.codes(rows), *tokens.codes_of_texts(rows))


def _coded_sources(
    exact: ReusableVectors[VectorSource], own: CodedCheckpoint, quantizers: Quantizers
) -> ReusableVectors[_CodedSource]:
    """The same sources as codes, behind what is coded already."""
    coded = ReusableVectors[_CodedSource](exact.texts)
    coded.look_in(own)
    for source in exact.sources:
        index = source.index
        is_same = index is not None and _is_quantized(index) and quantizers_of(index).codes_as(quantizers)
        coded.look_in(_StoredCodes(index) if index and is_same else _Coding(source, quantizers))
    return coded


def _in_order(
    coded: ReusableVectors[_CodedSource],
    quantizers: Quantizers,
    like: Index | None,
    folder: Path | None,
    progress: Progress,
) -> CodedPassages:
    """The codes from all sources in the order of the passages, copied to spill files in the folder."""
    if not coded.is_complete:
        raise AssertionError("a text was embedded and its codes are missing")
    sentences, tokens, starts = _codes_in_order(coded, quantizers, folder, progress)
    dimension = quantizers.sentences.centroids.shape[1]
    return CodedPassages(
        paragraphs=vectors_in_order(
            coded.paragraphs,
            [source.paragraph_vectors for source in coded.sources],
            SpillFile(folder, np.float32, (dimension,)),
        ),
        quantizers=quantizers,
        sentences=sentences,
        tokens=tokens,
        starts=starts,
        owners=coded.texts.owners,
        spans=coded.texts.spans,
        keys=coded.texts.keys,
        like=like,
    )


def _codes_in_order(
    coded: ReusableVectors[_CodedSource], quantizers: Quantizers, folder: Path | None, progress: Progress
) -> tuple[Codes, Codes, IntVector]:
    """Codes of sentences, of tokens, and starts, as in `CodedPassages`."""
    sentences = SpillFile(folder, np.uint8, (quantizers.sentences.row_bytes,))
    tokens = SpillFile(folder, np.uint8, (quantizers.tokens.row_bytes,))
    lengths, done, total = [np.zeros(1, np.int64)], 0, len(coded.sentences.rows)
    for size, shares in blocks_of(coded.sentences):
        progress(Stage.ORDERING, done, total)
        done += size
        codes = np.empty((size, *sentences.shape), np.uint8)
        texts: list[Codes] = [np.zeros((0, *tokens.shape), np.uint8)] * size
        for number, offsets, rows in shares:
            found = coded.sources[number].coded(rows)
            codes[offsets] = found.vectors
            of_texts = np.split(found.tokens, np.cumsum(found.counts)[:-1])
            for offset, text in zip(offsets.tolist(), of_texts, strict=True):
                texts[offset] = text
        sentences.append(codes)
        tokens.append(np.concatenate(texts))
        lengths.append(np.asarray([len(text) for text in texts]))
    progress(Stage.ORDERING, total, total)
    starts = np.cumsum(np.concatenate(lengths))
    return cast("Codes", sentences.mapped()), cast("Codes", tokens.mapped()), starts
