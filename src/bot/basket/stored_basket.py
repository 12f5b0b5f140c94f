"""The basket of one person in the state; its rows live as long as `state.retention` says."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from bot.state import Database, records

MOST_QUOTES = 100
"""Quotes in a basket: ten screens, and a document of some fifteen pages."""


_INSERT = "INSERT INTO basket (person, passage, start, stop, text, citation, at) VALUES (?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Collected:
    """A quote in a basket: where it stood, its characters, and its citation as shown then."""

    span: records.QuotedSpan
    text: str
    citation: str


@dataclass(frozen=True, slots=True)
class Addition:
    """The number of quotes that went into a basket, of those in it now, and whether some found no room."""

    added: int
    count: int
    is_full: bool


class StoredBasket:
    """The quotes of a person, in the order in which they were collected.

    Each method returns None where the state cannot be read or written, which the database logs.
    """

    def __init__(self, database: Database, person: int) -> None:
        self._database = database
        self._person = person

    def quotes(self) -> tuple[Collected, ...] | None:
        """All quotes."""
        query = "SELECT passage, start, stop, text, citation FROM basket WHERE person = ? ORDER BY at, rowid"
        try:
            rows = self._database.rows(query, (self._person,))
        except sqlite3.Error:
            return None
        return tuple(
            Collected(
                records.QuotedSpan(str(passage), int(start or 0), int(stop or 0)), str(text), str(citation)
            )
            for passage, start, stop, text, citation in rows
        )

    def add(self, quotes: Iterable[Collected]) -> Addition | None:
        """Put quotes in, those that are in already and those beyond `MOST_QUOTES` left out; returns what became of them."""
        before = self.quotes()
        if before is None:
            return None
        known = {quote.span for quote in before}
        new = [quote for quote in quotes if quote.span not in known]
        fitting = new[: max(MOST_QUOTES - len(before), 0)]
        try:
            with self._database.transaction():
                for quote in fitting:
                    self._database.write(_INSERT, self._row(quote))
        except sqlite3.Error:
            return None
        return Addition(len(fitting), len(before) + len(fitting), len(fitting) < len(new))

    def _row(self, quote: Collected) -> tuple[int | str | float, ...]:
        span, text = quote.span, quote.text
        return (
            self._person,
            span.passage_id,
            span.start,
            span.end,
            text,
            quote.citation,
            self._database.now(),
        )

    def remove(self, span: records.QuotedSpan) -> bool | None:
        """Take a quote out; returns whether it was in."""
        statement = "DELETE FROM basket WHERE person = ? AND passage = ? AND start = ? AND stop = ?"
        values = (self._person, span.passage_id, span.start, span.end)
        try:
            return self._database.write(statement, values) > 0
        except sqlite3.Error:
            return None

    def empty(self) -> bool | None:
        """Take everything out; returns whether there was anything."""
        try:
            return self._database.write("DELETE FROM basket WHERE person = ?", (self._person,)) > 0
        except sqlite3.Error:
            return None
