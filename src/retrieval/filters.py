"""Which passages a search is limited to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.generation import Generation
from retrieval.places import find_places
from retrieval.text import fold
from retrieval.types import BulletinBotError, IntVector

_MOST_NAMES = 100


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
    """About the place as the gazetteer knows it, or by the very name under which passages are shown."""
    places = generation.passages.places
    names = _alike(place, (known.name for known in places))
    named = generation.coverage.positions_of(code for code, known in enumerate(places) if known.name in names)
    mentioned = [generation.coverage.positions_for(mention) for mention in find_places(place)[:1]]
    found = np.unique(np.concatenate([named, *mentioned]))
    if not len(found):
        covered = _some([known.name for known in generation.places])
        raise BulletinBotError(f"No bulletin is about {place!r}: the places are {covered}.")
    return found


def _of(generation: Generation, bulletin: str) -> IntVector:
    passages = generation.passages
    labels = dict.fromkeys(known.label for known in passages.bulletins)
    wanted = _alike(bulletin, labels)
    if not wanted:
        raise BulletinBotError(f"There is no bulletin {bulletin!r}: there are {_some(list(labels))}.")
    codes = [code for code, known in enumerate(passages.bulletins) if known.label in wanted]
    return np.flatnonzero(np.isin(passages.bulletin_codes, codes)).astype(np.int64)


def _some(names: Sequence[str]) -> str:
    """The names, of many the first."""
    shown = "、".join(names[:_MOST_NAMES])
    return f"{shown} and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else shown


def _alike(name: str, known: Iterable[str]) -> frozenset[str]:
    """Those of the names that differ from this one in script or width at most; each is folded but once."""
    wanted = fold(name)
    return frozenset(other for other in known if other and fold(other) == wanted)
