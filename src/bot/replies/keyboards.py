"""Layout of buttons in rows, paging of long lists, the row that takes quotes away, and the verdicts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.locales import Texts
from bot.replies import callback_data
from bot.replies.markup import Button, Rows
from bot.state import records

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[_Item]):
    """One page of a list."""

    items: tuple[_Item, ...]
    number: int
    """Counts from 0."""
    count: int
    """Number of pages, at least 1."""


def page_of(items: Sequence[_Item], number: int, most: int) -> Page[_Item]:
    """Page `number` of the items, `most` a page; the last page if there are fewer pages."""
    count = max(-(-len(items) // most), 1)
    number = min(number, count - 1)
    return Page(tuple(items[number * most : (number + 1) * most]), number, count)


def button_rows(buttons: Sequence[Button], width: int) -> Rows:
    """The buttons in rows of `width`."""
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))


def page_buttons(number: int, count: int, data: Callable[[int], str], texts: Texts) -> Rows:
    """The row with buttons to the previous and the next page, whose data `data` makes; no row for a single page."""
    row = []
    if number > 0:
        row.append(Button(texts.previous_page, data(number - 1)))
    if number + 1 < count:
        row.append(Button(texts.next_page, data(number + 1)))
    return (tuple(row),) if row else ()


def export_buttons(answer_id: str, texts: Texts) -> tuple[Button, Button]:
    """Buttons that send the quotes of an answer as a file; with an empty id, those of the basket."""
    return (
        Button(texts.basket.word, callback_data.exports("w", answer_id)),
        Button(texts.basket.markdown, callback_data.exports("m", answer_id)),
    )


def keeping_row(answer_id: str, texts: Texts) -> tuple[Button, ...]:
    """The row below an answer that puts its quotes into the basket, or sends them as a file."""
    collect = Button(texts.basket.collect, callback_data.collects_answer(answer_id))
    return (collect, *export_buttons(answer_id, texts))


def verdict_buttons(answer_id: str) -> tuple[Button, Button]:
    """👍 and 👎 for an answer."""
    return (
        Button("👍", callback_data.judges(records.Verdict.GOOD, answer_id)),
        Button("👎", callback_data.judges(records.Verdict.BAD, answer_id)),
    )
