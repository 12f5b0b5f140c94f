"""What goes wrong with a server is one sentence, and the pointer never names half a generation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import psycopg
import pytest
from benchmarks.local_postgres import LocalPostgres
from psycopg import errors

from retrieval.errors import BulletinBotError
from retrieval.index import homes
from retrieval.index.postgres import ServerHome, load_server_index
from retrieval.index.postgres.server import (
    ServerAddress,
    ServerError,
    ServerLostError,
    connected,
    extensions,
    serving_row,
)
from retrieval.index.postgres.server.faults import faults_told
from retrieval.questions import encode_question, read_question
from retrieval.ranking import rank_passages, search_keywords
from tests.doubles import HashEncoder

ENCODER = HashEncoder()
SECRET = "very-secret-word"


@pytest.fixture(scope="module")
def guest(postgres: LocalPostgres) -> str:
    """A user whom the server asks for a password and who may create nothing but schemas."""
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute(f"create role guest login password '{SECRET}'")
    return "guest"


@pytest.mark.parametrize(
    ("user", "password", "database", "sentence"),
    [
        ("guest", "wrong-word", "postgres", "refuses the user or the password of INDEX_URL"),
        ("guest", SECRET, "no_such_database", "does not exist"),
        ("postgres", "", "no_such_database", "does not exist"),
    ],
)
def test_a_door_that_stays_shut_is_told_without_the_password(
    postgres: LocalPostgres, guest: str, user: str, password: str, database: str, sentence: str
) -> None:
    with pytest.raises(ServerError, match=sentence) as raised:
        ServerHome.from_url(postgres.url(database, user, password)).served()
    assert password not in str(raised.value) or not password
    assert "\n" not in str(raised.value)


def test_a_malformed_address_is_told_without_repeating_it() -> None:
    with pytest.raises(BulletinBotError, match="INDEX_URL is no address") as raised:
        ServerHome.from_url(f"postgresql://user:{SECRET}@host:5432/a?nonsense=1")
    assert SECRET not in str(raised.value)
    assert SECRET not in repr(ServerHome.from_url(f"postgresql://user:{SECRET}@host/a"))


def test_an_empty_server_says_what_to_run(url: str) -> None:
    home = ServerHome.from_url(url)
    with pytest.raises(BulletinBotError, match=r"No index on .*: run `bulletin-bot rebuild`"):
        home.served()
    assert not home.has_current()
    assert home.last_whole() is None


def test_without_pgvector_nothing_is_copied(
    postgres: LocalPostgres, guest: str, url: str, small: Path
) -> None:
    database = url.rpartition("/")[2]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("revoke create on schema public from public")
    with pytest.raises(ServerError, match="lacks the extension pgvector"):
        ServerHome.from_url(postgres.url(database, guest, SECRET)).copy_from(small)


def test_without_pg_textsearch_the_servers_own_search_finds_the_words(
    postgres: LocalPostgres, guest: str, url: str, coded: Path
) -> None:
    database = url.rpartition("/")[2]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create extension vector")
        connection.execute(f"grant create on database {database} to guest")
    home = ServerHome.from_url(postgres.url(database, guest, SECRET))
    home.copy_from(coded)
    assert "pg_textsearch is missing" in home.check()
    index = load_server_index(home.address, None, 0)
    (first, *_) = search_keywords("第33號簡報", index, 3)
    assert "33" in first.passage.text
    query = encode_question(read_question("垃圾分類辦了多少次"), ENCODER)
    place = np.arange(100, 690, dtype=np.int64)
    assert set(rank_passages(index, query, place).ranking.positions.tolist()) <= set(place.tolist())


@pytest.mark.parametrize(
    ("version", "is_refused"), [("1.0.0", True), ("1.5.0", True), ("1.5.1", False), ("2.0", False)]
)
def test_several_hosts_need_a_search_extension_whose_indexes_standbys_read(
    url: str, monkeypatch: pytest.MonkeyPatch, version: str, *, is_refused: bool
) -> None:
    several = ServerAddress.from_url("postgresql://u:p@one:5432,two:5433/office")
    assert several.shown == "one:5432, two:5433/office"
    assert ServerAddress.from_url("postgresql://one:5433,two/office").shown == "one:5433, two:5432/office"
    found = [("vector", "0.8.1"), ("pg_textsearch", version)]
    monkeypatch.setattr(extensions, "rows_of", lambda *_given: found)
    with psycopg.connect(url) as connection:
        if is_refused:
            with pytest.raises(
                ServerError, match=f"pg_textsearch {version}, whose indexes a standby cannot read"
            ):
                extensions.installed_extensions(connection, several)
        else:
            assert extensions.installed_extensions(connection, several).text_search == version


def test_several_hosts_are_tried_in_turn_and_the_primary_is_written_to(
    postgres: LocalPostgres, url: str, small: Path
) -> None:
    database = url.rpartition("/")[2]
    several = ServerHome.from_url(
        f"postgresql://postgres@127.0.0.1:1,127.0.0.1:{postgres.port}/{database}?target_session_attrs=any"
    )
    with pytest.raises(ServerError, match=r"pg_textsearch 1\.0\.0"):
        several.copy_from(small)
    assert ServerHome.from_url(url).has_current() is False


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (errors.DiskFull("no space left"), "disk of the PostgreSQL server h:5432/d is full"),
        (errors.ReadOnlySqlTransaction(""), "only reads, as a standby does"),
        (errors.OutOfMemory(""), "no memory left"),
        (errors.InsufficientPrivilege(""), "may not do this"),
        (errors.UndefinedTable("relation"), "is gone"),
        (errors.DivisionByZero("inner words"), r"SQLSTATE 22012\): its log says why"),
    ],
)
def test_every_fault_has_its_sentence(error: psycopg.Error, sentence: str) -> None:
    with (
        pytest.raises(ServerError, match=sentence) as raised,
        faults_told(ServerAddress.from_url("postgresql://h/d")),
    ):
        raise error
    assert "inner words" not in str(raised.value)


def test_a_shutdown_is_a_lost_server() -> None:
    with pytest.raises(ServerLostError), faults_told(ServerAddress.from_url("postgresql://h/d")):
        raise errors.AdminShutdown("terminating connection")


def test_a_held_index_answers_on_while_the_server_is_down(
    postgres: LocalPostgres, url: str, small: Path
) -> None:
    home = ServerHome.from_url(url)
    home.copy_from(small)
    held, read = home.load_current(None), load_server_index(home.address, None, 0)
    query = encode_question(read_question("北京的志願服務"), ENCODER)
    before = rank_passages(held, query).hits(held, 3)
    postgres.stop()
    try:
        assert rank_passages(held, query).hits(held, 3) == before
        with pytest.raises(ServerLostError, match="cannot be reached"):
            rank_passages(read, query)
    finally:
        postgres.start()
    assert rank_passages(read, query).hits(read, 3)[0].passage == before[0].passage
    assert home.served() == (held.name,)


def test_a_server_killed_during_a_copy_has_its_old_generation(
    postgres: LocalPostgres, url: str, small: Path, coded: Path
) -> None:
    home = ServerHome.from_url(url)
    home.copy_from(small)
    before = home.served()
    done: list[int] = []

    def kill(_stage: object, count: int, _total: int) -> None:
        if count >= 500 and not done:
            done.append(count)
            postgres.stop()

    try:
        with pytest.raises(ServerError):
            homes.copy_index(str(coded), url, kill)
    finally:
        postgres.start()
    assert done
    assert home.served() == before
    assert len(load_server_index(home.address, None, 0).passages) == 60
    home.check()


def test_without_the_extra_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins

    whole = builtins.__import__

    def lacking(name: str, *rest: object) -> object:
        if name.startswith("retrieval.index.postgres"):
            raise ImportError(name)
        return whole(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", lacking)
    with pytest.raises(BulletinBotError, match="needs the extra `postgres`"):
        homes.open_server("postgresql://h/d")


def test_nothing_of_the_driver_is_loaded_for_an_index_in_a_folder() -> None:
    import subprocess
    import sys

    script = "import sys, bot.serving, bot.cli.run, retrieval.index.homes; sys.exit('psycopg' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_who_builds_in_another_database_of_the_server_is_not_named(postgres: LocalPostgres, url: str) -> None:
    with serving_row.only_builder(ServerAddress.from_url(postgres.url()), "rebuild") as building:
        assert "bulletin-bot rebuild" in str(serving_row.holder_on(building))
        with connected(ServerAddress.from_url(url), "look", writes=False) as looking:
            assert serving_row.holder_on(looking) is None
