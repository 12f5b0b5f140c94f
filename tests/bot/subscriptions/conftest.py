"""A bot whose bulletins are rebuilt, with a clock that tests set."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.operations.rebuilding import build
from bot.serving import Answerer
from bot.settings import Settings, load_settings
from bot.subscriptions import Notifier
from retrieval.index.generations import load_serving, roll_back
from tests.chatting import Chat, new_chat
from tests.doubles import HashEncoder
from tests.e2e.bot_api.sent_message import SentMessage

NOON = 1_767_268_800.0
"""2026-01-01, 12 o'clock UTC."""
HOUR = 3600.0
PLACES = ("上海", "江蘇南京", "重慶")


def bulletin(number: int, place: str, *more: str) -> str:
    """A bulletin of one item; further paragraphs come in sections of their own."""
    sections = [f"{place}發放手冊{number}萬冊,人手一本。", *more]
    named = [f"{'一二三四五六七八九十'[at]}、做法{at}\n\n{text}\n" for at, text in enumerate(sections)]
    head = f"精神文明建設工作簡報 篇{number}\n\n{place}開展市民修身行動。\n\n"
    return head + "\n".join(named)


@dataclass(slots=True)
class World:
    """The bot, its bulletins and its subscribers."""

    settings: Settings
    chat: Chat
    encoder: HashEncoder
    notifier: Notifier = field(init=False)
    now: float = NOON

    def __post_init__(self) -> None:
        self.chat.services.database.now = lambda: self.now
        self.notifier = Notifier(self.chat.application)

    def write(self, number: int, *more: str) -> None:
        """Write the bulletin of that number, with these paragraphs besides its own."""
        path = self.settings.bulletins_dir / f"{number}.txt"
        path.write_text(bulletin(number, PLACES[number - 1], *more), encoding="utf-8")

    def rebuild(self, encoder: HashEncoder | None = None, *, full: bool = False) -> None:
        """Build and serve."""
        build(self.settings, encoder=encoder or self.encoder, full=full)
        self.serve(encoder)

    def roll_back(self) -> None:
        """Serve the generation before."""
        roll_back(self.settings.index_dir)
        self.serve()

    def serve(self, encoder: HashEncoder | None = None) -> None:
        """Serve what the pointer names, as the running bot does by itself."""
        name = (encoder or self.encoder).name
        self.chat.answerer.serve(load_serving(self.settings.index_dir, name))

    async def looks(self) -> list[SentMessage]:
        """Let the notifier look once, and return what the person got."""
        before = self.chat.person.chat.last_message_id
        await self.notifier.look()
        return [message for message in self.chat.person.shown() if message.message_id > before]


def settings_in(folder: Path) -> Settings:
    """Three bulletins, a file each."""
    (folder / "bulletins").mkdir()
    for number, place in enumerate(PLACES, start=1):
        (folder / "bulletins" / f"{number}.txt").write_text(bulletin(number, place), encoding="utf-8")
    return load_settings(
        bulletins_dir=folder / "bulletins",
        index_dir=folder / "index",
        state_db=folder / "state.sqlite3",
        development_questions=folder / "none",
        time_zone="UTC",
    )


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    settings, encoder = settings_in(tmp_path), HashEncoder()
    build(settings, encoder=encoder)
    answerer = Answerer(load_serving(settings.index_dir, encoder.name), encoder)
    chat = new_chat(answerer, settings=settings)
    async with chat.application:
        yield World(settings, chat, encoder)
    answerer.close()
    assert chat.request.refused == []
