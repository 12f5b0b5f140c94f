"""The collections of an index, and the index of one or several of them alone."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace

from retrieval.errors import UnknownCollectionError
from retrieval.index.index import Index, Parts
from retrieval.index.index_cache import cached_per_index
from retrieval.index.views import parts_at
from retrieval.language import fold
from retrieval.storage import manifests
from retrieval.types import DEFAULT_COLLECTION

_Names = tuple[str | None, ...]

# Those of each collection alone and of a few sets of them; what a view copies is small beside its vectors.
_VIEWS_CACHED = 64


def names_of(index: Index) -> tuple[str, ...]:
    """The names of the collections, the default one first if it has passages; only its own where all is one."""
    names = tuple(name or DEFAULT_COLLECTION for name in index.passages.collections)
    return tuple(sorted(names, key=lambda name: name != DEFAULT_COLLECTION))


def within(index: Index, names: Sequence[str] = ()) -> Index:
    """The index of these collections alone; without names, of the first: collections are mixed only where several are named.

    Statistics are those of its own passages, as if nothing else had been built. The index itself where nothing is left
    out. Raises UnknownCollectionError for a name that no collection has.
    """
    chosen, known = chosen_names(index, names), names_of(index)
    return index if len(chosen) == len(known) else _views(index)(chosen)


def chosen_names(index: Index, names: Sequence[str] = ()) -> tuple[str, ...]:
    """The names of these collections as they are written, in order; without names, that of the first.

    Either script is understood. Raises UnknownCollectionError for a name that no collection has.
    """
    known = names_of(index)
    chosen = {_named(name, known) for name in names} or {known[0]}
    return tuple(name for name in known if name in chosen)


def _named(name: str, known: Sequence[str]) -> str:
    for each in known:
        if fold(each) == fold(name.strip()):
            return each
    raise UnknownCollectionError(name, known)


@cached_per_index
def _views(index: Index) -> Callable[[_Names], Index]:
    """A function from names to the index of their passages; it refers to the parts of the index, not to the index."""
    parts = Parts(
        passages=index.passages,
        bm25=index.bm25,
        paragraphs=index.paragraphs,
        sentences=index.sentences,
        tokens=index.tokens,
        spans=index.spans,
        keys=index.keys,
        remote=index.remote,
    )
    return functools.lru_cache(_VIEWS_CACHED)(functools.partial(_view, index.manifest, parts))


def _view(manifest: manifests.Manifest, parts: Parts, names: _Names) -> Index:
    chosen = parts_at(parts, parts.passages.positions_in(names))
    return Index(replace(manifest, passages=len(chosen.passages), sentences=len(chosen.spans)), chosen)
