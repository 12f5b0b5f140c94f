"""Access rules: everybody is served, unless ALLOWED_CHATS or private mode limit that to listed chats and admins."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from telegram import Chat, Update

from bot.settings import Settings

_MOST_KNOWN = 10_000


@dataclass(frozen=True, slots=True)
class Sender:
    """The ids of a person and of the chat they write in; the chat is None for an inline query and for a guest message."""

    person: int | None
    chat: int | None
    is_private: bool
    """Whether nobody else is in the chat; True for an inline query."""


def is_limited(settings: Settings) -> bool:
    """Whether the settings exclude anybody."""
    return settings.bot_mode == "private" or bool(settings.allowed_chats)


def is_served(update: Update, settings: Settings) -> bool:
    """Whether the sender of the update is served."""
    return is_admitted(sender_of_update(update), settings)


def sender_of_update(update: Update) -> Sender:
    """The ids of the person and of the chat of an update; None for those that it has not.

    The id of the chat of a guest message may be that of another chat of the bot, so that it says nothing
    (https://core.telegram.org/bots/api#message, `guest_query_id`).
    """
    if update.guest_message:
        caller = update.guest_message.from_user
        return Sender(caller.id if caller else None, None, is_private=False)
    chat, user = update.effective_chat, update.effective_user
    is_private = chat is None or chat.type == Chat.PRIVATE
    return Sender(user.id if user else None, chat.id if chat else None, is_private)


def is_admitted(sender: Sender, settings: Settings) -> bool:
    """Whether a sender is served. In a group, only the group counts: messages there are read by all in it.

    Without a chat the person counts: who calls the bot into a chat that it is no member of is served as in private.
    """
    if not is_limited(settings):
        return True
    if sender.is_private or sender.chat is None:
        return sender.person in settings.allowed_chats | settings.admin_ids
    return sender.chat in settings.allowed_chats


class FirstContacts:
    """A set of the things seen so far; beyond `most` it forgets those not seen for the longest time."""

    def __init__(self, most: int = _MOST_KNOWN) -> None:
        self._most = most
        self._known: dict[Hashable, None] = {}

    def is_first(self, thing: Hashable) -> bool:
        """Whether the thing has not been seen; marks it as seen."""
        is_new = thing not in self._known
        self._known.pop(thing, None)
        self._known[thing] = None
        if len(self._known) > self._most:
            del self._known[next(iter(self._known))]
        return is_new

    def knows(self, thing: Hashable) -> bool:
        """Whether the thing has been seen; does not mark it."""
        return thing in self._known
