"""Layout of buttons in rows, and paging of long lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.locales import Texts
from bot.replies.markup import Button, Rows

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
