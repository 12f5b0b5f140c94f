"""A person who chats with the application in this process, and passages made up for replies."""

from __future__ import annotations

from dataclasses import dataclass

from bot.application import build_application
from bot.handlers import BotApplication, Services
from bot.replies.markup import Span
from bot.serving.answerer import Answerer
from bot.settings import Settings, load_settings
from retrieval.types import Answered, Hit, Passage, Place, Quote, Reason, Refused, Section
from tests.e2e.bot_api.emulator import DEFAULT_TOKEN
from tests.e2e.bot_api.in_process import EmulatedRequest, Telegram, new_state
from tests.e2e.bot_api.state import Chat as Group
from tests.e2e.bot_api.state import User


@dataclass(frozen=True, slots=True)
class Chat:
    """A person, the answerer and the application they talk with, and its line to Telegram."""

    answerer: Answerer
    person: Telegram
    application: BotApplication
    request: EmulatedRequest

    @property
    def services(self) -> Services:
        return self.application.bot_data


def new_chat(answerer: Answerer, language: str | None = "zh-hant", settings: Settings | None = None) -> Chat:
    """A private chat with a bot at the answerer; the application is to be entered."""
    state = new_state()
    request = EmulatedRequest(state)
    application = build_application(settings or load_settings(), answerer, DEFAULT_TOKEN, request)
    person = Telegram(state, application, User(7, "Person", "", language or ""))
    return Chat(answerer, person, application, request)


def a_group() -> Group:
    """A group that the bot, which is no admin there, has been added to."""
    return Group(-1001, title="群組")


def link(passage_id: str, span: Span | None) -> str:
    """A deep link that says where the quote stands."""
    return f"https://t.me/a_bot?start=p_{passage_id}" + (f"_{span[0]}_{span[1]}" if span else "")


def plain_link(passage_id: str, _span: Span | None) -> str:
    """A deep link to the passage alone."""
    return f"https://t.me/a_bot?start=p_{passage_id}"


def a_passage(text: str = "每月發佈10名月榜人物。", heading: str = "把好“三關”") -> Passage:
    """A passage of the second section of an item about Beijing."""
    return Passage(
        passage_id="0123456789abcdef",
        file="a.txt",
        line=3,
        collection=None,
        bulletin="篇3",
        bulletin_title="簡報 篇3",
        place=Place("北京", "北京市"),
        section_path=(Section("二", heading),),
        lead="",
        text=text,
    )


def answered(*quotes: Quote) -> Answered:
    """An answer with these quotes."""
    hits = tuple(Hit(quote.passage, 1.0, rank) for rank, quote in enumerate(quotes, start=1))
    return Answered(question="問", confidence=0.9, quotes=quotes, hits=hits, took_ms=1.0)


def refused(reason: Reason, *hits: Hit, uncovered: tuple[str, ...] = ()) -> Refused:
    """A refusal for this reason."""
    return Refused(
        question="問", reason=reason, confidence=0.1, hits=hits, took_ms=1.0, uncovered_places=uncovered
    )


def utf16_length(text: str) -> int:
    """As Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
