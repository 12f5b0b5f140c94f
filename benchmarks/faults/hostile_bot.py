"""The bot under hostile updates, in this process; records each violation with its case."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.chatting import Chat, new_chat
from tests.e2e.bot_api.state import Chat as StoredChat
from tests.e2e.bot_api.state import User
from tests.e2e.bot_api.wire import JsonObject

from bot.serving.answerer import Answerer
from bot.settings import Settings, load_settings

SECONDS = 1.0
ADMIN = 7
STRANGER = 8
QUESTION = "北京榜樣每個月評出多少人?"
_FIRST_UPDATE = 1
# Refusals that are right: the ids and files in hostile updates are made up.
_RIGHTLY_REFUSED = (
    "query is too old",
    "message to edit not found",
    "invalid file_id",
    "message is not modified",
    "can't be edited",
    "file is too big",
)
_MESSAGES_KEPT = 20


class _Errors(logging.Handler):
    """Collects log records of level ERROR and above."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(logging.Formatter("%(message)s").format(record))


@dataclass(slots=True)
class HostileBot:
    """A bot, its admin, who is hostile too, and the violations so far."""

    chat: Chat
    errors: _Errors
    failures: list[str] = field(default_factory=list)
    skipped: int = 0
    slowest: tuple[float, str] = (0.0, "")
    taken: Counter[str] = field(default_factory=Counter)
    _next: Iterator[int] = field(default_factory=lambda: iter(range(_FIRST_UPDATE, 2**31)))

    async def take(self, kind: str, raw: JsonObject) -> None:
        """Let the bot handle one update as it comes from the network."""
        started = time.process_time()
        self.taken[kind] += 1
        update = self.chat.services.transport.update_queue.read({"update_id": next(self._next), **raw})
        if update is None:
            self.skipped += 1
            return
        self._let_in(raw)
        try:
            await self.chat.application.process_update(update)
        except Exception as error:  # noqa: BLE001 - any of them is what is looked for
            self._fails(kind, raw, f"{type(error).__name__}: {error}")
        self._judge(kind, raw, time.process_time() - started)

    def _judge(self, kind: str, raw: JsonObject, seconds: float) -> None:
        refused = [
            line for line in self.chat.request.refused if not any(ok in line for ok in _RIGHTLY_REFUSED)
        ]
        for line in (*self.errors.lines, *refused):
            self._fails(kind, raw, line)
        self.errors.lines.clear()
        self.chat.request.refused.clear()
        self.slowest = max(self.slowest, (seconds, f"{kind}: {shown(raw)}"))
        if seconds > SECONDS:
            self._fails(kind, raw, f"{seconds:.2f} s")

    def _fails(self, kind: str, raw: JsonObject, why: str) -> None:
        self.failures.append(f"{kind}: {why[-1500:]}\n  {shown(raw)}")

    async def answers(self, kind: str) -> None:
        """Ask a plain question and record a violation if it gets no answer, and no refusal, with its verdict buttons."""
        person = self.chat.person
        person.state.forget(_MESSAGES_KEPT)
        person.state.files.clear()
        messages = await person.says(QUESTION)
        self.chat.request.refused.clear()
        if not any("👍" in row for message in messages for row in message.labels):
            self.failures.append(f"{kind}: afterwards {[message.text[:80] for message in messages]}")

    def _let_in(self, raw: JsonObject) -> None:
        """Make every chat that an update names known to the emulator, so that only faults of the bot appear."""
        state = self.chat.person.state
        for chat in (*_chats_in(raw), *_senders_in(raw)):
            if chat["id"] not in state.chats:
                number = chat["id"]
                user = User(number, "Somebody") if chat.get("type") == "private" else None
                state.chats[number] = StoredChat(number, user, title="A group", started=True)
            thread = chat.get("thread")
            if isinstance(thread, int):
                state.chats[chat["id"]].threads.add(thread)


def _chats_in(raw: object) -> Iterator[JsonObject]:
    if isinstance(raw, dict):
        chat = raw.get("chat")
        if isinstance(chat, dict) and isinstance(chat.get("id"), int):
            yield {**chat, "thread": raw.get("message_thread_id")}
        for value in raw.values():
            yield from _chats_in(value)


def _senders_in(raw: JsonObject) -> Iterator[JsonObject]:
    """The private chats with the senders of an update."""
    for happened in raw.values():
        sender = happened.get("from") if isinstance(happened, dict) else None
        if isinstance(sender, dict) and isinstance(sender.get("id"), int):
            yield {"id": sender["id"], "type": "private"}


def shown(raw: object) -> str:
    """An update on one line, shortened."""
    text = ascii(raw)
    return text if len(text) <= 700 else f"{text[:500]} … {text[-150:]}"


@asynccontextmanager
async def hostile_bot(answerer: Answerer, folder: Path, **settings: object) -> AsyncIterator[HostileBot]:
    """A bot with the answerer, folders of its own, and ADMIN as its admin."""
    (folder / "bulletins").mkdir(exist_ok=True)
    known: Settings = load_settings(
        bulletins_dir=folder / "bulletins",
        index_dir=folder / "index",
        state_db=Path(":memory:"),
        development_questions=folder / "none",
        admin_ids=frozenset({ADMIN}),
    ).model_copy(update=settings)
    chat, errors = new_chat(answerer, settings=known), _Errors()
    logging.getLogger().addHandler(errors)
    try:
        async with chat.application:
            chat.person.chat.started = True
            yield HostileBot(chat, errors)
            await chat.services.rebuild.cancel()
    finally:
        logging.getLogger().removeHandler(errors)
