from __future__ import annotations

import pytest
from benchmarks.faults.hostile_updates import samples
from telegram import Bot, Update

from bot.telegram.schemas import UnreadableUpdateError, is_valid_update, read_update

PERSON = {"id": 8, "is_bot": False, "first_name": "Somebody"}
MESSAGE = {"message_id": 5, "date": 1, "from": PERSON, "chat": {"id": 8, "type": "private"}, "text": "問"}


def update(**content: object) -> Update:
    return Update.de_json({"update_id": 1, **content}, None)


@pytest.mark.parametrize("raw", samples(), ids=lambda raw: next(iter(raw)))
def test_what_telegram_sends_is_wellformed(raw: dict[str, object]) -> None:
    assert is_valid_update(update(**raw))


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": 5},
        {"caption": 5},
        {"message_id": "5"},
        {"message_id": None},
        {"from": {**PERSON, "id": 2**63}},
        {"from": {**PERSON, "id": []}},
        {"from": {**PERSON, "language_code": {}}},
        {"chat": None},
        {"chat": {"id": "8", "type": "private"}},
        {"chat": {"id": 8, "type": []}},
        {"entities": [{"type": "bot_command", "offset": 0, "length": "1"}]},
        {"entities": [{"type": "bot_command", "offset": -1, "length": 1}]},
        {"caption_entities": [{"type": "mention", "offset": "x", "length": 1}]},
        {"media_group_id": []},
        {"via_bot": {**PERSON, "id": "8"}},
        {"document": {"file_id": "a", "file_unique_id": "b", "file_size": "large"}},
        {"document": {"file_id": "", "file_unique_id": "b"}},
        {"document": {"file_id": "a", "file_unique_id": "b", "file_size": 10**400}},
        {"reply_to_message": {**MESSAGE, "text": True}},
        {"reply_to_message": {**MESSAGE, "caption": []}},
        {"message_thread_id": 0.5},
    ],
    ids=lambda wrong: str(wrong)[:80],
)
def test_a_part_of_another_type_is_not(wrong: dict[str, object]) -> None:
    assert is_valid_update(update(message=MESSAGE))
    assert not is_valid_update(update(message={**MESSAGE, **wrong}))


def test_a_press_and_an_inline_query_are_looked_at_too() -> None:
    press = {"id": "1", "from": PERSON, "chat_instance": "1", "data": "home"}
    query = {"id": "1", "from": PERSON, "query": "志願者", "offset": ""}
    assert is_valid_update(update(callback_query=press))
    assert not is_valid_update(update(callback_query={**press, "data": 5}))
    assert not is_valid_update(update(inline_query={**query, "offset": None}))


@pytest.mark.parametrize(
    ("body", "number", "reason"),
    [
        (None, "without a number", ""),
        ({"update_id": 2**63}, "without a number", ""),
        ({"update_id": 5, "message": "secret"}, 5, "AttributeError"),
        ({"update_id": 6, "message": {**MESSAGE, "text": ["secret"]}}, 6, "is not what Telegram sends"),
    ],
)
def test_an_update_that_cannot_be_read_is_named_by_its_number_alone(
    body: object, number: object, reason: str
) -> None:
    with pytest.raises(UnreadableUpdateError) as error:
        read_update(body, Bot("1:a"))
    assert (error.value.number, error.value.reason) == (number, reason)
    assert "secret" not in str(error.value)
