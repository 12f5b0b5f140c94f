"""Parsing of typed searches into words and filters; replies with results page by page and with the choice of filters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.locales import Texts
from bot.replies import callback_data
from bot.replies.callback_data import Choice, View
from bot.replies.keyboards import button_rows, page_buttons, page_of
from bot.replies.markup import (
    Button,
    LinkTo,
    Reply,
    Rows,
    Span,
    anchor,
    citation_path,
    clip,
    escape,
    mark_spans,
    shortened_names,
    text_reply,
)
from bot.replies.message_length import pack_blocks
from bot.replies.welcome import browsing_rows, home_row
from bot.state import records
from retrieval.ranking import matched_spans
from retrieval.types import Hit, Passage

HITS_ON_A_PAGE = 5

_FILTER = re.compile(r"(?:^|(?<=\s))([@#\uff20\uff03])(\S+)")
PATTERN_EXAMPLES = ((_FILTER, "志願者 @重慶", "志願者a@b.c"),)
"""For each pattern, a text in which it must match and one in which it must not."""
_PLACE_SIGNS = "@\uff20"
_CHOICES_ON_A_PAGE = 12
_LONGEST_LABEL = 20
_LONGEST_WORDS = 60
_SNIPPET_LENGTH = 84
_MOST_BEFORE_MATCH = 24
_CLAUSE_MARKS = "。,、;:\uff0c\uff1b\uff1a"


@dataclass(frozen=True, slots=True)
class TypedSearch:
    """A search as typed: the names of filters are not yet resolved; of two filters of a kind the last counts."""

    words: str
    place: str | None = None
    bulletin: str | None = None
    used: tuple[str, ...] = ()
    """The filters that count, as typed, where others of their kind do not."""
    ignored: tuple[str, ...] = ()


def read_search(text: str) -> TypedSearch:
    """Parse words, the place after @ and the bulletin after #; full-width signs count too."""
    filters = _FILTER.findall(text)
    places = [name for sign, name in filters if sign in _PLACE_SIGNS]
    bulletins = [name for sign, name in filters if sign not in _PLACE_SIGNS]
    return TypedSearch(
        words=" ".join(_FILTER.sub(" ", text).split()),
        place=places[-1] if places else None,
        bulletin=bulletins[-1] if bulletins else None,
        used=tuple(names[-1] for names in (places, bulletins) if len(names) > 1),
        ignored=tuple(name for names in (places, bulletins) for name in names[:-1] if name != names[-1]),
    )


def search_reply(
    search: records.Search, hits: Sequence[Hit], texts: Texts, link: LinkTo, number: int = 0
) -> Reply:
    """A page of hits, each with a link and the words in bold; buttons to open hits, turn pages and filter."""
    filters = _filter_row(search, texts)
    title = f"<b>{escape(texts.results.format(search=search_text(search)))}</b>"
    if not hits:
        return Reply((f"{title}\n\n{escape(texts.no_results)}",), (filters, home_row(texts)))
    page = page_of(hits, number, HITS_ON_A_PAGE)
    if page.count > 1:
        title += f" <i>{escape(texts.page.format(page=page.number + 1, pages=page.count))}</i>"
    blocks = [title, *hit_blocks(search.words, page.items, texts, link)]
    if not any(matched_spans(search.words, hit.passage.text) for hit in hits):
        blocks.insert(1, f"<i>{escape(texts.no_words_match)}</i>")
    opening = tuple(
        Button(str(hit.rank), callback_data.opens(View.PASSAGE_BELOW, hit.passage.passage_id))
        for hit in page.items
    )
    turn = page_buttons(
        page.number, page.count, lambda to: callback_data.shows_results(search.search_id, to), texts
    )
    return Reply(pack_blocks(blocks), (opening, *turn, filters))


def hit_blocks(words: str, hits: Sequence[Hit], texts: Texts, link: LinkTo) -> list[str]:
    """A block for each hit: a link to its passage, and the snippet with most of the words, those in bold."""
    return [_hit_block(words, hit, texts, link) for hit in hits]


def _hit_block(words: str, hit: Hit, texts: Texts, link: LinkTo) -> str:
    title = anchor(f"{hit.rank}. {citation_path(hit.passage, texts)}", link(hit.passage.passage_id, None))
    text = hit.passage.text
    spans = matched_spans(words, text)
    start, end = _snippet(text, spans)
    snippet = mark_spans(text, (start, end), spans, "b")
    return f"{title}\n{'…' if start else ''}{snippet}{'…' if end < len(text) else ''}"


