"""Which places the passages of a generation are about, and which of them a question means."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from retrieval.gazetteer import Division
from retrieval.places import PlaceMention, find_places
from retrieval.text import fold
from retrieval.types import FloatVector, IntVector, Passage, Place, PlaceShift

_SHORTEST_PINYIN = 5  # letters; shorter ones are English words: an, he, li, wan
_MAY_BE_PINYIN = re.compile(f"[a-z]{{{_SHORTEST_PINYIN}}}")


class PlaceCoverage:
    """The passages by the place they are about."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        positions: dict[Place, list[int]] = defaultdict(list)
        for position, passage in enumerate(passages):
            if passage.place:
                positions[passage.place].append(position)
        self._passages = passages
        self._positions = {place: np.asarray(found, np.int64) for place, found in positions.items()}
        self._divisions = {place: _division(place) for place in positions}
        self._names = {place: _names_of(division) for place, division in self._divisions.items() if division}

    def positions_for(self, mention: PlaceMention) -> IntVector:
        """Passages about the place, about a place inside it, or about one around it that name it in their text."""
        found = [self._matching(place, mention) for place in self._positions]
        return np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)

    def _matching(self, place: Place, mention: PlaceMention) -> IntVector:
        division, positions = self._divisions[place], self._positions[place]
        if division is None:
            return np.zeros(0, np.int64)
        wanted = mention.divisions[-1]
        if division == wanted or division.is_inside(wanted):
            return positions
        if not wanted.is_inside(division):
            return np.zeros(0, np.int64)
        short = wanted.short
        return np.asarray([spot for spot in positions if short in fold(self._passages[spot].text)], np.int64)

    def shift_from(self, mention: PlaceMention, asked: str, place: Place) -> PlaceShift | None:
        """How a place of the passages differs from the one that was asked about; None if it is that very place."""
        division, wanted = self._divisions.get(place), mention.divisions[-1]
        if division is None or not (division.is_inside(wanted) or wanted.is_inside(division)):
            return None
        return PlaceShift(asked, place.name, division.is_inside(wanted))

    def positions_named_in(self, folded: str) -> IntVector:
        """Passages about places whose own name, or its pinyin, stands in the folded text, within a word too.

        The gazetteer is careful: 重庆火锅 is a dish to it. For a question the places that are covered count anyway.
        """
        names = self._spelled_names if _MAY_BE_PINYIN.search(folded) else self._names
        named = [
            self._positions[place] for place, known in names.items() if any(map(folded.__contains__, known))
        ]
        return np.unique(np.concatenate(named)) if named else np.zeros(0, np.int64)

    @functools.cached_property
    def _spelled_names(self) -> dict[Place, frozenset[str]]:
        return {place: names | _spelled(names) for place, names in self._names.items()}

    def match(self, mentions: Sequence[PlaceMention], folded: str) -> FloatVector:
        """(passages,) 1 where a passage is about one of the places named in the folded question, else 0."""
        match = np.zeros(len(self._passages), np.float32)
        match[self.positions_named_in(folded)] = 1.0
        for mention in mentions:
            match[self.positions_for(mention)] = 1.0
        return match


def _division(place: Place) -> Division | None:
    official = "".join(filter(None, (place.province, place.city, place.district))) or place.name
    mentions = find_places(official)
    return mentions[-1].divisions[-1] if mentions else None


def _names_of(division: Division) -> frozenset[str]:
    """The names that stand for the division in a question: 包河区 and 包河."""
    return frozenset({division.short, division.bare})


def _spelled(names: frozenset[str]) -> frozenset[str]:
    """The names in pinyin: baohe."""
    from pypinyin import lazy_pinyin  # takes a third of a second: only a question in letters pays

    spelled = {"".join(lazy_pinyin(name)) for name in names}
    return frozenset(name for name in spelled if len(name) >= _SHORTEST_PINYIN)
