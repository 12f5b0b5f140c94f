"""Search and questions: asked by POST, so that no log of a server in between holds the words."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qs

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.locales import Texts
from bot.replies import answers, callback_data, markup
from bot.replies import search as search_replies
from bot.serving import Answerer
from bot.state import records
from bot.web.chat_html import chat_html
from bot.web.endpoints import page_response
from bot.web.link_lists import Link
from bot.web.site import render, site_of, texts_of
from retrieval.ranking import matched_spans

MOST_BYTES = 49_152
"""Of the body of a request: a question of 4,096 characters takes 36,864 once each is written as %XX."""
_MOST_FIELDS = 16
_LONGEST_QUESTION = 4096
_HITS_ON_A_PAGE = 10
_MOST_SUGGESTED, _LONGEST_SUGGESTED = 500, 40
"""Names of places and bulletins offered while typing: some 30 KB of a page."""

# Of the six threads that answer, so that a crowd of readers never keeps the chat waiting for all of them.
_QUESTIONS_AT_ONCE = 3
_LONGEST_WAIT = 5.0  # seconds for one of these

Form = dict[str, str]


class QuestionSlots:
    """Lets in so many questions at once, the others in their order; a question that waits too long is sent away."""

    def __init__(self, count: int = _QUESTIONS_AT_ONCE, seconds: float = _LONGEST_WAIT) -> None:
        self._slots, self._seconds = asyncio.Semaphore(count), seconds

    @contextlib.asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Holds a slot while it is open; raises HTTPException (503) if none becomes free in time."""
        try:
            await asyncio.wait_for(self._slots.acquire(), self._seconds)
        except TimeoutError:
            raise HTTPException(503, headers={"Retry-After": "5"}) from None
        try:
            yield
        finally:
            self._slots.release()


def slots_of(request: Request) -> QuestionSlots:
    """The slots for the questions of all readers."""
    slots: QuestionSlots = request.app.state.slots
    return slots


async def form_of(request: Request) -> Form:
    """The fields of a form; raises HTTPException for a body that is too large or no form."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise HTTPException(413)
    try:
        fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise HTTPException(400) from None
    return {name: values[0] for name, values in fields.items()}


async def ask(request: Request) -> Response:
    """The box for a question, and the answer to it, as in the chat."""
    site, texts = site_of(request), texts_of(request)
    form = await form_of(request) if request.method == "POST" else {}
    question = form.get("question", "").strip()[:_LONGEST_QUESTION]
    answerer = _answerer(site.answerer, form)
    blocks: Sequence[Markup] = ()
    if question:
        async with slots_of(request).slot():
            exchange = await answerer.reply(question)
        reply = answers.answer_reply(
            exchange.answer,
            answerer.covered_places(),
            texts,
            site.addresses.passage,
            resolved=exchange.resolved,
        )
        blocks = [chat_html(message) for message in ([reply.rich] if reply.rich else reply.messages)]
    return _render(request, "ask.html", answerer, question=question, blocks=blocks)


@dataclass(frozen=True, slots=True)
class _Results:
    """The hits of a search on one page, or the fault in it."""

    blocks: tuple[Markup, ...] = ()
    notice: str = ""
    page: int = 1
    pages: int = 1


async def search(request: Request) -> Response:
    """The form of a search, and a page of its hits with the words marked."""
    form = await form_of(request) if request.method == "POST" else {}
    answerer = _answerer(site_of(request).answerer, form)
    words, place, bulletin = (
        form.get(name, "").strip()[:_LONGEST_QUESTION] for name in ("words", "place", "bulletin")
    )
    results = None
    if words:
        results = await _results(
            request, answerer, records.Search(words, place or None, bulletin or None), form
        )
    labels = (bulletin.label for bulletin in answerer.catalog.bulletins)
    return _render(
        request,
        "search.html",
        answerer,
        words=words,
        place=place,
        bulletin=bulletin,
        results=results,
        suggested_places=_suggested(answerer.covered_places()),
        suggested_bulletins=_suggested(labels),
    )


def _suggested(names: Iterable[str]) -> list[str]:
    """The first names that are short enough to be offered while typing, each once."""
    short = (name for name in names if len(name) <= _LONGEST_SUGGESTED)
    return list(dict.fromkeys(itertools.islice(short, _MOST_SUGGESTED)))


async def _results(request: Request, answerer: Answerer, typed: records.Search, form: Form) -> _Results:
    texts = texts_of(request)
    named = await run_in_threadpool(_resolved, answerer, typed)
    if typed.place and named.place is None:
        return _Results(notice=_unknown(texts.unknown_place, typed.place, answerer.covered_places(), texts))
    if typed.bulletin and named.bulletin is None:
        labels = tuple(dict.fromkeys(known.label for known in answerer.catalog.bulletins))
        return _Results(notice=_unknown(texts.unknown_bulletin, typed.bulletin, labels, texts))
    async with slots_of(request).slot():
        hits = await answerer.search(named)
    if not hits:
        return _Results(notice=texts.no_results)
    pages = -(-len(hits) // _HITS_ON_A_PAGE)
    given = form.get("page", "1")
    page = min(int(given), pages) if given.isascii() and given.isdigit() and 0 < len(given) < 4 else 1
    page = max(page, 1)
    shown = hits[(page - 1) * _HITS_ON_A_PAGE : page * _HITS_ON_A_PAGE]
    blocks = search_replies.hit_blocks(named.words, shown, texts, site_of(request).addresses.passage)
    is_matched = any(matched_spans(named.words, hit.passage.text) for hit in hits)
    notice = "" if is_matched else texts.no_words_match
    return _Results(tuple(chat_html(block, marks=True) for block in blocks), notice, page, pages)


def _resolved(answerer: Answerer, typed: records.Search) -> records.Search:
    """The search with the place and the bulletin by the names under which they are known; None for one that is not."""
    return replace(
        typed,
        place=answerer.place_called(typed.place) if typed.place else None,
        bulletin=answerer.bulletin_called(typed.bulletin) if typed.bulletin else None,
    )


def _unknown(text: str, name: str, known: Sequence[str], texts: Texts) -> str:
    return text.format(name=markup.clip(name, 60), known=markup.shortened_names(known, texts))


def _answerer(answerer: Answerer, form: Form) -> Answerer:
    """The answerer of the collection that the form names by its id; of the default one if it names none."""
    wanted = form.get("collection", "")
    names = [name for name in answerer.collections if callback_data.collection_id(name) == wanted]
    return answerer.within(names)


def _render(request: Request, template: str, answerer: Answerer, **shown: object) -> Response:
    texts, known = texts_of(request), answerer.collections
    choices = (
        [Link(markup.collection_name(name, texts), callback_data.collection_id(name)) for name in known]
        if len(known) > 1
        else []
    )
    chosen = callback_data.collection_id(answerer.chosen[0])
    content = render(
        template, texts, site_of(request).addresses, is_static=False, choices=choices, chosen=chosen, **shown
    )
    return page_response(content)
