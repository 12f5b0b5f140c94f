"""A made-up collection as a generation on the disk, part by part as a build writes it, with its float32 vectors beside it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.scale.made_up import BLOCK, MadeUp
from benchmarks.scale.moved_names import SENTENCE_CENTROIDS, SENTENCE_PARTS, TOKEN_CENTROIDS, TOKEN_PARTS
from retrieval.building.vector_storage import EXACT_UP_TO
from retrieval.index.lexical.bm25 import BM25Index
from retrieval.index.lexical.inverted_index import SEGMENT, segment_of
from retrieval.index.quantized.ivf_index import IVFIndex
from retrieval.index.quantized.product_quantizer import ProductQuantizer
from retrieval.index.quantized.quantized_vectors import QuantizedSentences, QuantizedTokens, QuantizedVectors
from retrieval.index.vectors.faiss_index import FaissIndex
from retrieval.index.vectors.int8_tokens import Int8Tokens, TokenCodes
from retrieval.storage.manifests import FORMAT, Manifest, hash_parts, write_manifest
from retrieval.storage.passage_store import PassageStore
from retrieval.storage.row_ranges import numbers_of
from retrieval.types import FloatMatrix, IntVector

ENCODER = "made up/384"
_SENTENCES_TRAINED_ON = 20_000


@dataclass(frozen=True, slots=True)
class Originals:
    """Exact vectors that the stored forms are compared with."""

    paragraphs: FloatMatrix
    sentences: NDArray[np.float16]
    pool_rows: IntVector
    """(sentences,) the sentence of the pool of each."""
    owners: IntVector
    """(sentences,) the passage of each."""


def write_index(made_up: MadeUp, folder: Path, originals: Path) -> dict[str, float]:
    """Write a generation below the folder, and the originals if they are not there; return the seconds of each part.

    A part that exists is not written again, so that an interrupted run continues.
    """
    index = folder / "generation"
    index.mkdir(parents=True, exist_ok=True)
    originals.mkdir(parents=True, exist_ok=True)
    steps: dict[str, Callable[[], None]] = {
        "words": lambda: index_words(made_up).save(index / "bm25"),
        "texts": lambda: _write_passages(made_up, index),
        "paragraphs": lambda: _paragraphs(made_up, map_originals(originals), index),
        "sentences": lambda: _sentences(made_up, map_originals(originals), index),
        "tokens": lambda: _tokens(made_up, map_originals(originals), index),
        "manifest": lambda: _write_manifest(made_up, map_originals(originals), index),
    }
    made = _once(originals / "vectors made up.seconds", lambda: _write_originals(made_up, originals))
    return {"vectors made up": made} | {
        what: _once(folder / f"{what}.seconds", step) for what, step in steps.items()
    }


def _once(mark: Path, step: Callable[[], None]) -> float:
    """Seconds of the step, measured now or when it was done."""
    if not mark.is_file():
        started = time.perf_counter()
        step()
        mark.write_text(f"{time.perf_counter() - started:.1f}", encoding="utf-8")
        print(mark.stem, mark.read_text(encoding="utf-8"), flush=True)
    return float(mark.read_text(encoding="utf-8"))


def _write_originals(made_up: MadeUp, folder: Path) -> None:
    """Vectors of all paragraphs and sentences, block by block, and what the sentences are."""
    blocks = list(made_up.blocks())
    with (
        (folder / "paragraphs").open("wb") as paragraphs,
        (folder / "sentences").open("wb") as sentences,
    ):
        for block in blocks:
            of_paragraphs, of_sentences = made_up.vectors(block)
            paragraphs.write(of_paragraphs.tobytes())
            sentences.write(of_sentences.astype(np.float16).tobytes())
    np.save(folder / "pool_rows.npy", np.concatenate([block.sentences for block in blocks]).astype(np.int32))
    counts = np.concatenate([np.diff(block.passage_starts) for block in blocks])
    np.save(folder / "owners.npy", np.repeat(np.arange(made_up.count), counts))


def map_originals(folder: Path) -> Originals:
    """The arrays of `_write_originals`, memory-mapped."""
    return Originals(
        paragraphs=np.memmap(folder / "paragraphs", np.float32, "r").reshape(-1, 384),
        sentences=np.memmap(folder / "sentences", np.float16, "r").reshape(-1, 384),
        pool_rows=np.load(folder / "pool_rows.npy"),
        owners=np.load(folder / "owners.npy"),
    )


def index_words(made_up: MadeUp) -> BM25Index:
    """As `BM25Index.build`, with the terms of the sentences numbered once: segmentation is not measured here."""
    segments, lengths = [], []
    for first in range(0, made_up.count, SEGMENT):
        blocks = [made_up.block(start) for start in range(first, min(first + SEGMENT, made_up.count), BLOCK)]
        numbered = [made_up.terms_of(block) for block in blocks]
        lengths.append(np.concatenate([counts for _, counts in numbered]))
        numbers = np.concatenate([terms_of_passages for terms_of_passages, _ in numbered])
        segments.append(segment_of(numbers, lengths[-1], made_up.term_hashes))
    return BM25Index(segments, np.concatenate(lengths))


def _write_passages(made_up: MadeUp, folder: Path) -> None:
    PassageStore.from_passages(made_up.passages(), made_up.fold).save(folder / "passages")
    spans = np.concatenate([made_up.spans(block) for block in made_up.blocks()])
    np.save(folder / "spans.npy", spans)


def _is_exact(made_up: MadeUp) -> bool:
    return made_up.count <= EXACT_UP_TO


def _paragraphs(made_up: MadeUp, originals: Originals, folder: Path) -> None:
    build = FaissIndex.build if _is_exact(made_up) else IVFIndex.build
    build(originals.paragraphs, np.arange(made_up.count, dtype=np.int64)).save(folder / "paragraphs.faiss")


def _sentences(made_up: MadeUp, originals: Originals, folder: Path) -> None:
    if _is_exact(made_up):
        rows = np.asarray(originals.sentences, np.float32)
        FaissIndex.build(rows, originals.owners).save(folder / "sentences.faiss")
        return
    sample = np.asarray(
        originals.sentences[:: max(1, len(originals.sentences) // _SENTENCES_TRAINED_ON)], np.float32
    )
    quantizer = ProductQuantizer.train(sample, SENTENCE_CENTROIDS, SENTENCE_PARTS)
    parts = np.array_split(originals.sentences, 1 + len(originals.sentences) // BLOCK)
    codes = np.concatenate([quantizer.encode(np.asarray(part, np.float32)) for part in parts])
    QuantizedSentences(QuantizedVectors(quantizer, codes), originals.owners).save(folder / "sentences")


def _tokens(made_up: MadeUp, originals: Originals, folder: Path) -> None:
    (_exact_tokens if _is_exact(made_up) else _quantized_tokens)(made_up, originals).save(folder / "tokens")


def token_rows(pool_starts: IntVector, sentences: IntVector) -> IntVector:
    """Rows of the pool's tokens for sentences of the pool, one sentence after the other."""
    return numbers_of(pool_starts[sentences], pool_starts[sentences + 1])


