"""Building a generation: encode, write, load back, check, put into service."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from retrieval.contexts import keyword_text, paragraph_text, sentence_texts
from retrieval.dense import DenseIndex
from retrieval.generation import Generation, Parts, load_generation, save_parts
from retrieval.generations import put_in_service
from retrieval.late import TokenIndex
from retrieval.manifest import FORMAT, Manifest, file_hash, hash_parts, write_manifest
from retrieval.sparse import SparseIndex
from retrieval.text import sentence_spans
from retrieval.tokens import terms
from retrieval.types import BulletinBotError, Encoder, Encoding, FloatMatrix, FloatVector, Passage

_BATCH = 32

Progress = Callable[[str, int, int], None]
"""Called with the name of the stage, how much is done and how much there is."""


def no_progress(_stage: str, _done: int, _total: int) -> None:
    """For callers that do not watch."""


@dataclass(frozen=True, slots=True)
class _Embedded:
    """The vectors of one passage: (dimension,), (sentences, dimension), and the tokens of each sentence."""

    paragraph: FloatVector
    sentences: FloatMatrix
    tokens: tuple[FloatMatrix, ...]


def build_generation(
    passages: Sequence[Passage],
    encoder: Encoder,
    progress: Progress = no_progress,
    reuse: Generation | None = None,
) -> Parts:
    """All parts for the passages, in memory; passages that `reuse` holds under the same id are not embedded again.

    Raises BulletinBotError if there are no passages.
    """
    if not passages:
        raise BulletinBotError(
            "No passages to index: put bulletins into the data folder and see `bulletin-bot outline`."
        )
    known = _reusable(passages, encoder, reuse)
    fresh = [passage for passage in passages if passage.passage_id not in known]
    embedded = {**known, **_embed(fresh, encoder, progress)}
    rows = [embedded[passage.passage_id] for passage in passages]
    owners = np.repeat(np.arange(len(rows)), [len(row.sentences) for row in rows]).astype(np.int64)
    spans = [span for passage in passages for span in sentence_spans(passage.text)]
    return Parts(
        passages=tuple(passages),
        sparse=SparseIndex.build([terms(keyword_text(passage)) for passage in passages]),
        paragraphs=DenseIndex.build(
            np.stack([row.paragraph for row in rows]), np.arange(len(rows), dtype=np.int64)
        ),
        sentences=DenseIndex.build(np.concatenate([row.sentences for row in rows]), owners),
        tokens=TokenIndex.build([tokens for row in rows for tokens in row.tokens], encoder.dimension),
        spans=np.asarray(spans, np.int32),
    )


def _reusable(
    passages: Sequence[Passage], encoder: Encoder, reuse: Generation | None
) -> dict[str, _Embedded]:
    """What another generation of the same encoder knows of these passages; an id stands for path and text."""
    if reuse is None or reuse.manifest.encoder != encoder.name:
        return {}
    known = [passage for passage in passages if _is_cut_alike(passage, reuse)]
    positions = {passage.passage_id: reuse.position(passage.passage_id) for passage in known}
    return {identity: _embedded_in(reuse, spot) for identity, spot in positions.items() if spot is not None}


def _is_cut_alike(passage: Passage, generation: Generation) -> bool:
    """Whether the generation holds the passage in the same sentences as this program cuts today."""
    if generation.position(passage.passage_id) is None:
        return False
    return generation.sentence_spans(passage) == list(sentence_spans(passage.text))


def _embedded_in(generation: Generation, position: int) -> _Embedded:
    rows = generation.sentence_rows(position)
    return _Embedded(
        paragraph=generation.paragraphs.vectors(np.asarray([position]))[0],
        sentences=generation.sentences.vectors(rows),
        tokens=tuple(generation.tokens.vectors(int(row)) for row in rows),
    )


def _embed(passages: Sequence[Passage], encoder: Encoder, progress: Progress) -> dict[str, _Embedded]:
    texts = [sentence_texts(passage) for passage in passages]
    sentences = _encode(list(itertools.chain(*texts)), encoder, "embedding sentences", progress)
    paragraphs = _encode(
        [paragraph_text(passage) for passage in passages], encoder, "embedding paragraphs", progress
    )
    bounds = itertools.pairwise(itertools.accumulate((len(found) for found in texts), initial=0))
    return {
        passage.passage_id: _Embedded(paragraph, sentences.vectors[start:end], sentences.tokens[start:end])
        for passage, paragraph, (start, end) in zip(passages, paragraphs.vectors, bounds, strict=True)
    }


def _encode(texts: list[str], encoder: Encoder, stage: str, progress: Progress) -> Encoding:
    batches = [encoder.encode_passages([])]
    for start in range(0, len(texts), _BATCH):
        progress(stage, start, len(texts))
        batches.append(encoder.encode_passages(texts[start : start + _BATCH]))
    progress(stage, len(texts), len(texts))
    return Encoding(
        vectors=np.concatenate([batch.vectors for batch in batches]),
        tokens=tuple(itertools.chain.from_iterable(batch.tokens for batch in batches)),
        spans=tuple(itertools.chain.from_iterable(batch.spans for batch in batches)),
    )


def write_generation(
    parts: Parts, encoder: Encoder, index_folder: Path, sources: dict[str, Path]
) -> Generation:
    """Save, load back, check, and only then put into service. Returns the generation as loaded.

    `sources` are the files read, by the name under which they are cited. The folder that is in service is
    never touched: a failure at any moment leaves it serving.
    """
    name = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    try:
        index_folder.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=".building-", dir=index_folder))
    except OSError as error:
        raise BulletinBotError(
            f"The index folder {index_folder} cannot be written ({error.strerror})."
        ) from error
    try:
        save_parts(parts, scratch)
        write_manifest(scratch, _manifest(parts, encoder, name, sources, scratch))
        load_generation(scratch)
        scratch.chmod(0o755)
        scratch.rename(index_folder / name)
        put_in_service(index_folder, name)
    except OSError as error:
        raise BulletinBotError(
            f"The index could not be written to {index_folder} ({error.strerror})."
        ) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return load_generation(index_folder / name)


def _manifest(parts: Parts, encoder: Encoder, name: str, sources: dict[str, Path], folder: Path) -> Manifest:
    return Manifest(
        format=FORMAT,
        generation=name,
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        encoder=encoder.name,
        dimension=encoder.dimension,
        passages=len(parts.passages),
        sentences=len(parts.spans),
        sources={source: _source_hash(path) for source, path in sorted(sources.items())},
        parts=hash_parts(folder),
    )


def _source_hash(path: Path) -> str:
    try:
        return file_hash(path)
    except OSError as error:
        raise BulletinBotError(
            f"The bulletin {path} could not be read again ({error.strerror}): was it moved while the index was built? "
            "Run `bulletin-bot rebuild` once more."
        ) from error
