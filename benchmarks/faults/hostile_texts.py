"""Hostile texts: all of Unicode, entity tricks, bombs for regular expressions, commands with odd arguments."""

from __future__ import annotations

import random
import sys
import unicodedata
from collections.abc import Iterator

from tests.e2e.bot_api.entities import utf16_length
from tests.e2e.bot_api.wire import JsonObject

from benchmarks.faults.hostile_bot import ADMIN, STRANGER

LONGEST = 4096
"""UTF-16 units that Telegram lets a person send in one message."""
_DATE = 1_790_000_000
_BLOCK = 256
_MARKS = "".join(
    map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x200D, 0x200F, 0xFEFF, 0xAD, 0xFE0F))
)
_ZALGO = "".join(map(chr, range(0x300, 0x370)))
_DIGITS = "".join(
    character
    for character in map(chr, range(0x20, 0x20000))
    if unicodedata.category(character) in ("Nd", "Nl", "No")
)
_PLACES = (
    "北京", "上海市", "江蘇南京", "重庆", "安徽合肥包河區", "山東", "日照", "beijing", "Xi'an", "xi’an", "吉林吉林", "朝阳区",
    "新疆維吾爾自治區", "內蒙古", "滬", "京", "山城", "東京", "New York", "inner mongolia", "中山區", "和平", "鼓楼区",
)  # fmt: skip
_PIECES = (
    "<b>", "</b>", "<script>", "&amp;#x3c;", "&lt;", "&#0;", "&#xd800;", "<a href=\"", "]]>",
    "<!--", "{", "}", "{0}", "{error_id}",
    "%s", "\\", "`", "*", "_", "「", "」", "《", "》", "“", "”", "〔1〕", "?", "?", "。",
    ",", "、", "\n", "\t", "\x00", "\x7f",
    "哪些地方", "提到", "多少", "幾個", "誰", "為什麼", "還有嗎", "那", "呢", "和", "與", "各地", "分別", "對比", "不同", "第",
    "百分之",
    "九", "〇", "9", "９", "萬億", "元", "月", "日", "xx", "**", "××", "20xx年", "where is ", " mentioned", "how much did ",
    "who is the ",
    "what is the ", "name of the ", "@重慶", "#篇3", "＠上海", "＃篇1", "@", "#",
    "🧑‍🤝‍🧑", "👨‍👩‍👧‍👦", "🇨🇳", "1️⃣", "é", "e\u0301", "Å", "ﷺ",
)  # fmt: skip
_COMMANDS = ("/ask ", "/search ", "/compare ", "/start ", "/ask@bulletin_test_bot ", "/unknown ", "/help ", "/lang ", "/about ",
             "/forget ", "/places ", "/bulletins ", "/rebuild ", "/rollback ", "/stats ")  # fmt: skip
_ENTITIES = (
    "bold",
    "mention",
    "bot_command",
    "url",
    "text_mention",
    "text_link",
    "custom_emoji",
    "pre",
    "of_tomorrow",
)


