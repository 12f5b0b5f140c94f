from __future__ import annotations

import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from bot.state.database import Database
from bot.state.schema import APPLICATION_ID, MIGRATIONS
from bot.state.sqlite import IN_MEMORY, open_database
from retrieval.errors import BulletinBotError


def test_a_new_file_gets_its_folder_the_schema_and_the_owners_eyes_only(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "bot.sqlite3"
    database = open_database(path)
    assert database.number("PRAGMA user_version") == len(MIGRATIONS)
    assert database.number("PRAGMA application_id") == APPLICATION_ID
    assert database.rows("PRAGMA journal_mode") == [("wal",)]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_was_written_is_there_when_the_file_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    first = open_database(path)
    first.write("INSERT INTO languages VALUES (1, 'en', 0)")
    first.close()
    assert open_database(path).rows("SELECT * FROM languages") == [(1, "en", 0.0)]


def test_a_file_of_a_newer_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    newer = open_database(path)
    newer.write(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    newer.close()
    with pytest.raises(
        BulletinBotError, match=r"has schema \d+ and this program knows \d+: get a newer bulletin-bot"
    ):
        open_database(path)
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)


def test_the_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "photos.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE photos (name TEXT)")
    before = path.read_bytes()
    with pytest.raises(BulletinBotError, match="another program"):
        open_database(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("make", ["a text", "a folder", "a folder that is a file"])
def test_what_cannot_be_a_database_is_one_sentence_with_the_setting(tmp_path: Path, make: str) -> None:
    path = tmp_path / "bot.sqlite3"
    if make == "a text":
        path.write_text("no database at all, but a text that is long enough to be read as a header\n" * 10)
    elif make == "a folder":
        path.mkdir()
    else:
        path.write_text("")
        path = path / "bot.sqlite3"
    with pytest.raises(BulletinBotError, match=r"The state in .* cannot be opened \(.*\).*STATE_DB"):
        open_database(path)


def test_writes_at_once_happen_together_or_not_at_all(database: Database) -> None:
    def write_two_and_fail() -> None:
        with database.transaction():
            database.write("INSERT INTO languages VALUES (1, 'en', 0)")
            database.write("INSERT INTO languages VALUES (2, 'en', 0)")
            raise KeyError

    with pytest.raises(KeyError):
        write_two_and_fail()
    assert database.number("SELECT count(*) FROM languages") == 0
    database.write("INSERT INTO languages VALUES (3, 'en', 0)")
    assert database.number("SELECT count(*) FROM languages") == 1


def test_two_programs_that_open_a_new_file_at_once_make_one_schema(tmp_path: Path) -> None:
    path, failures = tmp_path / "bot.sqlite3", []

    def open_it() -> None:
        try:
            open_database(path).close()
        except BulletinBotError as error:
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert open_database(path).number("PRAGMA user_version") == len(MIGRATIONS)


def test_a_database_in_memory_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    open_database(IN_MEMORY).write("INSERT INTO languages VALUES (1, 'en', 0)")
    assert list(tmp_path.iterdir()) == []
