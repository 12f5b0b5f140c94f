"""The protocol of contents that are kept outside this process, and what is sought among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from retrieval.types import FloatVector, IntVector


@dataclass(frozen=True, slots=True)
class Sought:
    """A query for candidates."""

    vector: FloatVector
    words: tuple[str, ...]
    terms: tuple[str, ...]
    """The words and the pairs of characters; they stand in where no text holds any of the words."""
    most: int
    """The fewest candidates, if so many passages pass."""


class RemoteContents(Protocol):
    """Reads texts, vectors and terms of many passages in one round trip; what was read serves the calls after it."""

    def fetch(self, positions: IntVector) -> None:
        """Read the contents of these passages."""

    def candidates(self, sought: Sought, only: IntVector | None) -> IntVector:
        """The positions to be ranked, in order, of those given or of all; their contents are read."""

    def taking(self, positions: IntVector) -> RemoteContents:
        """The same for an index of the passages at the positions alone, numbered anew."""
