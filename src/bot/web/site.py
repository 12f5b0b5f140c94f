"""The parts that every page needs: the answerer, the settings, the templates and the doors."""

from __future__ import annotations

import functools
import re
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import jinja2
from starlette.requests import Request

from bot.locales import LANGUAGES, Texts, texts_for
from bot.serving import Answerer
from bot.settings import Settings
from bot.web.addresses import Addresses, ServerAddresses
from bot.web_access import AccessKeys, LinkSigner

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"

# HTML has no form for these but tab and line feeds; half of a surrogate pair has none in UTF-8 either.
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SECONDS_AN_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Site:
    """The pages of one answerer."""

    settings: Settings
    answerer: Answerer
    signer: LinkSigner
    keys: AccessKeys
    addresses: ServerAddresses
    is_mini_app: bool
    """Whether the pages may be opened inside Telegram."""


def render(template: str, texts: Texts, addresses: Addresses, **shown: object) -> bytes:
    """A page as UTF-8; every text is escaped unless it is markup already."""
    page = (
        _templates()
        .get_template(template)
        .render(texts=texts, web=texts.web, language=_tag_of(texts), to=addresses, **shown)
    )
    return _UNSHOWN.sub("\ufffd", page).encode()


def texts_of(request: Request) -> Texts:
    """The interface in the language that the browser asks for first; Traditional Chinese without one."""
    first = request.headers.get("accept-language", "").split(",")[0].split(";")[0].strip()
    return texts_for(first if first and first != "*" else None)


def site_of(request: Request) -> Site:
    """The site of a request."""
    site: Site = request.app.state.site
    return site


def new_site(settings: Settings, answerer: Answerer, secret: str) -> Site:
    """The site of the settings; links are signed with a key derived from the secret."""
    address = urlsplit(settings.web_url or "")
    return Site(
        settings=settings,
        answerer=answerer,
        signer=LinkSigner.of_secret(secret, settings.web_link_hours * _SECONDS_AN_HOUR, time.time),
        keys=AccessKeys.of(settings),
        addresses=ServerAddresses(address.path.rstrip("/")),
        is_mini_app=address.scheme == "https",
    )


def _tag_of(texts: Texts) -> str:
    tags = {"zh-hant": "zh-Hant", "zh-hans": "zh-Hans"}
    return next(tags.get(tag, tag) for tag, known in LANGUAGES.items() if known is texts)


@functools.cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
