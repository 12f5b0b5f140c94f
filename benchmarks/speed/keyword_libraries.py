"""Our keyword search beside libraries for it: `python -m benchmarks.speed.keyword_libraries FOLDER [SIZE]` (a million).

The same terms of the same made-up passages and the same 200 searches, every other one within a place, as `million` has
them. Each index is built by one process and loaded by another, whose times and memory are measured. `agreement` is the
share of the fifty best by exact BM25 that are among its own. bm25s and tantivy are not dependencies of the project:

    pip install --no-deps --target FOLDER bm25s==0.3.16 tantivy==0.27.0, and FOLDER in PYTHONPATH
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import numpy as np

from benchmarks.machine import machine
from benchmarks.rebuilds import record
from benchmarks.scale.made_up import BLOCK, MadeUp
from benchmarks.scale.made_up_index import index_words
from benchmarks.scale.million import SCRATCH
from benchmarks.scale.million_pool import read_pool
from bot.operations.statistics import resident_bytes
from retrieval.index.lexical.bm25 import BM25Index
from retrieval.top_k import best
from retrieval.types import IntVector, Mask

_SEARCHES = 200
_MOST_TERMS = 12
_BEST = 50
_SEED = 6


@dataclass(frozen=True, slots=True)
class Search:
    """The numbers of its terms, and of the place to which it is limited."""

    terms: IntVector
    place: int | None


Finds = Callable[[Search], IntVector]
"""Returns the positions of the best fifty passages."""


class Library(Protocol):
    """A keyword index in a folder."""

    def build(self, made_up: MadeUp, folder: Path) -> None: ...

    def load(self, made_up: MadeUp, folder: Path) -> Finds: ...


def main() -> int:
    if sys.argv[1] == "--step":
        return _step(*sys.argv[2:])
    articles, size = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "1000000"
    figures: dict[str, object] = {"passages": int(size), "searches": _SEARCHES, "best": _BEST}
    with tempfile.TemporaryDirectory() as folder:
        for name in LIBRARIES:
            figures[name] = {}
            for step in ("build", "search"):
                command = [sys.executable, "-m", __spec__.name, "--step", step, name, articles, size, folder]
                measured = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
                figures[name] |= measured
            print(name, json.dumps(figures[name]), flush=True)
    versions = {name: version(name) for name in LIBRARIES if name != "ours"}
    record("keyword_libraries", {**figures, "libraries": versions, "machine": machine()})
    return 0


def _step(step: str, name: str, articles: str, size: str, scratch: str) -> int:
    made_up = MadeUp(read_pool(Path(articles), SCRATCH), int(size))
    folder = Path(scratch) / name
    measured = (_built if step == "build" else _searched)(LIBRARIES[name], made_up, folder)
    print(json.dumps(measured))
    return 0


def _built(library: Library, made_up: MadeUp, folder: Path) -> dict[str, float]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    started = time.perf_counter()
    library.build(made_up, folder)
    seconds = time.perf_counter() - started
    disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {"build s": round(seconds, 1), "disk MB": round(disk / 2**20)}


def _searched(library: Library, made_up: MadeUp, folder: Path) -> dict[str, object]:
    searches, exact = _searches(made_up), _exact(made_up, folder.with_name("ours"))
    before = resident_bytes()
    started = time.perf_counter()
    find = library.load(made_up, folder)
    loaded = time.perf_counter() - started
    for search in searches[::-1]:
        find(search)
    times, rankings = [], []
    for search in searches:
        started = time.perf_counter()
        rankings.append(find(search))
        times.append((time.perf_counter() - started) * 1000)
    resident = resident_bytes() - before
    shares = [_agreement(own, exact(search)) for own, search in zip(rankings, searches, strict=True)]
    return {
        "load s": round(loaded, 2),
        "resident MB": round(resident / 2**20),
        "within a place": _spread(times[::2], shares[::2]),
        "anywhere": _spread(times[1::2], shares[1::2]),
    }


def _exact(made_up: MadeUp, folder: Path) -> Finds:
    """Exact BM25 of every passage, with all terms."""
    index, places, names = BM25Index.load(folder, made_up.count), made_up.place_numbers(), made_up.terms

    def find(search: Search) -> IntVector:
        scores = index.scores([names[number] for number in search.terms.tolist()])
        inside = _inside(places, search.place)
        ranked = best(scores if inside is None else np.where(inside, scores, np.float32(0)), _BEST)
        return ranked.positions[ranked.scores > 0]

    return find


def _agreement(positions: IntVector, exact: IntVector) -> float:
    return len(np.intersect1d(positions, exact)) / max(len(exact), 1)


def _spread(times: Sequence[float], shares: Sequence[float]) -> dict[str, float]:
    p50, p95 = np.percentile(times, [50, 95])
    return {
        "p50 ms": round(float(p50), 2),
        "p95 ms": round(float(p95), 2),
        "agreement": round(float(np.mean(shares)), 3),
    }


def _searches(made_up: MadeUp) -> list[Search]:
    """First terms of the first sentence of random passages, every other one within the passage's place."""
    positions = np.random.default_rng(_SEED).choice(
        made_up.count, _SEARCHES, replace=made_up.count < _SEARCHES
    )
    places = made_up.place_numbers()[positions].tolist()
    return [
        Search(_asked(made_up, position), None if number % 2 else place)
        for number, (position, place) in enumerate(zip(positions.tolist(), places, strict=True))
    ]


