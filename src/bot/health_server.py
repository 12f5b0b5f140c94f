"""The pages /healthz and /metrics, on METRICS_PORT."""

from __future__ import annotations

import ipaddress
import json
import logging
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from prometheus_client.aiohttp import make_aiohttp_handler
from yarl import URL

from bot.handlers import Services
from bot.serving import Answerer
from bot.settings import Settings
from retrieval.errors import BulletinBotError

logger = logging.getLogger(__name__)

LONGEST_LOSS = 60.0
"""Seconds without Telegram after which the bot is not well: a single poll takes ten."""


@dataclass(frozen=True, slots=True)
class Health:
    """State of the bot for a monitoring system."""

    reasons: tuple[str, ...]
    """Reasons why it is not well, in English; empty if it is well."""
    generation: str
    passages: int
    uptime_seconds: float

    def as_json(self) -> str:
        """The JSON object of /healthz."""
        return json.dumps(
            {
                "status": "failing" if self.reasons else "ok",
                "reasons": self.reasons,
                "generation": self.generation,
                "passages": self.passages,
                "uptime_seconds": round(self.uptime_seconds),
            }
        )


def health_of(services: Services) -> Health:
    """Health of the bot: well if updates are received, Telegram is reached, and the index is whole and not empty."""
    answerer, connection = services.answerer, services.transport.connection
    reasons = [] if services.receiving.is_set() else ["no updates are taken"]
    if connection.seconds_lost > LONGEST_LOSS:
        reasons.append(f"no call to Telegram has come through for {connection.seconds_lost:.0f} seconds")
    if connection.seconds_without_updates > LONGEST_LOSS:
        reasons.append(f"Telegram has given no updates for {connection.seconds_without_updates:.0f} seconds")
    if connection.seconds_in_conflict > LONGEST_LOSS:
        reasons.append(
            f"another copy of the bot has taken updates for {connection.seconds_in_conflict:.0f} seconds"
        )
    if services.database.fault:
        reasons.append(services.database.fault)
    if answerer.index_fault:
        reasons.append(answerer.index_fault)
    passages = len(answerer.whole.passages)
    if not passages:
        reasons.append("the index is empty")
    uptime = time.monotonic() - services.started
    return Health(tuple(reasons), answerer.whole.name, passages, uptime)


def show_readings(services: Services) -> None:
    """Register the numbers that are read from the running application when Prometheus asks."""
    metrics, answerer, transport = services.metrics, services.answerer, services.transport
    connection, queue, processor = transport.connection, transport.update_queue, transport.update_processor
    metrics.show_level("updates_waiting", "Updates not begun yet.", lambda: queue.waiting)
    metrics.show_level("updates_under_way", "Updates begun and not ended.", lambda: processor.running)
    metrics.show_count("updates_taken", "Updates taken in.", lambda: queue.taken)
    metrics.show_count("updates_replayed", "Updates of an earlier process.", lambda: queue.replayed)
    metrics.show_count(
        "updates_given_up", "Updates given up because the process died of them.", lambda: processor.given_up
    )
    metrics.show_count("floods", "Persons who sent too much, by episode.", lambda: queue.limiter.episodes)
    metrics.show_count("flood_updates_dropped", "Updates left out in floods.", lambda: queue.limiter.dropped)
    metrics.show_count("telegram_faults", "Calls that failed.", lambda: connection.faults, "fault")
    metrics.show_count("telegram_retries", "Calls made again.", lambda: connection.retries)
    metrics.show_count("telegram_outages", "Times that nothing came through.", lambda: connection.outages)
    metrics.show_level(
        "telegram_lost_seconds", "How long every call has failed.", lambda: connection.seconds_lost
    )
    metrics.show_level(
        "deaf_seconds", "How long no updates are given.", lambda: connection.seconds_without_updates
    )
    metrics.show_level(
        "conflict_seconds", "How long another copy has run.", lambda: connection.seconds_in_conflict
    )
    database = services.database
    metrics.show_count("state_faults", "Times that STATE_DB failed or was mended.", lambda: database.faults)
    metrics.show_level(
        "state_broken_seconds", "How long STATE_DB cannot be written.", lambda: database.seconds_broken
    )
    metrics.show_level(
        "generation_info", "The generation in service.", lambda: {answerer.whole.name: 1.0}, "generation"
    )
    wording = services.wording
    if wording:
        metrics.show_count(
            "wording", "What became of worded sentences and requests.", lambda: wording.counts, "outcome"
        )
        metrics.show_count("wording_tokens", "Tokens counted by the language model.", lambda: wording.tokens)
        metrics.show_count("wording_seconds", "Time that the language model took.", lambda: wording.seconds)
    metrics.show_level("passages", "Passages in service.", lambda: len(answerer.whole.passages))
    metrics.show_level("generation_age_seconds", "Since it was built.", lambda: _age(answerer))


def _age(answerer: Answerer) -> float:
    built_at = datetime.fromisoformat(answerer.whole.manifest.built_at)
    return (datetime.now(UTC) - built_at).total_seconds()


@asynccontextmanager
async def health_served(services: Services, settings: Settings) -> AsyncIterator[None]:
    """Serves both pages while it is open, if METRICS_PORT is set; raises BulletinBotError if the port is taken."""
    if not settings.metrics_port:
        yield
        return
    runner = web.AppRunner(_pages(services, settings.metrics_hosts), access_log=None)
    await runner.setup()
    try:
        await _listen(runner, settings)
        yield
    finally:
        await runner.cleanup()


def _pages(services: Services, hosts: frozenset[str]) -> web.Application:
    async def healthz(_: web.Request) -> web.Response:
        health = health_of(services)
        return web.Response(
            status=HTTPStatus.SERVICE_UNAVAILABLE if health.reasons else HTTPStatus.OK,
            body=health.as_json().encode(),
            content_type="application/json",
        )

    pages = web.Application(middlewares=[_bare_errors, _only_for(hosts)])
    pages.add_routes(
        [web.get("/healthz", healthz), web.get("/metrics", make_aiohttp_handler(services.metrics.registry))]
    )
    pages.on_response_prepare.append(_remove_server_header)
    return pages


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    try:
        await web.TCPSite(runner, settings.metrics_listen, settings.metrics_port).start()
    except OSError as error:
        number = error.errno or 0
        reason = (
            os.strerror(number) if number > 0 else error.strerror
        )  # asyncio puts the address into `strerror`
        raise BulletinBotError(
            f"METRICS_PORT {settings.metrics_port} on {settings.metrics_listen} cannot be listened on "
            f"({reason}): set another, or 0 for none."
        ) from error


def _only_for(hosts: frozenset[str]) -> Middleware:
    """Refuses requests for other names: a page in somebody's browser could let its own name lead here (DNS rebinding)."""

    @web.middleware
    async def only_known(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not _is_address(name := (URL(f"//{request.host}").host or "").lower()) and name not in hosts:
            raise web.HTTPMisdirectedRequest
        return await handler(request)

    return only_known


def _is_address(name: str) -> bool:
    """Whether it is this machine's own name for itself, or a number, to which no name leads."""
    if name == "localhost":
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


@web.middleware
async def _bare_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answers errors with the status alone."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        error.text = f"{error.status}\n"
        raise
    except Exception:
        logger.exception("The page %s failed", request.path)
        return web.Response(status=HTTPStatus.INTERNAL_SERVER_ERROR, text="500\n")


async def _remove_server_header(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.popall("Server", None)
