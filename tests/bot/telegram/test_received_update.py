from __future__ import annotations

import pytest
from telegram import Update

from bot.telegram.received_update import ReceivedUpdate

NOW = 1_700_000_000.0


def _update(date: int) -> Update:
    message = {"message_id": 1, "date": date, "chat": {"id": 7, "type": "private"}, "text": "問"}
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
    received_update = ReceivedUpdate(_update(int(NOW - written)), 0.0, NOW - kept)
    assert received_update.is_late(NOW) is is_late


@pytest.mark.parametrize("momentary", ["callback_query", "inline_query"])
def test_a_press_is_stale_after_ten_minutes_and_a_question_never(momentary: str) -> None:
    person = {"id": 7, "is_bot": False, "first_name": "P"}
    content = {"id": "1", "from": person, "chat_instance": "1", "query": "", "offset": ""}
    pressed = Update.de_json({"update_id": 1, momentary: content}, None)
    assert not ReceivedUpdate(pressed, 0.0, NOW - 590).is_stale(NOW)
    assert ReceivedUpdate(pressed, 0.0, NOW - 610).is_stale(NOW)
    assert not ReceivedUpdate(_update(1), 0.0, NOW - 610).is_stale(NOW)
