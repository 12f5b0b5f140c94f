"""Readers of the pages: a client without a network at the application, over passages made up for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack

import httpx
import pytest

from bot.serving.answerer import Answerer
from bot.settings import load_settings
from bot.web import web_application
from retrieval.building.builder import build_generation
from retrieval.types import Passage
from tests.doubles import SMALL_PASSAGES, HashEncoder, loaded, make_passage

SECRET = "123456789:AAF_abcdefghijklmnopqrstuvwxyz-01234"

Reader = httpx.AsyncClient
MakeReader = Callable[..., Reader]


def answerer_of(passages: Sequence[Passage]) -> Answerer:
    """An answerer of the passages; to be closed."""
    encoder = HashEncoder()
    return Answerer(loaded(build_generation(passages, encoder), encoder), encoder)


@pytest.fixture(scope="module")
def small() -> Iterator[Answerer]:
    """The answerer of six passages of three bulletins."""
    made = answerer_of(SMALL_PASSAGES)
    yield made
    made.close()


@pytest.fixture
async def reader_of() -> AsyncIterator[MakeReader]:
    """Makes readers at an answerer under settings, from an address."""
    async with AsyncExitStack() as stack:

        def make(
            answerer: Answerer, *, address: str = "203.0.113.5", scheme: str = "http", **given: object
        ) -> Reader:
            application = web_application(load_settings(**given), answerer, SECRET)
            transport = httpx.ASGITransport(application, client=(address, 50_000))
            client = Reader(transport=transport, base_url=f"{scheme}://localhost")
            stack.push_async_callback(client.aclose)
            return client

        yield make


@pytest.fixture
def reader(reader_of: MakeReader, small: Answerer) -> Reader:
    """A reader of the six passages under the default settings."""
    return reader_of(small)


__all__ = ["SECRET", "MakeReader", "Reader", "answerer_of", "make_passage"]
