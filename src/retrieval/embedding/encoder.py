"""Encoders by name: the bundled model or any SentenceTransformer, with text and token vectors from one pass."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from safetensors import SafetensorError

from retrieval.embedding.bundled import (
    NAME,
    BundledEncoder,
    bundled_model_folder,
    check_known_vector,
    encoder_name,
)
from retrieval.errors import BulletinBotError
from retrieval.storage import manifests, row_ranges
from retrieval.types import Encoder, Encoding, Extractor, FloatMatrix, IntMatrix

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import Tensor

# Texts of a batch. Larger ones pad more than they save on two cores (measured on the seed collection); the bundled
# model batches texts of like length itself, the better the more it gets: 256 hold at most 200 MB of token embeddings.
_BATCH_SIZE = 16
_BUNDLED_BATCH_SIZE = 256
_SPANS = "token_spans"


class SentenceEncoder:
    """An `Encoder` on a SentenceTransformer, whose vectors it scales to unit length.

    Threads may share it; one call at a time uses the cores best.
    """

    extractor: Extractor | None = None

    def __init__(self, model: SentenceTransformer, name: str, batch_size: int = _BATCH_SIZE) -> None:
        self._model = model
        self._name = name
        self._batch_size = batch_size

    @property
    def name(self) -> str:
        return self._name

    @property
    def dimension(self) -> int:
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise BulletinBotError(f"The model {self._name} does not tell its dimension: choose another.")
        return dimension

    def encode_queries(self, texts: Sequence[str]) -> Encoding:
        """Vectors of texts as questions, with the prompt for questions."""
        return self._encode(texts, _prompt(self._model, "query"))

    def encode_passages(self, texts: Sequence[str]) -> Encoding:
        """Vectors of texts as passages, with the prompt for passages."""
        return self._encode(texts, _prompt(self._model, "document", "passage"))

    def _encode(self, texts: Sequence[str], prompt: str) -> Encoding:
        if not texts:
            return Encoding(np.zeros((0, self.dimension), np.float32), (), ())
        outputs = cast(
            "list[dict[str, Tensor]]",
            self._model.encode(
                list(texts),
                prompt=prompt,
                output_value=None,
                batch_size=self._batch_size,
                show_progress_bar=False,
            ),
        )
        all_spans = [self._spans(output, prompt, text) for output, text in zip(outputs, texts, strict=True)]
        tokens = [_array(output["token_embeddings"]) for output in outputs]
        retained = [spans[:, 1] > spans[:, 0] for spans in all_spans]
        return Encoding(
            vectors=row_ranges.unit_rows(
                np.stack([_array(output["sentence_embedding"]) for output in outputs])
            ),
            tokens=tuple(
                row_ranges.unit_rows(rows[: len(mask)][mask])
                for rows, mask in zip(tokens, retained, strict=True)
            ),
            spans=tuple(spans[mask] for spans, mask in zip(all_spans, retained, strict=True)),
        )

    def _spans(self, output: dict[str, Tensor], prompt: str, text: str) -> IntMatrix:
        """(tokens, 2) spans in the text; those of the prompt, of special tokens and of padding are empty."""
        if _SPANS in output:
            return output[_SPANS].numpy()
        return self._token_spans(prompt + text, len(prompt))

    def _token_spans(self, text: str, prompt_length: int) -> IntMatrix:
        """Spans in the text without its prompt, by the tokenizer of transformers.

        A tokenizer keeps how it pads and truncates from call to call, for all threads: another way than the model's
        would let a batch of another thread go unpadded. One text alone gets no padding.
        """
        limit = self._model.max_seq_length
        encoded = self._model.tokenizer(
            text, return_offsets_mapping=True, padding=True, truncation=True, max_length=limit
        )
        spans = np.asarray(encoded["offset_mapping"], np.int32).reshape(-1, 2)
        return np.maximum(spans - prompt_length, 0)


def load_encoder(model: str, cache: Path, threads: int = 0, *, extraction: bool = True) -> Encoder:
    """The encoder for questions: "bundled", a folder, or a name of the hub.

    Threads 0 is one for the bundled model, which is loaded without sentence-transformers and torch; for another model
    it leaves the choice to torch. The bundled model comes with its extractor unless `extraction` is False.

    Raises BulletinBotError if the model cannot be loaded.
    """
    with _prepared(model):
        if _is_bundled(model):
            return BundledEncoder.load(bundled_model_folder(cache), threads or 1, extraction=extraction)
        return _sentence_encoder(model, threads)


def load_rebuild_encoder(model: str, cache: Path, threads: int = 0) -> Encoder:
    """The encoder for passages: as `load_encoder`, but the bundled model is a SentenceTransformer on all processors."""
    with _prepared(model):
        if _is_bundled(model):
            return _bundled_sentence_encoder(bundled_model_folder(cache), threads or os.cpu_count() or 1)
        return _sentence_encoder(model, threads)


@contextlib.contextmanager
def _prepared(model: str) -> Iterator[None]:
    """Prepares the libraries for loading the model; what goes wrong becomes a sentence for the operator."""
    _prepare_environment()
    try:
        yield
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise BulletinBotError(
            f"The embedding model {model!r} cannot be loaded ({type(error).__name__}): set EMBEDDING_MODEL to "
            "another, or leave it empty for the bundled one."
        ) from error


def _is_bundled(model: str) -> bool:
    return model in {"", "bundled", NAME}


def _bundled_sentence_encoder(folder: Path, threads: int) -> SentenceEncoder:
    from retrieval.embedding.bundled import sentence_transformer

    encoder = SentenceEncoder(
        sentence_transformer(folder, threads), encoder_name(folder), _BUNDLED_BATCH_SIZE
    )
    check_known_vector(encoder)
    return encoder


def _sentence_encoder(model: str, threads: int) -> SentenceEncoder:
    import torch
    from sentence_transformers import SentenceTransformer

    if threads:
        torch.set_num_threads(threads)
    with contextlib.redirect_stderr(io.StringIO()):
        loaded = SentenceTransformer(model, device="cpu")
    return SentenceEncoder(loaded.eval(), _identity(model))


def _identity(model: str) -> str:
    """The name of the model; of a folder with the digest of all its files, since others may be put there."""
    folder = Path(model)
    if not folder.is_dir():
        return model
    hashes = manifests.hash_parts(folder)
    listed = "".join(f"{digest}  {name}\n" for name, digest in hashes.items())
    return manifests.identity(model, hashlib.sha256(listed.encode()).hexdigest())


def _prepare_environment() -> None:
    """Set the variables that the libraries read when they are first imported.

    Waiting OpenMP threads sleep instead of spinning: on two cores with other work on them the p90 of a question fell
    from 940 to 54 ms. Progress bars and advice would confuse the person at the terminal.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")


def _prompt(model: SentenceTransformer, *names: str) -> str:
    return next((prompt for name in names if (prompt := model.prompts.get(name))), "")


def _array(tensor: Tensor) -> FloatMatrix:
    return tensor.detach().float().cpu().numpy()
