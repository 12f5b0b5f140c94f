"""Quotes made up for exports."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.export import ExportDocument, document_of
from bot.locales import ZH_HANT, Texts
from retrieval.types import Passage, Place, Quote
from tests.chatting import a_passage

DAY = date(2026, 11, 30)
HOSTILE = "甲<b>乙</b> & \x00\x1b[31m\ufffe\ud800 *丙* [丁](http://x) `戊`\n- 己\n1. 庚 #辛 ]]> &lt;"


def quote_of(passage: Passage) -> Quote:
    """The whole text of a passage as a quote."""
    return Quote(passage, 0, len(passage.text), 1.0)


def passage_of(text: str, place: str = "北京") -> Passage:
    """A passage about a place, of a bulletin with a title."""
    return replace(a_passage(text), bulletin_title="精神文明建設工作簡報 篇3", place=Place(place, place))


def a_document(
    *texts: str, language: Texts = ZH_HANT, title: str = "北京榜樣每個月評出多少人？"
) -> ExportDocument:
    """A document with a quote of each text."""
    return document_of(title, [quote_of(passage_of(text)) for text in texts], language, DAY)
