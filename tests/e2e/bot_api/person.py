"""A person who talks with the bot: synchronous, for the thread of a test.

The bot must run elsewhere (another process or thread): these methods wait without yielding to an event loop.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar
from urllib.parse import parse_qs, urlsplit

from .calls import CallLog
from .delivery import Draft, Group, call_guest, edit, post, press, query_inline, set_blocked
from .sent_message import CallbackAnswer, InlineAnswer, SentMessage, seen
from .state import Message, Question, State, User
from .wire import JsonObject

Result = TypeVar("Result")
WAIT_SECONDS = 10.0
_MOST_REPORTED_CALLS = 30
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")


class Telegram(Protocol):
    """What a person needs of the emulator."""

    @property
    def log(self) -> CallLog:
        """Return the record of calls."""

    def look(self, question: Callable[[State], Result]) -> Result:
        """Return what a function makes of the state, run where the state lives."""


@dataclass(frozen=True, slots=True)
class Tap:
    """A pressed button whose answer may still be awaited."""

    person: Person
    question: Question

    def answer(self, timeout: float = WAIT_SECONDS) -> CallbackAnswer:
        """Return the bot's answer to the tap."""
        answer = self.person.wait_for(lambda _: self.question.answer, timeout, "an answer to the button")
        return CallbackAnswer(answer["text"], answer["show_alert"], answer["url"])


