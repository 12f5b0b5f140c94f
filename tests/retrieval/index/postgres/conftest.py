"""A real server for the tests of this folder; they are skipped where the extra `postgres` or the server is missing."""

from __future__ import annotations

import importlib.util
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.local_postgres import LocalPostgres, programs_folder, running

from retrieval.building.builder import build_generation, write_generation
from retrieval.types import Passage
from tests.doubles import HashEncoder, make_passage

_PROGRAMS = programs_folder()
_IS_COMPLETE = importlib.util.find_spec("psycopg") is not None and _PROGRAMS is not None
collect_ignore_glob = [] if _IS_COMPLETE else ["test_*.py"]


def pytest_report_header() -> str:
    return "" if _IS_COMPLETE else "tests of PostgreSQL are left out: run `make test-postgres`"


@pytest.fixture(scope="session")
def postgres() -> Iterator[LocalPostgres]:
    """A server with pgvector and pg_textsearch."""
    assert _PROGRAMS is not None
    with running(_PROGRAMS) as server:
        yield server


@pytest.fixture
def url(postgres: LocalPostgres) -> Iterator[str]:
    """The address of an empty database."""
    import psycopg
    from psycopg.sql import SQL, Identifier

    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(SQL("create database {}").format(Identifier(name)))
    yield postgres.url(name)
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(SQL("drop database {} with (force)").format(Identifier(name)))


PLACES = ("北京", "上海", "江蘇南京", "廣東廣州", "浙江杭州")
TOPICS = ("志願服務", "文明實踐站", "好人評選", "垃圾分類", "鄉村圖書館", "道德講堂", "移風易俗")


def many_passages(count: int) -> tuple[Passage, ...]:
    """Passages about five places, each unlike the others."""
    return tuple(
        make_passage(
            f"{number + 1:016x}",
            f"第{number}號簡報說,{TOPICS[number % 7]}辦了{number * 3 + 1}次。居民{TOPICS[number % 5]}也來了{number % 97}人!",
            place=PLACES[number % 5] if number % 50 else None,
            section=f"{'一二三四'[number % 4]}、{TOPICS[number % 3]}",
            bulletin=f"篇{number // 100 + 1}",
        )
        for number in range(count)
    )


def index_folder(folder: Path, count: int, exact_up_to: int = 100_000) -> Path:
    """An index folder with a generation of so many passages."""
    encoder = HashEncoder()
    write_generation(
        build_generation(many_passages(count), encoder, exact_up_to=exact_up_to), encoder, folder, {}
    )
    return folder


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index folder of 60 passages."""
    return index_folder(tmp_path_factory.mktemp("small") / "index", 60)


@pytest.fixture(scope="session")
def exact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index folder of 600 passages whose vectors are exact, and more than a reader holds."""
    return index_folder(tmp_path_factory.mktemp("exact") / "index", 600)


@pytest.fixture(scope="session")
def coded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index folder of 700 passages whose vectors are coded, as those of a large collection are."""
    return index_folder(tmp_path_factory.mktemp("coded") / "index", 700, exact_up_to=0)
