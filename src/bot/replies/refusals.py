"""Renders refusals: one line that says what is not there, perhaps the nearest paragraph, and questions to tap."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.locales import Texts
from bot.replies import callback_data as callbacks
from bot.replies.callback_data import Example
from bot.replies.markup import (
    LONGEST_NAMES,
    Button,
    LinkTo,
    Rows,
    anchor,
    clip,
    escape,
    place_label,
    short_citation,
)
from retrieval.types import Quote, Refused

# Of the development questions that are refused wrongly it names the right paragraph in 6 of 11, and of those rightly
# refused it names one in 20 %; at 0.2 in 2 of 11 and 16 % (`python -m benchmarks.quality.screen_lines`).
_NEAREST_FLOOR = 0.1
_EXAMPLES_SHOWN = 2
# Characters: the reason and what follows it fit three lines of a phone.
_LONGEST_NEAREST = 34
_AROUND_MASK = 16


def refusal_blocks(answer: Refused, texts: Texts, link: LinkTo) -> list[str]:
    """A line with the reason, and a link to the nearest paragraph if that is near enough; all in one block."""
    lines = [escape(_reason(answer, texts))]
    if answer.masked:
        lines.append(_masked_words(answer.masked, link))
    elif answer.reason == "not_found" and answer.confidence >= _NEAREST_FLOOR and answer.hits:
        nearest = answer.hits[0].passage
        path = anchor(clip(short_citation(nearest, texts), _LONGEST_NEAREST), link(nearest.passage_id, None))
        lines.append(f"{escape(texts.nearest_paragraph)}{path}")
    return ["\n".join(lines)]


def _masked_words(quote: Quote, link: LinkTo) -> str:
    """The words around the masked figure, as a link to the paragraph."""
    text = quote.text
    mask = re.search(r"[xX×*]{2,}", text)
    left = max((mask.start() if mask else 0) - _AROUND_MASK, 0)
    right = min((mask.end() if mask else 0) + _AROUND_MASK, len(text))
    before, after = "…" if left else "", "…" if right < len(text) else ""
    words = f"{before}「{text[left:right]}」{after}"
    return anchor(words, link(quote.passage.passage_id, (quote.start, quote.end)))


def _reason(answer: Refused, texts: Texts) -> str:
    if answer.around and not answer.masked:
        asked, around = (place_label(name, texts) for name in (answer.around.asked, answer.around.covered))
        return texts.place_inside_covered.format(places=clip(asked, LONGEST_NAMES), around=around)
    if answer.reason == "place_not_covered":
        asked = clip(
            texts.between_names.join(place_label(name, texts) for name in answer.uncovered_places),
            LONGEST_NAMES,
        )
        return texts.place_not_covered.format(places=asked)
    if answer.masked:
        return texts.masked
    if answer.reason == "date_not_covered":
        return texts.date_not_covered
    if answer.elsewhere:
        asked, covered = answer.elsewhere.asked, answer.elsewhere.covered
        return texts.said_elsewhere.format(
            asked=place_label(asked, texts), told_of=place_label(covered, texts)
        )
    return texts.out_of_scope if answer.reason == "out_of_scope" else texts.not_found


def refusal_rows(
    answer_id: str, examples: Sequence[tuple[int, str]], verdicts: tuple[Button, Button], texts: Texts
) -> Rows:
    """Two of the examples, by number and text; below them the search, the places and the verdicts."""
    tried = tuple(
        (Button(text, callbacks.runs_example(Example.ASK, number)),)
        for number, text in examples[:_EXAMPLES_SHOWN]
    )
    more = Button(texts.more_results, callbacks.shows_more(answer_id))
    places = Button(texts.browse_places, callbacks.lists_places())
    return (*tried, (more, places, *verdicts))
