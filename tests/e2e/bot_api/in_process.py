"""The emulator without a network: the bot's calls are carried out at once, and people's acts processed at once."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from urllib.parse import urlencode

from telegram import Update
from telegram.ext import Application
from telegram.request import BaseRequest, RequestData

from .delivery import Draft, call_guest, edit, post, press, query_inline
from .emulator import DEFAULT_TOKEN, DEFAULT_USERNAME
from .methods import carry_out
from .sent_message import Button, SentMessage, seen
from .state import Chat, Message, Question, State, User
from .updates import UpdateQueue
from .webhook import WebhookDelivery
from .wire import JsonObject, Parameters, Refusal, Upload

_RETRY_SECONDS = 1.0


def new_state() -> State:
    """Return an emulated Telegram with one bot and nobody else."""
    updates = UpdateQueue()
    bot = User(int(DEFAULT_TOKEN.partition(":")[0]), "Bulletin Test Bot", DEFAULT_USERNAME, is_bot=True)
    return State(DEFAULT_TOKEN, bot, updates, WebhookDelivery(updates, _RETRY_SECONDS))


def _uploads(request_data: RequestData | None) -> dict[str, Upload]:
    """The files that come with a call, by the name of their parameter."""
    parts = (request_data.multipart_data or {}) if request_data else {}
    return {
        field: Upload(name, content if isinstance(content, bytes) else content.read(), mime_type)
        for field, (name, content, mime_type) in parts.items()
    }


class EmulatedRequest(BaseRequest):
    """Stands where the network stands; keeps what was refused."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.refused: list[str] = []

    @property
    def read_timeout(self) -> float:
        return 1.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: object, **__: object
    ) -> tuple[int, bytes]:
        if method == "GET":
            return self._download(url)
        name = url.rsplit("/", 1)[-1]
        parameters = Parameters(
            dict(request_data.json_parameters) if request_data else {}, _uploads(request_data)
        )
        urlencode(parameters.values)  # half a surrogate pair cannot be sent
        try:
            body: JsonObject = {"ok": True, "result": await carry_out(self.state, name, parameters)}
            status = 200
        except Refusal as refusal:
            body, status = refusal.as_json(), refusal.status
            self.refused.append(f"{name}: {refusal.description}: {parameters.decoded()}")
        return status, json.dumps(body).encode()

    def _download(self, url: str) -> tuple[int, bytes]:
        found = (
            document.content for document in self.state.files.values() if url.endswith(f"/{document.path}")
        )
        content = next(found, None)
        return (
            (404, json.dumps(Refusal(404, "Not Found").as_json()).encode())
            if content is None
            else (200, content)
        )


@dataclass(slots=True)
class Telegram:
    """One person in a private chat with the application under test."""

    state: State
    application: Application  # type: ignore[type-arg]
    user: User = field(default_factory=lambda: User(7, "Person", "", "zh-hant"))

    def __post_init__(self) -> None:
        self.state.users[self.user.id] = self.user
        self.state.chats.setdefault(self.user.id, Chat(self.user.id)).user = self.user

    @property
    def chat(self) -> Chat:
        """Return the private chat."""
        return self.state.chats[self.user.id]

    async def says(self, text: str, in_reply_to: SentMessage | None = None) -> list[SentMessage]:
        """Send a text, perhaps in reply to a message, and return what the bot sent then."""
        before = self.chat.last_message_id
        await self.asks(text, in_reply_to)
        return self._since(before + 1)

    async def says_in(self, group: Chat, text: str) -> list[SentMessage]:
        """Send a text into a group and return what the bot sent there then."""
        self.state.chats[group.id], before = group, group.last_message_id
        post(self.state, self.user, Draft(text, group.id))
        await self._process()
        new = (message for number, message in group.messages.items() if number > before)
        return [seen(message) for message in new if message.sender.is_bot]

    async def sends_file(self, name: str, content: bytes, size: int | None = None) -> list[SentMessage]:
        """Send a document, which may claim another size than it has, and return what the bot sent then."""
        before = self.chat.last_message_id
        document = self.state.new_file(name, "application/octet-stream", content, size)
        post(self.state, self.user, Draft("", self.user.id, document=document))
        await self._process()
        return self._since(before + 1)

    async def asks(self, text: str, in_reply_to: SentMessage | None = None) -> SentMessage:
        """Send a text and return it."""
        reply_to = in_reply_to.message_id if in_reply_to else 0
        sent = post(self.state, self.user, Draft(text, self.user.id, reply_to=reply_to))
        await self._process()
        return seen(sent)

    async def edits(self, message: SentMessage, text: str) -> None:
        """Edit a message of one's own."""
        edit(self.state, self.stored(message), text)
        await self._process()

    async def acts(self, kind: str, content: JsonObject) -> None:
        """Let something else happen, as the Bot API puts it."""
        self.state.updates.push(kind, content, "")
        await self._process()

    def stored(self, message: SentMessage) -> Message:
        """Return a message as the emulator keeps it."""
        return self.chat.messages[message.message_id]

    def shown(self) -> list[SentMessage]:
        """Return what the bot has sent, as it stands now."""
        return self._since(0)

    async def presses(self, message: Message, button: Button) -> tuple[Question, list[SentMessage]]:
        """Press a button and return the bot's answer to that with what it sent then."""
        before = self.chat.last_message_id
        question = press(self.state, self.user, message, button)
        await self._process()
        return question, self._since(before)

    async def inline(self, query: str, offset: str = "") -> Question:
        """Type an inline query and return the question with the bot's answer."""
        question = query_inline(self.state, self.user, query, offset)
        await self._process()
        return question

    async def calls_guest(self, text: str) -> Question:
        """Call the bot by name in a group that it is no member of, and return the query with the bot's answer."""
        question = call_guest(self.state, self.user, f"@{self.state.bot.username} {text}", "別的群組")
        await self._process()
        return question

    def sees(self, message: SentMessage) -> SentMessage:
        """Return a message as it is now."""
        return seen(self.chat.messages[message.message_id])

    def shows(self, screen: Message) -> Message:
        """Return a new message of the bot that looks like another."""
        copy = self.state.new_message(self.chat, self.state.bot)
        copy.text, copy.source, copy.keyboard = screen.text, screen.source, screen.keyboard
        copy.link_preview = screen.link_preview
        return copy

    async def _process(self) -> None:
        pending, self.state.updates.pending = self.state.updates.pending, []
        for update in pending:
            await self.application.process_update(Update.de_json(update.as_json(), self.application.bot))

    def _since(self, message_id: int) -> list[SentMessage]:
        new = (message for number, message in self.chat.messages.items() if number > message_id)
        return [seen(message) for message in new if message.sender.is_bot]
