"""Who is served: everybody, those in ALLOWED_CHATS, or in private mode nobody else but admins."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from telegram import Chat, Update

from bot.settings import Settings

_MOST_KNOWN = 10_000


@dataclass(frozen=True, slots=True)
class Sender:
    """Who comes, and where; the chat is None where there is none, as for an inline query."""

    person: int | None
    chat: int | None
    is_private: bool
    """Whether nobody else is in the chat; so it is without a chat."""


def is_limited(settings: Settings) -> bool:
    """Whether there is anybody who is not served."""
    return settings.bot_mode == "private" or bool(settings.allowed_chats)


def is_served(update: Update, settings: Settings) -> bool:
    """Whether whoever the update comes from is served."""
    return is_admitted(sender_of_update(update), settings)


def sender_of_update(update: Update) -> Sender:
    """Who comes with an update, and where."""
    chat, user = update.effective_chat, update.effective_user
    is_private = chat is None or chat.type == Chat.PRIVATE
    return Sender(user.id if user else None, chat.id if chat else None, is_private)


def is_admitted(visit: Sender, settings: Settings) -> bool:
    """Whether a visit is served. In a group, only the group counts: what is said there is read by all in it."""
    if not is_limited(settings):
        return True
    if visit.is_private:
        return visit.person in settings.allowed_chats | settings.admin_ids
    return visit.chat in settings.allowed_chats


class FirstContacts:
    """Tells what comes for the first time from what came before; of more than `most` it forgets the longest unseen."""

    def __init__(self, most: int = _MOST_KNOWN) -> None:
        self._most = most
        self._known: dict[Hashable, None] = {}

    def is_first(self, thing: Hashable) -> bool:
        """Whether the thing is new; from now on it is not."""
        is_new = thing not in self._known
        self._known.pop(thing, None)
        self._known[thing] = None
        if len(self._known) > self._most:
            del self._known[next(iter(self._known))]
        return is_new

    def knows(self, thing: Hashable) -> bool:
        """Whether the thing came before; to ask does not count as coming."""
        return thing in self._known
