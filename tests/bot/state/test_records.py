from __future__ import annotations

from bot.state.records import Search, new_answer_id


def test_the_same_search_has_always_the_same_short_id() -> None:
    assert Search("志願者").search_id == Search("志願者").search_id
    assert Search("志願者").search_id != Search("志願者", bulletin="篇3").search_id
    assert len(Search("\ud800" * 4096).search_id) == 12


def test_an_id_of_an_answer_is_short_and_its_own() -> None:
    ids = {new_answer_id() for _ in range(100)}
    assert len(ids) == 100
    assert max(map(len, ids)) <= 20