def _asked(made_up: MadeUp, position: int) -> IntVector:
    block = made_up.block(position // BLOCK * BLOCK)
    first = block.passage_starts[position - block.first]
    return made_up.terms_of_sentences(block.sentences[first : first + 1])[:_MOST_TERMS]


def _lists(made_up: MadeUp) -> Iterator[IntVector]:
    """Terms of each passage."""
    for block in made_up.blocks():
        numbers, counts = made_up.terms_of(block)
        yield from np.split(numbers, np.cumsum(counts)[:-1])


def _inside(places: IntVector, place: int | None) -> Mask | None:
    return None if place is None else places == place


class Ours:
    """`retrieval.index.lexical.bm25`."""

    def build(self, made_up: MadeUp, folder: Path) -> None:
        index_words(made_up).save(folder)

    def load(self, made_up: MadeUp, folder: Path) -> Finds:
        index, places, names = BM25Index.load(folder, made_up.count), made_up.place_numbers(), made_up.terms

        def find(search: Search) -> IntVector:
            asked = [names[number] for number in search.terms.tolist()]
            return index.rank(asked, _BEST, _inside(places, search.place)).positions

        return find


class Bm25s:
    """Scores of all passages, computed beforehand and memory-mapped; a place is a mask over all of them."""

    def build(self, made_up: MadeUp, folder: Path) -> None:
        import bm25s

        lists = [terms.tolist() for terms in _lists(made_up)]
        vocabulary = {str(number): number for number in range(len(made_up.terms))}
        index = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
        index.index(bm25s.tokenization.Tokenized(lists, vocabulary), show_progress=False)
        index.save(folder)

    def load(self, made_up: MadeUp, folder: Path) -> Finds:
        import bm25s

        index, places = bm25s.BM25.load(folder, mmap=True), made_up.place_numbers()

        def find(search: Search) -> IntVector:
            scores = index.get_scores_from_ids(search.terms.tolist())
            if search.place is not None:
                scores = scores * (places == search.place)
            nearest = np.argpartition(-scores, _BEST)[:_BEST]
            return np.asarray(nearest[scores[nearest] > 0], np.int64)

        return find


class Tantivy:
    """Terms as words separated by spaces; a place is a required word of a second field."""

    def build(self, made_up: MadeUp, folder: Path) -> None:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("position", stored=False, fast=True)
        builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
        builder.add_text_field("place", tokenizer_name="raw", index_option="basic")
        writer = tantivy.Index(builder.build(), path=str(folder)).writer(heap_size=500_000_000, num_threads=1)
        places = made_up.place_numbers().tolist()
        for position, (terms, place) in enumerate(zip(_lists(made_up), places, strict=True)):
            words = " ".join(map(str, terms.tolist()))
            writer.add_document(tantivy.Document(position=position, terms=words, place=str(place)))
        writer.commit()
        writer.wait_merging_threads()

    def load(self, made_up: MadeUp, folder: Path) -> Finds:
        import tantivy

        index = tantivy.Index.open(str(folder))
        searcher, schema = index.searcher(), index.schema

        def find(search: Search) -> IntVector:
            words = (tantivy.Query.term_query(schema, "terms", str(term)) for term in search.terms.tolist())
            query = tantivy.Query.boolean_query([(tantivy.Occur.Should, word) for word in words])
            if search.place is not None:
                place = tantivy.Query.term_query(schema, "place", str(search.place))
                unscored = tantivy.Query.const_score_query(place, 0.0)
                both = (tantivy.Occur.Must, query), (tantivy.Occur.Must, unscored)
                query = tantivy.Query.boolean_query(both)
            hits = searcher.search(query, _BEST, count=False).hits
            positions = searcher.fast_field_values("position", [address for _, address in hits])
            return np.asarray(positions, np.int64)

        return find


LIBRARIES: dict[str, Library] = {"ours": Ours(), "bm25s": Bm25s(), "tantivy": Tantivy()}


if __name__ == "__main__":
    sys.exit(main())
