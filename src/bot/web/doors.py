"""Checks of each request before a page is made (host, bounds, access), and the headers of each response."""

from __future__ import annotations

import logging
import math
import re
import time
from urllib.parse import urlsplit

from starlette.datastructures import URL, Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.access import Sender, is_admitted, is_limited
from bot.web.endpoints import FRESH, message_page
from bot.web.question_pages import Form, form_of
from bot.web.site import Site, site_of, texts_of
from bot.web_access import HostCheck, RequestLimiter, caller_at, person_of_init_data

logger = logging.getLogger(__name__)

COOKIE = "reader"
_SIGNED = "t"
"""The name of the token of a signed link in its query."""
_LONGEST_ADDRESS = 2048

# A person who leafs fast opens a page a second; pages with scans load a picture for each paragraph.
_BURST, _PER_MINUTE = 120, 300
# An answer takes some 100 times the processor time of a page; keys are tried no faster than questions are asked.
_QUESTIONS_BURST, _QUESTIONS_PER_MINUTE = 10, 20

_DESCRIPTIONS = ("/api/", "/api/openapi.json")
_OPEN = re.compile(r"/(?:static/[a-z_.]+|robots\.txt|enter)")
_LOCAL = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")
PATTERN_EXAMPLES = (
    (_OPEN, "/static/site.css", "/static/../b/1"),
    (_LOCAL, "/b/1?q=1-2", "//evil.example"),
)
"""For each pattern, a text that it must match as a whole and one that it must not."""

_TELEGRAM_WEB = "https://web.telegram.org"


def security_headers(*, is_mini_app: bool) -> dict[str, str]:
    """The headers of every response; only Telegram's own page may frame a Mini App."""
    frames = f"'self' {_TELEGRAM_WEB}" if is_mini_app else "'none'"
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action 'self'; "
        f"base-uri 'none'; frame-ancestors {frames}"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    }


