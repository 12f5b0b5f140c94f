"""A whole paragraph or section, original or converted to Simplified characters, with buttons; offers of paragraphs inline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.locales import ZH_HANT, Texts
from bot.replies import callback_data
from bot.replies.answers import related_blocks
from bot.replies.callback_data import View
from bot.replies.keyboards import Page, page_buttons, page_of
from bot.replies.markup import (
    Button,
    LinkTo,
    Reply,
    Rows,
    Span,
    anchor,
    citation_path,
    clip,
    collection_name,
    escape,
    mark_spans,
    passage_reference,
    recognition_mark,
)
from bot.replies.message_length import pack_blocks
from bot.replies.welcome import browsing_rows
from bot.serving import catalogs
from retrieval.language import scripts
from retrieval.types import Hit, Passage, Quote

_UNITS_ON_A_PAGE = 3_400
"""UTF-16 units of text a page; the path above it has at most 300 characters."""

_LONGEST_TITLE = 60
_LONGEST_DESCRIPTION = 110


def passage_reply(
    position: catalogs.CatalogPosition, texts: Texts, underlined: Span | None = None, page: int | None = None
) -> Reply:
    """A paragraph under its path, the quoted sentence underlined; by default the page that contains the sentence."""
    passage = position.passage
    text = passage.text
    body = mark_spans(text, (0, len(text)), [underlined] if underlined else [], "u")
    pages = pack_blocks([body], _UNITS_ON_A_PAGE)
    quoted_page = next((number for number, text_of_page in enumerate(pages) if "<u>" in text_of_page), 0)
    current = page_of(pages, quoted_page if page is None else page, 1)
    title = f"<b>{escape(citation_path(passage, texts, whole=True))}</b>"
    rows = _rows_of_passage(
        position, texts, callback_data.opens(View.CONVERTED, passage.passage_id), texts.to_simplified
    )
    return _paged(title, current, _turn(View.PASSAGE, passage), rows, texts)


def converted_passage_reply(position: catalogs.CatalogPosition, texts: Texts, page: int = 0) -> Reply:
    """A paragraph converted to Simplified characters, with a notice that it is a conversion."""
    passage = position.passage
    current = page_of(pack_blocks([escape(scripts.to_simplified(passage.text))], _UNITS_ON_A_PAGE), page, 1)
    title = f"<b>{escape(citation_path(passage, texts, whole=True))}</b>\n<i>{escape(texts.converted)}</i>"
    rows = _rows_of_passage(
        position, texts, callback_data.opens(View.PASSAGE, passage.passage_id), texts.to_original
    )
    return _paged(title, current, _turn(View.CONVERTED, passage), rows, texts)


def converted_answer_reply(quotes: Iterable[str], texts: Texts) -> Reply:
    """Quotes converted to Simplified characters, with a notice that they are conversions and without citations."""
    lines = [escape(scripts.to_simplified(quote)) for quote in quotes]
    return Reply(pack_blocks([f"<i>{escape(texts.converted)}</i>", *lines]))


def _rows_of_passage(
    position: catalogs.CatalogPosition, texts: Texts, script_data: str, script_label: str
) -> Rows:
    around = ((texts.previous, position.previous), (texts.next, position.next))
    beside = [Button(label, callback_data.opens(View.PASSAGE, p.passage_id)) for label, p in around if p]
    passage_id = position.passage.passage_id
    reading = [
        Button(texts.whole_section, callback_data.opens(View.SECTION, passage_id)),
        Button(texts.contents, callback_data.opens(View.ITEM, passage_id)),
        Button(texts.copy_reference, copies=passage_reference(position.passage)),
    ]
    if position.passage.recognized:
        reading.append(Button(texts.page_picture, callback_data.opens(View.PICTURE, passage_id)))
    if texts.reads_simplified:
        reading.append(Button(script_label, script_data))
    collect = Button(texts.basket.collect, callback_data.collects_passage(passage_id))
    last_row = (*_elsewhere_row(position, texts), collect)
    return (*((tuple(beside),) if beside else ()), tuple(reading), last_row)


def section_reply(
    position: catalogs.CatalogPosition, texts: Texts, underlined: Span | None = None, page: int = 0
) -> Reply:
    """All paragraphs of the section that contains the passage, the quoted sentence underlined."""
    blocks = list(_section_blocks(position.section, position.passage, underlined))
    current = page_of(pack_blocks(blocks, _UNITS_ON_A_PAGE), page, 1)
    first = position.section.first
    title = f"<b>{escape(_section_path(first, texts))}</b>"
    sections = position.item.sections
    number = sections.index(position.section)
    around = (
        (texts.previous_section, sections[number - 1] if number else None),
        (texts.next_section, sections[number + 1] if number + 1 < len(sections) else None),
    )
    beside = [
        Button(label, callback_data.opens(View.SECTION, s.first.passage_id)) for label, s in around if s
    ]
    contents = (
        Button(texts.contents, callback_data.opens(View.ITEM, first.passage_id)),
        Button(texts.copy_reference, copies=passage_reference(first)),
    )
    rows = (*((tuple(beside),) if beside else ()), contents, _elsewhere_row(position, texts))
    return _paged(title, current, _turn(View.SECTION, position.passage), rows, texts)


def _section_blocks(
    section: catalogs.SectionOfItem, quoted: Passage, underlined: Span | None
) -> Iterable[str]:
    """Paragraphs of a section; before each, its innermost heading where that changes."""
    above: tuple[object, ...] = section.first.section_path[1:]
    for passage in section.passages:
        inner = passage.section_path[1:]
        if inner and (inner != above or passage is section.first) and not passage.opens_with_heading:
            yield f"<b>{escape(inner[-1].full)}</b>"
        above = inner
        marks = [underlined] if underlined and passage is quoted else []
        yield mark_spans(passage.text, (0, len(passage.text)), marks, "u")


def _section_path(first: Passage, texts: Texts) -> str:
    outermost = first.section_path[0].full if first.section_path else texts.lead
    collection, mark = collection_name(first.collection, texts), recognition_mark(first, texts)
    parts = (collection, first.place_name, first.bulletin, outermost, mark)
    return "・".join(filter(None, parts))[:300]


def _elsewhere_row(position: catalogs.CatalogPosition, texts: Texts) -> tuple[Button, ...]:
    """A button to all items about the place; for a passage without a place, to its bulletin."""
    if position.place:
        return (Button(texts.elsewhere, callback_data.opens(View.PLACE, position.passage.passage_id)),)
    return (Button(texts.browse_bulletins, callback_data.opens(View.BULLETIN, position.passage.passage_id)),)


def _turn(view: View, passage: Passage) -> Callable[[int], str]:
    return lambda page: callback_data.opens(view, passage.passage_id, page)


def _paged(title: str, current: Page[str], turn: Callable[[int], str], rows: Rows, texts: Texts) -> Reply:
    counted = (
        f" <i>{texts.page.format(page=current.number + 1, pages=current.count)}</i>"
        if current.count > 1
        else ""
    )
    turning_rows = page_buttons(current.number, current.count, turn, texts)
    return Reply((f"{title}{counted}\n\n{current.items[0]}",), (*turning_rows, *rows))


def gone_reply(nearest: Sequence[Hit], texts: Texts, link: LinkTo) -> Reply:
    """Notice that a paragraph no longer exists, with the nearest passages, and buttons to open them and to browse."""
    blocks = [escape(texts.unknown_passage)]
    if nearest:
        blocks += [f"<b>{escape(texts.nearest)}</b>", *related_blocks(nearest, texts, link)]
    opening = tuple(
        Button(f"{hit.rank}", callback_data.opens(View.PASSAGE, hit.passage.passage_id)) for hit in nearest
    )
    return Reply(pack_blocks(blocks), (*((opening,) if opening else ()), *browsing_rows(texts)))


@dataclass(frozen=True, slots=True)
class InlineResult:
    """One result: its title and description in the list, and the message (Telegram HTML) that it sends."""

    result_id: str
    title: str
    description: str
    message: str


def inline_results(quotes: Sequence[Quote], generation: str, link: LinkTo) -> list[InlineResult]:
    """One result for each quoted passage, in the order of the quotes; of several quotes of a passage, the first.

    Telegram caches inline results and shares them between people, so they are in the language of the bulletins, and
    their ids contain the generation of the index.
    """
    by_passage = {
        quote.passage.passage_id: _inline_result(quote, generation, link) for quote in reversed(quotes)
    }
    return list(reversed(by_passage.values()))


def _inline_result(quote: Quote, generation: str, link: LinkTo) -> InlineResult:
    path = citation_path(quote.passage, ZH_HANT)
    span = (quote.start, quote.end)
    text = mark_spans(quote.passage.text, span, quote.marks, "b")
    citation = anchor(f"〔1〕{path}", link(quote.passage.passage_id, span))
    return InlineResult(
        result_id=f"{generation}:{quote.passage.passage_id}",
        title=clip(path, _LONGEST_TITLE),
        description=clip(quote.text, _LONGEST_DESCRIPTION),
        message=f"「{text}」\n\n{citation}",
    )
