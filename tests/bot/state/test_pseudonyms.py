from __future__ import annotations

from pathlib import Path

from bot.state.database import Database, open_database
from bot.state.pseudonyms import key_of, pseudonym


def test_a_key_is_random_of_its_purpose_and_the_same_after_a_restart(tmp_path: Path) -> None:
    first = open_database(tmp_path / "state.sqlite3")
    key = key_of(first, "pseudonyms")
    assert key_of(first, "another purpose") != key
    first.close()
    again = open_database(tmp_path / "state.sqlite3")
    assert key_of(again, "pseudonyms") == key
    again.close()
    elsewhere = open_database(tmp_path / "elsewhere.sqlite3")
    assert key_of(elsewhere, "pseudonyms") != key
    elsewhere.close()
    assert len(key) == 32


def test_a_pseudonym_is_told_from_others_and_only_with_the_key_the_same(database: Database) -> None:
    key = key_of(database, "pseudonyms")
    names = {pseudonym(number, key) for number in range(-500, 500)}
    assert len(names) == 1000
    assert pseudonym(7, key) in names
    assert pseudonym(7, bytes(32)) not in names
    assert all(len(name) == 12 for name in names)
