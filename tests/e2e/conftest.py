"""The real bot as a process of its own, against the emulator on loopback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.bot_api import Emulator

_START_SECONDS = 90.0
_STOP_SECONDS = 20.0
_OUTPUT_SECONDS = 15.0
COMMAND = Path(sys.executable).with_name("bulletin-bot")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a test of real processes, sockets and clocks be tried once more: a busy machine is no defect of the bot."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))


class BotProcess:
    """A running `bulletin-bot run`, with everything it has written so far."""

    def __init__(
        self,
        environment: dict[str, str],
        command: Sequence[str | Path] = (COMMAND, "run"),
        folder: Path | None = None,
    ) -> None:
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._written: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        self._written.extend(self._process.stdout)

    @property
    def output(self) -> str:
        return "".join(self._written)

    def wait_for_output(self, text: str, start: int = 0, seconds: float = _OUTPUT_SECONDS) -> bool:
        """Whether the text is written behind `start` characters of the output, now or before the time is up."""
        end = time.monotonic() + seconds
        while text not in self.output[start:] and time.monotonic() < end:
            time.sleep(0.05)
        return text in self.output[start:]

    def wait(self, seconds: float = _START_SECONDS) -> int:
        """The exit status, once the process has ended and all its output is read."""
        status = self._process.wait(seconds)
        self._reader.join(seconds)
        return status

    def terminate(self) -> int:
        """Ask it to stop as an operator does, and wait until it has."""
        self._process.send_signal(signal.SIGTERM)
        return self.wait(_STOP_SECONDS)

    def send(self, number: int) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def kill_if_running(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self.wait()


def _environment(telegram: Emulator, index: Path, state: Path) -> dict[str, str]:
    return {
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_BASE_URL": telegram.base_url,
        "TELEGRAM_BASE_FILE_URL": telegram.base_file_url,
        "INDEX_DIR": str(index),
        "STATE_DB": str(state),
        "LOG_LEVEL": "DEBUG",
    }


StartBot = Callable[..., BotProcess]


@pytest.fixture
def telegram() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.fixture
def start_bot(telegram: Emulator, seed_index: Path, tmp_path: Path) -> Iterator[StartBot]:
    """Starts bots with the emulator's addresses in their environment; stops what still runs at the end."""
    started: list[BotProcess] = []

    def start(**environment: str) -> BotProcess:
        started.append(
            BotProcess({**_environment(telegram, seed_index, tmp_path / "state.sqlite3"), **environment})
        )
        return started[-1]

    with _working_in(tmp_path):
        yield start
    for process in started:
        process.kill_if_running()


@pytest.fixture(scope="module")
def conversation(seed_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """One bot for a whole module, for tests that only talk to it."""
    with Emulator() as emulator:
        process = BotProcess(
            _environment(emulator, seed_index, tmp_path_factory.mktemp("state") / "state.sqlite3")
        )
        yield emulator
        process.kill_if_running()


@contextmanager
def _working_in(folder: Path) -> Iterator[None]:
    """Away from the checkout, so that no `.env` of the person who runs the tests is read."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
