from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from bot.maintenance import copy_state
from bot.state import Database, homes, records
from bot.state.feedback import all_feedback, save_verdict
from bot.state.updates import pending_updates, save_update
from bot.state.users import language_of, save_language
from retrieval.errors import BulletinBotError
from tests.bot.state.test_users import _talk


def _everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    return {
        table: [*database.rows(f"SELECT {', '.join(columns)} FROM {table} ORDER BY rowid")]  # noqa: S608
        for table, columns in database.columns().items()
    }


def _filled(path: Path) -> Path:
    with closing(homes.FileHome(path).open()) as database:
        for person in range(1, 600):
            save_language(database, person, "en")
        _talk(database, 1)
        _talk(database, 2)
        save_update(database, 9, '{"update_id": 9}')
    return path


def test_a_state_that_goes_to_a_server_and_back_is_the_same(tmp_path: Path, state_url: str) -> None:
    before, after = _filled(tmp_path / "before.sqlite3"), tmp_path / "after.sqlite3"
    copy_state(str(before), state_url)
    with closing(homes.home_at(state_url).open()) as server:
        assert language_of(server, 599) == "en"
        assert [update.update_id for update in pending_updates(server)] == [9]
        numbers = [given.feedback_id for given in all_feedback(server)]
    copy_state(state_url, str(after))
    with closing(homes.FileHome(before).open()) as first, closing(homes.FileHome(after).open()) as second:
        assert _everything(first) == _everything(second)
    with closing(homes.home_at(state_url).open()) as server:
        save_verdict(server, "a2", 77, records.Verdict.BAD)
        assert max(given.feedback_id for given in all_feedback(server)) == max(numbers) + 1


def test_nothing_is_copied_over_what_is_there_or_from_under_a_bot(tmp_path: Path, state_url: str) -> None:
    path = _filled(tmp_path / "before.sqlite3")
    bot = homes.home_at(state_url).open(serves=True)
    with (
        closing(bot),
        pytest.raises(BulletinBotError, match=r"is in use \(bots that serve from it: 1\): stop them"),
    ):
        copy_state(str(path), state_url)
    copy_state(str(path), state_url)
    with pytest.raises(BulletinBotError, match=r"holds [0-9]+ rows already"):
        copy_state(str(path), state_url)
    with homes.FileHome(path).only_server(), pytest.raises(BulletinBotError, match="is in use"):
        copy_state(str(path), state_url)
    with pytest.raises(BulletinBotError, match="There is no state in"):
        copy_state(str(tmp_path / "none.sqlite3"), state_url)
