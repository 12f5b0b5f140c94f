"""Building a generation: embed, write, load back, verify, put into service."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from retrieval.building.carried_ids import carry_ids
from retrieval.building.vector_storage import EXACT_UP_TO, exact_vectors, quantized_vectors
from retrieval.building.verification import verify
from retrieval.errors import BulletinBotError
from retrieval.index import Index, Parts, context_text, generations, index_files
from retrieval.index.lexical import BM25Index
from retrieval.language import term_lists
from retrieval.progress import Progress, Stage, no_progress
from retrieval.storage import PassageStore, durable_files, manifests
from retrieval.types import Encoder, Passage

_REPORT_EVERY = 500  # passages indexed


def build_generation(
    passages: Sequence[Passage],
    encoder: Encoder,
    progress: Progress = no_progress,
    reuse: Iterable[Index] = (),
    *,
    checkpoint_file: Path | None = None,
    exact_up_to: int = EXACT_UP_TO,
) -> Parts:
    """The parts of an index of the passages.

    Texts whose vectors are in the checkpoint or in an index to reuse are not embedded again. Raises BulletinBotError if
    there are no passages, or the checkpoint cannot be written.
    """
    if not passages:
        raise BulletinBotError(
            "No passages to index: put bulletins into the data folder and see `bulletin-bot outline`."
        )
    vectors_of = exact_vectors if len(passages) <= exact_up_to else quantized_vectors
    embedded = vectors_of(passages, encoder, progress, reuse, checkpoint_file=checkpoint_file)
    return Parts(
        passages=PassageStore.from_passages(passages),
        bm25=_bm25(passages, progress),
        paragraphs=embedded.vectors.paragraphs,
        sentences=embedded.vectors.sentences,
        tokens=embedded.vectors.tokens,
        spans=embedded.spans,
        keys=embedded.keys,
    )


def _bm25(passages: Sequence[Passage], progress: Progress) -> BM25Index:
    progress(Stage.INDEXING, 0, len(passages))
    with closing(term_lists(_keyword_texts(passages, progress), len(passages))) as lists:
        index = BM25Index.build(lists)
    progress(Stage.INDEXING, len(passages), len(passages))
    return index


def _keyword_texts(passages: Sequence[Passage], progress: Progress) -> Iterator[str]:
    """The text of each passage for BM25; reports progress on the way."""
    for done, passage in enumerate(passages):
        if done % _REPORT_EVERY == 0 and done:
            progress(Stage.INDEXING, done, len(passages))
        yield context_text.keyword_text(passage)


@dataclass(frozen=True, slots=True)
class Inspection:
    """The result of inspecting a new index before it is written."""

    serve: bool = True
    """Whether it may go into service; if not, it is written to the folder of refused generations."""
    documents: dict[str, str] = field(default_factory=dict)
    """Texts to store with it, by file name."""


Inspect = Callable[[Index], Inspection]
PictureOf = Callable[[Passage], bytes | None]


def no_picture(_passage: Passage) -> bytes | None:
    """The function for passages whose pictures are not stored."""
    return None


def no_inspection(_index: Index) -> Inspection:
    """The inspection that lets every index into service."""
    return Inspection()


def write_generation(
    parts: Parts,
    encoder: Encoder,
    index_folder: Path,
    sources: dict[str, str],
    inspect: Inspect = no_inspection,
    progress: Progress = no_progress,
    *,
    picture_of: PictureOf = no_picture,
) -> Index:
    """Save, load back, verify, and only then put into service. Returns the index as loaded.

    `sources` are the hashes of the files read, by cited name; `picture_of` cuts the picture of a passage that was read
    from a scan. The generation in service is not touched before that: it
    stays in service after a failure at any moment, a power cut included.
    """
    manifest = _manifest(parts, encoder, sources)
    inspection = inspect(Index(manifest, parts))
    try:
        with _scratch_folder(index_folder) as scratch:
            progress(Stage.WRITING, 0, 1)
            index_files.save_parts(parts, scratch)
            parts.passages.save_pictures(scratch / "passages", picture_of)
            carry_ids(index_folder, parts.passages).save(scratch / "passages")
            _seal(manifest, inspection.documents, scratch)
            progress(Stage.WRITING, 1, 1)
            progress(Stage.CHECKING, 0, 1)
            index = index_files.load_index(scratch)
            verify(index)
            progress(Stage.CHECKING, 1, 1)
            _install(scratch, index_folder, index.name, serve=inspection.serve)
    except OSError as error:
        # the error of numpy has the number of bytes that it could not write, and no reason
        reason = error.strerror or "No space left on device, it seems"
        raise BulletinBotError(
            f"The index could not be written to {index_folder} ({reason}): "
            "what was in service before stays; make room or set INDEX_DIR to another folder."
        ) from error
    return index


@contextmanager
def _scratch_folder(index_folder: Path) -> Iterator[Path]:
    """A temporary folder on the same disk, removed at the end unless it was renamed."""
    index_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=generations.SCRATCH, dir=index_folder))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _seal(manifest: manifests.Manifest, documents: dict[str, str], folder: Path) -> None:
    for name, text in documents.items():
        (folder / name).write_text(text, encoding="utf-8")
    manifests.write_manifest(folder, replace(manifest, parts=manifests.hash_parts(folder)))
    durable_files.sync_tree(folder)


def _install(scratch: Path, index_folder: Path, name: str, *, serve: bool) -> None:
    """Put into service by replacing the pointer, or store as refused; refused generations before it are deleted."""
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
