"""A state file that is locked, deleted, replaced or damaged, at the start and while it is in use."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.state import feedback, retention, users
from bot.state.conversations import Conversations
from bot.state.database import Database
from bot.state.retention import prune
from bot.state.sqlite import file_database as database_module
from bot.state.sqlite import open_database
from bot.telegram.update_journal import UpdateJournal
from retrieval.errors import BulletinBotError
from retrieval.questions.follow_ups import Turn

PEOPLE = 6000
"""So many that the pages of the schema lie in the first half of the file."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "bot.sqlite3"


@pytest.fixture
def database(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setattr(database_module, "_LOOK_SECONDS", 0.0)
    opened = open_database(path, mend=True)
    with opened.transaction():
        for person in range(PEOPLE):
            users.save_language(opened, person, "zh-hant")
    yield opened
    opened.close()


def languages(database: Database) -> int:
    return database.number("SELECT count(*) FROM languages")


def test_while_another_process_holds_the_lock_only_the_first_write_waits(
    database: Database, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    remembered = Conversations(database)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        started = time.monotonic()
        for person in range(50):
            remembered.save_language(person, "en")
            assert remembered.language_of(person) == "zh-hant"
        assert time.monotonic() - started < 1.8
        assert "is locked" in database.fault
        assert database.seconds_broken > 0
        other.execute("ROLLBACK")
    remembered.save_language(1, "en")
    assert remembered.language_of(1) == "en"
    assert (database.fault, database.seconds_broken) == ("", 0.0)
    assert caplog.text.count("cannot be read or written") == 1


def test_an_update_that_was_handled_while_the_lock_was_held_is_not_handled_again(
    database: Database, path: Path
) -> None:
    journal = UpdateJournal(database)
    journal.keep(1, {"update_id": 1})
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        journal.finish(1)
        other.execute("ROLLBACK")
    journal.keep(2, {"update_id": 2})
    journal.finish(2)
    assert journal.unfinished() == ()


def test_a_statement_that_is_wrong_is_no_fault_of_the_file(database: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        database.write("INSERT INTO languages VALUES (1, 'en', 0)")
    assert database.fault == ""


def test_a_file_that_is_deleted_is_written_anew_with_all_it_held(
    database: Database, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(path.parent)
    users.save_language(database, PEOPLE, "en")
    assert caplog.text.count("was deleted: it is written anew") == 1
    assert database.fault == ""
    assert languages(open_database(path)) == PEOPLE + 1


def test_a_file_that_is_replaced_by_one_of_the_bots_own_is_used(database: Database, path: Path) -> None:
    other = path.with_name("backup.sqlite3")
    with closing(open_database(other)) as backup:
        users.save_language(backup, 1, "en")
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    other.replace(path)
    assert languages(database) == 1
    assert users.language_of(database, 1) == "en"


def test_what_replaces_it_and_is_no_state_is_left_alone_and_said_once(
    database: Database, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.unlink()
    path.write_text("my notes " * 500, encoding="utf-8")
    for person in range(3):
        users.save_language(database, person, "en")
    assert languages(database) == PEOPLE
    assert "was taken away or replaced" in database.fault
    assert caplog.text.count("was taken away or replaced") == 1
    assert path.read_text(encoding="utf-8").startswith("my notes")


def a_page_of_zeros(path: Path) -> None:
    """Of the pages with rows, which are read, the first in the second half; those of indexes lie between them."""
    content = path.read_bytes()
    position = content.index(b"zh-hant", len(content) // 2) // 4096 * 4096
    with path.open("r+b") as file:
        file.seek(position)
        file.write(bytes(4096))


def cut_in_half(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def a_beginning_of_zeros(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(bytes(4096))


DAMAGES = [a_page_of_zeros, cut_in_half, a_beginning_of_zeros]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_file_that_is_damaged_while_in_use_is_kept_aside_and_the_readable_rows_are_used(
    database: Database, path: Path, caplog: pytest.LogCaptureFixture, damage: Callable[[Path], None]
) -> None:
    database.truncate_log()
    damage(path)
    database.write("PRAGMA shrink_memory")
    remembered = Conversations(database)
    for person in range(PEOPLE):
        remembered.language_of(person)
    remembered.save_turn((1, 1), Turn("問"))  # prunes, which reads the rows by their time
    remembered.save_language(PEOPLE, "en")
    assert remembered.language_of(PEOPLE) == "en"
    assert database.fault == ""
    assert database.rows("PRAGMA quick_check") == [("ok",)] or caplog.text.count("is damaged") == 1


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_process_that_serves_starts_with_what_can_be_read_of_a_damaged_file(
    database: Database, path: Path, caplog: pytest.LogCaptureFixture, damage: Callable[[Path], None]
) -> None:
    database.close()
    damage(path)
    with pytest.raises(BulletinBotError, match="mend or remove the file"):
        open_database(path)
    started = open_database(path, mend=True)
    assert languages(started) > 100 or damage is a_beginning_of_zeros
    users.save_language(started, PEOPLE, "en")
    assert len(list(path.parent.glob("bot.sqlite3.damaged-*"))) >= 1
    assert caplog.text.count("is damaged: it is kept as") == 1


def copies(path: Path) -> list[str]:
    return sorted(copy.name for copy in path.parent.glob("*damaged-*"))


def test_what_was_set_aside_is_deleted_when_anybody_is_forgotten(database: Database, path: Path) -> None:
    database.close()
    a_page_of_zeros(path)
    started = open_database(path, mend=True)
    for suffix in ("-wal", "-shm"):
        path.with_name(f"{copies(path)[0]}{suffix}").touch()
    path.with_name("other.sqlite3.damaged-20260101T000000").touch()
    assert len(copies(path)) == 4
    assert users.forget_person(started, 1) == 1
    assert copies(path) == ["other.sqlite3.damaged-20260101T000000"]


def test_what_was_set_aside_is_deleted_after_a_week(database: Database, path: Path) -> None:
    database.close()
    a_page_of_zeros(path)
    started = open_database(path, mend=True)
    (copy,) = (path.with_name(name) for name in copies(path))
    written = copy.stat().st_mtime
    prune(started, now=written + retention.DAMAGED_SECONDS - 1)
    assert copies(path) == [copy.name]
    prune(started, now=written + retention.DAMAGED_SECONDS + 1)
    assert copies(path) == []


def test_a_copy_that_cannot_be_deleted_is_named_and_the_rest_is_forgotten(
    database: Database, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stuck = path.with_name(f"{path.name}.damaged-20260101T000000")
    stuck.mkdir()
    assert users.forget_person(database, 1) == 1
    assert f"The damaged state {stuck} cannot be deleted" in caplog.text


def test_a_locked_file_is_said_to_be_locked_and_by_what_to_find_the_process(
    database: Database, path: Path
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(BulletinBotError, match=r"locked by another process: end what holds it \(`fuser"):
            open_database(path)


def test_rows_that_cannot_be_decoded_are_passed_over(database: Database) -> None:
    remembered = Conversations(database)
    for garbage in ("", "{", "{}", "[1]", "null"):
        database.write("INSERT OR REPLACE INTO turns VALUES (1, 1, ?, ?)", (garbage, database.now()))
        database.write("INSERT OR REPLACE INTO sent VALUES (1, 1, ?, ?)", (garbage, database.now()))
        database.write("INSERT OR REPLACE INTO searches VALUES ('s', ?, ?)", (garbage, database.now()))
        database.write(
            "INSERT OR REPLACE INTO answers VALUES ('a', 1, 1, ?, ?, ?, 'g', ?, ?, '')",
            (garbage, garbage, garbage, garbage, database.now()),
        )
        assert remembered.last_turn((1, 1)) is None
        assert remembered.sent_for(1, 1) in {(), (1,)}
        assert remembered.search("s") is None
        assert remembered.answer("a") is None
    database.write(
        "INSERT INTO feedback (answer_id, person, verdict, question, generation, quotes, at) "
        "VALUES ('a', 1, '?', 'q', 'g', '{', 0)"
    )
    assert feedback.all_feedback(database) == ()
