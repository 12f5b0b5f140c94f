"""Contents of HTTP requests and responses: JSON values, the parameters of a call, and the errors of the Bot API."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

# The Bot API is JSON on both sides; these two names mark where such a value crosses a function.
Json: TypeAlias = bool | int | float | str | list[Any] | dict[str, Any] | None
JsonObject: TypeAlias = dict[str, Any]

# Parameters whose text is JSON on the wire; a recorded call shows them decoded.
DECODED_PARAMETERS = frozenset(
    [
        "allowed_updates",
        "allow_sending_without_reply",
        "button",
        "cache_time",
        "caption_entities",
        "chat_id",
        "commands",
        "disable_notification",
        "drop_pending_updates",
        "entities",
        "is_big",
        "is_personal",
        "limit",
        "link_preview_options",
        "max_connections",
        "message_id",
        "message_thread_id",
        "offset",
        "protect_content",
        "reaction",
        "reply_markup",
        "reply_parameters",
        "rich_message",
        "results",
        "scope",
        "show_alert",
        "timeout",
        "user_id",
    ]
)

_REASONS = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict"}


class Refusal(Exception):  # noqa: N818 - Telegram refuses; the emulator is not in error
    """A call that is not carried out: the HTTP status and the description Telegram gives."""

    def __init__(self, status: int, description: str, *, retry_after: int = 0) -> None:
        super().__init__(description)
        self.status = status
        self.reason = description.partition(": ")[2]
        self.description = description
        self.retry_after = retry_after

    def as_json(self) -> JsonObject:
        """Return the body of the response."""
        body: JsonObject = {"ok": False, "error_code": self.status, "description": self.description}
        if self.retry_after:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def refusal(status: int, reason: str) -> Refusal:
    """Return a refusal worded as the Bot API server does: `Bad Request: chat not found`.

    The server lowers the first letter unless the reason is a code such as BUTTON_DATA_INVALID or an acronym.
    """
    is_code = len(reason) > 1 and (reason[1] == "_" or reason[1].isupper())
    shown = reason if is_code else reason[:1].lower() + reason[1:]
    refused = Refusal(status, f"{_REASONS[status]}: {shown}")
    refused.reason = reason
    return refused


def bad_request(reason: str) -> Refusal:
    """Return a refusal with status 400."""
    return refusal(400, reason)


def too_many_requests(retry_after: int) -> Refusal:
    """Return the refusal of flood control; `retry_after` is in seconds."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    content: bytes
    mime_type: str


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of one call, as text, read as leniently as the server reads them."""

    values: Mapping[str, str]
    files: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a parameter as it came, or an empty string."""
        return self.values.get(name, "")

    def integer(self, name: str, default: int = 0) -> int:
        """Return the leading integer of a parameter; like the server, text that is no number counts as 0."""
        value = self.text(name)
        if not value:
            return default
        leading = re.match(r"-?\d+", value)
        return int(leading.group()) if leading else 0

    def flag(self, name: str) -> bool:
        """Return whether a parameter is true."""
        return self.text(name).strip().lower() in {"true", "yes", "1"}

    def json(self, name: str, shown_as: str) -> Json:
        """Return a JSON parameter decoded, None if it is missing; refuses text that is not JSON."""
        value = self.text(name)
        if not value:
            return None
        try:
            decoded: Json = json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {shown_as} JSON object") from None
        return decoded

    def decoded(self) -> JsonObject:
        """Return all parameters for the record: JSON fields decoded, files as their names and sizes."""
        shown: JsonObject = {name: _decoded(name, value) for name, value in self.values.items()}
        return shown | {name: f"{file.name} ({len(file.content)} bytes)" for name, file in self.files.items()}


def required_text(value: JsonObject, name: str) -> str:
    """Return a required string field of an object inside a parameter."""
    if name not in value:
        raise bad_request(f'Can\'t find field "{name}"')
    found = value[name]
    if isinstance(found, int | float) and not isinstance(found, bool):
        return str(found)
    if not isinstance(found, str):
        raise bad_request(f'Field "{name}" must be of type String')
    return found


def prefixed(error: Refusal, prefix: str) -> Refusal:
    """Return the same refusal with where it happened put before its reason."""
    return bad_request(f"{prefix}: {error.reason}")


def _decoded(name: str, value: str) -> Json:
    if name not in DECODED_PARAMETERS:
        return value
    try:
        decoded: Json = json.loads(value)
    except ValueError:
        return value
    return decoded
