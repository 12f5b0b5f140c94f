"""The difference between two readings: passages added, changed and removed, one by one and counted by place."""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from retrieval.storage import PassageStore
from retrieval.types import DEFAULT_COLLECTION, Passage

ChangeKind = Literal["added", "changed", "removed"]
# Largest number of pairs of texts compared under one path; with more, texts are paired in their order.
_MOST_PAIRS = 400


@dataclass(frozen=True, slots=True)
class PlaceChanges:
    """Counts of passages about one place."""

    place: str
    passages: int
    added: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class PassageChange:
    """One passage that is added, removed, or changed under the same path, with its place in the bulletins."""

    kind: ChangeKind
    place: str
    bulletin: str
    section: str
    """The full label of the innermost section; empty for a lead paragraph."""
    file: str
    line: int | None
    passage_id: str
    """Of the new passage; of the old one where it was removed."""
    before: str | None
    after: str | None


def passage_changes(old: Sequence[Passage], new: Sequence[Passage]) -> tuple[PassageChange, ...]:
    """Every change, in the order of the new passages; removals come last, in the order of the old ones.

    A passage counts as changed if there is another text under the same path; of several, the most similar are paired.
    """
    before = {passage.passage_id: passage for passage in only_in(old, new)}
    after = {passage.passage_id: passage for passage in only_in(new, old)}
    gone, added = _by_path(before.values()), _by_path(after.values())
    pairs = {
        newer.passage_id: older
        for path, passages in added.items()
        for older, newer in _pairs(gone.get(path, []), passages)
    }
    replaced = {older.passage_id for older in pairs.values()}
    changed = [_change(pairs.get(identity), passage) for identity, passage in after.items()]
    removed = [_change(passage, None) for identity, passage in before.items() if identity not in replaced]
    return (*changed, *removed)


def replaced_passages(old: Sequence[Passage], new: Sequence[Passage]) -> Iterator[tuple[Passage, Passage]]:
    """Each old passage with the new one that stands under its path, the most alike first; those without one are left out."""
    come = _by_path(new)
    for path, older in _by_path(old).items():
        yield from _pairs(older, come.get(path, []))


def compare(old: Sequence[Passage], new: Sequence[Passage]) -> tuple[PlaceChanges, ...]:
    """The counts of changes by place, in the order of the new passages; places that are gone come last."""
    return count_by_place(passage_changes(old, new), old, new) if old else all_added(new)


def all_added(new: Sequence[Passage]) -> tuple[PlaceChanges, ...]:
    """As `compare`, with no passages before."""
    counts = count_places(new)
    return tuple(PlaceChanges(place, count, count, changed=0, removed=0) for place, count in counts.items())


def count_by_place(
    changes: Iterable[PassageChange], old: Sequence[Passage], new: Sequence[Passage]
) -> tuple[PlaceChanges, ...]:
    """As `compare`, of changes already computed."""
    counts = Counter((change.place, change.kind) for change in changes)
    totals = count_places(new)
    return tuple(
        PlaceChanges(
            place=place,
            passages=totals.get(place, 0),
            added=counts[place, "added"],
            changed=counts[place, "changed"],
            removed=counts[place, "removed"],
        )
        for place in totals | count_places(old)
    )


def only_in(one: Sequence[Passage], other: Sequence[Passage]) -> list[Passage]:
    """The passages of the first whose ids the second lacks, in their order; two stores are compared by numbers."""
    if isinstance(one, PassageStore) and isinstance(other, PassageStore):
        return one.missing_from(other)
    ids = {passage.passage_id for passage in other}
    return [passage for passage in one if passage.passage_id not in ids]


def count_redated(old: Sequence[Passage], new: Sequence[Passage]) -> int:
    """The number of passages that stay as they are but get another date or issue number."""
    before = {passage.passage_id: (passage.date, passage.issue) for passage in old}
    return sum(
        before.get(passage.passage_id, (passage.date, passage.issue)) != (passage.date, passage.issue)
        for passage in new
    )


def count_places(passages: Sequence[Passage]) -> dict[str, int]:
    """The number of passages about each place by its name, in the order of first occurrence; "" for none."""
    if isinstance(passages, PassageStore):
        return passages.count_by_place()
    return dict(Counter(map(_place, passages)))


def _change(older: Passage | None, newer: Passage | None) -> PassageChange:
    passage = newer or older
    if passage is None:
        raise ValueError("a change needs an old or a new passage")
    return PassageChange(
        kind="changed" if older and newer else "added" if newer else "removed",
        place=_place(passage),
        bulletin=passage.bulletin,
        section=passage.section_path[-1].full if passage.section_path else "",
        file=passage.file,
        line=passage.line,
        passage_id=passage.passage_id,
        before=older.text if older else None,
        after=newer.text if newer else None,
    )


def _by_path(passages: Iterable[Passage]) -> dict[tuple[str, ...], list[Passage]]:
    grouped: dict[tuple[str, ...], list[Passage]] = defaultdict(list)
    for passage in passages:
        grouped[_path(passage)].append(passage)
    return grouped


def _pairs(old: Sequence[Passage], new: Sequence[Passage]) -> Iterator[tuple[Passage, Passage]]:
    """Pairs of similar texts, the most similar first; as many as the shorter of the two has."""
    if len(old) * len(new) <= 1 or len(old) * len(new) > _MOST_PAIRS:
        yield from zip(old, new, strict=False)
        return
    by_likeness = sorted(
        (
            (-_likeness(older.text, newer.text), i, j)
            for i, older in enumerate(old)
            for j, newer in enumerate(new)
        )
    )
    taken: set[tuple[str, int]] = set()
    for _, i, j in by_likeness:
        if not taken & {("old", i), ("new", j)}:
            taken |= {("old", i), ("new", j)}
            yield old[i], new[j]


def _likeness(older: str, newer: str) -> float:
    return difflib.SequenceMatcher(None, older, newer, autojunk=False).quick_ratio()


def _place(passage: Passage) -> str:
    return passage.place_name or ""


def _path(passage: Passage) -> tuple[str, ...]:
    labels = (section.label for section in passage.section_path)
    # A passage of a collection replaces none of another; that there are others at all changes nothing.
    collection = "" if passage.collection in (None, DEFAULT_COLLECTION) else passage.collection
    return (collection or "", _place(passage), passage.bulletin, *labels)