def fitting(text: str) -> str:
    """The text cut to the length that Telegram accepts."""
    while utf16_length(text) > LONGEST:
        text = text[: len(text) - max((utf16_length(text) - LONGEST) // 2, 1)]
    return text


def blocks() -> Iterator[str]:
    """All of Unicode, 256 characters a text: assigned, unassigned, noncharacters, lone surrogates, all planes."""
    for start in range(0, sys.maxunicode + 1, _BLOCK):
        yield "".join(map(chr, range(start, start + _BLOCK)))


def bombs() -> Iterator[str]:
    """Repetitions that make a backtracking regular expression slow."""
    for piece in (*_PIECES, *_PLACES, *_ZALGO[:3], *_MARKS):
        yield fitting(piece * (LONGEST // max(utf16_length(piece), 1)))
    for left in (
        "where is ",
        "「",
        "一是",
        "how much did ",
        "https:",
        "x",
        "2",
        "那",
        "北京",
        "哪些",
        "多少",
    ):
        for right in ("a", " ", "的", "一", ",", "9", "和", "、"):
            yield fitting(left + right * 600)
            yield fitting((left + right) * 300)
    yield from (
        "漢" * LONGEST,
        "a" * LONGEST,
        " " * LONGEST,
        "\U00020000" * (LONGEST // 2),
        "\U0001f600" * (LONGEST // 2),
    )
    yield fitting("\u1112\u1161\u11ab" * 1_300)
    yield fitting("ﷺ" * LONGEST)
    yield from (fitting(character + _ZALGO * 40) for character in "北a9")
    yield from (
        fitting("、".join(_PLACES * 200)),
        fitting("".join(_PLACES * 200)),
        fitting(" ".join(_PLACES * 200)),
    )
    yield fitting(_DIGITS)


def _mixed(chance: random.Random) -> str:
    parts = []
    for _ in range(chance.choice((1, 3, 8, 40, 300))):
        match chance.randrange(6):
            case 0:
                parts.append(chr(chance.randrange(sys.maxunicode + 1)))
            case 1:
                parts.append(chance.choice(_PLACES))
            case 2:
                parts.append(chance.choice(_MARKS) + chance.choice(_ZALGO))
            case 3:
                parts.append("".join(chance.choices(_DIGITS, k=5)))
            case _:
                parts.append(chance.choice(_PIECES) * chance.choice((1, 1, 1, 20)))
    return "".join(parts)


def texts(count: int, seed: int) -> Iterator[str]:
    """All of Unicode, the bombs, then mixtures; determined by the seed."""
    chance = random.Random(seed)
    listed = [*blocks(), *bombs()]
    chance.shuffle(listed)
    for number in range(count):
        text = listed[number] if number < len(listed) else _mixed(chance)
        yield fitting(chance.choice(_COMMANDS) + text if chance.random() < 0.35 else text)


def questions(count: int, seed: int) -> Iterator[JsonObject]:
    """The texts as messages: in private and in groups, edited, as replies, with entities outside the text."""
    chance = random.Random(seed + 1)
    for text in texts(count, seed):
        sender = chance.choice((ADMIN, STRANGER, STRANGER))
        group = chance.random() < 0.2
        words = fitting(f"@bulletin_test_bot {text}") if group else text
        kind = "edited_message" if chance.random() < 0.15 else "message"
        message: JsonObject = {
            "message_id": chance.randrange(1, 30),
            "date": _DATE,
            "from": _person(sender, chance.choice(("zh-hant", "zh-cn", "en"))),
            "chat": {"id": -1001, "type": "supergroup", "title": "A group"} if group else {"id": sender, "type": "private"},
            "text": words,
            "entities": _entities(words, group, chance),
        }  # fmt: skip
        if chance.random() < 0.2:
            message["reply_to_message"] = {**message, "message_id": chance.randrange(1, 30)}
        yield {kind: message}


def _person(number: int, language: str) -> JsonObject:
    return {"id": number, "is_bot": False, "first_name": "Somebody", "language_code": language}


def _entities(text: str, is_group: bool, chance: random.Random) -> list[JsonObject]:
    """Entities that Telegram would mark, and sometimes ones that it never would."""
    entities: list[JsonObject] = []
    if is_group:
        entities.append({"type": "mention", "offset": 0, "length": len("@bulletin_test_bot")})
    elif text.startswith("/"):
        entities.append({"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])})
    while chance.random() < 0.3:
        offset, length = (chance.choice((0, 1, 3, 4095, 4096, 10**6, 2**40)) for _ in range(2))
        entities.append({"type": chance.choice(_ENTITIES), "offset": offset, "length": length})
    return entities


def links(count: int, seed: int) -> Iterator[JsonObject]:
    """Deep links with random payloads, and inline queries with random texts and offsets."""
    chance = random.Random(seed + 2)
    payloads = (
        "p_",
        "p_09847808a7a6d8c9",
        "p_09847808a7a6d8c9_0_9999999",
        "p_09847808a7a6d8c9_9_3",
        "p_" + "f" * 16,
        "inline",
        "P_0",
    )
    offsets = ("", "0", "20", "999999", "1000000", "-1", "٣", "0x1", "\ud800", " ", "1e9", "a" * 64, "２０")
    for number, text in enumerate(texts(count, seed)):
        user = {"id": STRANGER, "is_bot": False, "first_name": "Somebody"}
        if number % 2:
            payload = chance.choice(payloads) + chance.choice(("", "_1_2", text[:64], "\x00", "_" + "9" * 60))
            yield {"message": {
                "message_id": number + 1, "date": _DATE, "from": user, "chat": {"id": STRANGER, "type": "private"},
                "text": f"/start {payload}", "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
            }}  # fmt: skip
        else:
            query = text[: chance.choice((10, 256, LONGEST))]
            yield {
                "inline_query": {
                    "id": str(number),
                    "from": user,
                    "query": query,
                    "offset": chance.choice(offsets),
                }
            }
