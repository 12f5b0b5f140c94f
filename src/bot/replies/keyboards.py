"""Rows of buttons that a thumb can press, and lists of them turned page by page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.locales import Texts
from bot.replies.markup import Button, Rows

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Page(Generic[_Item]):
    """Some of many; pages count from 0."""

    items: tuple[_Item, ...]
    number: int
    count: int
    first: int
    """How many items stand on the pages before."""


def page_of(items: Sequence[_Item], number: int, most: int) -> Page[_Item]:
    """The page of that number, or the last one if there are fewer."""
    count = max(-(-len(items) // most), 1)
    shown = min(number, count - 1)
    return Page(tuple(items[shown * most : (shown + 1) * most]), shown, count, shown * most)


def in_rows(buttons: Sequence[Button], width: int) -> Rows:
    """The buttons in rows of that many."""
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))


def turning(number: int, count: int, data: Callable[[int], str], texts: Texts) -> Rows:
    """The row that turns the pages; none where there is but one."""
    row = []
    if number > 0:
        row.append(Button(texts.previous_page, data(number - 1)))
    if number + 1 < count:
        row.append(Button(texts.next_page, data(number + 1)))
    return (tuple(row),) if row else ()
