"""Answers questions off the event loop, from one index with one encoder, in a pool of threads."""

from __future__ import annotations

import asyncio
import copy
import itertools
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from bot.serving.catalogs import Catalog, CatalogPosition, catalog_of
from bot.settings import Settings
from bot.state import records
from retrieval.answering import TOP_HITS, answer, for_chat, search
from retrieval.embedding import BatchingEncoder
from retrieval.errors import BulletinBotError, DamagedIndexError
from retrieval.index import Filter, Index, collections
from retrieval.language import fold
from retrieval.places import find_places
from retrieval.questions import follow_ups, read_question
from retrieval.ranking import quote_for, search_keywords
from retrieval.types import Answer, Encoder, Hit, IntVector, Passage, Quote, Refused, SmallTalkReply

MOST_RESULTS = 50
"""Hits of a search in chat: ten pages."""

THREADS = 10
"""Questions that are answered at once, each in a thread of its own: without the extractor 97 a second for fifty people, 90 with 6
threads, 96 with 12. With the extractor 51 and 50, and 349 MB instead of 346.
"""

_CACHED_SEARCHES = 64
_SETS_REMEMBERED = 32
"""Sets of collections that are prepared before another index is served: the first question to one need not wait."""

_Result = TypeVar("_Result")
_WARM_UP = "北京有多少志願者？"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A message with its answer."""

    answer: Answer
    resolved: follow_ups.ResolvedMessage | None
    """The question that was answered in place of the message, if it follows up on the turn before."""
    turn: follow_ups.Turn | None
    """The turn that the next message may follow up on; None for small talk, after which the one before still counts."""


class Answerer:
    """Answers off the event loop in several threads, whose questions are embedded together.

    The index may be replaced at any moment: each call reads it once, and ends with the one that it began with. The
    default collection answers; `within` gives the answerer of others.
    """

    def __init__(self, index: Index, encoder: Encoder) -> None:
        self.whole = index
        """The index in service, with the passages of all collections."""
        self._chosen: tuple[str, ...] = ()
        self._sets_asked: dict[tuple[str, ...], None] = {}
        self.index_fault = ""
        """The fault of the files of the index in service, if nothing whole could be served instead; else empty."""
        self.encoder = BatchingEncoder(encoder)
        self._searches: dict[tuple[str, tuple[str, ...], records.Search], tuple[Hit, ...]] = {}
        self._threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="answerer")

    @property
    def index(self) -> Index:
        """The index of the collections that answer."""
        return collections.within(self.whole, self._chosen)

    @property
    def collections(self) -> tuple[str, ...]:
        """The names of all collections, the default one first; one alone where there are no others."""
        return collections.names_of(self.whole)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The names of the collections that answer."""
        return self._chosen or self.collections[:1]

    def within(self, names: Sequence[str]) -> Answerer:
        """The answerer of these collections alone, on the same threads; without names, of the default one.

        It is made for one update: it does not follow when another index is served. Raises BulletinBotError for a name
        that no collection has.
        """
        chosen = collections.chosen_names(self.whole, names)
        if chosen == self.chosen:
            return self
        self._sets_asked[chosen] = None
        if len(self._sets_asked) > _SETS_REMEMBERED:
            del self._sets_asked[next(iter(self._sets_asked))]
        scoped = copy.copy(self)
        scoped._chosen = chosen
        return scoped

    def warm_up(self) -> None:
        """Answer a made-up question, so that dictionaries and memory are loaded before the first person asks."""
        self._warm(self.whole)

    def _warm(self, whole: Index) -> None:
        """Prepare the index of each collection, and of the sets of them that chats are tied to."""
        known = collections.names_of(whole)
        sets = (*((name,) for name in known), *self._sets_asked)
        for chosen in dict.fromkeys(names for names in sets if set(names) <= set(known)):
            index = collections.within(whole, chosen)
            answer(_WARM_UP, index, self.encoder)
            catalog_of(index)

    def serve(self, index: Index) -> None:
        """Answer from another index from now on, once that is warmed up."""
        self._warm(index)
        self.whole, self.index_fault = index, ""

    async def reply(
        self, text: str, turn: follow_ups.Turn | None = None, place: str | None = None
    ) -> Exchange:
        """`reply_now` off the event loop."""
        return await self._run(lambda: self.reply_now(text, turn, place))

    def reply_now(self, text: str, turn: follow_ups.Turn | None = None, place: str | None = None) -> Exchange:
        """Answer a message after a turn, if any, as a person sees it; `place` is that of the answer it replies to."""
        resolved = follow_ups.resolve_message(text, turn, place)
        if resolved and resolved.is_exhausted:
            return Exchange(Refused(question=text, reason="not_found"), resolved, turn)
        question, skip = (resolved.question, resolved.skip) if resolved else (text, frozenset[str]())
        answer = for_chat(self.answer_now(question, skip))
        if resolved is None and answer.status == "refused":
            answer, resolved = self._reread(text, turn, answer)
        is_small_talk = isinstance(answer, SmallTalkReply)
        return Exchange(
            answer, resolved, None if is_small_talk else follow_ups.next_turn(text, answer, resolved, turn)
        )

    def _reread(
        self, text: str, turn: follow_ups.Turn | None, refused: Answer
    ) -> tuple[Answer, follow_ups.ResolvedMessage | None]:
        """The answer to a refused message read in the light of the turn before, if that answers; else the refusal."""
        resolved = follow_ups.resolve_ellipsis(text, turn)
        if resolved is None:
            return refused, None
        answer = for_chat(self.answer_now(resolved.question))
        return (answer, resolved) if answer.status == "answered" else (refused, None)

    async def repeat(self, question: str, skip: frozenset[str] = frozenset()) -> Exchange:
        """Answer a stand-alone question again, as a person sees it; no turn comes of it."""
        return Exchange(for_chat(await self.answer(question, skip)), None, None)

    async def answer(self, question: str, skip: frozenset[str] = frozenset()) -> Answer:
        """`answer_now` off the event loop."""
        return await self._run(lambda: self.answer_now(question, skip))

    async def search(self, query: records.Search) -> tuple[Hit, ...]:
        """The passages nearest to a search, best first, off the event loop; empty if a filter fits no passage.

        The last searches are cached, so that turning a page needs no embedding.
        """
        index = self.index
        key = index.name, self.chosen, query
        if key not in self._searches:
            self._searches[key] = await self._run(lambda: self._search_within(query, index))
            if len(self._searches) > _CACHED_SEARCHES:
                del self._searches[next(iter(self._searches))]
        return self._searches[key]

    def _search_within(self, query: records.Search, index: Index) -> tuple[Hit, ...]:
        only = Filter(query.place, query.bulletin)
        if not len(_within(only, index)):
            return ()
        return search(query.words, index, self.encoder, only=only, top_k=MOST_RESULTS)

    def answer_now(self, question: str, skip: frozenset[str] = frozenset()) -> Answer:
        """The answer to any message; the ids to skip are of passages that it leaves out."""
        return answer(question, self.index, self.encoder, skip=skip)

    def search_now(self, words: str, only: Filter | None = None, top_k: int = TOP_HITS) -> tuple[Hit, ...]:
        """The nearest passages, best first."""
        return search(words, self.index, self.encoder, only=only, top_k=top_k)

    async def _run(self, work: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    @property
    def catalog(self) -> Catalog:
        """The catalog of the served index, for browsing."""
        return catalog_of(self.index)

    def locate(self, passage_id: str) -> CatalogPosition | None:
        """The position of a passage of any collection, in the catalog of its own; None if there is none of that id."""
        position = self.whole.position(passage_id)
        if position is None:
            return None
        collection = self.whole.passages[position].collection
        own = collections.within(self.whole, [collection] if collection else ())
        return catalog_of(own).locate(passage_id)

    def successor(self, passage_id: str) -> Passage | None:
        """The passage, of any collection, that came in the place of one that is gone; None if none did."""
        position = self.whole.passages.successor(passage_id)
        return None if position is None else self.whole.passages[position]

    def names_places(self, text: str) -> bool:
        """Whether the text names any place of China."""
        return bool(read_question(text).places)

    def count_places(self, text: str) -> int:
        """The number of different places that the text names."""
        return len({mention.code for mention in read_question(text).places})

    def without_unknown_names(self, text: str) -> tuple[str, tuple[str, ...]]:
        """The words of a comparison, of which the last is the topic, without those that no bulletin knows; and these."""
        *names, topic = text.split() or [""]
        index = self.index
        unknown = tuple(
            name
            for name in names
            if not find_places(name) and not len(index.folded_texts.holding(fold(name)))
        )
        return " ".join(word for word in (*names, topic) if word not in unknown), unknown

    def covers(self, text: str) -> bool:
        """Whether a place that the text names is covered."""
        coverage = self.index.place_index
        return any(len(coverage.positions_for(mention)) for mention in read_question(text).places)

    def place_called(self, name: str) -> str | None:
        """The shown name of a covered place as people write it in a filter, in either script; None if there is none."""
        index = self.index
        positions = _within(Filter(place=name), index)
        if not len(positions):
            holding = [place for place in self.covered_places() if fold(name) in fold(place)]
            return holding[0] if len(holding) == 1 else None
        codes = np.unique(index.passages.place_codes[positions]).tolist()
        names = {index.passages.places[code].name for code in codes if code >= 0}
        return names.pop() if len(names) == 1 and -1 not in codes else name

    def bulletin_called(self, name: str) -> str | None:
        """The label of a bulletin as people write it in a filter (篇3, or 3 alone); None if there is none."""
        labels = dict.fromkeys(bulletin.label for bulletin in self.catalog.bulletins)
        whole = [label for label in labels if fold(label) == fold(name)]
        part = re.compile(rf"(?<![0-9]){re.escape(fold(name))}(?![0-9])")
        holding = whole or [label for label in labels if part.search(fold(label))]
        return holding[0] if len(holding) == 1 else None

    def first_within(self, place: str | None, bulletin: str | None) -> Passage | None:
        """The first passage that passes the filters; None if none does."""
        index = self.index
        positions = _within(Filter(place, bulletin), index)
        return index.passages[int(positions[0])] if len(positions) else None

    def quotes_with_words(self, words: str, start: int, count: int) -> tuple[Quote, ...]:
        """Keyword search: the sentence with the most of the words, for each passage from the start-th best on."""
        index = self.index
        hits = search_keywords(words, index, start + count)[start:]
        return tuple(quote_for(words, hit.passage, index) for hit in hits)

    def openings(self, start: int, count: int) -> tuple[Quote, ...]:
        """The first sentence of each item, in the order of the bulletins."""
        index = self.index
        bulletins = catalog_of(index).bulletins
        items = (item for bulletin in bulletins for item in bulletin.items)
        page = itertools.islice(items, start, start + count)
        return tuple(quote_for("", item.first, index) for item in page)

    def covered_places(self) -> tuple[str, ...]:
        """The names of the places covered, each once, in the order of the bulletins."""
        return tuple(place.name for place in self.index.places)

    def close(self) -> None:
        """Wait for the questions under way and end the threads."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        self.encoder.close()


def _within(only: Filter, index: Index) -> IntVector:
    """The positions of the passages that pass; empty if a filter fits no passage."""
    try:
        return only.positions(index)
    except BulletinBotError:
        return np.zeros(0, np.int64)


def open_answerer(settings: Settings) -> Answerer:
    """The answerer for the index in service or, if that is damaged, for the last whole one before it.

    Raises BulletinBotError if there is none that fits the settings.
    """
    from retrieval.embedding import load_encoder

    home = settings.index_home()
    with suppress(DamagedIndexError):
        home.served()  # raises before the model is loaded, which takes seconds
    encoder = load_encoder(
        settings.embedding_model,
        settings.model_cache,
        settings.embedding_threads,
        extraction=settings.extraction,
    )
    return Answerer(home.load_serving(encoder.name), encoder)
