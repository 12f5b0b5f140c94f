"""The bulletins of an index as pages: one page for a short bulletin, a page for each item of a long one."""

from __future__ import annotations

import bisect
import functools
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.serving import catalogs
from retrieval.index import Index, cached_per_index
from retrieval.storage import PassageStore
from retrieval.types import DEFAULT_COLLECTION, IntVector

# UTF-16 units of text. Three bytes of UTF-8 each, and five for an escaped "&": a full page is below 300 KB with its
# contents (`python -m benchmarks.speed.reader_page`), and a phone scrolls through it.
_LARGEST_PAGE = 40_000
_UNITS_OF_MARKUP = 150
"""The size of the markup around a passage, in the same units."""
_PLANS_CACHED = 256

_READABLE = re.compile(r"[^\W_][\w-]{0,60}")
PATTERN_EXAMPLES = ((_READABLE, "篇3", "../3"),)
"""For each pattern, a text that it must match as a whole and one that it must not."""

Range = tuple[int, int]
"""Positions of passages of one item, the end exclusive."""


@dataclass(frozen=True, slots=True)
class BulletinEntry:
    """A bulletin and its name in addresses."""

    number: int
    """Counts from 0 in the order of all bulletins."""
    slug: str
    """Its label where that is unique and fit for an address; else with, or instead of it, 8 hexadecimal digits."""
    label: str
    title: str
    collection: str


class BulletinBook:
    """The entries of all bulletins, and how each is cut into pages; positions are those of all passages."""

    def __init__(self, store: PassageStore, catalog: catalogs.Catalog) -> None:
        self._catalog = catalog
        self.entries = tuple(_entries(store))
        self._by_slug = {entry.slug: entry for entry in self.entries}
        names = dict.fromkeys((bulletin.file, bulletin.label) for bulletin in store.bulletins)
        self._by_name = dict(zip(names, self.entries, strict=True))
        self._plan = functools.lru_cache(_PLANS_CACHED)(_planner(catalog, store.text_sizes))

    def of_collection(self, collection: str) -> tuple[BulletinEntry, ...]:
        """The bulletins of a collection, in their order."""
        return tuple(entry for entry in self.entries if entry.collection == collection)

    def entry(self, slug: str) -> BulletinEntry | None:
        """The bulletin of that name in addresses; None if there is none."""
        return self._by_slug.get(slug)

    def entry_of(self, file: str, label: str) -> BulletinEntry:
        """The bulletin of that label in that file."""
        return self._by_name[file, label]

    def items(self, entry: BulletinEntry) -> Sequence[catalogs.Item]:
        """The items of a bulletin."""
        return self._catalog.bulletins[entry.number].items

    def parts(self, entry: BulletinEntry) -> tuple[tuple[Range, ...], ...]:
        """The pages of a bulletin, each with the ranges of its items; a single one for a bulletin that is not split."""
        return self._plan(entry.number)

    def part_of(self, entry: BulletinEntry, position: int) -> int:
        """The number of the page on which the passage at a position stands; 0 for a bulletin that is not split."""
        parts = self.parts(entry)
        if len(parts) == 1:
            return 0
        return bisect.bisect_right([ranges[0][0] for ranges in parts], position)


@cached_per_index
def book_of(index: Index) -> BulletinBook:
    """The book of an index, made once an index."""
    return BulletinBook(index.passages, catalogs.catalog_of(index))


def _entries(store: PassageStore) -> Iterator[BulletinEntry]:
    known = {(bulletin.file, bulletin.label): bulletin for bulletin in reversed(store.bulletins)}
    names = list(dict.fromkeys((bulletin.file, bulletin.label) for bulletin in store.bulletins))
    counts = Counter(label for _, label in names)
    for number, (file, label) in enumerate(names):
        bulletin = known[file, label]
        slug = _slug(file, label, bulletin.collection, is_unique=counts[label] == 1)
        yield BulletinEntry(number, slug, label, bulletin.title, bulletin.collection or DEFAULT_COLLECTION)


def _slug(file: str, label: str, collection: str | None, *, is_unique: bool) -> str:
    """The same after every rebuild, whatever other bulletins come, as long as none of the same label does."""
    is_readable = _READABLE.fullmatch(label) is not None
    if is_unique and is_readable:
        return label
    name = "\0".join((collection or "", file, label)).encode("utf-8", "surrogatepass")
    digits = hashlib.sha256(name).hexdigest()[:8]
    return f"{label}~{digits}" if is_readable else f"~{digits}"


def _planner(catalog: catalogs.Catalog, sizes: IntVector) -> Callable[[int], tuple[tuple[Range, ...], ...]]:
    def plan(number: int) -> tuple[tuple[Range, ...], ...]:
        ranges = [(item.start, item.end) for item in catalog.bulletins[number].items]
        units = sum(int(sizes[start:end].sum()) + (end - start) * _UNITS_OF_MARKUP for start, end in ranges)
        if units <= _LARGEST_PAGE:
            return (tuple(ranges),)
        return tuple((piece,) for piece in _pieces(ranges, sizes))

    return plan


def _pieces(ranges: Iterable[Range], sizes: IntVector) -> Iterator[Range]:
    """The items; one that is too large for a page is cut between passages."""
    for start, end in ranges:
        first, units = start, 0
        for position in range(start, end):
            own = int(sizes[position]) + _UNITS_OF_MARKUP
            if units and units + own > _LARGEST_PAGE:
                yield first, position
                first, units = position, 0
            units += own
        yield first, end