@dataclass(slots=True)
class Person:
    """Someone with a Telegram client. What they wait for comes after what they did last."""

    telegram: Telegram
    user: User
    _last_seen: dict[int, int] = field(default_factory=dict)

    def says(self, text: str, *, chat: Group | None = None, thread: int = 0) -> SentMessage:
        """Send a text, to the bot or into a group."""
        return self._posts(Draft(text, _chat_id(chat), thread))

    def replies(self, message: SentMessage, text: str) -> SentMessage:
        """Reply to a message, in its chat and thread."""
        return self._posts(Draft(text, message.chat_id, message.thread_id, message.message_id))

    def sends_file(
        self,
        name: str,
        content: bytes,
        *,
        caption: str = "",
        size: int | None = None,
        chat: Group | None = None,
    ) -> SentMessage:
        """Send a document; `size` lets it claim to be larger than it is."""
        mime_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        document = self.telegram.look(lambda state: state.new_file(name, mime_type, content, size))
        return self._posts(Draft(caption, _chat_id(chat), document=document))

    def edits(self, message: SentMessage, text: str) -> SentMessage:
        """Edit a message of one's own."""

        def change(state: State) -> SentMessage:
            stored = _stored(state, message)
            assert stored.sender.id == self.user.id, "only one's own messages can be edited"
            self._last_seen[message.chat_id] = stored.chat.last_message_id
            edit(state, stored, text)
            return seen(stored)

        return self.telegram.look(change)

    def opens(self, link: str = "") -> SentMessage:
        """Start the bot, with the payload of a deep link if given (`p_…` or the whole t.me address)."""
        payload = self._payload(link) if "/" in link else link
        assert not payload or _PAYLOAD.match(payload), (
            f"Telegram opens no deep link with the payload {payload!r}"
        )
        return self.says(f"/start {payload}".rstrip())

    def follows(self, message: SentMessage, label: str) -> SentMessage:
        """Tap a deep link in a text, by its label."""
        return self.opens(message.link(label))

    def taps(self, message: SentMessage, label: str) -> Tap:
        """Press a button without waiting for the answer."""

        def act(state: State) -> Question:
            stored = _stored(state, message)
            button = seen(stored).button(label)
            assert button.callback_data, f"button {label!r} does not call the bot: {button}"
            self._last_seen[message.chat_id] = stored.chat.last_message_id
            return press(state, self.user, stored, button)

        return Tap(self, self.telegram.look(act))

    def presses(self, message: SentMessage, label: str, *, timeout: float = WAIT_SECONDS) -> CallbackAnswer:
        """Press a button as it is now and return the bot's answer."""
        return self.taps(message, label).answer(timeout)

    def inline(self, query: str, *, offset: str = "", timeout: float = WAIT_SECONDS) -> InlineAnswer:
        """Type an inline query and return the bot's results."""
        question = self.telegram.look(lambda state: query_inline(state, self.user, query, offset))
        answer: JsonObject = self.wait_for(lambda _: question.answer, timeout, f"results for {query!r}")
        return InlineAnswer(**(answer | {"results": tuple(answer["results"])}))

    def calls_guest(
        self, text: str, *, title: str = "Elsewhere", timeout: float = WAIT_SECONDS
    ) -> JsonObject:
        """Call the bot by name in a group that it is no member of, and return the message it answers with."""
        named = self.telegram.look(lambda state: f"@{state.bot.username} {text}")
        question = self.telegram.look(lambda state: call_guest(state, self.user, named, title))
        answer: JsonObject = self.wait_for(
            lambda _: question.answer, timeout, f"an answer to {text!r} as a guest"
        )
        return answer

    def blocks(self) -> None:
        """Block the bot: what it sends is refused with 403."""
        self.telegram.look(lambda state: set_blocked(state, self.user, True))

    def unblocks(self) -> None:
        """Take the block back."""
        self.telegram.look(lambda state: set_blocked(state, self.user, False))

    def waits_for_message(
        self,
        *,
        timeout: float = WAIT_SECONDS,
        after: SentMessage | None = None,
        chat: Group | None = None,
        containing: str = "",
    ) -> SentMessage:
        """Return the bot's next message here: after one's last act, the last message returned, or `after`."""
        chat_id = _chat_id(chat) or (after.chat_id if after else self.user.id)
        start = after.message_id if after else self._last_seen.get(chat_id, 0)
        shown_as = f"a message{f' with {containing!r}' if containing else ''} in chat {chat_id}"
        message = self.wait_for(lambda state: _next(state, chat_id, start, containing), timeout, shown_as)
        self._last_seen[chat_id] = max(message.message_id, self._last_seen.get(chat_id, 0))
        return message

    def waits_for_edit(
        self, message: SentMessage, *, timeout: float = WAIT_SECONDS, containing: str = ""
    ) -> SentMessage:
        """Return a message once it has been edited since it was looked at."""

        def edited(state: State) -> SentMessage | None:
            now = seen(_stored(state, message))
            return now if len(now.edits) > len(message.edits) and containing in now.text else None

        return self.wait_for(edited, timeout, f"an edit of {message.text!r}")

    def hears_nothing(self, *, seconds: float = 0.5, chat: Group | None = None) -> None:
        """Fail if the bot writes here within some seconds."""
        chat_id = _chat_id(chat) or self.user.id
        start = self._last_seen.get(chat_id, 0)

        def heard() -> SentMessage | None:
            return self.telegram.look(lambda state: _next(state, chat_id, start, ""))

        found = self.telegram.log.wait_until(heard, seconds)
        assert found is None, (
            f"the bot wrote {found.text if found else ''!r} where it should have been silent"
        )

    def looks_again(self, message: SentMessage) -> SentMessage:
        """Return a message as it is now."""
        return self.telegram.look(lambda state: seen(_stored(state, message)))

    def history(self, chat: Group | None = None) -> list[SentMessage]:
        """Return all messages of a chat, in order."""
        chat_id = _chat_id(chat) or self.user.id
        return self.telegram.look(
            lambda state: [seen(message) for message in state.chats[chat_id].messages.values()]
        )

    def wait_for(self, look: Callable[[State], Result | None], timeout: float, shown_as: str) -> Result:
        """Return what `look` finds in the state; fails with a report when it finds nothing in time."""
        before = len(self.telegram.log.all())
        found = self.telegram.log.wait_until(lambda: self.telegram.look(look), timeout)
        if found is None:
            raise AssertionError(self._report(f"waited {timeout:g} s for {shown_as}", before))
        return found

    def _posts(self, draft: Draft) -> SentMessage:
        def act(state: State) -> SentMessage:
            return seen(post(state, self.user, replace(draft, chat_id=draft.chat_id or self.user.id)))

        message = self.telegram.look(act)
        self._last_seen[message.chat_id] = message.message_id
        return message

    def _payload(self, link: str) -> str:
        address = urlsplit(link)
        username = self.telegram.look(lambda state: state.bot.username)
        where = f"{address.hostname}{address.path}"
        assert where == f"t.me/{username}", f"{link} is no deep link of @{username}"
        return parse_qs(address.query).get("start", [""])[0]

    def _report(self, failure: str, before: int) -> str:
        calls = self.telegram.log.all()
        pending, withheld = self.telegram.look(
            lambda state: (len(state.updates.pending), list(state.withheld))
        )
        lines = [
            failure,
            f"{pending} updates not yet confirmed by the bot",
            f"calls ({before} before the wait):",
        ]
        lines += [f"  {call}" for call in calls if call.method != "getUpdates" or call.refused][
            -_MOST_REPORTED_CALLS:
        ]
        lines += ["refused:", *(f"  {call}" for call in calls if call.refused)]
        return "\n".join([*lines, "not delivered to the bot:", *(f"  {line}" for line in withheld)])


def _chat_id(chat: Group | None) -> int:
    return chat.id if chat else 0


def _stored(state: State, message: SentMessage) -> Message:
    stored = state.chats[message.chat_id].messages.get(message.message_id)
    assert stored is not None, f"message {message.text!r} has been deleted"
    return stored


def _next(state: State, chat_id: int, start: int, containing: str) -> SentMessage | None:
    later = (message for number, message in state.chats[chat_id].messages.items() if number > start)
    found = (message for message in later if message.sender.is_bot and containing in message.text.text)
    return next(map(seen, found), None)
