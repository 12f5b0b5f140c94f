"""Acts of people, as updates for the bot."""

from __future__ import annotations

import time
from dataclasses import dataclass

from .sent_message import Button
from .state import Chat, Document, Message, Question, State, User
from .texts import plain_text
from .wire import JsonObject

GUEST_CHAT_ID = -1_009_999_999
"""The id of every chat that the bot is a guest in: the bot can write to none of them."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group the bot is in."""

    id: int
    title: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A message a person is about to send."""

    text: str = ""
    chat_id: int = 0
    thread_id: int = 0
    reply_to: int = 0
    document: Document | None = None


def post(state: State, user: User, draft: Draft) -> Message:
    """Store a person's message and tell the bot."""
    chat = _entered(state, user, draft.chat_id)
    message = state.new_message(chat, user)
    message.text, message.source = plain_text(draft.text), draft.text
    message.document, message.reply_to = draft.document, chat.messages.get(draft.reply_to)
    message.thread_id = draft.thread_id
    if draft.thread_id:
        chat.threads.add(draft.thread_id)
    announce(state, "message", message)
    return message


def edit(state: State, message: Message, text: str) -> None:
    """Change a person's message and tell the bot."""
    message.text, message.source, message.edit_date = plain_text(text), text, int(time.time())
    message.revisions.append(message.text.text)
    announce(state, "edited_message", message)


def announce(state: State, kind: str, message: Message) -> None:
    """Tell the bot of a message, unless privacy mode keeps it from the bot or the bot did not ask for it."""
    if _may_be_read(state, message):
        _tell(state, kind, message.as_json(), f"chat {message.chat.id}")
    else:
        state.withheld.append(f"{kind} {message.text.text!r} in group {message.chat.id}: privacy mode")


def press(state: State, user: User, message: Message, button: Button) -> Question:
    """Tell the bot of a pressed button."""
    question = state.new_question()
    content: JsonObject = {"id": question.id, "from": user.as_json(), "chat_instance": str(message.chat.id)}
    content |= {"message": message.as_json(), "data": button.callback_data}
    _tell(state, "callback_query", content, f"callback {user.id}")
    return question


def query_inline(state: State, user: User, query: str, offset: str) -> Question:
    """Tell the bot of an inline query."""
    question = state.new_question()
    content = {
        "id": question.id,
        "from": user.as_json(),
        "query": query,
        "offset": offset,
        "chat_type": "sender",
    }
    _tell(state, "inline_query", content, f"inline {user.id}")
    return question


def call_guest(state: State, user: User, text: str, title: str) -> Question:
    """Tell the bot of a message that calls it into a group that it is no member of.

    The message has the id that the group has for the bot, which may be the id of another chat
    (core.telegram.org/bots/api#message, `guest_query_id`).
    """
    question = state.new_question()
    chat = Chat(GUEST_CHAT_ID, title=title)
    said = plain_text(text)
    message = Message(state.questions_asked, chat, user, int(time.time()), said, text)
    assert message.mentions(state.bot.username), "a guest bot hears only of messages that name it"
    _tell(state, "guest_message", message.as_json() | {"guest_query_id": question.id}, f"guest {user.id}")
    return question


def set_blocked(state: State, user: User, blocked: bool) -> None:
    """Let a person block the bot, or take it back, and tell the bot."""
    chat = state.chats[user.id]
    chat.blocked = blocked
    before, after = ("member", "kicked") if blocked else ("kicked", "member")
    content: JsonObject = {"chat": chat.as_json(), "from": user.as_json(), "date": int(time.time())}
    content |= {"old_chat_member": _bot_as(state, before), "new_chat_member": _bot_as(state, after)}
    _tell(state, "my_chat_member", content, f"member {user.id}")


def _tell(state: State, kind: str, content: JsonObject, order_key: str) -> None:
    """Queue an update; one the bot did not ask for is noted as withheld."""
    if not state.updates.push(kind, content, order_key):
        said = content.get("text") or content.get("data") or content.get("query") or ""
        state.withheld.append(f"{kind} {said!r}: not among the allowed_updates")


def _entered(state: State, user: User, chat_id: int) -> Chat:
    """Return the chat a person writes to, after they have started or joined it."""
    chat = state.chats[chat_id or user.id]
    if chat.is_private:
        assert not chat.blocked, f"{user.first_name} has blocked the bot: call unblocks() first"
        chat.started = True
    else:
        chat.members.setdefault(user.id, "member")
    return chat


def _may_be_read(state: State, message: Message) -> bool:
    """Return whether a message reaches the bot: in a group only commands, replies and mentions do.

    An administrator bot reads everything (core.telegram.org/bots/features#privacy-mode).
    """
    chat, username = message.chat, state.bot.username
    if chat.is_private or chat.bot_is_admin or message.mentions(username):
        return True
    if message.reply_to is not None and message.reply_to.sender.is_bot:
        return True
    addressees = [command.partition("@")[2].lower() for command in message.commands()]
    return any(addressee in ("", username.lower()) for addressee in addressees)


def _bot_as(state: State, status: str) -> JsonObject:
    until = {"until_date": 0} if status == "kicked" else {}
    return {"status": status, "user": state.bot.as_json()} | until
