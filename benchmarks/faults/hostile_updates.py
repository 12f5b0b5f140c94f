"""Mutations of real updates of every kind: parts missing, of a wrong type, huge or unknown."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator

from tests.e2e.bot_api.wire import Json, JsonObject

from benchmarks.faults.hostile_bot import ADMIN, STRANGER

_DATE = 1_790_000_000
_BOT = {"id": 123456789, "is_bot": True, "first_name": "Bulletin Test Bot", "username": "bulletin_test_bot"}
_PERSON = {"id": STRANGER, "is_bot": False, "first_name": "Somebody", "language_code": "zh-hant"}
_ADMIN = {**_PERSON, "id": ADMIN}
_PRIVATE = {"id": STRANGER, "type": "private", "first_name": "Somebody"}
_GROUP = {"id": -1001, "type": "supergroup", "title": "A group"}
_FORUM = {"id": -1002, "type": "supergroup", "title": "A forum", "is_forum": True}
_CHANNEL = {"id": -1003, "type": "channel", "title": "A channel"}
_NAME = "@bulletin_test_bot"
_MENTION = {"type": "mention", "offset": 0, "length": len(_NAME)}
_TEXT = f"{_NAME} 北京榜樣每個月評出多少人?"
_PASSAGE = "09847808a7a6d8c9"


def _message(**more: Json) -> JsonObject:
    return {"message_id": 5, "date": _DATE, "from": _PERSON, "chat": _PRIVATE, **more}


def _command(text: str, **more: Json) -> JsonObject:
    length = len(text.split()[0])
    return _message(text=text, entities=[{"type": "bot_command", "offset": 0, "length": length}], **more)


_ANSWER = {**_message(text="「…」〔1〕"), "from": _BOT}
_DOCUMENT = {"file_id": "BQACAgEmulated0001", "file_unique_id": "u", "file_name": "a.txt", "file_size": 10}
_PHOTO = [{"file_id": "p", "file_unique_id": "q", "width": 1, "height": 1}]
_ORIGIN = {"type": "hidden_user", "sender_user_name": "Nobody", "date": _DATE}


def _pressed(data: str, **more: Json) -> JsonObject:
    pressed = {"id": "4", "from": _PERSON, "chat_instance": "1", "data": data, "message": _ANSWER}
    return {"callback_query": {**pressed, **more}}


def samples() -> list[JsonObject]:
    """Real updates of every kind that the bot requests, and of some that it does not."""
    messages: list[JsonObject] = [
        _message(text="北京榜樣每個月評出多少人?"),
        _message(text=_TEXT, entities=[_MENTION], chat=_GROUP),
        _message(text=_TEXT, entities=[_MENTION], chat=_FORUM, message_thread_id=9, is_topic_message=True),
        _message(text="重慶呢?", chat=_GROUP, reply_to_message=_ANSWER),
        _message(text="那重慶呢?", reply_to_message=_ANSWER),
        _message(text=_NAME, entities=[_MENTION], chat=_GROUP, reply_to_message=_message(text="上海有什麼獎?")),
        _message(text=_TEXT, entities=[_MENTION], chat=_GROUP, reply_to_message=_message(photo=_PHOTO)),
        _message(text="問", reply_to_message=_message(document=_DOCUMENT), quote={"text": "q", "position": 0}),
        _message(text="志願者", forward_origin=_ORIGIN),
        _message(text="志願者", via_bot=_BOT),
        _message(text="志願者", business_connection_id="b", sender_business_bot=_BOT),
        _message(text=_TEXT, entities=[_MENTION], chat=_GROUP, sender_chat=_GROUP, author_signature="admin"),
        _message(text="text", chat=_CHANNEL, sender_chat=_CHANNEL),
        _message(photo=_PHOTO, caption="a picture"),
        _message(document=_DOCUMENT, caption="a file"),
        {**_message(document=_DOCUMENT), "from": _ADMIN, "chat": {**_PRIVATE, "id": ADMIN}},
        _message(voice={"file_id": "v", "file_unique_id": "w", "duration": 3}),
        _message(location={"latitude": 31.2, "longitude": 121.5}),
        _message(poll={"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
                       "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
                       "allows_revoting": True, "members_only": False}),
        _message(new_chat_members=[_PERSON], chat=_GROUP),
        _message(pinned_message=_ANSWER),
        _message(web_app_data={"data": "x", "button_text": "y"}),
        *(_command(text) for text in (
            "/start", f"/start p_{_PASSAGE}", "/help", "/lang", "/places", "/bulletins", "/about", "/forget",
            "/ask 上海有什麼獎?", "/search 志願者 @重慶 #篇3", "/compare 北京 山東 好人", "/unknown",
        )),
        *({**_command(text), "from": _ADMIN, "chat": {**_PRIVATE, "id": ADMIN}} for text in ("/stats", "/rollback")),
    ]  # fmt: skip
    return [
        *({"message": message} for message in messages),
        *({"edited_message": {**message, "edit_date": _DATE}} for message in messages[:12]),
        *(_pressed(data) for data in ("home", "places:0", f"p:{_PASSAGE}:0", f"r:{_PASSAGE}:0", "m:abc", "g:en")),
        _pressed("home", message={"chat": _PRIVATE, "message_id": 5, "date": 0}),
        {"callback_query": {"id": "4", "from": _PERSON, "chat_instance": "1", "inline_message_id": "i", "data": "home"}},
        {"callback_query": {"id": "4", "from": _PERSON, "chat_instance": "1", "game_short_name": "g"}},
        {"inline_query": {"id": "4", "from": _PERSON, "query": "志願者", "offset": "", "chat_type": "sender"}},
        {"channel_post": _message(text="text", chat=_CHANNEL)},
        {"business_message": _message(text="text", business_connection_id="b")},
        {"my_chat_member": {"chat": _GROUP, "from": _PERSON, "date": _DATE,
                            "old_chat_member": {"status": "left", "user": _BOT},
                            "new_chat_member": {"status": "member", "user": _BOT}}},
        {"message_reaction": {"chat": _GROUP, "message_id": 1, "date": _DATE, "old_reaction": [], "new_reaction": []}},
        {"a_kind_of_tomorrow": {"id": 1}},
    ]  # fmt: skip


_TEXTS = (
    "",
    " ",
    "x",
    "\x00",
    "\ud800",
    "<b>",
    "https://t.me/",
    "a" * 5_000,
    "漢" * 200_000,
    "\U0001f469\u200d" * 2_000,
)
_NUMBERS = (0, -1, 1, 2**31, 2**53, 2**63, -(2**63) - 1, 10**400, 0.5, 1e308, float("nan"))


def _anything(chance: random.Random) -> Json:
    """A value of any type and size."""
    match chance.randrange(8):
        case 0:
            return None
        case 1:
            return chance.choice((True, False))
        case 2 | 3:
            return chance.choice(_NUMBERS)
        case 4 | 5:
            return chance.choice(_TEXTS)
        case 6:
            return chance.choice(([], [None], [[]], [{}], list(range(1_000)), [_deep(300)], ["x"] * 5_000))
        case _:
            return chance.choice(
                ({}, {"id": 1}, {"x": None}, _deep(500), {str(number): 1 for number in range(500)})
            )


def _deep(levels: int) -> JsonObject:
    nested: JsonObject = {}
    for _ in range(levels):
        nested = {"reply_to_message": nested, "chat": {}, "x": [nested]} if levels < 100 else {"x": nested}
    return nested


def _places(value: Json) -> Iterator[tuple[JsonObject | list[Json], str | int]]:
    """Every position in a JSON value that can hold another value: the container and the key."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(pairs):
        yield value, key  # type: ignore[misc]
        yield from _places(inner)


_UNKNOWN = ("type", "kind", "status")


def mutated(sample: JsonObject, chance: random.Random) -> JsonObject:
    """A copy with one to four changes."""
    raw = copy.deepcopy(sample)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        places = list(_places(raw))
        if not places:
            break
        container, key = chance.choice(places)
        match chance.randrange(7):
            case 0:
                del container[key]  # type: ignore[arg-type]
            case 1 if isinstance(container, dict):
                container[chance.choice(("extra", "chat", "from", "text", "entities", "date", "\u202e"))] = (
                    _anything(chance)
                )
            case 2 if isinstance(container, dict):
                container[chance.choice(_UNKNOWN)] = chance.choice(("of tomorrow", "", 5, None))
            case 3:
                other, other_key = chance.choice(list(_places(chance.choice(samples()))))
                container[key] = copy.deepcopy(other[other_key])  # type: ignore[index]
            case _:
                container[key] = _anything(chance)  # type: ignore[index]
    return raw


def updates(count: int, seed: int) -> Iterator[JsonObject]:
    """`count` updates: each sample unchanged, then mutations; determined by the seed."""
    chance, known = random.Random(seed), samples()
    for number in range(count):
        yield known[number] if number < len(known) else mutated(chance.choice(known), chance)
