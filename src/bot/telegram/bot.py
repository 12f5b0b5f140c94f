"""The bot of python-telegram-bot, with no token in what is printed of it, and updates as they were sent."""

from __future__ import annotations

from collections.abc import Sequence

from telegram.error import InvalidToken, NetworkError
from telegram.ext import ExtBot

JsonObject = dict[str, object]


class TelegramBot(ExtBot[int]):
    """The same bot; `rate_limit_args` of its calls is the number of tries."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}[]"

    async def initialize(self) -> None:
        """As ever, but without the token in the error."""
        try:
            await super().initialize()
        except InvalidToken:
            raise InvalidToken("Telegram does not know the token") from None

    async def updates_as_sent(
        self, offset: int | None, seconds: int, allowed: Sequence[str], read_seconds: float
    ) -> list[object]:
        """The next updates as JSON values, waiting for the first; those before the offset are acknowledged.

        `get_updates` reads a batch as a whole, so that a single update it cannot read would hold up all others.
        """
        data: JsonObject = {"timeout": seconds, "allowed_updates": list(allowed)}
        if offset is not None:
            data["offset"] = offset
        updates = await self._post("getUpdates", data, read_timeout=seconds + read_seconds)
        if not isinstance(updates, list):
            raise NetworkError("Telegram's answer holds no list of updates")
        return list(updates)