def _snippet(text: str, spans: Sequence[Span]) -> Span:
    """The span of at most `_SNIPPET_LENGTH` characters with the most different matched words, from the start of a clause."""
    starts = [0, *(_clause_start(text, left) for left, _ in spans)]

    def count_words(start: int) -> int:
        return len(
            {text[left:right] for left, right in spans if start <= left and right <= start + _SNIPPET_LENGTH}
        )

    best = max(starts, key=lambda start: (count_words(start), -start))
    end = min(best + _SNIPPET_LENGTH, len(text))
    return best, end if end == len(text) else best + len(text[best:end].rstrip(_CLAUSE_MARKS))


def _clause_start(text: str, position: int) -> int:
    """Index after the last punctuation before the position, or `_MOST_BEFORE_MATCH` before it if there is none."""
    nearest = max(position - _MOST_BEFORE_MATCH, 0)
    return max((text.rfind(mark, nearest, position) + 1 for mark in _CLAUSE_MARKS), default=0) or nearest


def search_text(search: records.Search) -> str:
    """The search as it would be typed: words and filters."""
    filters = [f"@{search.place}" if search.place else "", f"#{search.bulletin}" if search.bulletin else ""]
    return " ".join(part for part in (clip(search.words, _LONGEST_WORDS), *filters) if part)


def _filter_row(search: records.Search, texts: Texts) -> tuple[Button, ...]:
    """A button for the place and one for the bulletin: removes the filter if set, else opens the choice."""
    return (
        _filter_button(search, Choice.PLACE, search.place, "📍", texts.filter_place),
        _filter_button(search, Choice.BULLETIN, search.bulletin, "📄", texts.filter_bulletin),
    )


def _filter_button(
    search: records.Search, choice: Choice, chosen: str | None, sign: str, label: str
) -> Button:
    if chosen:
        removal = callback_data.sets_filter(choice, search.search_id, None)
        return Button(f"✕ {sign} {clip(chosen, _LONGEST_LABEL)}", removal)
    return Button(label, callback_data.chooses_filter(choice, search.search_id))


def choices_reply(
    search: records.Search, choice: Choice, hits: Sequence[Hit], texts: Texts, number: int = 0
) -> Reply:
    """A button for each place or bulletin of the hits, those of the best hits first."""
    passages: dict[str, Passage] = {}
    for hit in hits:
        passages.setdefault(_name(hit.passage, choice) or "", hit.passage)
    passages.pop("", None)
    page = page_of(list(passages.items()), number, _CHOICES_ON_A_PAGE)
    buttons = [
        Button(
            clip(name, _LONGEST_LABEL),
            callback_data.sets_filter(choice, search.search_id, passage.passage_id),
        )
        for name, passage in page.items
    ]
    turn = page_buttons(
        page.number, page.count, lambda to: callback_data.chooses_filter(choice, search.search_id, to), texts
    )
    back: Rows = ((Button(texts.back, callback_data.shows_results(search.search_id)),),)
    question = texts.choose_place if choice is Choice.PLACE else texts.choose_bulletin
    title = f"<b>{escape(texts.results.format(search=search_text(search)))}</b>\n\n{escape(question)}"
    return Reply((title,), (*button_rows(buttons, 3), *turn, *back))


def _name(passage: Passage, choice: Choice) -> str | None:
    return passage.place_name if choice is Choice.PLACE else passage.bulletin


def unknown_place_reply(name: str, known: Sequence[str], texts: Texts) -> Reply:
    """Notice that no bulletin covers the place of a filter, with the covered places."""
    return text_reply(
        texts.unknown_place.format(name=clip(name, _LONGEST_WORDS), known=shortened_names(known, texts)),
        *browsing_rows(texts),
    )


def unknown_bulletin_reply(name: str, known: Sequence[str], texts: Texts) -> Reply:
    """Notice that no bulletin has the name of a filter, with the names that exist."""
    return text_reply(
        texts.unknown_bulletin.format(name=clip(name, _LONGEST_WORDS), known=shortened_names(known, texts)),
        *browsing_rows(texts),
    )
