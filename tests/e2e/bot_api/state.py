"""State of the emulated Telegram: people, chats, messages, files, and questions that await an answer.

Everything here is touched on the emulator's event loop only.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from .entities import utf16_slice
from .texts import FormattedText
from .updates import UpdateQueue
from .webhook import WebhookDelivery
from .wire import JsonObject, bad_request, refusal


@dataclass(frozen=True, slots=True)
class User:
    """A person or the bot."""

    id: int
    first_name: str
    username: str = ""
    language_code: str = ""
    is_bot: bool = False

    def as_json(self) -> JsonObject:
        """Return the user as updates carry it."""
        shown: JsonObject = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        optional = {"username": self.username, "language_code": self.language_code}
        return shown | {name: value for name, value in optional.items() if value}


@dataclass(frozen=True, slots=True)
class Document:
    """A file in a message. `size` is what Telegram says, which a test may set apart from the content."""

    file_id: str
    name: str
    mime_type: str
    content: bytes
    size: int

    @property
    def path(self) -> str:
        """Return where the bot downloads the file."""
        return f"documents/{self.file_id}"

    def as_json(self) -> JsonObject:
        """Return the file as a message carries it."""
        unique = f"unique_{self.file_id}"
        shown: JsonObject = {"file_id": self.file_id, "file_unique_id": unique, "file_size": self.size}
        return shown | {"file_name": self.name, "mime_type": self.mime_type}


@dataclass(slots=True)
class Chat:
    """A private chat or a group. A private chat is `started` once the person has written to the bot."""

    id: int
    user: User | None = None
    title: str = ""
    is_forum: bool = False
    bot_is_admin: bool = False
    started: bool = False
    blocked: bool = False
    threads: set[int] = field(default_factory=set)
    members: dict[int, str] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    last_message_id: int = 0

    @property
    def is_private(self) -> bool:
        """Return whether this is a chat with one person."""
        return self.user is not None

    def as_json(self) -> JsonObject:
        """Return the chat as messages carry it."""
        if self.user is not None:
            named = {"username": self.user.username} if self.user.username else {}
            return {"id": self.id, "type": "private", "first_name": self.user.first_name} | named
        forum = {"is_forum": True} if self.is_forum else {}
        return {"id": self.id, "type": "supergroup", "title": self.title} | forum


@dataclass(slots=True)
class Message:
    """A message as it stands now; `source` is its text as the bot sent it, before parsing."""

    message_id: int
    chat: Chat
    sender: User
    date: int
    text: FormattedText = field(default_factory=FormattedText)
    source: str = ""
    document: Document | None = None
    keyboard: JsonObject | None = None
    reply_to: Message | None = None
    thread_id: int = 0
    silent: bool = False
    link_preview: JsonObject | None = None
    edit_date: int = 0
    revisions: list[str] = field(default_factory=list)
    reactions: list[JsonObject] = field(default_factory=list)
    is_rich: bool = False
    """Whether it is a rich message, which PTB 22.8 sees without text."""

    def as_json(self, *, with_reply: bool = True) -> JsonObject:
        """Return the message as the Bot API shows it; a quoted reply does not quote again."""
        shown: JsonObject = {"message_id": self.message_id, "from": self.sender.as_json(), "date": self.date}
        shown["chat"] = self.chat.as_json()
        shown |= self._content()
        if self.reply_to is not None and with_reply and self.reply_to.message_id in self.chat.messages:
            shown["reply_to_message"] = self.reply_to.as_json(with_reply=False)
        if self.thread_id:
            shown |= {"message_thread_id": self.thread_id, "is_topic_message": True}
        optional = {"edit_date": self.edit_date, "reply_markup": self.keyboard}
        optional["link_preview_options"] = self.link_preview
        return shown | {name: value for name, value in optional.items() if value}

    def _content(self) -> JsonObject:
        kind, entities = ("caption", "caption_entities") if self.document else ("text", "entities")
        content: JsonObject = {"document": self.document.as_json()} if self.document else {}
        if self.is_rich:
            return {"rich_message": {}}
        if self.text.text:
            content[kind] = self.text.text
        if self.text.entities:
            content[entities] = self.text.entities_as_json()
        return content

    def commands(self) -> Iterator[str]:
        """Yield the commands in the text, with their slashes."""
        for entity in self.text.entities:
            if entity.type == "bot_command":
                yield utf16_slice(self.text.text, entity.offset, entity.length)

    def mentions(self, username: str) -> bool:
        """Return whether the text names a user."""
        named = (
            utf16_slice(self.text.text, e.offset, e.length) for e in self.text.entities if e.type == "mention"
        )
        return any(name.lower() == f"@{username.lower()}" for name in named)


@dataclass(slots=True)
class Question:
    """A pressed button or an inline query, until the bot has answered it."""

    id: str
    answer: JsonObject | None = None


@dataclass(slots=True)
class State:
    """All the emulator knows."""

    token: str
    bot: User
    updates: UpdateQueue
    webhook: WebhookDelivery
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, Document] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[JsonObject]] = field(default_factory=dict)
    profile: dict[tuple[str, str], str] = field(default_factory=dict)
    withheld: list[str] = field(default_factory=list)
    logged_out: bool = False
    has_rich_messages: bool = True
    """Whether the server knows Bot API 10.1."""
    questions_asked: int = 0

    def chat(self, shown_id: str) -> Chat:
        """Return a chat the bot may write to; refuses an unknown one and a person who blocked the bot."""
        if not shown_id:
            raise bad_request("chat_id is empty")
        chat = self.chats.get(int(shown_id)) if shown_id.lstrip("-").isdecimal() else None
        if chat is None or (chat.is_private and not chat.started and not self._is_met(chat.id)):
            raise bad_request("chat not found")
        if chat.is_private and not chat.started:
            raise refusal(403, "bot can't initiate conversation with a user")
        if chat.blocked:
            by_person, by_group = "bot was blocked by the user", "bot was kicked from the supergroup chat"
            raise refusal(403, by_person if chat.is_private else by_group)
        return chat

    def new_message(self, chat: Chat, sender: User) -> Message:
        """Store the next message of a chat, still empty, and return it."""
        chat.last_message_id += 1
        message = Message(chat.last_message_id, chat, sender, int(time.time()))
        chat.messages[message.message_id] = message
        return message

    def new_file(self, name: str, mime_type: str, content: bytes, size: int | None = None) -> Document:
        """Store a file and return it."""
        file_id = f"BQACAgEmulated{len(self.files) + 1:04d}"
        document = Document(file_id, name, mime_type, content, len(content) if size is None else size)
        self.files[file_id] = document
        return document

    def new_question(self) -> Question:
        """Store a question and return it; its identifier is a number in text, as on Telegram."""
        self.questions_asked += 1
        question = Question(str(4_000_000_000_000_000_000 + self.questions_asked))
        self.questions[question.id] = question
        return question

    def unanswered(self, question_id: str) -> Question:
        """Return a question that awaits its answer."""
        question = self.questions.get(question_id)
        if question is None or question.answer is not None:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        return question

    def forget(self, messages_kept: int) -> None:
        """Drop what nobody will ask for again: all but the last messages of each chat, and answered questions."""
        for chat in self.chats.values():
            for message_id in list(chat.messages)[:-messages_kept]:
                del chat.messages[message_id]
        for question in [question for question in self.questions.values() if question.answer is not None]:
            del self.questions[question.id]
        self.withheld.clear()

    def _is_met(self, user_id: int) -> bool:
        """Return whether the bot knows a person from some group."""
        return any(user_id in chat.members for chat in self.chats.values() if not chat.is_private)
