"""Callback data made up by the sender: variations of every form that the bot knows, and 64 random bytes."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator, Sequence

from tests.e2e.bot_api.wire import Json, JsonObject

from benchmarks.faults.hostile_bot import ADMIN, STRANGER

_DATE = 1_790_000_000
_FORMS = (
    "{view}:{passage}:{page}", "places:{page}", "bulletins:{page}", "home", "help", "lang", "search", "about", "rebuild",
    "g:{tag}",
    "e:{example}:{digit}", "m:{answer}", "c:{answer}", "f:{verdict}:{answer}", "q:{search}:{page}", "qc:{choice}:{search}:{page}",
    "qf:{choice}:{search}:{passage}", "qf:{choice}:{search}:-", "u:{placing}:{passage}",
)  # fmt: skip
_LONGEST = 64


def _filled(form: str, known: Sequence[str], chance: random.Random) -> str:
    passage = chance.choice((*known, "0" * 16, "f" * 16, "F" * 16, "g" * 16, ""))
    return form.format(
        view=chance.choice("pnzsrilvbPx9"),
        passage=passage,
        page=chance.choice(("0", "1", "7", "99999", "100000", "-1", "00000", "٣", "", "1e3")),
        tag=chance.choice(("zh-hant", "zh-hans", "en", "fr", "")),
        example=chance.choice("ascx"),
        digit=chance.choice("0123456789٣"),
        answer=chance.choice(("abc", "A" * 20, "A" * 21, "-_", "", "é")),
        verdict=chance.choice("udcx"),
        search=chance.choice(("0" * 12, "f" * 12, "zz", known[0][:12])),
        choice=chance.choice("lbx"),
        placing=chance.choice("prkxz"),
    )


def _bent(data: str, chance: random.Random) -> str:
    for _ in range(chance.choice((0, 0, 1, 3))):
        offset = chance.randrange(len(data) + 1)
        piece = chance.choice((":", "\n", "\x00", "\ud800", "../", "9", "a", "漢", " ", "\u202e", "%", "{0}"))
        data = data[:offset] + chance.choice((piece, "")) + data[offset + chance.choice((0, 1)) :]
    return data


def presses(count: int, seed: int, known: Sequence[str]) -> Iterator[JsonObject]:
    """Presses by the admin and by others, on messages that exist, are gone, are inaccessible to bots, or are inline.

    `known` are ids that the bot knows: of passages, answers, searches and uploads.
    """
    chance = random.Random(seed + 3)
    for number in range(count):
        data = _bent(_filled(chance.choice(_FORMS), known, chance), chance)
        if chance.random() < 0.1:
            data = "".join(chance.choices(string.printable + "漢é\U0001f600", k=_LONGEST))
        sender = chance.choice((ADMIN, STRANGER, STRANGER))
        press: JsonObject = {"id": str(number), "chat_instance": "1", "data": data}
        press["from"] = {
            "id": sender,
            "is_bot": False,
            "first_name": "Somebody",
            "language_code": chance.choice(("zh-hant", "en")),
        }
        yield {"callback_query": {**press, **_pressed_on(sender, chance)}}  # fmt: skip


def _pressed_on(sender: int, chance: random.Random) -> dict[str, Json]:
    private = {"id": sender, "type": "private", "first_name": "Somebody"}
    chat = chance.choice((private, private, {"id": -1001, "type": "supergroup", "title": "A group"}))
    number = chance.choice((1, 2, 5, 30, 2**31 - 1))
    match chance.randrange(5):
        case 0:
            return {"message": {"message_id": number, "date": 0, "chat": chat}}
        case 1:
            return {"inline_message_id": "AAAA"}
        case 2:
            return {}
        case _:
            bot = {"id": 123456789, "is_bot": True, "first_name": "Bot"}
            return {"message": {"message_id": number, "date": _DATE, "chat": chat, "from": bot, "text": "x"}}
