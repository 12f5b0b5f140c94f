"""The engine that runs the transformer: the one place that decides how token ids become token embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from retrieval.embedding.bundled.bert import BertEncoder, multiplies_bfloat16
from retrieval.types import FloatMatrix


class Engine(Protocol):
    """A transformer encoder; threads may share it."""

    @property
    def dimension(self) -> int: ...

    @property
    def longest(self) -> int:
        """Most tokens of a text."""

    def token_embeddings(self, ids: Sequence[Sequence[int]]) -> list[FloatMatrix]:
        """For each text of at least one token id (tokens, dimension), float32, not normalized, in order."""


def load_engine(folder: Path) -> Engine:
    """The engine on the model in the folder, in the precision that is fastest on this processor."""
    return BertEncoder(folder, packed=multiplies_bfloat16())
