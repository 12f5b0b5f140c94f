"""The addresses that the bot gives of the page of a passage, signed where not everybody is served."""

from __future__ import annotations

import time
from urllib.parse import urlencode

from bot.access import is_limited
from bot.settings import Settings
from bot.web_access.signed_links import LinkSigner

_SECONDS_AN_HOUR = 3600


def page_link(
    settings: Settings, passage_id: str, span: tuple[int, int] | None, chat: int | None = None
) -> str | None:
    """The address of a passage with the words of the span marked; None without a WEB_URL that Telegram takes.

    With a chat, it lets in whoever is sent it, for WEB_LINK_HOURS, if only certain chats are served. A Mini App needs no
    chat: Telegram itself says who opens it.
    """
    address = settings.linked_web_url
    if address is None:
        return None
    given = {"q": f"{span[0]}-{span[1]}"} if span else {}
    token = settings.telegram_bot_token
    if chat is not None and token is not None and is_limited(settings):
        seconds = settings.web_link_hours * _SECONDS_AN_HOUR
        given["t"] = LinkSigner.of_secret(token.get_secret_value(), seconds, time.time).token(f"c{chat}")
    query = f"?{urlencode(given)}" if given else ""
    return f"{address.rstrip('/')}/p/{passage_id}{query}"
