"""Many people who use a bot: their next act, and whether and when the bot has done it."""

from __future__ import annotations

import functools
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tests.e2e.bot_api import Emulator
from tests.e2e.bot_api.calls import Call
from tests.e2e.bot_api.delivery import Draft, post, press, query_inline
from tests.e2e.bot_api.sent_message import Button, seen
from tests.e2e.bot_api.state import Chat, Message, Question, State, User

from bot.locales import ZH_HANT

LOST_AFTER = 60.0
"""Seconds after which a person gives up waiting."""
_REST = 3.0
"""Seconds a person is quiet after an answer, so that an answer in several messages belongs to one act."""
_FIRST_PERSON = 1_000_001
_SEARCHES = (
    "志願服務", "志願者 @重慶", "身邊好人 #篇3", "公益廣告", "文明交通 @北京", "誠信", "未成年人 @山東", "网络文明",
    "好人 @上海", "图书馆", "文明餐桌", "道德講堂 #2",
)  # fmt: skip
_FOLLOW_UPS = ("那重慶呢?", "還有嗎?", "那山東呢?", "为什么?", "还有吗", "上海呢?", "什麼時候開始的?")
_COMMANDS = ("/places", "/bulletins", "/help", "/about", "/start", "/lang", "/compare 北京 山東 好人")
_QUOTE = re.compile(r"「([^」]+)」〔\d+〕")
_WAIT = "請稍候"
_ANSWERING = ("sendMessage", "sendRichMessage", "editMessageText")
_APOLOGY = ZH_HANT.error.partition("{")[0]


class ActKind(StrEnum):
    """Acts of a person; the first three wait for a search with the model."""

    QUESTION = "question"
    FOLLOW_UP = "follow-up"
    SEARCH = "search"
    BROWSE = "browse"
    PRESS = "press"
    INLINE = "inline"


SEARCHING = frozenset({ActKind.QUESTION, ActKind.FOLLOW_UP, ActKind.SEARCH})
_WEIGHTS = {
    ActKind.QUESTION: 55, ActKind.FOLLOW_UP: 10, ActKind.SEARCH: 12, ActKind.BROWSE: 6, ActKind.PRESS: 14, ActKind.INLINE: 3,
}  # fmt: skip


@dataclass(slots=True)
class Act:
    """An act and its result: seconds of waiting (None: no answer), and any faults."""

    kind: ActKind
    person: int
    said: str
    at: float
    waited: float | None = None
    was_told_to_wait: bool = False
    apologised: bool = False
    quotes: tuple[str, ...] = ()


@dataclass(slots=True)
class People:
    """People who act one after another, each only after the previous act was answered."""

    telegram: Emulator
    questions: Sequence[str]
    count: int
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    refused: list[str] = field(default_factory=list)
    _free_at: dict[int, float] = field(default_factory=dict)
    _by_chat: dict[int, Act] = field(default_factory=dict)
    _by_question: dict[str, Act] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number in range(_FIRST_PERSON, _FIRST_PERSON + self.count):
            self.telegram.look(functools.partial(_enter, number=number))
            self._free_at[number] = 0.0

    @property
    def waiting(self) -> int:
        """Number of acts without an answer so far."""
        return len(self._by_chat) + len(self._by_question)

    def act(self) -> Act | None:
        """Let a free person act; None if all wait."""
        now = time.monotonic()
        free = [number for number, since in self._free_at.items() if since <= now]
        if not free:
            return None
        number = self.chance.choice(free)
        kind = self.chance.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
        self._free_at[number] = float("inf")
        return self.telegram.look(lambda state: self._do(state, state.users[number], kind))

    def _do(self, state: State, user: User, kind: ActKind) -> Act:
        if kind is ActKind.PRESS:
            buttons = _buttons_before(state.chats[user.id])
            if buttons:
                message, button = self.chance.choice(buttons)
                return self._asked(
                    press(state, user, message, button), ActKind.PRESS, user, button.callback_data
                )
            kind = ActKind.BROWSE
        said = self._words(kind)
        if kind is ActKind.INLINE:
            return self._asked(query_inline(state, user, said, ""), kind, user, said)
        act = self._by_chat[user.id] = Act(kind, user.id, said, time.monotonic())
        post(state, user, Draft(said, user.id))
        return act

    def _asked(self, question: Question, kind: ActKind, user: User, said: str) -> Act:
        act = self._by_question[question.id] = Act(kind, user.id, said, time.monotonic())
        return act

    def _words(self, kind: ActKind) -> str:
        match kind:
            case ActKind.FOLLOW_UP:
                return self.chance.choice(_FOLLOW_UPS)
            case ActKind.SEARCH:
                return f"/search {self.chance.choice(_SEARCHES)}"
            case ActKind.BROWSE:
                return self.chance.choice(_COMMANDS)
            case ActKind.INLINE:
                return self.chance.choice(_SEARCHES).partition(" ")[0]
            case _:
                return self.chance.choice(self.questions)

    def settle(self) -> list[Act]:
        """Acts answered since the last call, and those without an answer for a minute."""
        done = []
        for call in self.telegram.log.take():
            if call.refused:
                self.refused.append(f"{call} {call.params}"[:500])
            elif call.status == 200 and (act := self._answered_by(call)):
                act.waited = call.finished - act.at
                done.append(act)
        now = time.monotonic()
        done += [act for act in self._pending() if act.waited is None and now - act.at > LOST_AFTER]
        for act in done:
            self._free_at[act.person] = now + _REST
        self._forget(done)
        return done

    def _pending(self) -> list[Act]:
        return [*self._by_chat.values(), *self._by_question.values()]

    def _answered_by(self, call: Call) -> Act | None:
        if call.method in ("answerCallbackQuery", "answerInlineQuery"):
            asked = call.params.get("callback_query_id") or call.params.get("inline_query_id")
            return self._by_question.get(str(asked))
        act = self._by_chat.get(call.params.get("chat_id", 0))
        if act is None or act.waited is not None or call.method not in _ANSWERING:
            return None
        text = call.response["result"].get("text", "")
        if call.method == "sendMessage" and _WAIT in text:
            act.was_told_to_wait = True
            return None
        if call.method == "editMessageText" and not act.was_told_to_wait:
            return None
        act.apologised, act.quotes = _APOLOGY in text, tuple(_QUOTE.findall(text))
        return act

    def _forget(self, done: Sequence[Act]) -> None:
        gone = {id(act) for act in done}
        self._by_chat = {chat: act for chat, act in self._by_chat.items() if id(act) not in gone}
        self._by_question = {name: act for name, act in self._by_question.items() if id(act) not in gone}


def _enter(state: State, number: int) -> None:
    user = state.users[number] = User(number, f"Person {number}", "", "zh-hant")
    state.chats[number] = Chat(number, user, started=True)


def _buttons_before(chat: Chat) -> list[tuple[Message, Button]]:
    """Buttons of the bot's last message that has any that call the bot."""
    for message in reversed(chat.messages.values()):
        buttons = [button for row in seen(message).buttons for button in row if button.callback_data]
        if message.sender.is_bot and buttons:
            return [(message, button) for button in buttons]
    return []
