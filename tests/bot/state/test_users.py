from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.state.answer_stats import save_outcome
from bot.state.answers import save_answer
from bot.state.database import Database
from bot.state.feedback import save_verdict
from bot.state.records import Search, Verdict
from bot.state.retention import prune
from bot.state.sqlite import open_database
from bot.state.turns import save_search, save_sent, save_turn
from bot.state.users import (
    PSEUDONYMS,
    collections_of,
    forget_person,
    language_of,
    pseudonym,
    save_collections,
    save_language,
    secret_key,
)
from retrieval.questions.follow_ups import Turn
from tests.bot.state.test_answers import ANSWER

SECRET = "unmistakable-words"


def _talk(database: Database, person: int) -> None:
    chat, answer_id = person, f"a{person}"
    save_language(database, person, "en")
    save_collections(database, chat, (SECRET,))
    save_turn(database, (chat, person), Turn(SECRET))
    save_sent(database, chat, 1, (2,))
    save_answer(
        database, replace(ANSWER, answer_id=answer_id, chat_id=chat, user_id=person, turn=Turn(SECRET))
    )
    save_verdict(database, answer_id, person, Verdict.GOOD)


def test_a_language_is_kept_until_another_is_chosen(database: Database) -> None:
    assert language_of(database, 1) is None
    save_language(database, 1, "en")
    save_language(database, 1, "zh-hans")
    assert language_of(database, 1) == "zh-hans"


def test_a_chat_keeps_its_collections_as_long_as_it_is_used(tmp_path: Path) -> None:
    days = [0.0]
    database = open_database(tmp_path / "bot.sqlite3", lambda: days[0] * 86_400)
    assert collections_of(database, -5) == ()
    save_collections(database, -5, ("旬報", "市政簡報"))
    for days[0] in range(0, 1_000, 100):
        prune(database)
        assert collections_of(database, -5) == ("旬報", "市政簡報")
    days[0] += 400.0
    prune(database)
    assert collections_of(database, -5) == ()


def test_forgetting_a_person_deletes_their_rows_and_nobody_elses(database: Database) -> None:
    for person in (1, 2):
        _talk(database, person)
    save_outcome(database, "answered", 1.0)
    assert forget_person(database, 1) == 6
    assert forget_person(database, 1) == 0
    assert language_of(database, 1) is None
    assert language_of(database, 2) == "en"
    assert database.number("SELECT count(*) FROM outcomes") == 1
    assert forget_person(database, 2) == 6


@pytest.mark.parametrize("database", ["file"], indirect=True)
def test_what_was_forgotten_is_in_no_byte_of_the_files(database: Database, tmp_path: Path) -> None:
    _talk(database, 1)
    files = [path for path in (tmp_path / "state").iterdir() if path.is_file()]
    assert any(SECRET.encode() in path.read_bytes() for path in files)
    forget_person(database, 1)
    assert not any(SECRET.encode() in path.read_bytes() for path in files)


def test_a_key_is_random_of_its_purpose_and_the_same_after_a_restart(tmp_path: Path) -> None:
    first = open_database(tmp_path / "state.sqlite3")
    key = secret_key(first, "pseudonyms")
    assert secret_key(first, "another purpose") != key
    first.close()
    again = open_database(tmp_path / "state.sqlite3")
    assert secret_key(again, "pseudonyms") == key
    again.close()
    elsewhere = open_database(tmp_path / "elsewhere.sqlite3")
    assert secret_key(elsewhere, "pseudonyms") != key
    elsewhere.close()
    assert len(key) == 32


def test_a_pseudonym_is_unique_and_depends_on_the_key(database: Database) -> None:
    key = secret_key(database, "pseudonyms")
    names = {pseudonym(number, key) for number in range(-500, 500)}
    assert len(names) == 1000
    assert pseudonym(7, key) in names
    assert pseudonym(7, bytes(32)) not in names
    assert all(len(name) == 12 for name in names)


def test_forgetting_deletes_the_words_of_searches_and_the_question_that_others_judged(
    database: Database, tmp_path: Path
) -> None:
    _talk(database, 1)
    _talk(database, 2)
    key = secret_key(database, PSEUDONYMS)
    for person in (1, 2):
        save_search(database, Search(f"{SECRET}-searched", owner=pseudonym(person, key)))
    save_verdict(database, "a1", 2, Verdict.BAD)
    assert database.number("SELECT count(*) FROM searches") == 2
    forget_person(database, 1)
    assert database.rows("SELECT answer_id FROM feedback") == [("a2",)]
    assert database.number("SELECT count(*) FROM searches") == 1
    forget_person(database, 2)
    for path in tmp_path.glob("state/*"):
        assert SECRET.encode() not in path.read_bytes()


def test_a_search_of_an_earlier_version_without_an_owner_is_deleted_too(database: Database) -> None:
    database.write("INSERT INTO searches VALUES ('old', ?, ?)", (f'{{"words": "{SECRET}"}}', database.now()))
    forget_person(database, 1)
    assert database.number("SELECT count(*) FROM searches") == 0


def test_the_id_of_a_search_cannot_be_computed_from_its_words() -> None:
    first, second = (Search("志願者", owner=pseudonym(1, key)).search_id for key in (b"1" * 32, b"2" * 32))
    assert len({first, second, Search("志願者").search_id}) == 3
