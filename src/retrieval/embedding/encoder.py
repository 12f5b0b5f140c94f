"""An encoder by name: the bundled model, or any SentenceTransformer, giving text and token vectors in one pass."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from safetensors import SafetensorError

from retrieval.embedding.bundled import NAME, BundledEncoder, bundled_model_folder
from retrieval.errors import BulletinBotError
from retrieval.storage import row_ranges
from retrieval.types import Encoder, Encoding, FloatMatrix, IntMatrix

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import Tensor

# Measured on the seed collection: larger batches pad more than they save on two cores.
_BATCH_SIZE = 16


class SentenceEncoder:
    """An `Encoder` on a SentenceTransformer. Threads may share it; one call at a time uses the cores best."""

    def __init__(self, model: SentenceTransformer, name: str) -> None:
        self._model = model
        self._name = name

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
        """The texts encoded as questions."""
        return self._encode(texts, _prompt(self._model, "query"))

    def encode_passages(self, texts: Sequence[str]) -> Encoding:
        """The texts encoded as what is searched."""
        return self._encode(texts, _prompt(self._model, "document", "passage"))

    def _encode(self, texts: Sequence[str], prompt: str) -> Encoding:
        if not texts:
            return Encoding(np.zeros((0, self.dimension), np.float32), (), ())
        outputs = cast(
            "list[dict[str, Tensor]]",
            self._model.encode(
                list(texts), prompt=prompt, output_value=None, batch_size=_BATCH_SIZE, show_progress_bar=False
            ),
        )
        vectors = np.stack([_array(output["sentence_embedding"]) for output in outputs])
        spans = [self._token_spans(prompt + text, len(prompt)) for text in texts]
        tokens = [_array(output["token_embeddings"]) for output in outputs]
        kept = [span[:, 1] > span[:, 0] for span in spans]
        return Encoding(
            vectors=vectors,
            tokens=tuple(
                row_ranges.unit_rows(rows[: len(keep)][keep]) for rows, keep in zip(tokens, kept, strict=True)
            ),
            spans=tuple(span[keep] for span, keep in zip(spans, kept, strict=True)),
        )

    def _token_spans(self, text: str, prompt_length: int) -> IntMatrix:
        """Spans in the text without its prompt; those of the prompt and of special tokens are empty.

        A tokenizer keeps how it pads and truncates from call to call, for all threads: another way than the model's
        would let a batch of another thread go unpadded. One text alone gets no padding.
        """
        limit = self._model.max_seq_length
        encoded = self._model.tokenizer(
            text, return_offsets_mapping=True, padding=True, truncation=True, max_length=limit
        )
        spans = np.asarray(encoded["offset_mapping"], np.int32).reshape(-1, 2)
        return np.maximum(spans - prompt_length, 0)


def load_encoder(model: str, cache: Path, threads: int = 0) -> Encoder:
    """The encoder by name: "bundled", a folder, or a name of the hub; threads 0 leaves torch its default.

    Raises BulletinBotError if the model cannot be loaded.
    """
    try:
        _prepare_environment()
        import torch

        if threads:
            torch.set_num_threads(threads)
        if model in {"", "bundled", NAME}:
            return BundledEncoder.load(bundled_model_folder(cache))
        return _sentence_encoder(model)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise BulletinBotError(
            f"The embedding model {model!r} cannot be loaded ({type(error).__name__}): set EMBEDDING_MODEL to "
            "another, or leave it empty for the bundled one."
        ) from error


def _sentence_encoder(model: str) -> SentenceEncoder:
    from sentence_transformers import SentenceTransformer

    with contextlib.redirect_stderr(io.StringIO()):
        loaded = SentenceTransformer(model, device="cpu")
    return SentenceEncoder(loaded.eval(), model)


def _prepare_environment() -> None:
    """What the libraries read from the environment when they are first imported.

    Waiting OpenMP threads sleep instead of spinning: on two cores with other work on them the p90 of a question fell
    from 940 to 54 ms. Progress bars and advice are not for the person at
    the terminal.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")


def _prompt(model: SentenceTransformer, *names: str) -> str:
    return next((prompt for name in names if (prompt := model.prompts.get(name))), "")


def _array(tensor: Tensor) -> FloatMatrix:
    return tensor.detach().float().cpu().numpy()
