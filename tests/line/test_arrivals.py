from __future__ import annotations

import pytest
from telegram import Update

from bot.line.arrivals import Arrival, is_for_bot

NOW = 1_700_000_000.0


def _update(**more: object) -> Update:
    message = {"message_id": 1, "date": int(NOW), "chat": {"id": 7, "type": "private"}, "text": "問", **more}
    update = Update.de_json({"update_id": 1, "message": message}, None)
    assert update is not None
    return update


@pytest.mark.parametrize(
    ("written", "kept", "is_late"),
    [
        (0, 0, False),
        (590, 0, False),
        (610, 0, True),
        (610, 610, True),
        (0, 610, True),
        (24 * 3600, 0, True),
        (NOW, 0, False),  # the epoch: no date on which anybody wrote to this bot
        (26 * 3600, 0, False),
    ],
)
def test_a_question_is_late_ten_minutes_after_it_was_written_or_taken_in(
    written: float, kept: float, is_late: bool
) -> None:
    arrival = Arrival(_update(date=int(NOW - written)), 0.0, NOW - kept)
    assert arrival.is_late(NOW) is is_late


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ({}, True),
        ({"text": None}, False),
        ({"chat": {"id": -1, "type": "supergroup"}}, False),
        ({"chat": {"id": -1, "type": "supergroup"}, "text": "@A_Bot 問"}, True),
        ({"chat": {"id": -1, "type": "supergroup"}, "text": "/ask 問"}, True),
    ],
)
def test_in_a_group_only_who_speaks_to_the_bot_waits_for_it(
    message: dict[str, object], expected: bool
) -> None:
    assert is_for_bot(_update(**message), "a_bot") is expected
