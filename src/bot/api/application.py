"""The interface as an ASGI application: its addresses, and the key that each call needs."""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.api.errors import ApiError, api_error, http_error, json_response
from bot.api.openapi import description, description_page
from bot.api.requests import AskRequest, SearchRequest, body_of
from bot.operations import index_status
from bot.output import answer_json, hits_json, json_line, outline_json_lines
from bot.serving import Answerer
from bot.settings import Settings
from bot.web_access import AccessKeys, RequestLimiter
from retrieval.errors import BulletinBotError
from retrieval.index import Filter
from retrieval.types import DEFAULT_COLLECTION, Passage, Reading

_PASSAGES_AT_ONCE = 500
"""Passages of one call of `outline`: some 300 KB."""
_NUMBER = re.compile(r"[0-9]{1,9}")
PATTERN_EXAMPLES = ((_NUMBER, "0", "-1"),)
"""For each pattern, a text that it must match as a whole and one that it must not."""


@dataclass(frozen=True, slots=True)
class _Api:
    """Everything that a call needs."""

    settings: Settings
    answerer: Answerer
    keys: AccessKeys
    limiter: RequestLimiter
    base: str


def api_application(settings: Settings, answerer: Answerer, base: str) -> Starlette:
    """The interface below an address, to which `base` is the path."""
    per_minute = settings.api_per_minute
    application = Starlette(
        routes=(
            Route("/", _page),
            Route("/openapi.json", _description),
            Route("/ask", _ask, methods=["POST"]),
            Route("/search", _search, methods=["POST"]),
            Route("/passage/{passage_id}", _passage),
            Route("/outline", _outline),
            Route("/status", _status),
        ),
        exception_handlers={ApiError: api_error, HTTPException: http_error},
    )
    limiter = RequestLimiter(max(per_minute // 2, 1), per_minute, time.monotonic)
    application.state.api = _Api(settings, answerer, AccessKeys.of(settings), limiter, base)
    return application


def _admitted(request: Request) -> _Api:
    """The interface, for a call with a key and within its limit; raises ApiError for any other."""
    api: _Api = request.app.state.api
    owner = api.keys.name_of_header(request.headers.get("authorization"))
    if owner is None:
        raise ApiError(
            401, "A key is needed: send it as `Authorization: Bearer KEY`.", {"WWW-Authenticate": "Bearer"}
        )
    waiting = math.ceil(api.limiter.seconds_to_wait(owner))
    if waiting:
        raise ApiError(429, f"Too many calls: try again in {waiting} seconds.", {"Retry-After": str(waiting)})
    return api


def _within(api: _Api, names: list[str]) -> Answerer:
    try:
        return api.answerer.within(names)
    except BulletinBotError as error:
        raise ApiError(400, str(error)) from None


async def _ask(request: Request) -> Response:
    api, asked = _admitted(request), await body_of(request, AskRequest)
    answer = await _within(api, asked.collections).answer(asked.question)
    return json_response(answer_json(answer, asked.id))


async def _search(request: Request) -> Response:
    api, asked = _admitted(request), await body_of(request, SearchRequest)
    answerer = _within(api, asked.collections)
    only = Filter(asked.place, asked.bulletin)
    try:
        hits = await run_in_threadpool(answerer.search_now, asked.query, only, asked.top_k)
    except BulletinBotError as error:
        raise ApiError(400, str(error)) from None
    return json_response(hits_json(asked.query, hits))


def _passage(request: Request) -> Response:
    api, passage_id = _admitted(request), request.path_params["passage_id"]
    passages = api.answerer.whole.passages
    position = passages.position(passage_id)
    if position is None:
        successor = passages.successor(passage_id)
        replaced = f" It was replaced by {passages[successor].passage_id}." if successor is not None else ""
        raise ApiError(404, f"There is no passage of this id.{replaced}")
    return json_response(_passage_line(passages[position]))


def _outline(request: Request) -> Response:
    """A line of JSON a passage, in the order of the bulletins, from `start` on; the header X-Total-Count counts them all."""
    api, given = _admitted(request), request.query_params
    passages = api.answerer.whole.passages
    start, count = _number(given.get("start", "0")), _number(given.get("count", str(_PASSAGES_AT_ONCE)))
    wanted = given.get("collection")
    if wanted is not None and wanted not in api.answerer.collections:
        raise ApiError(
            400, f"There is no collection {wanted!r}: there are {'、'.join(api.answerer.collections)}."
        )
    codes = range(len(passages))
    if wanted is not None and len(api.answerer.collections) > 1:
        own = passages.positions_in([wanted, *([None] if wanted == DEFAULT_COLLECTION else [])])
        codes = own.tolist()
    shown = codes[start : start + min(count, _PASSAGES_AT_ONCE)]
    lines = [_passage_line(passages[position]) for position in shown]
    return Response(
        "".join(f"{line}\n" for line in lines),
        headers={"Cache-Control": "no-store", "X-Total-Count": str(len(codes))},
        media_type="application/x-ndjson",
    )


def _status(request: Request) -> Response:
    api = _admitted(request)
    try:
        return json_response(json_line(index_status.facts_with_changes(api.settings)))
    except BulletinBotError as error:
        raise ApiError(503, str(error)) from None


def _page(request: Request) -> Response:
    api: _Api = request.app.state.api
    return HTMLResponse(description_page(api.base))


def _description(request: Request) -> Response:
    api: _Api = request.app.state.api
    return json_response(json_line(description(api.base)))


def _passage_line(passage: Passage) -> str:
    """The passage as `outline --json` gives it."""
    return next(outline_json_lines(Reading((passage,), ())))


def _number(given: str) -> int:
    if not _NUMBER.fullmatch(given):
        raise ApiError(400, "`start` and `count` are numbers.")
    return int(given)
