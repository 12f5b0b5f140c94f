"""Sender, chat and addressee of an update: in a group, only what names the bot or replies to it is for the bot."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from telegram import Bot, Chat, Message, MessageEntity, Update

_LONGEST_TEXT = 4096
"""UTF-16 units that Telegram lets a person send (https://core.telegram.org/bots/api#message)."""


def chat_of(update: Update) -> Hashable:
    """Key within which updates are handled in order: the chat id, else the user id, else the update itself."""
    if update.effective_chat:
        return update.effective_chat.id
    return update.effective_user.id if update.effective_user else ("update", update.update_id)


def sender_of(update: Update) -> Hashable:
    """Key of the rate limit that an update counts against; inline queries, one a keystroke, have their own."""
    sender = update.effective_sender
    person = sender.id if sender else chat_of(update)
    return ("inline", person) if update.inline_query else person


def answer_key(update: Update) -> int | None:
    """Number under which the replies to an update are stored: its message id, or minus the update id for a button."""
    if update.callback_query:
        return -update.update_id
    message = update.effective_message
    return message.message_id if isinstance(message, Message) else None


def is_for_bot(update: Update, bot: Bot) -> bool:
    """Whether the bot handles the update; conversations between people in a group are not for it."""
    message = update.message or update.edited_message
    return message is None or is_addressed(message, bot)


def expects_reply(update: Update, bot: Bot) -> bool:
    """Whether the sender may expect a message in reply to theirs."""
    message = update.message or update.edited_message
    has_words = message is not None and bool(message.text or message.caption or message.document)
    return has_words and is_for_bot(update, bot)


def is_addressed(message: Message, bot: Bot) -> bool:
    """Whether a message is for the bot: in private, a command that names no other bot, its name, or a reply to it."""
    if message.chat.type == Chat.PRIVATE:
        return True
    return _is_command(message, bot) or words_to(message, bot) is not None


def words_to(message: Message, bot: Bot) -> str | None:
    """Text of a group message without the bot's name; None if it neither mentions the bot nor replies to it.

    A bare mention in reply to somebody else's message gives the text of that message.
    """
    answered = message.reply_to_message
    is_reply = bool(answered and answered.from_user and answered.from_user.id == bot.id)
    if not _mentions(message, bot) and not (is_reply and answered and answered.text):
        return None
    words = without_name(message, bot)
    if not words and answered and not is_reply:
        words = written(answered)
    return " ".join(words.split())


def without_name(message: Message, bot: Bot) -> str:
    """Text of a message without the bot's name."""
    words = written(message)
    for mention in _mentions(message, bot):
        words = words.replace(mention, " ")
    return words.strip()


def is_from(message: Message, bot: Bot) -> bool:
    """Whether the bot wrote the message itself, for somebody who chose it by inline mode."""
    return message.via_bot is not None and message.via_bot.id == bot.id


def written(message: Message) -> str:
    """Text or caption of a message, readable."""
    return readable(message.text or message.caption)


def readable(text: str | None) -> str:
    """Text cut to the length of one message, without lone surrogates, which can be neither sent nor stored."""
    return (text or "")[:_LONGEST_TEXT].encode("utf-8", "ignore").decode("utf-8")


def _mentions(message: Message, bot: Bot) -> list[str]:
    """Mentions of the bot, spelled as in the message."""
    name = f"@{bot.username}".lower()
    return [part for part in _entity_texts(message, MessageEntity.MENTION) if part.lower() == name]


def _is_command(message: Message, bot: Bot) -> bool:
    """Whether a command in the message names this bot or none; `/x@other_bot` is for another bot."""
    addressees = (
        part.partition("@")[2].lower() for part in _entity_texts(message, MessageEntity.BOT_COMMAND)
    )
    return any(name in ("", bot.username.lower()) for name in addressees)


def _entity_texts(message: Message, kind: str) -> Iterator[str]:
    """Yields the parts of the text, or of the caption, that are entities of this kind.

    `Message.parse_entities` is not used: it fails where an entity begins or ends within a surrogate pair.
    """
    units = (message.text or message.caption or "").encode("utf-16-le", "surrogatepass")
    for entity in message.entities if message.text else message.caption_entities:
        if entity.type == kind:
            part = units[2 * entity.offset : 2 * (entity.offset + entity.length)]
            yield part.decode("utf-16-le", "ignore")
