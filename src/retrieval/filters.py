"""Which passages a search is limited to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrieval.generation import Generation
from retrieval.places import find_places
from retrieval.text import fold
from retrieval.types import BulletinBotError, IntVector


@dataclass(frozen=True, slots=True)
class Filter:
    """A place and a bulletin as a person writes them; None lets everything through."""

    place: str | None = None
    bulletin: str | None = None

    def positions(self, generation: Generation) -> IntVector:
        """The positions that pass, in order; raises BulletinBotError for a place or bulletin that is not there."""
        passing = np.arange(len(generation.passages))
        if self.place is not None:
            passing = np.intersect1d(passing, _about(generation, self.place))
        if self.bulletin is not None:
            passing = np.intersect1d(passing, _of(generation, self.bulletin))
        return passing.astype(np.int64)


EVERYTHING = Filter()


def _about(generation: Generation, place: str) -> IntVector:
    wanted = fold(place)
    named = [
        position
        for position, passage in enumerate(generation.passages)
        if passage.place_name and fold(passage.place_name) == wanted
    ]
    mentioned = [generation.coverage.positions_for(mention) for mention in find_places(place)[:1]]
    found = np.unique(np.concatenate([np.asarray(named, np.int64), *mentioned]))
    if not len(found):
        covered = "、".join(known.name for known in generation.places)
        raise BulletinBotError(f"No bulletin is about {place!r}: the places are {covered}.")
    return found


def _of(generation: Generation, bulletin: str) -> IntVector:
    wanted = fold(bulletin)
    labels = [fold(passage.bulletin) for passage in generation.passages]
    found = [position for position, label in enumerate(labels) if label == wanted]
    if not found:
        known = "、".join(dict.fromkeys(passage.bulletin for passage in generation.passages))
        raise BulletinBotError(f"There is no bulletin {bulletin!r}: there are {known}.")
    return np.asarray(found, np.int64)
