"""Requests for the pages for reading, and their responses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.locales import Texts
from bot.web.addresses import Script, Span, Target
from bot.web.reading_pages import ReadingPages
from bot.web.reading_view import is_within
from bot.web.site import render, site_of, texts_of

_NUMBER = re.compile(r"[1-9][0-9]{0,6}")
_SPAN = re.compile(r"(?P<start>[0-9]{1,7})-(?P<end>[0-9]{1,7})")
_PASSAGE_ID = re.compile(r"[0-9a-f]{16}")
PATTERN_EXAMPLES = (
    (_NUMBER, "12", "0"),
    (_SPAN, "0-12", "-12"),
    (_PASSAGE_ID, "00112233aabbccdd", "00112233AABBCCDD"),
)
"""For each pattern, a text that it must match as a whole and one that it must not."""

# Addresses of pages keep their form while what they show is exchanged by a rebuild.
FRESH = {"Cache-Control": "private, no-cache", "Vary": "Accept-Language, Cookie"}


def page_response(content: bytes, status: int = 200) -> Response:
    """A page as a response."""
    return Response(content, status, FRESH, media_type="text/html")


def message_page(
    request: Request,
    texts: Texts,
    message: str,
    status: int,
    *,
    doors: Sequence[str] = (),
    return_to: str = "",
) -> Response:
    """A page that says one thing, such as that something is not there.

    With doors ("key", "telegram"), the page has the forms through which a reader who may enter is let in.
    """
    content = render(
        "message.html",
        texts,
        site_of(request).addresses,
        is_static=False,
        message=message,
        doors=doors,
        return_to=return_to,
    )
    return page_response(content, status)


def pages_for(request: Request) -> ReadingPages:
    """The pages of the index in service now, in the language of the request."""
    site = site_of(request)
    return ReadingPages(site.answerer.whole, texts_of(request), site.addresses)


def index(request: Request) -> Response:
    """The list of bulletins of a collection."""
    pages = pages_for(request)
    collection = pages.collection_named(request.path_params.get("collection", ""))
    content = pages.index_page(collection, _number(request, "page")) if collection is not None else None
    return _found(content)


def bulletin(request: Request) -> Response:
    """A bulletin, or a part of a long one."""
    given = request.query_params
    passage_id = given.get("p", "")
    if request.path_params.get("part") == 0:
        raise HTTPException(404)
    target = Target(
        slug=request.path_params["bulletin"],
        part=request.path_params.get("part", 0),
        page=_number(request, "page"),
        script=_script(request),
        passage_id=passage_id if _PASSAGE_ID.fullmatch(passage_id) else "",
        span=_span(request),
        is_successor=given.get("successor") == "1",
    )
    return _found(pages_for(request).bulletin_page(target))


def passage(request: Request) -> Response:
    """Leads to the page and the place of a passage, by its id or by an earlier one; of a replaced one to its successor."""
    pages, passage_id = pages_for(request), request.path_params["passage_id"]
    if not _PASSAGE_ID.fullmatch(passage_id):
        raise HTTPException(404)
    passages = pages.index.passages
    position = passages.position(passage_id)
    is_same_text = position is not None
    if position is None:
        position = passages.successor(passage_id)
    if position is None:
        texts = pages.texts
        return message_page(request, texts, texts.unknown_passage, 404)
    target = pages.target_of(position)
    span = _span(request)
    is_marked = is_same_text and is_within(span, passages[position].text)
    return RedirectResponse(
        site_of(request).addresses.bulletin(
            Target(
                target.slug,
                target.part,
                script=_script(request),
                passage_id=target.passage_id,
                span=span if is_marked else None,
                is_successor=not is_same_text,
            )
        ),
        302,
        FRESH,
    )


def picture(request: Request) -> Response:
    """The picture from which a passage was read."""
    passages = site_of(request).answerer.whole.passages
    position = passages.position(request.path_params["passage_id"])
    content = None if position is None else passages.picture(position)
    if content is None:
        raise HTTPException(404)
    return Response(content, 200, FRESH, media_type="image/jpeg")


def _found(content: bytes | None) -> Response:
    if content is None:
        raise HTTPException(404)
    return page_response(content)


def _number(request: Request, name: str) -> int:
    given = request.query_params.get(name, "1")
    if not _NUMBER.fullmatch(given):
        raise HTTPException(404)
    return int(given)


def _script(request: Request) -> Script:
    match request.query_params.get("script"):
        case "hans":
            return "hans"
        case "hant":
            return "hant"
        case _:
            return ""


def _span(request: Request) -> Span | None:
    match = _SPAN.fullmatch(request.query_params.get("q", ""))
    return (int(match["start"]), int(match["end"])) if match else None
