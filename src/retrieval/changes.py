"""What a new reading adds to, changes in and removes from an old one, place by place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from retrieval.types import Passage


@dataclass(frozen=True, slots=True)
class PlaceChanges:
    """Counts of passages about one place."""

    place: str
    passages: int
    added: int
    changed: int
    removed: int


def compare(old: Iterable[Passage], new: Iterable[Passage]) -> tuple[PlaceChanges, ...]:
    """The changes by place, in the order of the new passages; places that are gone come last.

    A passage counts as changed if another text stands under the same path.
    """
    before = {passage.passage_id: passage for passage in old}
    after = {passage.passage_id: passage for passage in new}
    added = Counter(map(_path, (after[identity] for identity in after.keys() - before.keys())))
    removed = Counter(map(_path, (before[identity] for identity in before.keys() - after.keys())))
    changed = added & removed
    places = dict.fromkeys(map(_place, [*after.values(), *before.values()]))
    totals = Counter(map(_place, after.values()))
    return tuple(
        PlaceChanges(
            place=place,
            passages=totals[place],
            added=_count(added - changed, place),
            changed=_count(changed, place),
            removed=_count(removed - changed, place),
        )
        for place in places
    )


def _place(passage: Passage) -> str:
    return passage.place_name or ""


def _path(passage: Passage) -> tuple[str, ...]:
    labels = (section.label for section in passage.section_path)
    return (_place(passage), passage.bulletin, *labels)


def _count(paths: Counter[tuple[str, ...]], place: str) -> int:
    return sum(count for path, count in paths.items() if path[0] == place)
