from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing

import psycopg
import pytest
from benchmarks.local_postgres import LocalPostgres

from bot.state import homes, schema, users
from bot.state.postgres import ServerDatabase
from bot.state.postgres.faults import StateLostError
from retrieval.errors import BulletinBotError


def _open(url: str, *, serves: bool = True) -> ServerDatabase:
    database = homes.home_at(url).open(serves=serves)
    assert isinstance(database, ServerDatabase)
    return database


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_bots_that_start_at_once_make_the_tables_once(state_url: str) -> None:
    opened: list[ServerDatabase] = []
    threads = [threading.Thread(target=lambda: opened.append(_open(state_url))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({database.session for database in opened}) == 4
    assert "bots that serve from it: 4" in homes.home_at(state_url).check()
    for database in opened:
        database.close()


def test_a_state_of_an_earlier_version_is_brought_up_and_keeps_its_rows(
    state_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:4])
        with closing(_open(state_url)) as earlier:
            users.save_language(earlier, 7, "en")
            assert "basket" not in earlier.columns()
    with closing(_open(state_url)) as later:
        assert users.language_of(later, 7) == "en"
        assert "basket" in later.columns()


def test_a_newer_schema_and_the_state_of_another_bot_are_refused(state_url: str) -> None:
    homes.open_to_serve(homes.home_at(state_url), 1).close()
    with pytest.raises(
        BulletinBotError, match=r"is that of the bot 1, and .* set STATE_URL to another database"
    ):
        homes.open_to_serve(homes.home_at(state_url), 2)
    with psycopg.connect(state_url, autocommit=True) as connection:
        connection.execute("UPDATE bulletin_bot_state.versions SET state = 1000")
    with pytest.raises(BulletinBotError, match="has schema 1000 and this program knows"):
        _open(state_url)
    with pytest.raises(BulletinBotError, match="has schema 1000"):
        homes.home_at(state_url).check()


def test_a_look_makes_no_tables(state_url: str) -> None:
    assert "its tables are made at the first start" in homes.home_at(state_url).check()
    assert "its tables are made at the first start" in homes.home_at(state_url).check()


def test_what_a_text_of_the_server_cannot_hold_is_replaced(state_url: str) -> None:
    with closing(_open(state_url)) as database:
        users.save_language(database, 1, "a\0b")
        assert users.language_of(database, 1) == "a\ufffdb"


def test_a_statement_at_fault_is_no_fault_of_the_server(state_url: str) -> None:
    with closing(_open(state_url)) as database:
        with pytest.raises(sqlite3.ProgrammingError):
            database.rows("SELECT nothing FROM languages")
        users.save_language(database, 1, "en")
        with pytest.raises(sqlite3.IntegrityError):
            _delete_and_fail(database)
        assert users.language_of(database, 1) == "en"
        assert database.faults == 0


def _delete_and_fail(database: ServerDatabase) -> None:
    with database.transaction():
        database.write("DELETE FROM languages")
        database.write("INSERT INTO languages (person, language, at) VALUES (1, NULL, 0)")


def test_a_role_is_of_one_bot_until_it_ends(state_url: str) -> None:
    with closing(_open(state_url)) as second:
        first = _open(state_url)
        assert first.take_role("polling")
        assert first.take_role("polling")
        assert not second.take_role("polling")
        assert second.take_role("inbox")
        first.drop_role("polling")
        assert second.take_role("polling")
        second.drop_role("polling")
        assert first.take_role("polling")
        first.close()
        _until(lambda: second.take_role("polling"))


def test_while_the_server_is_down_statements_fail_at_once_and_then_go_on(
    postgres: LocalPostgres, state_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(_open(state_url)) as database:
        users.save_language(database, 1, "en")
        assert database.take_role("polling")
        postgres.stop()
        try:
            with pytest.raises(StateLostError):
                users.language_of(database, 1)
            began = time.monotonic()
            with pytest.raises(StateLostError), database.transaction():
                pass
            assert time.monotonic() - began < 0.5
            assert "cannot be reached" in database.fault
            assert database.seconds_broken > 0
        finally:
            postgres.start()
        _until(lambda: _answers(database))
        assert users.language_of(database, 1) == "en"
        assert database.take_role("polling")
        assert not database.fault
    told = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert len(told) == 1
    assert "updates wait until it is back" in told[0]


def _answers(database: ServerDatabase) -> bool:
    try:
        return database.rows("SELECT 1") == [(1,)]
    except StateLostError:
        return False


def test_a_restart_of_the_server_is_not_noticed_by_a_statement(
    postgres: LocalPostgres, state_url: str
) -> None:
    with closing(_open(state_url)) as database:
        users.save_language(database, 1, "en")
        postgres.stop()
        postgres.start()
        assert users.language_of(database, 1) == "en"


FAULTS = [
    (lambda server: server.url("nowhere"), "does not exist on 127.0.0.1"),
    (lambda server: server.url(user="nobody_known"), "does not exist on 127.0.0.1"),
    (
        lambda server: server.url(user="guest", password="se%20cret"),
        "refuses the user or the password of STATE_URL",
    ),
    (lambda _: "postgresql://a:b@127.0.0.1:1/x", "cannot be reached: see that it runs"),
]


@pytest.mark.parametrize(("address", "sentence"), FAULTS)
def test_each_fault_of_an_address_is_one_sentence_without_the_password(
    postgres: LocalPostgres, address: Callable[[LocalPostgres], str], sentence: str
) -> None:
    home = homes.home_at(address(postgres))
    works: list[Callable[[], object]] = [home.check, home.open]
    for work in works:
        with pytest.raises(BulletinBotError, match=sentence) as raised:
            work()
        assert "cret" not in str(raised.value)
        assert str(raised.value).count(". ") == 0


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("CONNECTION LIMIT 0", "takes no more connections"),
        ("ENCODING 'SQL_ASCII'", "has the encoding SQL_ASCII"),
        ("ENCODING 'LATIN1'", "has the encoding LATIN1"),
    ],
)
def test_each_fault_of_a_database_is_one_sentence(
    postgres: LocalPostgres, option: str, sentence: str
) -> None:
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS odd")
        connection.execute("DROP ROLE IF EXISTS plain")
        connection.execute("CREATE ROLE plain LOGIN")  # an administrator is let in beyond the limit
        connection.execute(f"CREATE DATABASE odd TEMPLATE template0 LOCALE 'C' {option}".encode())
    home = homes.home_at(postgres.url("odd", user="plain"))
    works: list[Callable[[], object]] = [home.check, home.open]
    for work in works:
        with pytest.raises(BulletinBotError, match=sentence):
            work()


