from __future__ import annotations

from pathlib import Path

import pytest

from bot.state.answer_stats import outcomes_of_days
from bot.state.conversations import Conversations, Search, Verdict
from bot.state.database import Database
from bot.state.sqlite import IN_MEMORY, open_database
from retrieval.questions.follow_ups import Turn
from retrieval.types import Answered, Reason, Refused
from tests.bot.state.conftest import Clock
from tests.bot.state.test_answers import ANSWER

QUOTED = ANSWER.quotes[0].passage_id


def _fill(conversations: Conversations) -> None:
    conversations.save_turn((1, 7), Turn("問"))
    conversations.save_answer(ANSWER)
    conversations.save_sent(1, 10, (11, 12))
    conversations.save_search(Search("志願者"))
    conversations.save_language(7, "en")


def _recalled(conversations: Conversations) -> tuple[object, ...]:
    return (
        conversations.last_turn((1, 7)),
        conversations.answer("a1"),
        conversations.answer_in(1, 11),
        conversations.answer_quoting(7, QUOTED),
        conversations.sent_for(1, 10),
        conversations.search(Search("志願者").search_id),
        conversations.language_of(7),
        conversations.save_verdict("a1", 7, Verdict.GOOD),
    )


EVERYTHING = (Turn("問"), ANSWER, ANSWER, ANSWER, (11, 12), Search("志願者"), "en", True)
NOTHING = (None, None, None, None, (), None, None, False)


def test_everything_is_there_again_after_a_restart(tmp_path: Path) -> None:
    before = open_database(tmp_path / "bot.sqlite3")
    _fill(Conversations(before))
    before.close()
    assert _recalled(Conversations(open_database(tmp_path / "bot.sqlite3"))) == EVERYTHING


def test_at_first_nothing_is_known() -> None:
    assert _recalled(Conversations(open_database(IN_MEMORY))) == NOTHING


def test_a_state_that_cannot_be_used_costs_the_memory_and_not_the_conversation(
    caplog: pytest.LogCaptureFixture,
) -> None:
    database = open_database(IN_MEMORY)
    database.close()
    conversations = Conversations(database)
    _fill(conversations)
    assert _recalled(conversations) == NOTHING
    assert all("The state could not be read or written" in record.message for record in caplog.records)


def test_old_rows_go_while_new_ones_come() -> None:
    clock = Clock()
    database = open_database(IN_MEMORY, clock)
    conversations = Conversations(database)
    conversations.save_turn((1, 1), Turn("old"))
    clock.seconds += 31 * 60
    conversations.save_turn((2, 2), Turn("new"))
    assert database.rows("SELECT chat FROM turns") == [(2,)]


@pytest.mark.parametrize(("reason", "outcome"), [(None, "answered"), ("not_found", "not_found")])
def test_an_answer_is_counted_by_how_it_ended(reason: Reason | None, outcome: str) -> None:
    database = open_database(IN_MEMORY)
    answer = Refused(question="問", reason=reason) if reason else Answered(question="問", quotes=())
    Conversations(database).count_answer(answer, 12.0)
    assert outcomes_of_days(database, 1).counts == {outcome: 1}


def test_a_database_is_what_conversations_share_with_the_command_line(tmp_path: Path) -> None:
    bot: Database = open_database(tmp_path / "bot.sqlite3")
    _fill(Conversations(bot))
    operator = open_database(tmp_path / "bot.sqlite3")
    assert operator.number("SELECT count(*) FROM answers") == 1
