"""A search as it is typed: words, with @place and #bulletin among them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FILTER = re.compile(r"(?:^|(?<=\s))([@#\uff20\uff03])(\S+)")
_PLACE_SIGNS = "@\uff20"


@dataclass(frozen=True, slots=True)
class TypedSearch:
    """What stands in a search, not yet compared with what there is; of two filters of a kind the last counts."""

    words: str
    place: str | None = None
    bulletin: str | None = None


def read_search(text: str) -> TypedSearch:
    """The words, the place behind @ and the bulletin behind #, as typed (full-width signs too)."""
    filters = _FILTER.findall(text)
    places = [name for sign, name in filters if sign in _PLACE_SIGNS]
    bulletins = [name for sign, name in filters if sign not in _PLACE_SIGNS]
    return TypedSearch(
        words=" ".join(_FILTER.sub(" ", text).split()),
        place=places[-1] if places else None,
        bulletin=bulletins[-1] if bulletins else None,
    )
