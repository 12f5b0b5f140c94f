"""What a call brings back, as far as the bot and its library read it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, ValidationError


class _Result(BaseModel):
    model_config = ConfigDict(strict=True)


class _Chat(_Result):
    id: int
    type: str


class _Message(_Result):
    message_id: int
    date: int
    chat: _Chat


class _Bot(_Result):
    id: int
    is_bot: bool
    first_name: str
    username: str


class _File(_Result):
    file_id: str
    file_unique_id: str


_SHAPES: dict[str, type[_Result]] = {
    "sendMessage": _Message,
    "editMessageText": _Message,
    "getMe": _Bot,
    "getFile": _File,
}


def is_as_asked(endpoint: str, result: object) -> bool:
    """Whether the result of a call can be read as such; the library would fail on another."""
    if endpoint == "getUpdates":
        return isinstance(result, list)
    shape = _SHAPES.get(endpoint)
    if shape is None or (endpoint == "editMessageText" and result is True):
        return True
    try:
        shape.model_validate(result)
    except ValidationError:
        return False
    return True
