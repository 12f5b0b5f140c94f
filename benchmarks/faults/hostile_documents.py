"""Files sent as messages, by the admin and by others, with false names, sizes and contents."""

from __future__ import annotations

import random
from collections.abc import Iterator

from tests.e2e.bot_api.state import State
from tests.e2e.bot_api.wire import JsonObject

from benchmarks.faults.hostile_bot import ADMIN, STRANGER
from benchmarks.faults.hostile_files import NAMES
from benchmarks.faults.hostile_texts import texts

_DATE = 1_790_000_000
_MB = 2**20
_SIZES = (None, 0, 1, -1, 10, 20 * _MB, 20 * _MB + 1, 2**40)


def documents(count: int, seed: int, state: State) -> Iterator[JsonObject]:
    """Text files of up to 1 MB and empty ones; the emulator stores their contents for download by the bot."""
    chance = random.Random(seed + 4)
    for number, text in enumerate(texts(count, seed)):
        sender = chance.choice((ADMIN, ADMIN, STRANGER))
        content = _content(text, chance, is_large=sender == STRANGER or number % 50 == 0)
        file = state.new_file(
            chance.choice(NAMES), "text/plain", content, chance.choice((len(content), *_SIZES))
        )
        document = {**file.as_json(), "file_unique_id": "u"}
        for name in [name for name in ("file_size", "file_name", "mime_type") if chance.random() < 0.1]:
            del document[name]
        message = {
            "message_id": number + 1,
            "date": _DATE,
            "from": {"id": sender, "is_bot": False, "first_name": "Somebody", "language_code": "zh-hant"},
            "chat": {"id": sender, "type": "private"},
            "document": document,
            "caption": text[:1024],
        }
        yield {"message": message}


def _content(text: str, chance: random.Random, *, is_large: bool) -> bytes:
    encoding = chance.choice(("utf-8", "utf-8", "utf-16", "gb18030", "big5"))
    whole = text * (_MB // max(len(text.encode("utf-8", "ignore")), 1) + 1) if is_large else text
    return chance.choice((whole.encode(encoding, "ignore"), whole.encode(encoding, "ignore"), b""))[:_MB]
