"""The sizes and forms Telegram insists on, each with the wording of its refusal.

Sources: core.telegram.org/bots/api for the numbers; TDLib and the Bot API server for the wordings; where only
Telegram's own servers check, the error codes they are known to answer with.
"""

from __future__ import annotations

import re

from .entities import utf16_length
from .texts import FormattedText, formatted_text, is_blank
from .wire import Json, JsonObject, Parameters, bad_request, prefixed, required_text
from .wire import Refusal as _Refusal

# TDLib counts characters, the servers behind it UTF-16 units: the stricter of the two is held here.
LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_CALLBACK_ANSWER = 200
MOST_COMMANDS = 100
LONGEST_COMMAND = 32
LONGEST_COMMAND_DESCRIPTION = 256
LARGEST_DOWNLOAD = 20 * 1024 * 1024
LARGEST_UPLOAD = 50 * 1024 * 1024
LONGEST_NAME = 64
LONGEST_DESCRIPTION = 512
LONGEST_SHORT_DESCRIPTION = 120

CHAT_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


def message_text(source: str, parse_mode: str, given: Json = None) -> FormattedText:
    """Return the text of a message; refuses an empty or too long one."""
    if not source:
        raise bad_request("Message text is empty")
    text = formatted_text(source, parse_mode, given)
    if is_blank(text.text):
        raise bad_request("Text must be non-empty")
    if utf16_length(text.text) > LONGEST_TEXT:
        raise bad_request("Message is too long")
    return text


def caption(parameters: Parameters) -> FormattedText:
    """Return the caption of a file, possibly empty."""
    given = parameters.json("caption_entities", "caption_entities")
    text = formatted_text(parameters.text("caption"), parameters.text("parse_mode"), given)
    if utf16_length(text.text) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return text


def check_callback_answer(text: str) -> None:
    """Refuse an answer to a button that is longer than its toast."""
    if utf16_length(text) > LONGEST_CALLBACK_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")


def check_length(text: str, longest: int, code: str) -> None:
    """Refuse a name or description of the bot that is too long."""
    if utf16_length(text) > longest:
        raise bad_request(code)


def check_language_code(code: str) -> None:
    """Refuse a language code that is not two letters of ISO 639-1; empty means all languages."""
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad_request("invalid language code specified")


def commands(parameters: Parameters) -> list[JsonObject]:
    """Return the commands of setMyCommands, without their slashes."""
    entries = parameters.json("commands", "commands")
    if entries is None:
        return []
    if not isinstance(entries, list):
        raise bad_request("expected an Array of BotCommand")
    if len(entries) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return [_command(entry) for entry in entries]


def _command(entry: Json) -> JsonObject:
    if not isinstance(entry, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    try:
        name, description = required_text(entry, "command"), required_text(entry, "description")
    except _Refusal as error:
        raise prefixed(error, "can't parse BotCommand") from None
    return {
        "command": _checked_command_name(name.strip().removeprefix("/")),
        "description": _checked_command_description(description.strip()),
    }


def _checked_command_name(name: str) -> str:
    if not name:
        raise bad_request("command must be non-empty")
    if len(name) > LONGEST_COMMAND:
        raise bad_request(f"command length must not exceed {LONGEST_COMMAND}")
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise bad_request("BOT_COMMAND_INVALID")
    return name


def _checked_command_description(description: str) -> str:
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > LONGEST_COMMAND_DESCRIPTION:
        raise bad_request(f"command description length must not exceed {LONGEST_COMMAND_DESCRIPTION}")
    return description
