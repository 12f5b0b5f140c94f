"""Where questions are answered: one generation, one encoder, and the thread that runs them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from bot.replies import PassageView
from bot.settings import Settings
from retrieval.answer import TOP_HITS, answer, search
from retrieval.filters import EVERYTHING, Filter
from retrieval.generation import Generation
from retrieval.types import Answer, DamagedIndexError, Encoder, Hit, Passage

_Result = TypeVar("_Result")
_WARM_UP = "北京有多少志願者？"


class ReadingDesk:
    """Answers off the event loop. One thread: torch uses all cores for one question, and two would fight.

    Another generation may be put on the desk at any moment: every call takes the one that lies there once, and ends
    with it.
    """

    def __init__(self, generation: Generation, encoder: Encoder) -> None:
        self.generation = generation
        self.encoder = encoder
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")

    def warm_up(self) -> None:
        """Answer a question to nobody: dictionaries are read and memory is touched before the first person asks."""
        self.answer_now(_WARM_UP)

    def serve(self, generation: Generation) -> None:
        """Answer from another generation from now on; it is warmed up first, and the old one given back."""
        answer(_WARM_UP, generation, self.encoder)
        self.generation = generation

    async def answer(self, question: str, skip: frozenset[str] = frozenset()) -> Answer:
        """`answer_now` off the event loop."""
        return await self._run(lambda: self.answer_now(question, skip))

    async def search(self, words: str) -> tuple[Hit, ...]:
        """`search_now` off the event loop, over everything."""
        return await self._run(lambda: self.search_now(words))

    def answer_now(self, question: str, skip: frozenset[str] = frozenset()) -> Answer:
        """The answer to whatever a person wrote, from other passages than those to skip."""
        return answer(question, self.generation, self.encoder, skip=skip)

    def search_now(self, words: str, only: Filter = EVERYTHING, top_k: int = TOP_HITS) -> tuple[Hit, ...]:
        """The nearest passages, best first."""
        return search(words, self.generation, self.encoder, only=only, top_k=top_k)

    async def _run(self, work: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def view(self, passage_id: str) -> PassageView | None:
        """The passage with its neighbours of the same bulletin; None if there is none of that id."""
        generation = self.generation
        position = generation.position(passage_id)
        if position is None:
            return None
        passages = generation.passages
        return PassageView(
            passages[position], _neighbour(passages, position, -1), _neighbour(passages, position, 1)
        )

    def leads(self) -> tuple[Passage, ...]:
        """The first passage of each item: where its place or its bulletin differs from the one before."""
        passages = self.generation.passages
        paths = [(passage.file, passage.bulletin, passage.place_name) for passage in passages]
        return tuple(
            passages[spot] for spot in range(len(passages)) if spot == 0 or paths[spot] != paths[spot - 1]
        )

    def covered_places(self) -> tuple[str, ...]:
        """The names of the places covered, each once, in the order of the bulletins."""
        return tuple(place.name for place in self.generation.places)

    def close(self) -> None:
        """Wait for the question under way and let the thread go."""
        self._thread.shutdown(wait=True, cancel_futures=True)


def _neighbour(passages: Sequence[Passage], position: int, step: int) -> str | None:
    there = position + step
    if not 0 <= there < len(passages):
        return None
    passage, neighbour = passages[position], passages[there]
    same = (passage.file, passage.bulletin) == (neighbour.file, neighbour.bulletin)
    return neighbour.passage_id if same else None


def open_desk(settings: Settings) -> ReadingDesk:
    """The desk for the index in service or, where that is damaged, for the last whole one before it.

    Raises BulletinBotError if there is none that fits the settings.
    """
    from retrieval.encoder import load_encoder
    from retrieval.generations import load_serving
    from retrieval.pointer import read_pointer

    with suppress(DamagedIndexError):
        read_pointer(settings.index_dir)  # said before the model is loaded, which takes seconds
    encoder = load_encoder(settings.embedding_model, settings.model_cache, settings.embedding_threads)
    return ReadingDesk(load_serving(settings.index_dir, encoder.name), encoder)
