"""Why Telegram refuses a call with 400 although nothing is wrong with the call."""

from __future__ import annotations

from telegram.error import BadRequest

# As Telegram's servers say it, in lower case: of the chat, of the bot's rights in it, and of who is gone.
_OF_THE_CHAT = (
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
_OF_THE_MOMENT = ("message is not modified", "query is too old")


def is_of_the_chat(error: BaseException | None) -> bool:
    """Whether nothing at all can be sent where the bot was to send; sent again, it would meet the same."""
    return isinstance(error, BadRequest) and _says(error, _OF_THE_CHAT)


def is_harmless(error: BaseException | None) -> bool:
    """Whether what was to be done has been done, or has no use any more."""
    return isinstance(error, BadRequest) and _says(error, _OF_THE_MOMENT)


def is_of_a_lost_topic(error: BadRequest) -> bool:
    """Whether the chat takes messages, but has no such topic any more."""
    return _says(error, ("thread not found",))


def _says(error: BadRequest, reasons: tuple[str, ...]) -> bool:
    return any(reason in error.message.lower() for reason in reasons)
