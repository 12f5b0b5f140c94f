"""Answers, hits and passages to Telegram HTML. Pure: nothing here sends or looks anything up."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.texts import Texts
from retrieval.follow_ups import Reading
from retrieval.types import Answer, Citation, Hit, Kind, Passage, PlaceAnswer, Quote, SmallTalk

LinkTo = Callable[[str], str]
"""A passage id to the address that opens the passage."""

# Telegram takes 4096 UTF-16 units after parsing; what stands beside a long text stays well below 600.
_LONGEST_PIECE = 3400
_LONGEST_EVIDENCE = 900
_LONGEST_HEADING = 48
_LONGEST_PATH = 120
_LONGEST_TITLE = 300
_LONGEST_SNIPPET = 72
_LONGEST_NAMES = 200
_HITS_SHOWN = 5
_RELATED_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: what it says and the callback data it sends (at most 64 bytes)."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Reply:
    """Messages to send in order, as Telegram HTML; the buttons stand below the last."""

    messages: tuple[str, ...]
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage with the ones beside it in its bulletin."""

    passage: Passage
    previous_id: str | None
    next_id: str | None


def welcome_reply(covered: Sequence[str], texts: Texts) -> Reply:
    """What the bot does, three questions to try, and what is covered."""
    return Reply((escape(texts.welcome.format(places=_some(covered))),))


def answer_reply(
    answer: Answer, covered: Sequence[str], texts: Texts, link: LinkTo, reading: Reading | None = None
) -> Reply:
    """The quotes with their citations, or the refusal with what may be related; how it was read stands first."""
    is_exhausted = reading is not None and bool(reading.skip) and answer.status == "refused"
    reply = Reply((escape(texts.no_more),)) if is_exhausted else _reply_to(answer, covered, texts, link)
    read_as = reading.description if reading else answer.read_as
    if not read_as:
        return reply
    said = f"<i>{escape(texts.read_as.format(reading=clip(read_as, _LONGEST_NAMES)))}</i>"
    first, *others = reply.messages
    return Reply((f"{said}\n\n{first}", *others), reply.buttons)


def _reply_to(answer: Answer, covered: Sequence[str], texts: Texts, link: LinkTo) -> Reply:
    if answer.small_talk:
        return Reply((escape(_small_talk(answer.small_talk, texts)),))
    if answer.by_place:
        return by_place_reply(answer, texts, link)
    if answer.status == "answered":
        return Reply((_answered(answer, texts, link),))
    if not answer.hits:
        return Reply((texts.empty_question,))
    return Reply((_refused(answer, covered, texts, link),))


def _small_talk(said: SmallTalk, texts: Texts) -> str:
    match said:
        case SmallTalk.GREETING:
            return texts.greeting
        case SmallTalk.THANKS:
            return texts.thanks
        case SmallTalk.GOODBYE:
            return texts.goodbye
        case SmallTalk.WHO:
            return texts.who_are_you
        case SmallTalk.ACKNOWLEDGEMENT:
            return texts.acknowledgement


def by_place_reply(answer: Answer, texts: Texts, link: LinkTo) -> Reply:
    """A block for each place: its name, its quotes (or that there is none), then all citations."""
    numbers = {citation.passage.passage_id: citation.number for citation in answer.citations}
    blocks = [_place_block(place, numbers, texts, link) for place in answer.by_place]
    if answer.kind is Kind.COVERAGE:
        blocks.insert(0, escape(texts.places_counted.format(count=len(answer.by_place))))
    lines = [_citation_line(citation, texts, link) for citation in answer.citations]
    return Reply(tuple("".join(group).rstrip() for group in _grouped(_spaced(blocks, lines))))


def _place_block(place: PlaceAnswer, numbers: dict[str, int], texts: Texts, link: LinkTo) -> str:
    counted = f" {texts.passages_counted.format(count=place.passages)}" if place.passages else ""
    quotes = [_quote_line(quote, numbers[quote.passage.passage_id], link) for quote in place.quotes]
    lines = quotes or [f"<i>{escape(texts.place_silent)}</i>"]
    return "\n".join([f"<b>{escape(clip(place.place, _LONGEST_NAMES))}</b>{escape(counted)}", *lines])


def _spaced(blocks: Sequence[str], lines: Sequence[str]) -> list[str]:
    """A blank line after each block, one line break after each citation."""
    return [*(f"{block}\n\n" for block in blocks), *(f"{line}\n" for line in lines)]


def _answered(answer: Answer, texts: Texts, link: LinkTo) -> str:
    numbers = {citation.passage.passage_id: citation.number for citation in answer.citations}
    first, *others = [_quote_line(quote, numbers[quote.passage.passage_id], link) for quote in answer.quotes]
    blocks = [first]
    if others:
        blocks.append("\n".join([f"<i>{escape(texts.also)}</i>", *others]))
    blocks.append("\n".join(_citation_line(citation, texts, link) for citation in answer.citations))
    blocks.append(_evidence(answer.quotes[0]))
    return "\n\n".join(blocks)


def _quote_line(quote: Quote, number: int, link: LinkTo) -> str:
    return f"「{escape(quote.text)}」{_anchor(f'〔{number}〕', quote.passage, link)}"


