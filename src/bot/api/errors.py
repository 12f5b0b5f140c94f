"""Errors as programs get them: a status and `{"error": "…"}`."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.output import json_line

_SENTENCES = {
    404: "There is no such address: see /api/.",
    405: "This address takes another method: see /api/.",
}


class ApiError(Exception):
    """A request that cannot be answered, with the sentence that says why."""

    def __init__(self, status: int, sentence: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.headers = status, sentence, headers


def json_response(line: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """JSON that no cache keeps."""
    return Response(
        line + "\n", status, {"Cache-Control": "no-store"} | (headers or {}), media_type="application/json"
    )


def api_error(_: Request, error: Exception) -> Response:
    """The response to an `ApiError`."""
    if not isinstance(error, ApiError):
        raise error
    return json_response(json_line({"error": error.sentence}), error.status, error.headers)


def http_error(_: Request, error: Exception) -> Response:
    """The response to an address or a method that there is not."""
    if not isinstance(error, HTTPException):
        raise error
    sentence = _SENTENCES.get(error.status_code, str(error.detail))
    return json_response(json_line({"error": sentence}), error.status_code)
