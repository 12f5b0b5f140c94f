"""The bundled model as a `SentenceTransformer`: its engine and tokenizer as the input module of sentence-transformers.

Imported only where that library is wanted: it loads torch and transformers (400 MB, 5 s).
"""

from __future__ import annotations

import functools
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule, Normalize
from sentence_transformers.sentence_transformer.modules import Pooling
from torch.nn.utils.rnn import pad_sequence

from retrieval.embedding.bundled.engine import CONFIG_FILE, Engine, Threads, load_engine
from retrieval.embedding.bundled.tokenizer import BundledTokenizer
from retrieval.embedding.bundled.weights import PROMPTS

Features = dict[str, Any]


class BundledTransformer(InputModule):
    """Texts to token embeddings by the engine that also serves questions.

    Beside `token_embeddings` its features hold `token_spans` (texts, tokens, 2): start and end of each token in the
    text without the prompt; empty for special tokens, those of the prompt and padding.
    """

    config_file_name = CONFIG_FILE

    def __init__(self, folder: Path, threads: int = 1) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        config = self.load_config(str(folder))
        self.folder, self.threads = folder, threads
        self.dimension = int(config["dimension"])
        self.max_seq_length = int(config["max_seq_length"])

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_options: Any) -> Features:
        """`input_ids` (texts, tokens), `attention_mask` alike, and `token_spans`."""
        texts = [self._tokenizer.tokenize(text, prompt or "") for text in inputs]
        ids = [torch.tensor(text.ids) for text in texts]
        return {
            "input_ids": pad_sequence(ids, batch_first=True),
            "attention_mask": pad_sequence([torch.ones_like(row) for row in ids], batch_first=True),
            "token_spans": pad_sequence([torch.from_numpy(text.spans) for text in texts], batch_first=True),
        }

    def forward(self, features: Features, **_options: Any) -> Features:
        lengths = features["attention_mask"].sum(dim=1).tolist()
        ids = [row[:length].tolist() for row, length in zip(features["input_ids"], lengths, strict=True)]
        embeddings = map(torch.from_numpy, self._engine.token_embeddings(ids))
        features["token_embeddings"] = pad_sequence(list(embeddings), batch_first=True)
        return features

    def get_embedding_dimension(self) -> int:
        return self.dimension

    @property
    def tokenizer(self) -> BundledTokenizer:  # type: ignore[override]
        """For those who count tokens; sentence-transformers itself calls `preprocess`."""
        return self._tokenizer

    @functools.cached_property
    def _engine(self) -> Engine:
        return load_engine(self.folder, Threads(batches=self.threads))

    @functools.cached_property
    def _tokenizer(self) -> BundledTokenizer:
        return BundledTokenizer(self.folder, self.max_seq_length)

    def save(self, output_path: str, *_args: Any, safe_serialization: bool = True, **_options: Any) -> None:
        """Copy the files of the model; nothing to do if they are in that folder already."""
        if Path(output_path).resolve() != self.folder.resolve():
            shutil.copytree(self.folder, output_path, dirs_exist_ok=True)

    @classmethod
    def load(
        cls, model_name_or_path: str, subfolder: str = "", *_args: Any, **_options: Any
    ) -> BundledTransformer:
        """The module on the model in a local folder."""
        return cls(Path(model_name_or_path, subfolder))


def sentence_transformer(folder: Path, threads: int = 1) -> SentenceTransformer:
    """The model in the folder, built in code.

    `SentenceTransformer(folder)` refuses modules from outside sentence-transformers unless trust_remote_code is set
    (since 6.0).
    """
    module = BundledTransformer(folder, threads)
    pooling = Pooling(module.dimension, pooling_mode="mean")
    return SentenceTransformer(modules=[module, pooling, Normalize()], prompts=PROMPTS, device="cpu")
