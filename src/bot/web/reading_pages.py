"""The pages for reading, made for a server as for files: the index, and the bulletins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from bot.locales import Texts
from bot.replies import callback_data, markup
from bot.web.addresses import Addresses, Script, Target
from bot.web.bulletin_book import BulletinBook, BulletinEntry, Range, book_of
from bot.web.link_lists import ENTRIES_ON_A_PAGE, Link, Row, on_page, pages_of, turning
from bot.web.reading_view import ReadingView
from bot.web.site import render
from retrieval.index import Index, collections
from retrieval.types import Passage

_PLACES_SHOWN = 12
# A full page of rows stays below 300 KB, whatever a file calls its bulletins and places.
_LONGEST_NAME = 80
_LONGEST_NAMES = 160
_LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class ReadingPages:
    """Makes the pages of an index in a language, linked by addresses."""

    index: Index
    texts: Texts
    addresses: Addresses
    is_static: bool = False
    """Whether they are files, without search and questions."""

    @property
    def book(self) -> BulletinBook:
        return book_of(self.index)

    def collection_named(self, collection_id: str) -> str | None:
        """The collection of that id; the default one for the empty id; None if there is none."""
        names = collections.names_of(self.index)
        if not collection_id:
            return names[0]
        return next((name for name in names if callback_data.collection_id(name) == collection_id), None)

    def index_pages(self, collection: str) -> int:
        """The number of pages of the index of a collection."""
        return pages_of(len(self.book.of_collection(collection)))

    def index_page(self, collection: str, page: int) -> bytes | None:
        """A page of the list of bulletins of a collection; None if there is none of that number."""
        entries, count = self.book.of_collection(collection), self.index_pages(collection)
        if not 1 <= page <= count:
            return None
        names = collections.names_of(self.index)
        own = self._collection_id(collection)
        return self._render(
            "index.html",
            rows=[self._row(entry) for entry in on_page(entries, page)],
            total=len(entries),
            collections=[
                Link(self._collection_name(name), "" if name == collection else self._index_of(name))
                for name in names
            ]
            if len(names) > 1
            else [],
            turning_to=turning(self.texts, page, count, lambda to: self.addresses.index(own, to)),
            page=page,
            pages=count,
        )

    def bulletin_pages(self, entry: BulletinEntry) -> Iterator[Target]:
        """Every page of a bulletin, in the script of the source."""
        parts = self.book.parts(entry)
        if len(parts) == 1:
            yield Target(entry.slug)
            return
        yield from (Target(entry.slug, page=page) for page in range(1, pages_of(len(parts)) + 1))
        yield from (Target(entry.slug, part) for part in range(1, len(parts) + 1))

    def bulletin_page(self, target: Target) -> bytes | None:
        """A page of a bulletin; None if there is none of that name or number."""
        entry = self.book.entry(target.slug)
        if entry is None:
            return None
        parts = self.book.parts(entry)
        is_split = len(parts) > 1
        if is_split and not target.part:
            return self._contents_page(entry, parts, target)
        part = target.part or 1
        if part > len(parts) or (target.part and not is_split):
            return None
        return self._text_page(entry, parts[part - 1], target)

    def target_of(self, position: int) -> Target:
        """The page on which the passage at a position stands, scrolled to it."""
        passage = self.index.passages[position]
        entry = self.book.entry_of(passage.file, passage.bulletin)
        return Target(entry.slug, self.book.part_of(entry, position), passage_id=passage.passage_id)

    def _contents_page(
        self, entry: BulletinEntry, parts: Sequence[Sequence[Range]], target: Target
    ) -> bytes | None:
        count = pages_of(len(parts))
        if not 1 <= target.page <= count:
            return None
        view = self._view(target)
        first = (target.page - 1) * ENTRIES_ON_A_PAGE + 1
        rows = [
            self._part_row(view, ranges[0], replace(target, part=number, page=1))
            for number, ranges in enumerate(on_page(parts, target.page), start=first)
        ]
        return self._render(
            "contents.html",
            **self._head(entry, view, parts[0][0][0]),
            rows=rows,
            turning_to=turning(
                self.texts, target.page, count, lambda to: self.addresses.bulletin(replace(target, page=to))
            ),
            page=target.page,
            pages=count,
            beside=self._bulletins_beside(entry, target.script),
        )

    def _text_page(self, entry: BulletinEntry, ranges: Sequence[Range], target: Target) -> bytes:
        view = self._view(target)
        items = [view.item(self.index.passages[start:end]) for start, end in ranges]
        return self._render(
            "bulletin.html",
            **self._head(entry, view, ranges[0][0]),
            items=items,
            is_successor=target.is_successor,
            whole_contents=self.addresses.bulletin(Target(entry.slug, script=target.script))
            if target.part
            else "",
            beside=self._parts_beside(entry, target),
        )

    def _view(self, target: Target) -> ReadingView:
        return ReadingView(target, self.texts, self.addresses, self._has_picture)

    def _has_picture(self, passage_id: str) -> bool:
        position = self.index.passages.position(passage_id)
        return position is not None and self.index.passages.picture(position) is not None

    def _head(self, entry: BulletinEntry, view: ReadingView, position: int) -> dict[str, object]:
        """The head of every page of a bulletin."""
        first = self.index.passages[position]
        shown = (
            *_dated(first),
            self._collection_name(entry.collection) if self._is_mixed else "",
            entry.label,
        )
        title = view.convert(_title(entry))
        notes = [note for note in shown if note and note not in title]
        here = view.target
        return {
            "title": title,
            "notes": [view.convert(note) for note in notes],
            "script": here.script,
            "up": self._index_of(entry.collection),
            "scripts": [
                Link(
                    label,
                    "" if script == here.script else self.addresses.bulletin(replace(here, script=script)),
                )
                for script, label in self._scripts()
            ],
        }

    def _scripts(self) -> tuple[tuple[Script, str], ...]:
        web = self.texts.web
        return ("", web.script_original), ("hans", web.script_simplified), ("hant", web.script_traditional)

    def _row(self, entry: BulletinEntry) -> Row:
        items = self.book.items(entry)
        names = dict.fromkeys(item.first.place_name for item in islice(items, _PLACES_SHOWN))
        places = self.texts.between_names.join(markup.clip(name, _LONGEST_NAME) for name in names if name)
        shown = markup.clip(places + ("…" if len(items) > _PLACES_SHOWN else ""), _LONGEST_NAMES)
        address = self.addresses.bulletin(Target(entry.slug))
        return Row(_title(entry), address, (*_dated(items[0].first), shown))

    def _part_row(self, view: ReadingView, own: Range, target: Target) -> Row:
        first = self.index.passages[own[0]]
        opening = first.section_path[0].full if first.section_path else first.text
        title = view.convert(markup.clip(first.place_name or self.texts.no_place, _LONGEST_NAME))
        note = view.convert(markup.clip(opening, _LONGEST_NAME))
        return Row(title, self.addresses.bulletin(target), (note,))

    def _parts_beside(self, entry: BulletinEntry, target: Target) -> list[Link]:
        """Links to the parts before and after; from a bulletin that is not split, to the bulletins."""
        if not target.part:
            return self._bulletins_beside(entry, target.script)
        last = len(self.book.parts(entry))
        neighbours = [
            (self.texts.web.previous_part, target.part - 1, target.part > 1),
            (self.texts.web.next_part, target.part + 1, target.part < last),
        ]
        return [
            Link(label, self.addresses.bulletin(Target(entry.slug, part, script=target.script)))
            for label, part, is_there in neighbours
            if is_there
        ]

    def _bulletins_beside(self, entry: BulletinEntry, script: Script) -> list[Link]:
        own = self.book.of_collection(entry.collection)
        at, web = own.index(entry), self.texts.web
        labelled = ((web.previous_bulletin, at - 1), (web.next_bulletin, at + 1))
        return [
            Link(
                label.format(label=markup.clip(own[number].label, _LONGEST_NAME)),
                self.addresses.bulletin(Target(own[number].slug, script=script)),
            )
            for label, number in labelled
            if 0 <= number < len(own)
        ]

    @property
    def _is_mixed(self) -> bool:
        return len(collections.names_of(self.index)) > 1

    def _collection_name(self, name: str) -> str:
        return markup.collection_name(name, self.texts)

    def _collection_id(self, name: str) -> str:
        """The id of a collection in addresses; empty for the one that is shown first."""
        is_first = name == collections.names_of(self.index)[0]
        return "" if is_first else callback_data.collection_id(name)

    def _index_of(self, collection: str) -> str:
        return self.addresses.index(self._collection_id(collection))

    def _render(self, template: str, **shown: object) -> bytes:
        return render(template, self.texts, self.addresses, is_static=self.is_static, **shown)


def _title(entry: BulletinEntry) -> str:
    title = entry.title if entry.label in entry.title else f"{entry.label}\u3000{entry.title}".strip()
    return markup.clip(title, _LONGEST_TITLE)


def _dated(first: Passage) -> tuple[str, ...]:
    """Number and date of the bulletin, as far as it gives them."""
    return tuple(markup.clip(note, _LONGEST_NAME) for note in (first.issue, first.date) if note)
