"""Checks of the way to Telegram: the token, the network, the clock, and who else takes the updates."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp

from bot.maintenance.diagnosis import Diagnosis, Level
from bot.settings import Settings
from retrieval.errors import BulletinBotError

_SECONDS = 8.0
# Telegram does not mind; but old rows are deleted, and builds are named, by the clock.
_CLOCK_SECONDS = 120.0


def check_telegram(settings: Settings) -> Iterator[Diagnosis]:
    """The token is accepted and nothing else takes its updates; nothing is sent to anyone, no update is taken."""
    yield from asyncio.run(_checked(settings))


async def _checked(settings: Settings) -> list[Diagnosis]:
    address = f"{settings.telegram_base_url}{settings.token()}"
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS)) as session:
            status, me, date = await _call(session, f"{address}/getMe")
            if status != HTTPStatus.OK:
                return [_refusal(status)]
            _, webhook, _ = await _call(session, f"{address}/getWebhookInfo")
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:  # its message may hold the token
        raise BulletinBotError(
            f"Telegram cannot be reached ({type(error).__name__}): look after the network, a proxy or firewall, and "
            "TELEGRAM_BASE_URL."
        ) from None
    found = [Diagnosis("telegram", Level.OK, f"@{me.get('username', '?')} is known to Telegram")]
    return [*found, *_webhook(settings, str(webhook.get("url") or "")), *_clock(date)]


async def _call(session: aiohttp.ClientSession, url: str) -> tuple[int, dict[str, object], str | None]:
    """The status, the result object, and the server's date."""
    async with session.get(url) as response:
        answer = await response.json(content_type=None)
        result = answer.get("result") if isinstance(answer, dict) else None
        return response.status, result if isinstance(result, dict) else {}, response.headers.get("Date")


def _refusal(status: int) -> Diagnosis:
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
        sentence = "Telegram does not know this TELEGRAM_BOT_TOKEN: copy it again from @BotFather."
    else:
        sentence = f"Telegram answers with status {status}: wait a few minutes and ask doctor again."
    return Diagnosis("telegram", Level.FAULT, sentence)


def _webhook(settings: Settings, url: str) -> Iterator[Diagnosis]:
    if url and not settings.webhook_url:
        yield Diagnosis(
            "telegram",
            Level.FAULT,
            f"Updates go to the webhook at {url.split('/')[2] if '//' in url else url}: another server uses this token. "
            "Stop that one; `bulletin-bot run` then takes the updates.",
        )


def _clock(date: str | None) -> Iterator[Diagnosis]:
    if date is None:
        return
    off = (datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds()
    if abs(off) > _CLOCK_SECONDS:
        yield Diagnosis(
            "clock",
            Level.FAULT,
            f"The clock of this machine is {abs(off):,.0f} s {'ahead' if off > 0 else 'behind'}: set it, for instance by "
            "`timedatectl set-ntp true`.",
        )
    else:
        yield Diagnosis("clock", Level.OK, "right")
