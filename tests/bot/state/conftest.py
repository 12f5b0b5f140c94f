"""A database with a clock that the test sets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.state import Database, homes


@dataclass
class Clock:
    seconds: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["file", "server"])
def database(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Database]:
    """A state of either home: what the stores do is the same on both."""
    url = str(request.getfixturevalue("state_url")) if request.param == "server" else None
    opened = homes.open_home(tmp_path / "state" / "bot.sqlite3", url).open(clock)
    yield opened
    opened.close()
