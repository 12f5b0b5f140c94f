"""Kinds of BadRequest that Telegram raises for a reason other than a mistake in the call."""

from __future__ import annotations

from telegram.error import BadRequest

# Parts of Telegram's error descriptions, in lower case: about the chat, the bot's rights in it, and deleted accounts.
_CHAT_ERRORS = (
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "chat not found",
    "group chat was deactivated",
    "group chat was upgraded",
    "user not found",
    "peer_id_invalid",
    "input_user_deactivated",
    "user_is_blocked",
    "user is deactivated",
    "chat_write_forbidden",
    "chat_restricted",
    "chat_admin_required",
    "chat_guest_send_forbidden",
    "chat_send_",  # …PLAIN_FORBIDDEN and others
    "channel_private",
    "topic_closed",
    "topic_deleted",
    "thread not found",
)
_HARMLESS_ERRORS = ("message is not modified", "query is too old")


class ClaimLostError(Exception):
    """Another bot has the update by now, and answers it."""


def is_of_the_chat(error: BaseException | None) -> bool:
    """Whether the bot can send nothing to this chat; every further message would meet the same error."""
    return isinstance(error, BadRequest) and _mentions(error, _CHAT_ERRORS)


def is_harmless(error: BaseException | None) -> bool:
    """Whether the call had already been carried out, or has no use any more."""
    return isinstance(error, BadRequest) and _mentions(error, _HARMLESS_ERRORS)


def is_of_a_lost_topic(error: BadRequest) -> bool:
    """Whether the chat accepts messages, but its topic was deleted."""
    return _mentions(error, ("thread not found",))


def _mentions(error: BadRequest, descriptions: tuple[str, ...]) -> bool:
    return any(description in error.message.lower() for description in descriptions)
