"""Building a generation: encode, write, load back, check, put into service."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from retrieval.building.carried_ids import carry_ids
from retrieval.building.embed_passages import embed_passages
from retrieval.building.vector_storage import EXACT_UP_TO, VectorParts, exact_parts, quantized_parts
from retrieval.building.verification import verify
from retrieval.errors import BulletinBotError
from retrieval.index import Index, Parts, context_text, generations, load_index, save_parts
from retrieval.index.lexical import BM25Index
from retrieval.index.vectors import ProgressCallback
from retrieval.language import term_lists
from retrieval.progress import Progress, Stage, no_progress
from retrieval.storage import PassageStore, durable_files, manifests
from retrieval.types import Encoder, Passage

_TOLD_EVERY = 500  # passages indexed


def build_generation(
    passages: Sequence[Passage],
    encoder: Encoder,
    progress: Progress = no_progress,
    reuse: Iterable[Index] = (),
    *,
    journal_file: Path | None = None,
    exact_up_to: int = EXACT_UP_TO,
) -> Parts:
    """All parts for the passages; texts that the journal or a generation to reuse knows are not embedded again.

    Raises BulletinBotError if there are no passages, or what was embedded cannot be written.
    """
    if not passages:
        raise BulletinBotError(
            "No passages to index: put bulletins into the data folder and see `bulletin-bot outline`."
        )
    asked: list[Index] = []
    embedded = embed_passages(passages, encoder, progress, _noted(reuse, asked), journal_file=journal_file)
    progress(Stage.INDEXING, 0, len(passages))
    sparse = _sparse(passages, progress)
    progress(Stage.INDEXING, len(passages), len(passages))
    if len(passages) <= exact_up_to:
        vectors = exact_parts(embedded)
    else:
        progress(Stage.CODING, 0, len(passages))
        vectors = quantized_parts(embedded, _coded_before(asked, encoder), _told(progress, len(passages)))
    return Parts(
        passages=PassageStore.of(passages),
        sparse=sparse,
        paragraphs=vectors.paragraphs,
        sentences=vectors.sentences,
        tokens=vectors.tokens,
        spans=embedded.spans,
        keys=embedded.keys,
    )


def _noted(indexes: Iterable[Index], asked: list[Index]) -> Iterator[Index]:
    """The generations as they are asked for, each noted."""
    for index in indexes:
        asked.append(index)
        yield index


def _coded_before(indexes: Iterable[Index], encoder: Encoder) -> VectorParts | None:
    """The vectors of the first of the generations that keeps them as codes under the encoder."""
    parts = (
        VectorParts(found.paragraphs, found.sentences, found.tokens)
        for found in indexes
        if found.manifest.encoder == encoder.name
    )
    return next((found for found in parts if not found.are_exact), None)


def _told(progress: Progress, passages: int) -> ProgressCallback:
    """Says of coded vectors, as a share of the passages, what it is told."""
    return lambda done, total: progress(Stage.CODING, passages * done // max(total, 1), passages)


def _sparse(passages: Sequence[Passage], progress: Progress) -> BM25Index:
    with closing(term_lists(_keyword_texts(passages, progress), len(passages))) as lists:
        return BM25Index.build(lists)


def _keyword_texts(passages: Sequence[Passage], progress: Progress) -> Iterator[str]:
    """What BM25 gets of each passage, with word of how far it has come."""
    for done, passage in enumerate(passages):
        if done % _TOLD_EVERY == 0 and done:
            progress(Stage.INDEXING, done, len(passages))
        yield context_text.keyword_text(passage)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found of a new generation before it is final."""

    serve: bool = True
    """Whether it may go into service; if not it is kept aside."""
    documents: dict[str, str] = field(default_factory=dict)
    """Texts to keep in it, by file name."""


Inspect = Callable[[Index], Inspection]


def no_inspection(_generation: Index) -> Inspection:
    """For callers who serve whatever was built."""
    return Inspection()


def write_generation(
    parts: Parts,
    encoder: Encoder,
    index_folder: Path,
    sources: dict[str, str],
    inspect: Inspect = no_inspection,
    progress: Progress = no_progress,
) -> Index:
    """Save, load back, check, and only then put into service. Returns the generation as loaded.

    `sources` are the hashes of the files read, by the name under which they are cited. The folder that is in service
    is never touched: a failure at any moment, a power cut too, leaves it serving.
    """
    manifest = _manifest(parts, encoder, sources)
    found = inspect(Index(manifest, parts))
    try:
        with _scratch_folder(index_folder) as scratch:
            progress(Stage.WRITING, 0, 1)
            save_parts(parts, scratch)
            carry_ids(index_folder, parts.passages).save(scratch / "passages")
            _seal(manifest, found.documents, scratch)
            progress(Stage.WRITING, 1, 1)
            progress(Stage.CHECKING, 0, 1)
            index = load_index(scratch)
            verify(index)
            progress(Stage.CHECKING, 1, 1)
            _install(scratch, index_folder, index.name, serve=found.serve)
    except OSError as error:
        # numpy says how many bytes it could not write, and no reason
        reason = error.strerror or "No space left on device, it seems"
        raise BulletinBotError(
            f"The index could not be written to {index_folder} ({reason}): "
            "what was in service before stays; make room or set INDEX_DIR to another folder."
        ) from error
    return index


@contextmanager
def _scratch_folder(index_folder: Path) -> Iterator[Path]:
    """A folder on the same disk for what is being written; nothing of it is left, however this ends."""
    index_folder.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=generations.SCRATCH, dir=index_folder))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _seal(manifest: manifests.Manifest, documents: dict[str, str], folder: Path) -> None:
    for name, text in documents.items():
        (folder / name).write_text(text, encoding="utf-8")
    manifests.write_manifest(folder, replace(manifest, parts=manifests.hash_parts(folder)))
    folder.chmod(0o755)
    durable_files.sync_tree(folder)


def _install(scratch: Path, index_folder: Path, name: str, *, serve: bool) -> None:
    """Into service by one swap of the pointer; or aside, in place of what was kept aside before."""
    if serve:
        scratch.rename(index_folder / name)
        durable_files.sync(index_folder)
        generations.put_in_service(index_folder, name)
    for folder in generations.refused_folders(index_folder):
        shutil.rmtree(folder, ignore_errors=True)
    if not serve:
        scratch.rename(generations.refused_folder(index_folder, name))


def _manifest(parts: Parts, encoder: Encoder, sources: dict[str, str]) -> manifests.Manifest:
    now = datetime.now(UTC)
    return manifests.Manifest(
        format=manifests.FORMAT,
        generation=now.strftime("%Y%m%dT%H%M%S.%fZ"),
        built_at=now.isoformat(timespec="seconds"),
        encoder=encoder.name,
        dimension=encoder.dimension,
        passages=len(parts.passages),
        sentences=len(parts.spans),
        sources=sources,
        parts={},
    )
