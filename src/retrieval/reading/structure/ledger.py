"""Accounts for every line of a document: in a passage, in a heading, or left out with a reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from retrieval.reading.lines import Document, Line, section_marks
from retrieval.types import LeftOut, LeftOutReason

_SPACE = re.compile(r"\s+")
# A line may be divided between a heading and paragraphs into parts of at least so many characters.
_SHORTEST_PART = 2
_STOPS = "。.:"
# Characters around the last piece that was held; a search through all of 20 MB takes 10 ms, and there are many lines.
_NEAR = 4000


class Ledger:
    """Collects the lines that reading leaves out, in whatever order they are noticed."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._reasons: dict[int, LeftOutReason] = {}

    def leave_out(self, lines: Iterable[Line], reason: LeftOutReason) -> None:
        """Notes lines of the document; a line that was noted before keeps its first reason."""
        for line in lines:
            self._reasons.setdefault(id(line), reason)

    def compare(self, before: Sequence[Line], after: Iterable[Line], reason: LeftOutReason) -> None:
        """Notes the lines of `before` that are not in `after`; lines are told apart by identity."""
        retained = {id(line) for line in after}
        self.leave_out((line for line in before if id(line) not in retained), reason)

    def is_head(self, line: Line) -> bool:
        """Whether a line was left out as data of its bulletin: its number, its date, its issuer."""
        return self._reasons.get(id(line)) is LeftOutReason.HEAD

    def entries(self, texts: Iterable[str], headings: Iterable[str]) -> tuple[LeftOut, ...]:
        """The lines left out, in the order of the document, after what the format reader left out.

        A line that was not noted and stands neither in the texts of passages nor in headings is left out as not placed:
        nothing is lost without a word even where a rule forgets to say so.
        """
        return (*self._document.left_out, *self._entries(_Shown(texts, headings)))

    def _entries(self, shown: _Shown) -> Iterator[LeftOut]:
        for line in self._document.lines:
            reason = self._reasons.get(id(line))
            if reason is None and not shown.holds(_without_mark(line.text)):
                reason = LeftOutReason.NOT_PLACED
            if reason is not None:
                yield LeftOut(self._document.file, line.number, line.text, reason)
            for note in line.notes:
                if not shown.holds(_without_mark(note.text)):
                    yield LeftOut(self._document.file, note.number, note.text, LeftOutReason.NOTE)


class _Shown:
    """The texts of passages and headings in compatible characters, white space removed."""

    def __init__(self, texts: Iterable[str], headings: Iterable[str]) -> None:
        texts, headings = list(texts), list(headings)
        self._whole = {_plain(text).rstrip(_STOPS) for text in (*texts, *headings)}
        self._texts = "\n".join(map(_plain, texts)), "\n".join(map(_plain, headings))
        self._cursors = [0, 0]

    def holds(self, text: str) -> bool:
        """Whether the text stands in one of them, or in several: a line may be divided into headings and paragraphs."""
        plain = _plain(text)
        if plain.rstrip(_STOPS) in self._whole:
            return True
        start = 0
        while start < len(plain):
            end = self._longest(plain, start)
            if end - start < min(_SHORTEST_PART, len(plain)) and re.search(
                r"\w", plain[start:end] or plain[start:]
            ):
                return False
            start = max(end, start + 1)
        return True

    def _longest(self, plain: str, start: int) -> int:
        """The end of the longest piece from the start on that is found near the last one, else anywhere."""
        end = self._end(plain, start, near=True)
        return end if end - start >= _SHORTEST_PART else max(end, self._end(plain, start, near=False))

    def _end(self, plain: str, start: int, *, near: bool) -> int:
        low, high = start, len(plain)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._has(plain[start:middle], near) else (low, middle - 1)
        return low

    def _has(self, piece: str, near: bool) -> bool:
        """Whether a piece stands in the texts or in the headings; all three go in the order of the document."""
        for number, text in enumerate(self._texts):
            cursor = self._cursors[number]
            span = (max(0, cursor - _NEAR), cursor + _NEAR) if near else (0, len(text))
            position = text.find(piece, *span)
            if position >= 0:
                self._cursors[number] = position
                return True
        return False


def _without_mark(text: str) -> str:
    """The text behind its section mark, which a heading shows in a form of its own: 2. as 2、."""
    mark = section_marks.opening_mark(text)
    return text[mark.end :] if mark else text


def _plain(text: str) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))
