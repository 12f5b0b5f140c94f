from __future__ import annotations

import pytest
from telegram import Bot, Update, User

from bot.telegram.addressing import expects_reply, is_for_bot

BOT_ID = 1


def _update(**more: object) -> Update:
    message = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "text": "問", **more}
    update = Update.de_json({"update_id": 1, "message": message}, None)
    assert update is not None
    return update


GROUP = {"chat": {"id": -1, "type": "supergroup", "title": "G"}}
MENTION = {"entities": [{"type": "mention", "offset": 0, "length": 6}]}


def _command(text: str) -> dict[str, object]:
    return {**GROUP, "text": text, "entities": [{"type": "bot_command", "offset": 0, "length": len(text)}]}


def _reply_to(person: int) -> dict[str, object]:
    sender = {"id": person, "is_bot": person == BOT_ID, "first_name": "S"}
    return {**GROUP, "reply_to_message": {"message_id": 1, "date": 1, **GROUP, "from": sender, "text": "好"}}


@pytest.mark.parametrize(
    ("message", "is_business", "has_reply"),
    [
        ({}, True, True),
        ({"text": None}, True, False),
        (GROUP, False, False),
        ({**GROUP, "text": "@A_Bot 問", **MENTION}, True, True),
        ({**GROUP, "text": "@b_bot 問", **MENTION}, False, False),
        (
            {**GROUP, "text": "@a_bot_2 問", "entities": [{**MENTION["entities"][0], "length": 8}]},
            False,
            False,
        ),
        (_command("/ask"), True, True),
        (_command("/ask@A_bot"), True, True),
        (_command("/ask@other_bot"), False, False),
        ({**GROUP, "text": "/ 3"}, False, False),
        (_reply_to(BOT_ID), True, True),
        (_reply_to(8), False, False),
    ],
)
def test_in_a_group_only_who_speaks_to_the_bot_waits_for_it(
    message: dict[str, object], is_business: bool, has_reply: bool
) -> None:
    bot = Bot(f"{BOT_ID}:AAAA")
    bot._bot_user = User(BOT_ID, "Bot", is_bot=True, username="a_bot")
    update = _update(**message)
    assert (is_for_bot(update, bot), expects_reply(update, bot)) == (is_business, has_reply)