class Doors:
    """Middleware around all pages: refuses what may not enter, and lets readers in by link, Mini App or key."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app, self._site = app, site
        address = urlsplit(site.settings.web_url or "")
        own = frozenset({address.hostname} if address.hostname else ())
        self._hosts = HostCheck(site.settings.web_hosts | own)
        self._requests = RequestLimiter(_BURST, _PER_MINUTE, time.monotonic)
        self._questions = RequestLimiter(_QUESTIONS_BURST, _QUESTIONS_PER_MINUTE, time.monotonic)
        self._headers = security_headers(is_mini_app=site.is_mini_app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        respond = self._refusal(request) or self._app
        sending = _Sending(send, self._headers)
        try:
            await respond(scope, receive, sending)
        except Exception:
            logger.exception("The page %s failed", request.url.path)
            if not sending.has_started:
                texts = texts_of(request)
                await message_page(request, texts, texts.web.failed, 500)(scope, receive, sending)

    def _refusal(self, request: Request) -> ASGIApp | None:
        """The response to a request that is not let through; None for one that is."""
        if not self._hosts.accepts(request.headers.get("host")):
            return PlainTextResponse(
                "421: these pages are not known by this name (WEB_URL, WEB_HOSTS).\n", 421
            )
        waiting = self._seconds_to_wait(request)
        if waiting:
            return self._too_many(request, math.ceil(waiting))
        if _OPEN.fullmatch(request.url.path) or _is_call(request.url.path):
            return None
        return self._without_access(request)

    def _seconds_to_wait(self, request: Request) -> float:
        address = caller_at(request.client.host) if request.client else ""
        waiting = self._requests.seconds_to_wait(address)
        is_question = request.method == "POST" and not _is_call(request.url.path)
        return waiting or (self._questions.seconds_to_wait(address) if is_question else 0.0)

    def _too_many(self, request: Request, seconds: int) -> Response:
        texts = texts_of(request)
        response = message_page(request, texts, texts.web.too_many.format(seconds=seconds), 429)
        response.headers["Retry-After"] = str(seconds)
        return response

    def _without_access(self, request: Request) -> Response | None:
        """The way in for a reader whom the settings exclude; None for one who is let in."""
        site, token = self._site, request.query_params.get(_SIGNED, "")
        if not is_limited(site.settings):
            return None
        if token and request.method in {"GET", "HEAD"}:
            return _entered_by_link(request, site, token)
        if has_access(request.headers, request.cookies.get(COOKIE, ""), site):
            return None
        return closed_page(request)


def _is_call(path: str) -> bool:
    """Whether it is a call of a program, which needs a key and has limits of its own; not what describes the calls."""
    return path.startswith("/api/") and path not in _DESCRIPTIONS


def has_access(headers: Headers, cookie: str, site: Site) -> bool:
    """Whether a request carries the cookie of a reader who is still admitted, or a key."""
    if site.keys.name_of_header(headers.get("authorization")):
        return True
    return _is_admitted(site.signer.subject_of(cookie), site)


def _is_admitted(subject: str | None, site: Site) -> bool:
    """Whether the chat or the key that a token names may still read: a link ends with the admission."""
    if not subject:
        return False
    kind, name = subject[0], subject[1:]
    if kind == "k":
        return name in site.keys.hashes
    chat = int(name) if re.fullmatch(r"-?[0-9]{1,19}", name) else 0
    return is_admitted(Sender(chat, chat, is_private=chat > 0), site.settings)


def closed_page(request: Request, message: str = "") -> Response:
    """The page of a reader who is not let in, with the ways in."""
    site, texts = site_of(request), texts_of(request)
    local = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return message_page(
        request,
        texts,
        message or texts.web.closed,
        401,
        doors=(*(("key",) if site.keys else ()), *(("telegram",) if site.is_mini_app else ())),
        return_to=local if len(local) <= _LONGEST_ADDRESS and request.method == "GET" else "/",
    )


def _entered_by_link(request: Request, site: Site, token: str) -> Response:
    """Trades the token of a link for a cookie, so that it stays in no history and in no address that is passed on."""
    if not _is_admitted(site.signer.subject_of(token), site):
        texts = texts_of(request)
        return message_page(request, texts, texts.web.link_expired, 401)
    address = URL(scope=request.scope).remove_query_params(_SIGNED)
    query = f"?{address.query}" if address.query else ""
    return _entering(request, f"{address.path}{query}", token, is_framed=False)


async def enter(request: Request) -> Response:
    """Lets in a reader who posts a key, or whom Telegram names to the Mini App."""
    site, form = site_of(request), await form_of(request)
    texts = texts_of(request)
    subject, is_framed = _subject_of(form, site), "init_data" in form
    if not _is_admitted(subject, site):
        return message_page(request, texts, texts.web.not_admitted, 403)
    given = form.get("to", "")
    to = given if _LOCAL.fullmatch(given) and len(given) <= _LONGEST_ADDRESS else "/"
    return _entering(request, to, site.signer.token(subject or ""), is_framed=is_framed)


def _subject_of(form: Form, site: Site) -> str | None:
    """The reader that a form proves: by the data of a Mini App, or by a key."""
    if "init_data" in form and site.is_mini_app:
        token = site.settings.telegram_bot_token
        if token is None:
            return None
        person = person_of_init_data(form["init_data"], token.get_secret_value(), time.time())
        return f"c{person}" if person else None
    name = site.keys.name_of(form.get("key", ""))
    return f"k{name}" if name else None


def _entering(request: Request, to: str, token: str, *, is_framed: bool) -> Response:
    site = site_of(request)
    response = RedirectResponse(f"{site.addresses.base}{to}", 303, FRESH)
    is_encrypted = site.is_mini_app or request.url.scheme == "https"
    # A cookie in Telegram Web's frame is one of a third party: it is kept for that frame alone (CHIPS).
    same_site = "SameSite=None; Partitioned" if is_framed else "SameSite=Lax"
    parts = (
        f"{COOKIE}={token}",
        f"Path={site.addresses.base or '/'}",
        f"Max-Age={site.signer.seconds}",
        "HttpOnly",
        same_site,
        *(("Secure",) if is_encrypted else ()),
    )
    response.headers.append("Set-Cookie", "; ".join(parts))
    return response


class _Sending:
    """Sends a response with further headers."""

    def __init__(self, send: Send, headers: dict[str, str]) -> None:
        self._send, self._headers = send, headers
        self.has_started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_started = True
            own = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                own[name] = value
        await self._send(message)
