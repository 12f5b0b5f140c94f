"""Which passages a search is limited to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.errors import BulletinBotError
from retrieval.index.index import Index
from retrieval.index.index_cache import cached_per_index
from retrieval.language import fold
from retrieval.places import find_places
from retrieval.types import IntVector, Mask

_MOST_NAMES = 100


@dataclass(frozen=True, slots=True)
class Filter:
    """A place and a bulletin as a person writes them; None lets everything through."""

    place: str | None = None
    bulletin: str | None = None

    def positions(self, index: Index) -> IntVector:
        """The positions that pass, in order; raises BulletinBotError for a place or bulletin that is not there."""
        passing = np.ones(len(index.passages), np.bool_)
        if self.place is not None:
            passing &= _about(index, self.place)
        if self.bulletin is not None:
            passing &= _of(index, self.bulletin)
        return np.flatnonzero(passing).astype(np.int64)


EVERYTHING = Filter()


def _about(index: Index, place: str) -> Mask:
    """About the place as the gazetteer knows it, or by the very name under which passages are shown."""
    found = np.zeros(len(index.passages), np.bool_)
    found[index.coverage.positions_of(_place_codes(index).get(fold(place), ()))] = True
    for mention in find_places(place)[:1]:
        found[index.coverage.positions_for(mention)] = True
    if not found.any():
        covered = _some([known.name for known in index.places])
        raise BulletinBotError(f"No bulletin is about {place!r}: the places are {covered}.")
    return found


def _of(index: Index, bulletin: str) -> Mask:
    codes = _bulletin_codes(index).get(fold(bulletin))
    if not codes:
        labels = dict.fromkeys(known.label for known in index.passages.bulletins)
        raise BulletinBotError(f"There is no bulletin {bulletin!r}: there are {_some(list(labels))}.")
    return np.isin(index.passages.bulletin_codes, codes)


@cached_per_index
def _place_codes(index: Index) -> dict[str, list[int]]:
    """The numbers of the places by name; names that differ in script or width only are one."""
    return _numbered(place.name for place in index.passages.places)


@cached_per_index
def _bulletin_codes(index: Index) -> dict[str, list[int]]:
    """The numbers of the bulletins by label, as those of the places."""
    return _numbered(bulletin.label for bulletin in index.passages.bulletins)


def _numbered(names: Iterable[str]) -> dict[str, list[int]]:
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, name in enumerate(names):
        if name:
            numbers[fold(name)].append(number)
    return dict(numbers)


def _some(names: Sequence[str]) -> str:
    """The names, of many the first."""
    shown = "、".join(names[:_MOST_NAMES])
    return f"{shown} and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else shown
