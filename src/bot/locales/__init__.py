"""Language code in, user-facing strings out: Traditional Chinese, Simplified Chinese and English, one module each."""

from __future__ import annotations

from bot.locales.choice import LANGUAGES, texts_by_command_language, texts_for
from bot.locales.en import EN
from bot.locales.schema import AboutTexts, AdminTexts, DeliveryTexts, Texts
from bot.locales.zh_hans import ZH_HANS
from bot.locales.zh_hant import ZH_HANT

__all__ = [
    "EN",
    "LANGUAGES",
    "ZH_HANS",
    "ZH_HANT",
    "AboutTexts",
    "AdminTexts",
    "DeliveryTexts",
    "Texts",
    "texts_by_command_language",
    "texts_for",
]
