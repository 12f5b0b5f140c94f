"""Lists of links: the rows of a page of a list, and the links that turn to other pages of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.locales import Texts

_Thing = TypeVar("_Thing")

ENTRIES_ON_A_PAGE = 100
"""Rows of a list: at most 60 KB with long names."""

PageAddress = Callable[[int], str]
"""The address of the page of a number, which counts from 1."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its label; to nowhere for the page itself."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Row:
    """A bulletin, or a part of one, in a list."""

    title: str
    address: str
    notes: tuple[str, ...]


def pages_of(count: int) -> int:
    """The number of pages of a list of so many entries; at least 1."""
    return max(-(-count // ENTRIES_ON_A_PAGE), 1)


def on_page(things: Sequence[_Thing], page: int) -> Sequence[_Thing]:
    """The entries on a page of the list."""
    return things[(page - 1) * ENTRIES_ON_A_PAGE : page * ENTRIES_ON_A_PAGE]


def turning(texts: Texts, page: int, count: int, address: PageAddress) -> list[Link]:
    """Links to the page before and to the one after, as far as there are such."""
    before = [Link(texts.previous_page, address(page - 1))] if page > 1 else []
    after = [Link(texts.next_page, address(page + 1))] if page < count else []
    return before + after
