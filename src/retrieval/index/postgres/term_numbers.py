"""Terms as the numbers under which a server keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.index.lexical import Hashes, hash_terms
from retrieval.types import IntVector


@dataclass(frozen=True, slots=True)
class TermNumbers:
    """The number of a term is its row among the hashes of all terms."""

    hashes: Hashes
    """In rising order."""

    def of(self, terms: Sequence[str]) -> IntVector:
        """(terms,) the number of each; -1 for one that no text holds."""
        wanted = hash_terms(terms)
        if not len(self.hashes):
            return np.full(len(wanted), -1, np.int64)
        found = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
        return np.where(self.hashes[found] == wanted, found, -1).astype(np.int64)

    def text(self, terms: Sequence[str]) -> str:
        """The terms that any text holds as the server's own index has them; empty if there is none."""
        return " ".join(f"t{number}" for number in self.of(terms).tolist() if number >= 0)
