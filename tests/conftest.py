"""Fixtures of several tests. Models and indexes are loaded once a session: they are slow and never change."""

from __future__ import annotations

import logging
import socket
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import hypothesis
import pytest

from bot.serving.answerer import Answerer
from bot.settings import Settings, load_settings
from retrieval.building.builder import build_generation, write_generation
from retrieval.embedding.encoder import load_encoder
from retrieval.index.generations import load_current
from retrieval.index.index import Index
from retrieval.reading.structure.passage_builder import read_collection
from retrieval.storage.manifests import hash_sources
from retrieval.types import Encoder, Passage, Reading
from tests.admins import talking
from tests.chatting import Chat, new_chat
from tests.doubles import SMALL_PASSAGES, HashEncoder, loaded
from tests.e2e.bot_api.in_process import Telegram

DATA = Path(__file__).parents[1] / "data"
BULLETINS = DATA / "bulletins"

# The same examples every time, and no deadline: a busy machine must not make a test red.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """A command that is run in this process configures the log, which must not outlive its test."""
    root = logging.getLogger()
    handlers, level, hooks = list(root.handlers), root.level, (sys.excepthook, threading.excepthook)
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook, threading.excepthook = hooks
    logging.captureWarnings(capture=False)


@pytest.fixture(scope="session", autouse=True)
def _no_state_in_the_checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Applications remember in memory, and conversions are kept for this session, unless a test says where."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STATE_DB", ":memory:")
        patch.setenv("CONVERSION_CACHE", str(tmp_path_factory.mktemp("conversions")))
        yield


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The bundled model on one thread: two that wait for each other are many times slower on a busy machine."""
    return load_encoder("bundled", Settings().model_cache, threads=1)


@pytest.fixture(scope="session")
def seed_reading() -> Reading:
    """The seven bulletins as read."""
    return read_collection(BULLETINS)


@pytest.fixture(scope="session")
def seed_index(encoder: Encoder, seed_reading: Reading, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index folder with one generation of the seven bulletins; copy it before changing anything in it."""
    folder = tmp_path_factory.mktemp("seed") / "index"
    sources = {passage.file: BULLETINS / passage.file for passage in seed_reading.passages}
    parts = build_generation(seed_reading.passages, encoder)
    write_generation(parts, encoder, folder, hash_sources(sources))
    return folder


@pytest.fixture(scope="session")
def index(seed_index: Path, encoder: Encoder) -> Index:
    """The seven bulletins as they are served."""
    return load_current(seed_index, encoder.name)


@pytest.fixture(scope="session")
def answerer(index: Index, encoder: Encoder) -> Iterator[Answerer]:
    """The answerer that answers from the seven bulletins."""
    answerer = Answerer(index, encoder)
    yield answerer
    answerer.close()


@pytest.fixture
def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture
async def chat(answerer: Answerer) -> AsyncIterator[Chat]:
    """A private chat in Traditional Chinese with the bot; every call it makes must be one that Telegram takes."""
    made = new_chat(answerer)
    async with made.application:
        yield made
    assert made.request.refused == []


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Folders of bulletins and of an index that a test may fill."""
    (tmp_path / "bulletins").mkdir()
    return load_settings(bulletins_dir=tmp_path / "bulletins", index_dir=tmp_path / "index")


@pytest.fixture
async def admin(settings: Settings, answerer: Answerer) -> AsyncIterator[Telegram]:
    """An admin in a private chat with the bot."""
    async with talking(settings, answerer, admin=7) as telegram:
        yield telegram


@pytest.fixture
async def stranger(settings: Settings, answerer: Answerer) -> AsyncIterator[Telegram]:
    """A person who is no admin of a bot that has one."""
    async with talking(settings, answerer, admin=8) as telegram:
        yield telegram


@pytest.fixture(scope="session")
def small_passages() -> tuple[Passage, ...]:
    """Six passages about three places, with one that is about none."""
    return SMALL_PASSAGES


@pytest.fixture(scope="session")
def small_index(small_passages: tuple[Passage, ...]) -> Index:
    """The small passages under the encoder of character hashes, in memory."""
    small_encoder = HashEncoder()
    return loaded(build_generation(small_passages, small_encoder), small_encoder)
