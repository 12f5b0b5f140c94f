"""Filters: a place and a bulletin, as a person writes them, to the positions of passages."""

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
    """A place and a bulletin as a person writes them; None accepts all."""

    place: str | None = None
    bulletin: str | None = None

    def positions(self, index: Index) -> IntVector:
        """The positions that pass, in order; raises BulletinBotError for an unknown place or bulletin."""
        if self.place is None and self.bulletin is None:
            return _every_position(index)
        passing = np.ones(len(index.passages), np.bool_)
        if self.place is not None:
            passing &= _about_place(index, self.place)
        if self.bulletin is not None:
            passing &= _of_bulletin(index, self.bulletin)
        return np.flatnonzero(passing)


def _about_place(index: Index, place: str) -> Mask:
    """The passages about the place: by the name under which they are shown, or as the gazetteer knows it."""
    mask = np.zeros(len(index.passages), np.bool_)
    mask[index.place_index.positions_of(_place_codes(index).get(fold(place), ()))] = True
    for mention in find_places(place)[:1]:
        mask[index.place_index.positions_for(mention)] = True
    if not mask.any():
        covered = _shortened([known.name for known in index.places])
        raise BulletinBotError(f"No bulletin is about {place!r}: the places are {covered}.")
    return mask


def _of_bulletin(index: Index, bulletin: str) -> Mask:
    codes = _bulletin_codes(index).get(fold(bulletin))
    if not codes:
        labels = dict.fromkeys(known.label for known in index.passages.bulletins)
        raise BulletinBotError(f"There is no bulletin {bulletin!r}: there are {_shortened(list(labels))}.")
    return np.isin(index.passages.bulletin_codes, codes)


@cached_per_index
def _every_position(index: Index) -> IntVector:
    """Made anew for each search of a million passages, it took 0.8 ms of 12.7."""
    return np.arange(len(index.passages), dtype=np.int64)


@cached_per_index
def _place_codes(index: Index) -> dict[str, list[int]]:
    """The codes of the places by folded name; names that differ in script or width only are one."""
    return _codes_by_name(place.name for place in index.passages.places)


@cached_per_index
def _bulletin_codes(index: Index) -> dict[str, list[int]]:
    """The codes of the bulletins by folded label."""
    return _codes_by_name(bulletin.label for bulletin in index.passages.bulletins)


def _codes_by_name(names: Iterable[str]) -> dict[str, list[int]]:
    codes: dict[str, list[int]] = defaultdict(list)
    for code, name in enumerate(names):
        if name:
            codes[fold(name)].append(code)
    return dict(codes)


def _shortened(names: Sequence[str]) -> str:
    """The names as a list in a sentence, the first hundred of many."""
    shown = "、".join(names[:_MOST_NAMES])
    return f"{shown} and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else shown
