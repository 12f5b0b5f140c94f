"""Passages by place: those about a place, inside it or naming it, and those about the places that a question names."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from retrieval.language import pinyin
from retrieval.places import Division, PlaceMention, find_places
from retrieval.storage import PassageStore
from retrieval.types import FloatVector, IntVector, Passage, Place, PlaceShift

_SHORTEST_PINYIN = 5  # letters; shorter ones are English words: an, he, li, wan
# Passages that are read for a place that none is about; each takes 0.1 ms, and the result is cached.
_MOST_NAMING = 200
_MAY_BE_PINYIN = re.compile(f"[a-z]{{{_SHORTEST_PINYIN}}}")

Holding = Callable[[str], IntVector]
"""The positions of the passages that may hold a pair of characters: all that do, and perhaps others."""


class PlaceIndex:
    """The passages by the place they are about."""

    def __init__(self, passages: Sequence[Passage], holding: Holding | None = None) -> None:
        self._passages = PassageStore.from_passages(passages)
        self._holding = holding
        codes = self._passages.place_codes
        self._order = np.argsort(codes, kind="stable")
        self._starts = np.searchsorted(codes[self._order], np.arange(len(self._passages.places) + 1))
        self._divisions = {place: _division(place) for place in self._passages.places}
        self._codes: dict[str, tuple[list[int], list[int]]] = {}
        self._named: dict[str, IntVector] = {}
        self._names = [_names_of(division) for division in self._divisions.values()]

    def positions_for(self, mention: PlaceMention) -> IntVector:
        """Passages about the place or about a place inside it, and those that name it in their text.

        Of these, passages about a place around it count always, others where no passage is about the place.
        """
        positions = self.positions_of(self._codes_for(mention)[0])
        naming = self._naming(mention)
        return np.union1d(positions, naming) if len(naming) else positions

    def positions_about(self, mention: PlaceMention) -> IntVector:
        """Passages about the place or about a place inside it."""
        return self.positions_of(self._codes_for(mention)[0])

    def covers(self, mention: PlaceMention) -> bool:
        """Whether `positions_for` has any."""
        return bool(self._codes_for(mention)[0]) or bool(len(self._naming(mention)))

    def positions_of(self, codes: Iterable[int]) -> IntVector:
        """The positions of the passages about the places of these codes, in order."""
        by_place = [self._order[self._starts[code] : self._starts[code + 1]] for code in codes]
        if len(by_place) < 2:  # in order already
            return by_place[0] if by_place else np.zeros(0, np.int64)
        mask = np.zeros(len(self._passages), np.bool_)
        mask[np.concatenate(by_place)] = True  # ten times as fast as sorting them
        return np.flatnonzero(mask)

    def _codes_for(self, mention: PlaceMention) -> tuple[list[int], list[int]]:
        """The codes of the places that are the mentioned one or inside it, and of those around it."""
        if mention.code not in self._codes:
            self._codes[mention.code] = self._find_codes(mention.divisions[-1])
        return self._codes[mention.code]

    def _find_codes(self, mentioned: Division) -> tuple[list[int], list[int]]:
        divisions = [(code, one) for code, one in enumerate(self._divisions.values()) if one is not None]
        inside = [code for code, one in divisions if one == mentioned or one.is_inside(mentioned)]
        return inside, [code for code, one in divisions if mentioned.is_inside(one)]

    def _naming(self, mention: PlaceMention) -> IntVector:
        """The passages about places around it, or else about any, that name the place in their text."""
        inside, around = self._codes_for(mention)
        naming = self._holding_name(mention.divisions[-1].short, self.positions_of(around))
        if inside or len(naming):
            return naming
        if mention.code not in self._named:
            self._named[mention.code] = self._naming_as_place(mention)
        return self._named[mention.code]

    def _naming_as_place(self, mention: PlaceMention) -> IntVector:
        """The passages, of any place, whose text mentions the place; a word that only looks like its name does not count."""
        everything = np.arange(len(self._passages), dtype=np.int64)
        holding = self._holding_name(mention.divisions[-1].short, everything)[:_MOST_NAMING]
        naming = [
            position
            for position, text in zip(holding.tolist(), self._passages.folded.at(holding), strict=True)
            if any(other.code == mention.code for other in find_places(text))
        ]
        return np.asarray(naming, np.int64)

    def _holding_name(self, name: str, positions: IntVector) -> IntVector:
        """Those of the passages that hold the name in their text."""
        if self._holding and len(positions) and len(name) > 1:
            for pair in itertools.pairwise(name):
                positions = np.intersect1d(positions, self._holding("".join(pair)), assume_unique=True)
        return self._passages.folded.among(name, positions)

    def shift_from(self, mention: PlaceMention, asked: str, place: Place) -> PlaceShift | None:
        """The difference between a place of the passages and the one asked about; None if they are the same place."""
        division, mentioned = self._divisions.get(place), mention.divisions[-1]
        if division is None or not (division.is_inside(mentioned) or mentioned.is_inside(division)):
            return None
        return PlaceShift(asked, place.name, division.is_inside(mentioned))

    def covered_around(self, mention: PlaceMention) -> str | None:
        """The shown name of the covered place around the mentioned one, the nearest of several.

        None if passages are about the mentioned place itself, or about none around it.
        """
        inside, around = self._codes_for(mention)
        if inside:
            return None
        names = [place.name for code, place in enumerate(self._divisions) if code in around]
        return max(names, key=len, default=None)

    def _codes_named_in(self, folded: str) -> list[int]:
        """The codes of the places whose name, or its pinyin, occurs in the folded text, even within a word.

        The gazetteer is stricter: to it 重庆火锅 is a dish. In a question the covered places count anyway.
        """
        by_code = self._names_with_pinyin if _MAY_BE_PINYIN.search(folded) else self._names
        return [code for code, names in enumerate(by_code) if any(map(folded.__contains__, names))]

    def named_in(self, folded: str) -> tuple[IntVector, str]:
        """The passages about the places whose names the folded text holds, even as part of a word, and the text without these."""
        codes = self._codes_named_in(folded)
        names = {name for code in codes for name in self._names[code] if name in folded}
        for name in sorted(names, key=len, reverse=True):
            folded = folded.replace(name, " ")
        return self.positions_of(codes), folded

    @functools.cached_property
    def _names_with_pinyin(self) -> list[frozenset[str]]:
        return [names | _in_pinyin(names) for names in self._names]

    def match(
        self, mentions: Sequence[PlaceMention], folded: str, positions: IntVector | None = None
    ) -> FloatVector:
        """1 where a passage is about one of the places named in the folded question, else 0; of all or at positions."""
        if positions is None:
            positions = np.arange(len(self._passages), dtype=np.int64)
        named = self._codes_named_in(folded)
        naming = np.zeros(0, np.int64)
        for mention in mentions:
            named += self._codes_for(mention)[0]
            naming = np.union1d(naming, self._naming(mention))
        is_named = np.zeros(len(self._passages.places) + 1, np.bool_)  # the last for a passage about no place
        is_named[named] = True
        is_about = is_named[self._passages.place_codes[positions]]
        return (is_about | np.isin(positions, naming)).astype(np.float32)


def _division(place: Place) -> Division | None:
    official = "".join(filter(None, (place.province, place.city, place.district))) or place.name
    mentions = find_places(official)
    return mentions[-1].divisions[-1] if mentions else None


def _names_of(division: Division | None) -> frozenset[str]:
    """The names of the division in a question: 包河区 and 包河."""
    return frozenset({division.short, division.bare}) if division else frozenset()


def _in_pinyin(names: frozenset[str]) -> frozenset[str]:
    """The names in pinyin: baohe."""
    spelled = ("".join(pinyin.syllables(name)) for name in names)
    return frozenset(name for name in spelled if len(name) >= _SHORTEST_PINYIN)
