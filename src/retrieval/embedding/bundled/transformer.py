"""The bundled model as a `SentenceTransformer`: its engine and tokenizer as the input module of sentence-transformers.

Imported only where that library is wanted: it loads transformers (200 MB, 4 s).
"""

from __future__ import annotations

import functools
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule, Normalize
from sentence_transformers.sentence_transformer.modules import Pooling
from tokenizers import Tokenizer
from torch.nn.utils.rnn import pad_sequence

from retrieval.embedding.bundled.engine import Engine, load_engine
from retrieval.embedding.bundled.tokenizer import BundledTokenizer
from retrieval.embedding.bundled.weights import PROMPTS

Features = dict[str, Any]


class BundledTransformer(InputModule):
    """Texts to token embeddings by the engine that also serves questions.

    Beside `token_embeddings` its features hold `token_spans` (texts, tokens, 2): start and end of each token in the
    text without the prompt; empty for special tokens, those of the prompt and padding.
    """

    config_file_name = "config.json"  # transformers' own, of which only the sizes are read

    def __init__(self, folder: Path) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        config = json.loads((folder / self.config_file_name).read_text(encoding="utf-8"))
        self.folder = folder
        self.dimension = int(config["hidden_size"])
        self.max_seq_length = int(config["max_position_embeddings"])
        self.padding = int(config["pad_token_id"])

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_options: Any) -> Features:
        """`input_ids` (texts, tokens), `attention_mask` alike, and `token_spans`."""
        prompt = prompt or ""
        texts = [self._pieces.tokenize(prompt + text) for text in inputs]
        ids = [torch.tensor(text.ids) for text in texts]
        spans = [torch.from_numpy(text.spans - len(prompt)).clamp(min=0) for text in texts]
        return {
            "input_ids": pad_sequence(ids, batch_first=True, padding_value=self.padding),
            "attention_mask": pad_sequence([torch.ones_like(row) for row in ids], batch_first=True),
            "token_spans": pad_sequence(spans, batch_first=True),
        }

    def forward(self, features: Features, **_options: Any) -> Features:
        lengths = features["attention_mask"].sum(dim=1).tolist()
        ids = [row[:length].tolist() for row, length in zip(features["input_ids"], lengths, strict=True)]
        embeddings = map(torch.from_numpy, self._engine.token_embeddings(ids))
        features["token_embeddings"] = pad_sequence(list(embeddings), batch_first=True)
        return features

    def get_embedding_dimension(self) -> int:
        return self.dimension

    @functools.cached_property
    def tokenizer(self) -> Tokenizer:  # type: ignore[override]
        """The tokenizer of all pieces, for callers of sentence-transformers; `preprocess` does without it."""
        return Tokenizer.from_file(str(self.folder / "tokenizer.json"))

    @functools.cached_property
    def _engine(self) -> Engine:
        return load_engine(self.folder)

    @functools.cached_property
    def _pieces(self) -> BundledTokenizer:
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


def sentence_transformer(folder: Path, *, normalize: bool = True) -> SentenceTransformer:
    """The model in the folder, built in code; without `normalize` its vectors are not of unit length.

    `SentenceTransformer(folder)` refuses modules from outside sentence-transformers unless trust_remote_code is set
    (since 6.0).
    """
    module = BundledTransformer(folder)
    pooling = Pooling(module.dimension, pooling_mode="mean")
    modules = [module, pooling, Normalize()] if normalize else [module, pooling]
    return SentenceTransformer(modules=modules, prompts=PROMPTS, device="cpu")
