"""The files of an index: its parts saved to a folder, and loaded from it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from retrieval.errors import DamagedIndexError
from retrieval.index.index import Index, Parts
from retrieval.index.lexical import BM25Index
from retrieval.index.vectors import FaissIndex, Int8Tokens, VectorParts
from retrieval.storage import PassageStore, array_files, manifests
from retrieval.types import TextKeys


def save_parts(parts: Parts, folder: Path) -> None:
    """Write every part below the folder: arrays and FAISS's own format; no pickle."""
    parts.passages.save(folder / "passages")
    parts.bm25.save(folder / "bm25")
    parts.paragraphs.save(folder / "paragraphs")
    parts.sentences.save(folder / "sentences")
    parts.tokens.save(folder / "tokens")
    np.save(folder / "spans.npy", parts.spans, allow_pickle=False)
    np.save(folder / "paragraphs.keys.npy", parts.keys.paragraphs, allow_pickle=False)
    np.save(folder / "sentences.keys.npy", parts.keys.sentences, allow_pickle=False)


def load_index(folder: Path) -> Index:
    """The index in the folder, every part checked against its hash and the counts against each other.

    Raises DamagedIndexError naming the part that is missing, damaged or does not fit, BulletinBotError for an index
    of another version of this program.
    """
    manifest = manifests.read_manifest(folder)
    try:
        manifests.check_parts(folder, manifest)
        parts = _load_parts(folder)
    except OSError as error:
        raise DamagedIndexError(
            f"The index part {error.filename or folder} cannot be read ({error.strerror}): "
            "run `bulletin-bot rebuild`."
        ) from error
    _check_counts(folder, manifest, parts)
    return Index(manifest, parts)


def _load_parts(folder: Path) -> Parts:
    passages = PassageStore.load(folder / "passages")
    vectors = _load_vectors(folder)
    return Parts(
        passages=passages,
        bm25=BM25Index.load(folder / "bm25", len(passages)),
        paragraphs=vectors.paragraphs,
        sentences=vectors.sentences,
        tokens=vectors.tokens,
        spans=array_files.map_array(folder / "spans.npy"),
        keys=TextKeys(
            paragraphs=array_files.map_array(folder / "paragraphs.keys.npy"),
            sentences=array_files.map_array(folder / "sentences.keys.npy"),
        ),
    )


def _load_vectors(folder: Path) -> VectorParts:
    """Exact vectors, or quantized ones where `sentences` is a folder of codes instead of a FAISS file."""
    paragraphs, sentences, tokens = (folder / name for name in ("paragraphs", "sentences", "tokens"))
    if not sentences.is_dir():
        return VectorParts(FaissIndex.load(paragraphs), FaissIndex.load(sentences), Int8Tokens.load(tokens))
    from retrieval.index.quantized import IVFIndex, QuantizedSentences, QuantizedTokens

    return VectorParts(
        IVFIndex.load(paragraphs), QuantizedSentences.load(sentences), QuantizedTokens.load(tokens)
    )


def _check_counts(folder: Path, manifest: manifests.Manifest, parts: Parts) -> None:
    counts = {
        "passages": (
            manifest.passages,
            len(parts.passages),
            parts.bm25.size,
            parts.paragraphs.size,
            len(parts.keys.paragraphs),
        ),
        "sentences": (
            manifest.sentences,
            len(parts.spans),
            parts.tokens.size,
            parts.sentences.size,
            len(parts.keys.sentences),
        ),
        "dimension": (manifest.dimension, parts.paragraphs.dimension, parts.sentences.dimension),
    }
    for name, values in counts.items():
        if len(set(values)) > 1:
            raise DamagedIndexError(
                f"The parts of the index in {folder} disagree about {name} ({', '.join(map(str, values))}): "
                "run `bulletin-bot rebuild`."
            )
