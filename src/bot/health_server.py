"""/healthz and /metrics, on a port that is off unless set."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from bot.handlers.context import DESK, METRICS, SERVING, STARTED, TRANSPORT, AnyApplication
from bot.observability import Metrics
from bot.serving import Answerer
from bot.settings import Settings
from bot.telegram import Transport
from retrieval.errors import BulletinBotError

LONGEST_LOSS = 60.0
"""Seconds without Telegram after which the bot is not well: a poll alone takes ten."""

_TEXT = "text/plain; version=0.0.4; charset=utf-8"  # the text format of Prometheus


@dataclass(frozen=True, slots=True)
class Health:
    """How the bot is."""

    reasons: tuple[str, ...]
    """Why it is not well; empty if it is."""
    generation: str
    passages: int
    uptime_seconds: float

    def as_json(self) -> str:
        """As /healthz says it."""
        return json.dumps(
            {
                "status": "failing" if self.reasons else "ok",
                "reasons": self.reasons,
                "generation": self.generation,
                "passages": self.passages,
                "uptime_seconds": round(self.uptime_seconds),
            }
        )


def health_of(application: AnyApplication) -> Health:
    """Whether updates are taken, Telegram is reached, and there is something to answer from."""
    answerer: Answerer = application.bot_data[DESK]
    transport: Transport = application.bot_data[TRANSPORT]
    connection = transport.connection
    reasons = [] if application.bot_data.get(SERVING) else ["no updates are taken"]
    if connection.seconds_lost > LONGEST_LOSS:
        reasons.append(f"no call to Telegram has come through for {connection.seconds_lost:.0f} seconds")
    if connection.seconds_without_updates > LONGEST_LOSS:
        reasons.append(f"Telegram has given no updates for {connection.seconds_without_updates:.0f} seconds")
    if connection.seconds_in_conflict > LONGEST_LOSS:
        reasons.append(
            f"another copy of the bot has taken updates for {connection.seconds_in_conflict:.0f} seconds"
        )
    passages = len(answerer.index.passages)
    if not passages:
        reasons.append("the index is empty")
    uptime = time.monotonic() - application.bot_data[STARTED]
    return Health(tuple(reasons), answerer.index.name, passages, uptime)


def show_readings(application: AnyApplication, metrics: Metrics) -> None:
    """What is read of the running application whenever Prometheus asks."""
    answerer: Answerer = application.bot_data[DESK]
    transport: Transport = application.bot_data[TRANSPORT]
    connection, queue, processor = transport.connection, transport.update_queue, transport.update_processor
    metrics.show_level("updates_waiting", "Updates not begun yet.", lambda: queue.waiting)
    metrics.show_level("updates_under_way", "Updates begun and not ended.", lambda: processor.running)
    metrics.show_count("updates_taken", "Updates taken in.", lambda: queue.taken)
    metrics.show_count("updates_replayed", "Updates of an earlier process.", lambda: queue.replayed)
    metrics.show_count(
        "updates_given_up", "Updates that ended the process twice.", lambda: processor.given_up
    )
    metrics.show_count("floods", "Persons who sent too much, by episode.", lambda: queue.gate.episodes)
    metrics.show_count("flood_updates_dropped", "Updates left out in floods.", lambda: queue.gate.dropped)
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
    metrics.show_level(
        "generation_info", "The generation in service.", lambda: {answerer.index.name: 1.0}, "generation"
    )
    metrics.show_level("passages", "Passages in service.", lambda: len(answerer.index.passages))
    metrics.show_level("generation_age_seconds", "Since it was built.", lambda: _age(answerer))


def _age(answerer: Answerer) -> float:
    built_at = datetime.fromisoformat(answerer.index.manifest.built_at)
    return (datetime.now(UTC) - built_at).total_seconds()


@asynccontextmanager
async def health_served(application: AnyApplication, settings: Settings) -> AsyncIterator[None]:
    """While this is open, the pages are served, if METRICS_PORT is set."""
    if not settings.metrics_port:
        yield
        return
    server = serve_health(application, settings)
    try:
        yield
    finally:
        server.stop()
        await server.close_all_connections()


def serve_health(application: AnyApplication, settings: Settings) -> HTTPServer:
    """Answer on METRICS_PORT from now on, in the event loop that runs; raises BulletinBotError if it is taken."""
    shared = {"bot": application}
    pages = [
        (r"/healthz", _HealthPage, shared),
        (r"/metrics", _MetricsPage, shared),
        (r".*", _NoPage, shared),
    ]
    server = HTTPServer(Application(pages, log_function=lambda _: None))
    try:
        server.listen(settings.metrics_port, settings.metrics_listen)
    except OSError as error:
        raise BulletinBotError(
            f"METRICS_PORT {settings.metrics_port} on {settings.metrics_listen} cannot be listened on "
            f"({error.strerror}): set another, or 0 for none."
        ) from error
    return server


class _Page(RequestHandler):
    def initialize(self, bot: AnyApplication) -> None:
        self.bot = bot

    def set_default_headers(self) -> None:
        """Say nothing of what serves."""
        self.clear_header("Server")

    def head(self) -> None:
        """As GET; tornado leaves out the body."""
        self.get()

    def write_error(self, status_code: int, **_: Any) -> None:
        """The status alone: what failed is in the log."""
        self.set_header("Content-Type", "text/plain")
        self.finish(f"{status_code}\n")


class _HealthPage(_Page):
    def get(self) -> None:
        health = health_of(self.bot)
        self.set_status(503 if health.reasons else 200)
        self.set_header("Content-Type", "application/json")
        self.finish(health.as_json())


class _MetricsPage(_Page):
    def get(self) -> None:
        metrics: Metrics = self.bot.bot_data[METRICS]
        self.set_header("Content-Type", _TEXT)
        self.finish(metrics.exposition())


class _NoPage(_Page):
    def prepare(self) -> None:
        self.send_error(404)
