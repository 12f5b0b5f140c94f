"""Which places the passages of a generation are about, and which of them a question means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from retrieval.places import PlaceMention, find_places
from retrieval.text import fold
from retrieval.types import FloatVector, IntVector, Passage


class PlaceCoverage:
    """The passages by the place they are about."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        positions: dict[str, list[int]] = defaultdict(list)
        for position, passage in enumerate(passages):
            if passage.place_name:
                positions[passage.place_name].append(position)
        self._size = len(passages)
        self._positions = {name: np.asarray(found, np.int64) for name, found in positions.items()}
        self._codes = {name: _code(name) for name in positions}
        self._passages = passages

    def positions_for(self, mention: PlaceMention) -> IntVector:
        """Passages about the place, about a place inside it, or about one around it that name it in their text."""
        found = [
            self._matching(name, positions, mention)
            for name, positions in self._positions.items()
            if self._codes[name]
        ]
        return np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)

    def _matching(self, name: str, positions: IntVector, mention: PlaceMention) -> IntVector:
        code = self._codes[name]
        if is_inside(code, mention.code):
            return positions
        if not is_inside(mention.code, code):
            return np.zeros(0, np.int64)
        short = mention.divisions[-1].short
        return np.asarray([spot for spot in positions if short in fold(self._passages[spot].text)], np.int64)

    def match(self, mentions: Iterable[PlaceMention]) -> FloatVector:
        """(passages,) 1 where a passage is about one of the places, else 0."""
        match = np.zeros(self._size, np.float32)
        for mention in mentions:
            match[self.positions_for(mention)] = 1.0
        return match


def is_inside(code: str, around: str) -> bool:
    """Whether the division is the other or lies in it; codes are GB/T 2260."""
    return code.startswith(_significant(around))


def _significant(code: str) -> str:
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def _code(place_name: str) -> str:
    mentions = find_places(place_name)
    return mentions[-1].code if mentions else ""
