"""MCP over HTTP (streamable, without sessions): hosts, keys and a bound on requests are checked before the SDK sees them."""

from __future__ import annotations

import logging
import math
import time
from urllib.parse import urlsplit

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.access import is_limited
from bot.mcp.tool_server import tool_server
from bot.serving import Answerer
from bot.settings import Settings
from bot.web_access import AccessKeys, HostCheck, RequestLimiter
from retrieval.errors import BulletinBotError

logger = logging.getLogger(__name__)

PATH = "/mcp"
_MOST_BODY_BYTES = 64 * 1024
"""A question of the greatest length takes 16 KB in UTF-8, and 24 KB where each character is escaped."""
_STOP_SECONDS = 3


class HttpDoor:
    """Middleware that answers what may not enter: another host, no key where one is needed, too many requests."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._hosts = HostCheck(settings.mcp_hosts)
        self._keys = AccessKeys.of(settings)
        self._needs_key = is_limited(settings) or bool(self._keys)
        burst = max(settings.mcp_per_minute // 2, 1)
        self._requests = RequestLimiter(burst, settings.mcp_per_minute, time.monotonic)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await (self._refusal(scope) or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if not self._hosts.accepts(headers.get("host")):
            return _error(421, "MCP is not known by this name here (MCP_HOSTS).")
        origin = headers.get("origin")
        if origin is not None and not self._hosts.accepts(urlsplit(origin).netloc):
            return _error(403, "Pages of other sites may not call this.")
        owner = self._keys.name_of_header(headers.get("authorization"))
        client = scope.get("client")
        caller = ("key", owner) if owner else ("address", client[0] if client else "")
        waiting = self._requests.seconds_to_wait(caller)
        if waiting:
            return _error(429, "Too many requests in a minute.", {"Retry-After": str(math.ceil(waiting))})
        if self._needs_key and owner is None:
            return _error(
                401,
                "A key is needed: Authorization: Bearer KEY (ACCESS_KEYS).",
                {"WWW-Authenticate": "Bearer"},
            )
        return None


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"error": message}, status, headers)


def http_application(settings: Settings, answerer: Answerer) -> ASGIApp:
    """The ASGI application of the tools at `PATH`, behind its door.

    Raises BulletinBotError where only certain chats are served and no key could let a program in.
    """
    if is_limited(settings) and not AccessKeys.of(settings):
        raise BulletinBotError(
            "Only certain chats are served, so MCP over HTTP needs a key: set ACCESS_KEYS (`bulletin-bot new-key NAME` makes "
            "one), or use `bulletin-bot mcp` without --http."
        )
    application = tool_server(answerer).streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=_MOST_BODY_BYTES,
        # The door has looked at hosts and origins already.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    return HttpDoor(application, settings)


def serve_http(settings: Settings, answerer: Answerer) -> None:
    """Serve on MCP_LISTEN and MCP_PORT until stopped; raises BulletinBotError if the port cannot be listened on."""
    config = uvicorn.Config(
        http_application(settings, answerer),
        host=settings.mcp_listen,
        port=settings.mcp_port,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.web_proxies),
        forwarded_allow_ips=sorted(settings.web_proxies),
        timeout_graceful_shutdown=_STOP_SECONDS,
        ws="none",
    )
    try:
        listener = config.bind_socket()
        listener.listen(config.backlog)  # before it is told, so that whoever reads of it can connect
    except SystemExit:  # uvicorn's way to say so, after logging the reason
        raise BulletinBotError(
            f"MCP_PORT {settings.mcp_port} on {settings.mcp_listen} cannot be listened on: set another port or address."
        ) from None
    logger.info("MCP is at http://%s:%d%s", settings.mcp_listen, settings.mcp_port, PATH)
    with listener:
        uvicorn.Server(config).run(sockets=[listener])
