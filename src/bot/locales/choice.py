"""Choice of the interface language from the language code that Telegram sends."""

from __future__ import annotations

from bot.locales.en import EN
from bot.locales.schema import Texts
from bot.locales.zh_hans import ZH_HANS
from bot.locales.zh_hant import ZH_HANT

LANGUAGES = {"zh-hant": ZH_HANT, "zh-hans": ZH_HANS, "en": EN}
"""Languages a person can choose, by the tag stored for the person."""

_SIMPLIFIED_SUBTAGS = ("hans", "cn", "sg", "my")


def texts_for(language_code: str | None) -> Texts:
    """Texts for an IETF language tag as Telegram sends it; Traditional Chinese for None."""
    tag = (language_code or "zh-hant").lower()
    if tag == "zh" or not tag.startswith("zh"):
        return ZH_HANS if tag == "zh" else EN
    return ZH_HANS if any(subtag in _SIMPLIFIED_SUBTAGS for subtag in tag.split("-")[1:]) else ZH_HANT


def texts_by_command_language() -> dict[str, Texts]:
    """Texts by the two-letter code that `setMyCommands` takes; the code "" is for all other languages."""
    return {"": ZH_HANT, "zh": ZH_HANS, "en": EN}
