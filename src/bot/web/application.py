"""The pages as one ASGI application."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from bot.serving import Answerer
from bot.settings import Settings
from bot.web import doors, endpoints, question_pages
from bot.web.site import STATIC, Site, new_site, texts_of


def web_application(settings: Settings, answerer: Answerer, secret: str) -> ASGIApp:
    """The application of all pages; `secret` signs its links and cookies.

    Behind a server named in WEB_PROXIES the address of a request is the one that this server passes on.
    """
    site = new_site(settings, answerer, secret)
    application = Starlette(
        routes=(*_routes(site), *_api(site)),
        middleware=[Middleware(doors.Doors, site=site)],
        exception_handlers={HTTPException: _fault},
    )
    application.state.site = site
    application.state.slots = question_pages.QuestionSlots()
    if not settings.web_proxies:
        return application
    # The types of ASGI are spelt differently by uvicorn and by Starlette.
    behind = cast("Callable[..., ASGIApp]", ProxyHeadersMiddleware)
    return behind(application, trusted_hosts=sorted(settings.web_proxies))


def _routes(site: Site) -> Sequence[BaseRoute]:
    return (
        Route("/", endpoints.index),
        Route("/c/{collection}", endpoints.index),
        Route("/b/{bulletin}", endpoints.bulletin),
        Route("/b/{bulletin}/{part:int}", endpoints.bulletin),
        Route("/p/{passage_id}", endpoints.passage),
        Route("/picture/{passage_id}.jpg", endpoints.picture),
        Route("/search", question_pages.search, methods=["GET", "POST"]),
        Route("/ask", question_pages.ask, methods=["GET", "POST"]),
        Route("/enter", doors.enter, methods=["POST"]),
        Route("/robots.txt", _robots),
        Mount("/static", StaticFiles(directory=STATIC)),
    )


def _api(site: Site) -> Sequence[BaseRoute]:
    """The interface for programs, where it is wanted; only then is it loaded."""
    if not site.settings.web_api:
        return ()
    from bot.api import api_application

    return (Mount("/api", api_application(site.settings, site.answerer, f"{site.addresses.base}/api")),)


def _robots(_: Request) -> Response:
    return PlainTextResponse("User-agent: *\nDisallow: /\n")


def _fault(request: Request, error: Exception) -> Response:
    """A page that says what is wrong with a request."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    texts = texts_of(request)
    known = {
        HTTPStatus.NOT_FOUND: texts.web.not_found,
        HTTPStatus.METHOD_NOT_ALLOWED: texts.web.not_found,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: texts.web.too_long,
        HTTPStatus.SERVICE_UNAVAILABLE: texts.web.busy,
    }
    response = endpoints.message_page(request, texts, known.get(HTTPStatus(status), texts.web.failed), status)
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response
