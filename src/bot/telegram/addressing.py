"""Whom a message speaks to: in a group only what names the bot, replies to it or commands it is for the bot."""

from __future__ import annotations

from collections.abc import Iterator

from telegram import Bot, Chat, Message, MessageEntity

_LONGEST_TEXT = 4096
"""UTF-16 units that Telegram lets a person send (https://core.telegram.org/bots/api#message)."""


def is_addressed(message: Message, bot: Bot) -> bool:
    """Whether a message is for the bot: in private, a command that names no other bot, its name, or a reply to it."""
    if message.chat.type == Chat.PRIVATE:
        return True
    return _is_command(message, bot) or words_to(message, bot) is not None


def words_to(message: Message, bot: Bot) -> str | None:
    """What a message in a group says to the bot, without its name; None if neither a mention nor a reply is for it.

    A mention alone, in reply to somebody's words, puts these words to the bot.
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
    """What a message says beside the bot's name."""
    words = written(message)
    for mention in _mentions(message, bot):
        words = words.replace(mention, " ")
    return words.strip()


def is_from(message: Message, bot: Bot) -> bool:
    """Whether the bot wrote the message itself, for somebody who chose it by inline mode."""
    return message.via_bot is not None and message.via_bot.id == bot.id


def written(message: Message) -> str:
    """What a person wrote: the text of a message, or what stands below a photo or a file."""
    return readable(message.text or message.caption)


def readable(text: str | None) -> str:
    """What a person wrote, without what can be neither sent nor kept: half a surrogate pair, more than one message."""
    return (text or "")[:_LONGEST_TEXT].encode("utf-8", "ignore").decode("utf-8")


def _mentions(message: Message, bot: Bot) -> list[str]:
    """The bot's name as it stands in the message."""
    name = f"@{bot.username}".lower()
    return [part for part in _marked(message, MessageEntity.MENTION) if part.lower() == name]


def _is_command(message: Message, bot: Bot) -> bool:
    """Whether a command in the message names this bot or none; `/x@other_bot` is none of its business."""
    named = (part.partition("@")[2].lower() for part in _marked(message, MessageEntity.BOT_COMMAND))
    return any(name in ("", bot.username.lower()) for name in named)


def _marked(message: Message, kind: str) -> Iterator[str]:
    """The parts of the text, or of the caption, that Telegram marked so.

    Not by the library: it fails where an entity begins or ends within a surrogate pair.
    """
    units = (message.text or message.caption or "").encode("utf-16-le", "surrogatepass")
    for entity in message.entities if message.text else message.caption_entities:
        if entity.type == kind:
            part = units[2 * entity.offset : 2 * (entity.offset + entity.length)]
            yield part.decode("utf-16-le", "ignore")