def _citation_line(citation: Citation, texts: Texts, link: LinkTo) -> str:
    return _anchor(f"〔{citation.number}〕{citation_path(citation.passage, texts)}", citation.passage, link)


def _evidence(quote: Quote) -> str:
    """The paragraph around the quote, folded away, the quote in bold."""
    text = quote.passage.text
    room = max(_LONGEST_EVIDENCE - (quote.end - quote.start), 0) // 2
    start, end = max(quote.start - room, 0), min(quote.end + room, len(text))
    before = ("…" if start else "") + text[start : quote.start]
    after = text[quote.end : end] + ("…" if end < len(text) else "")
    return f"<blockquote expandable>{escape(before)}<b>{escape(quote.text)}</b>{escape(after)}</blockquote>"


def _refused(answer: Answer, covered: Sequence[str], texts: Texts, link: LinkTo) -> str:
    if answer.reason == "place_not_covered":
        asked = "、".join(answer.uncovered_places)
        said = texts.place_not_covered.format(places=clip(asked, _LONGEST_NAMES), covered=_some(covered))
    elif answer.masked:
        said = f"{texts.masked}\n「{answer.masked.text}」"
    else:
        said = texts.out_of_scope if answer.reason == "out_of_scope" else texts.not_found
    related = [_hit_lines(hit, texts, link) for hit in answer.hits[:_RELATED_SHOWN]]
    return "\n\n".join([escape(said), f"<b>{escape(texts.maybe_related)}</b>", *related])


def search_reply(hits: Sequence[Hit], texts: Texts, link: LinkTo, most: int = _HITS_SHOWN) -> Reply:
    """The first hits with the start of each passage, each a link to it."""
    if not hits:
        return Reply((escape(texts.no_results),))
    lines = [_hit_lines(hit, texts, link) for hit in hits[:most]]
    return Reply(("\n\n".join([f"<b>{escape(texts.results)}</b>", *lines]),))


def _hit_lines(hit: Hit, texts: Texts, link: LinkTo) -> str:
    title = _anchor(f"{hit.rank}. {citation_path(hit.passage, texts)}", hit.passage, link)
    return f"{title}\n{escape(clip(hit.passage.text, _LONGEST_SNIPPET))}"


def passage_reply(view: PassageView, texts: Texts) -> Reply:
    """The whole paragraph under its path, with buttons to the paragraphs beside it."""
    passage = view.passage
    title = f"<b>{escape(citation_path(passage, texts, whole=True))}</b>"
    first, *others = _pieces(passage.text)
    ids = ((texts.previous, view.previous_id), (texts.next, view.next_id))
    buttons = tuple(Button(label, f"p:{passage_id}") for label, passage_id in ids if passage_id)
    return Reply((f"{title}\n\n{escape(first)}", *map(escape, others)), buttons)


def places_reply(leads: Sequence[Passage], texts: Texts, link: LinkTo) -> Reply:
    """Each place once, with every bulletin that has an item about it as a link to its lead."""
    bulletins: dict[str, list[str]] = {}
    for lead in leads:
        bulletins.setdefault(lead.place_name or "", []).append(_anchor(lead.bulletin, lead, link))
    lines = [f"• {escape(name)}:{' '.join(links)}" for name, links in bulletins.items() if name]
    heading = f"<b>{escape(texts.places.format(count=len(lines)))}</b>"
    return Reply(tuple("\n".join(group) for group in _grouped([heading, *lines])))


def citation_path(passage: Passage, texts: Texts, *, whole: bool = False) -> str:
    """As people cite it: 北京・篇3・二、把好“三關”…; the heading is cut unless the whole is wanted."""
    sections = [section.full for section in passage.section_path] or [texts.lead]
    shown = sections if whole else [clip(section, _LONGEST_HEADING) for section in sections]
    path = "・".join(part for part in (passage.place_name, passage.bulletin, *shown) if part)
    return clip(path, _LONGEST_TITLE if whole else _LONGEST_PATH)


def _some(names: Sequence[str]) -> str:
    """As many of the names as stand on a phone's screen, with their number where some are left out."""
    listed = "、".join(names)
    return listed if len(listed) <= _LONGEST_NAMES else f"{clip(listed, _LONGEST_NAMES)}({len(names)})"


def escape(text: str) -> str:
    """Text as it must stand in Telegram HTML."""
    return html.escape(text, quote=False)


def clip(text: str, longest: int) -> str:
    """The text, or its beginning with an ellipsis, at most `longest` characters."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _anchor(label: str, passage: Passage, link: LinkTo) -> str:
    return f'<a href="{html.escape(link(passage.passage_id))}">{escape(label)}</a>'


def _pieces(text: str) -> list[str]:
    """The text cut where Telegram's limit makes it necessary; characters beyond the BMP count twice there."""
    step = _LONGEST_PIECE // 2 if any(ord(character) > 0xFFFF for character in text) else _LONGEST_PIECE
    return [text[start : start + step] for start in range(0, len(text), step)]


def _grouped(lines: Sequence[str]) -> list[list[str]]:
    """The lines in groups that each fit a message, tags counted too."""
    groups: list[list[str]] = [[]]
    for line in lines:
        if sum(map(len, groups[-1])) + len(line) > _LONGEST_PIECE and groups[-1]:
            groups.append([])
        groups[-1].append(line)
    return groups