def test_a_user_who_may_make_no_schemas_uses_the_one_that_was_made_for_it(
    postgres: LocalPostgres, state_url: str
) -> None:
    with psycopg.connect(state_url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS modest")
        connection.execute("CREATE ROLE modest LOGIN")
        with pytest.raises(BulletinBotError, match="may not create or change tables"):
            homes.home_at(postgres.url(user="modest")).open()
        connection.execute("CREATE SCHEMA bulletin_bot_state AUTHORIZATION modest")
    with closing(_open(postgres.url(user="modest"))) as database:
        users.save_language(database, 1, "en")
        assert users.language_of(database, 1) == "en"


def test_tables_that_are_gone_are_told_once(state_url: str, caplog: pytest.LogCaptureFixture) -> None:
    with closing(_open(state_url)) as database:
        with psycopg.connect(state_url, autocommit=True) as connection:
            connection.execute("DROP TABLE bulletin_bot_state.languages")
        for _ in range(2):
            with pytest.raises(sqlite3.OperationalError, match="tables of the state are gone"):
                users.language_of(database, 1)
        assert "are gone" in database.fault
    assert caplog.text.count("are gone") == 1


def test_a_bot_that_hangs_in_a_transaction_holds_up_the_others_for_a_moment(state_url: str) -> None:
    with closing(_open(state_url)) as database:
        users.save_language(database, 1, "en")
        with psycopg.connect(state_url) as hanging:
            hanging.execute("SELECT FROM bulletin_bot_state.languages FOR UPDATE")
            began = time.monotonic()
            with pytest.raises(sqlite3.OperationalError, match="holds a lock on the state"):
                users.save_language(database, 1, "zh-hant")
            assert time.monotonic() - began < 5
        users.save_language(database, 1, "zh-hant")
        assert not database.fault


@pytest.mark.parametrize("signs", ["se%zzcret", "s@cret", "se/cret", "1/cret"])
def test_an_address_with_a_sign_in_its_password_is_refused_and_not_repeated(signs: str) -> None:
    with pytest.raises(BulletinBotError, match="STATE_URL is no address of a PostgreSQL server") as raised:
        homes.home_at(f"postgresql://user:{signs}@host:5432/x")
    assert "cret" not in str(raised.value)
