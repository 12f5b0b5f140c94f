"""The document that is exported: quotes word for word, each with the source that its footnote states."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from bot.locales import Texts
from bot.replies import markup
from retrieval.language import fold
from retrieval.types import Passage, Quote

_LONGEST_TITLE = 200
"""Characters: a question of a screenful is no title. Properties of a Word file hold 255."""


@dataclass(frozen=True, slots=True)
class CitedQuote:
    """A quote word for word, and its source in a line."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class QuoteGroup:
    """Quotes that follow each other below one heading; the heading is empty where there is only one place."""

    heading: str
    quotes: tuple[CitedQuote, ...]


@dataclass(frozen=True, slots=True)
class ExportDocument:
    """A title, the quotes, and remarks below them."""

    title: str
    groups: tuple[QuoteGroup, ...]
    remarks: tuple[str, ...]
    made_on: date
    is_simplified: bool
    """Whether the quotes are in Simplified characters, which need other fonts."""


def document_of(
    title: str, quotes: Sequence[Quote], texts: Texts, made_on: date, gone: Sequence[str] = ()
) -> ExportDocument:
    """The document of the quotes, in their order, with a heading for each place if there are several.

    `gone` are citations of quotes that no bulletin holds any more; a remark names them.
    """
    places = {quote.passage.place_name for quote in quotes}
    groups = tuple(
        QuoteGroup(_heading(place, texts) if len(places) > 1 else "", _cited(run, texts))
        for place, run in groupby(quotes, key=lambda quote: quote.passage.place_name)
    )
    text = "".join(quote.text for quote in quotes)
    return ExportDocument(
        title=markup.clip(" ".join(title.split()), _LONGEST_TITLE) or texts.basket.document_title,
        groups=groups,
        remarks=tuple(_remarks(quotes, texts, made_on, gone)),
        made_on=made_on,
        is_simplified=fold(text) == text,
    )


def _heading(place: str | None, texts: Texts) -> str:
    return markup.place_label(place, texts) if place else texts.no_place


def _cited(quotes: Iterable[Quote], texts: Texts) -> tuple[CitedQuote, ...]:
    return tuple(CitedQuote(quote.text, source_of(quote.passage, texts)) for quote in quotes)


def _remarks(quotes: Sequence[Quote], texts: Texts, made_on: date, gone: Sequence[str]) -> list[str]:
    remarks = [texts.basket.verbatim_remark.format(day=made_on.isoformat())]
    if any(quote.passage.recognized for quote in quotes):
        remarks.append(texts.basket.recognized_remark)
    if gone:
        remarks.append(texts.basket.gone_remark.format(passages=texts.between_names.join(gone)))
    return remarks


def source_of(passage: Passage, texts: Texts) -> str:
    """The source of a passage in a line: bulletin, place, sections, date, file, and the score of recognised text."""
    title, label = passage.bulletin_title or passage.bulletin, passage.bulletin
    shown = title if label in title else f"{title} {label}"
    sections = "・".join(section.full for section in passage.section_path) or texts.lead
    dated = " ".join(part for part in (passage.issue, passage.date) if part and part not in shown)
    names = (
        markup.collection_name(passage.collection, texts),
        texts.basket.bulletin_of_source.format(bulletin=shown),
        _heading(passage.place_name, texts) if passage.place_name else "",
        sections,
        dated or texts.basket.no_date,
        texts.basket.file_of_source.format(file=passage.file),
        markup.recognition_mark(passage, texts),
    )
    return texts.basket.between_parts.join(filter(None, names))