def _token_starts(made_up: MadeUp, originals: Originals) -> IntVector:
    counts = np.diff(made_up.pool.starts)[originals.pool_rows]
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _exact_tokens(made_up: MadeUp, originals: Originals) -> Int8Tokens:
    rows = token_rows(made_up.pool.starts, originals.pool_rows)
    codes = TokenCodes.from_vectors(made_up.pool.tokens)
    return Int8Tokens(codes.codes[rows], codes.scales[rows], _token_starts(made_up, originals))


def _quantized_tokens(made_up: MadeUp, originals: Originals) -> QuantizedTokens:
    """Codes of the tokens of the pool, computed once: the same sentence has the same codes everywhere."""
    quantizer = ProductQuantizer.train(made_up.pool.tokens, TOKEN_CENTROIDS, TOKEN_PARTS)
    codes = quantizer.encode(made_up.pool.tokens)
    starts = _token_starts(made_up, originals)
    quantized = np.empty((int(starts[-1]), quantizer.row_bytes), np.uint8)
    at = 0
    for part in np.array_split(originals.pool_rows, 1 + len(originals.pool_rows) // 100_000):
        rows = token_rows(made_up.pool.starts, part)
        quantized[at : at + len(rows)] = codes[rows]
        at += len(rows)
    return QuantizedTokens(QuantizedVectors(quantizer, quantized), starts)


def _write_manifest(made_up: MadeUp, originals: Originals, folder: Path) -> None:
    for name, count in (("paragraphs", made_up.count), ("sentences", len(originals.owners))):
        keys = np.random.default_rng(5).integers(0, 256, (count, 16), np.uint8)
        np.save(folder / f"{name}.keys.npy", keys)
    now = datetime.now(UTC)
    manifest = Manifest(
        format=FORMAT,
        generation=now.strftime("%Y%m%dT%H%M%S.%fZ"),
        built_at=now.isoformat(timespec="seconds"),
        encoder=ENCODER,
        dimension=384,
        passages=made_up.count,
        sentences=len(originals.owners),
        sources={},
        parts=hash_parts(folder),
    )
    write_manifest(folder, manifest)
