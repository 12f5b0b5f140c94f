"""Every string that a person sees, in Traditional Chinese, Simplified Chinese and English."""

from __future__ import annotations

from bot.locales.en import EN
from bot.locales.schema import Texts
from bot.locales.zh_hans import ZH_HANS
from bot.locales.zh_hant import ZH_HANT

__all__ = ["EN", "LANGUAGES", "ZH_HANS", "ZH_HANT", "Texts", "texts_by_command_language", "texts_for"]

LANGUAGES = {"zh-hant": ZH_HANT, "zh-hans": ZH_HANS, "en": EN}
"""The languages a person can choose, by the tag that is kept."""

_SIMPLIFIED_REGIONS = ("hans", "cn", "sg", "my")


def texts_for(language_code: str | None) -> Texts:
    """The interface for an IETF language tag as Telegram gives it; Traditional Chinese where it gives none."""
    tag = (language_code or "zh-hant").lower()
    if tag == "zh" or not tag.startswith("zh"):
        return ZH_HANS if tag == "zh" else EN
    return ZH_HANS if any(part in _SIMPLIFIED_REGIONS for part in tag.split("-")[1:]) else ZH_HANT


def texts_by_command_language() -> dict[str, Texts]:
    """The texts by the two-letter code under which Telegram keeps command lists; "" is for everyone else."""
    return {"": ZH_HANT, "zh": ZH_HANS, "en": EN}
