"""Reading: one paragraph or one section whole, with the ways on from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import opencc

from bot.locales import Texts
from bot.replies import callback_data as callbacks
from bot.replies.answers import related_blocks
from bot.replies.callback_data import View
from bot.replies.keyboards import Page, page_of, turning
from bot.replies.markup import Button, LinkTo, Reply, Rows, Span, citation_path, escape, marked
from bot.replies.message_length import packed
from bot.replies.references import passage_reference
from bot.replies.welcome import browsing_rows
from bot.serving import catalogs
from retrieval.types import Hit, Passage

_UNITS_ON_A_PAGE = 3_400
"""Of text; the path above it is at most 300 characters."""

_TO_SIMPLIFIED = opencc.OpenCC("t2s")


def passage_reply(
    spot: catalogs.CatalogPosition, texts: Texts, underlined: Span | None = None, page: int | None = None
) -> Reply:
    """The whole paragraph under its path, a quoted sentence underlined; without a page, that with the sentence."""
    passage = spot.passage
    text = passage.text
    body = marked(text, (0, len(text)), [underlined] if underlined else [], "u")
    pages = packed([body], _UNITS_ON_A_PAGE)
    quoted = next((number for number, shown in enumerate(pages) if "<u>" in shown), 0)
    shown = page_of(pages, quoted if page is None else page, 1)
    title = f"<b>{escape(citation_path(passage, texts, whole=True))}</b>"
    rows = _rows_of_passage(
        spot, texts, callbacks.opens(View.CONVERTED, passage.passage_id), texts.to_simplified
    )
    return _paged(title, shown, _turn(View.PASSAGE, passage), rows, texts)


def converted_passage_reply(spot: catalogs.CatalogPosition, texts: Texts, page: int = 0) -> Reply:
    """The paragraph in Simplified characters, said to be a conversion."""
    passage = spot.passage
    shown = page_of(packed([escape(_TO_SIMPLIFIED.convert(passage.text))], _UNITS_ON_A_PAGE), page, 1)
    title = f"<b>{escape(citation_path(passage, texts, whole=True))}</b>\n<i>{escape(texts.converted)}</i>"
    rows = _rows_of_passage(spot, texts, callbacks.opens(View.PASSAGE, passage.passage_id), texts.to_original)
    return _paged(title, shown, _turn(View.CONVERTED, passage), rows, texts)


def converted_answer_reply(quotes: Iterable[str], texts: Texts) -> Reply:
    """Quotes in Simplified characters, said to be a conversion and cited nowhere."""
    lines = [escape(_TO_SIMPLIFIED.convert(quote)) for quote in quotes]
    return Reply(packed([f"<i>{escape(texts.converted)}</i>", *lines]))


def _rows_of_passage(
    spot: catalogs.CatalogPosition, texts: Texts, script_data: str, script_label: str
) -> Rows:
    around = ((texts.previous, spot.previous), (texts.next, spot.next))
    beside = [Button(label, callbacks.opens(View.PASSAGE, p.passage_id)) for label, p in around if p]
    passage_id = spot.passage.passage_id
    reading = [
        Button(texts.whole_section, callbacks.opens(View.SECTION, passage_id)),
        Button(texts.contents, callbacks.opens(View.ITEM, passage_id)),
        Button(texts.copy_reference, copies=passage_reference(spot.passage)),
    ]
    if texts.reads_simplified:
        reading.append(Button(script_label, script_data))
    return (*((tuple(beside),) if beside else ()), tuple(reading), _elsewhere_row(spot, texts))


def section_reply(
    spot: catalogs.CatalogPosition, texts: Texts, underlined: Span | None = None, page: int = 0
) -> Reply:
    """All paragraphs of the section that the passage stands in."""
    blocks = list(_section_blocks(spot.section, spot.passage, underlined))
    shown = page_of(packed(blocks, _UNITS_ON_A_PAGE), page, 1)
    first = spot.section.first
    title = f"<b>{escape(_section_path(first, texts))}</b>"
    sections = spot.item.sections
    number = sections.index(spot.section)
    around = (
        (texts.previous_section, sections[number - 1] if number else None),
        (texts.next_section, sections[number + 1] if number + 1 < len(sections) else None),
    )
    beside = [Button(label, callbacks.opens(View.SECTION, s.first.passage_id)) for label, s in around if s]
    contents = (
        Button(texts.contents, callbacks.opens(View.ITEM, first.passage_id)),
        Button(texts.copy_reference, copies=passage_reference(first)),
    )
    rows = (*((tuple(beside),) if beside else ()), contents, _elsewhere_row(spot, texts))
    return _paged(title, shown, _turn(View.SECTION, spot.passage), rows, texts)


def _section_blocks(
    section: catalogs.SectionOfItem, quoted: Passage, underlined: Span | None
) -> Iterable[str]:
    """The paragraphs, each after the headings below the outermost where they change."""
    above: tuple[object, ...] = section.first.section_path[1:]
    for passage in section.passages:
        inner = passage.section_path[1:]
        if inner and (inner != above or passage is section.first) and not passage.opens_with_heading:
            yield f"<b>{escape(inner[-1].full)}</b>"
        above = inner
        marks = [underlined] if underlined and passage is quoted else []
        yield marked(passage.text, (0, len(passage.text)), marks, "u")


def _section_path(first: Passage, texts: Texts) -> str:
    outermost = first.section_path[0].full if first.section_path else texts.lead
    return "・".join(part for part in (first.place_name, first.bulletin, outermost) if part)[:300]


def _elsewhere_row(spot: catalogs.CatalogPosition, texts: Texts) -> tuple[Button, ...]:
    """The place's other bulletins; where a passage is about no place, its own bulletin."""
    if spot.place:
        return (Button(texts.elsewhere, callbacks.opens(View.PLACE, spot.passage.passage_id)),)
    return (Button(texts.browse_bulletins, callbacks.opens(View.BULLETIN, spot.passage.passage_id)),)


def _turn(view: View, passage: Passage) -> Callable[[int], str]:
    return lambda page: callbacks.opens(view, passage.passage_id, page)


def _paged(title: str, shown: Page[str], turn: Callable[[int], str], rows: Rows, texts: Texts) -> Reply:
    counted = (
        f" <i>{texts.page.format(page=shown.number + 1, pages=shown.count)}</i>" if shown.count > 1 else ""
    )
    turning_row = turning(shown.number, shown.count, turn, texts)
    return Reply((f"{title}{counted}\n\n{shown.items[0]}",), (*turning_row, *rows))


def gone_reply(nearest: Sequence[Hit], texts: Texts, link: LinkTo) -> Reply:
    """That the paragraph is no longer there, and what is nearest to it or else where to look."""
    blocks = [escape(texts.unknown_passage)]
    if nearest:
        blocks += [f"<b>{escape(texts.nearest)}</b>", *related_blocks(nearest, texts, link)]
    opening = tuple(
        Button(f"{hit.rank}", callbacks.opens(View.PASSAGE, hit.passage.passage_id)) for hit in nearest
    )
    return Reply(packed(blocks), (*((opening,) if opening else ()), *browsing_rows(texts)))
