"""Bots forked from a process that has imported their modules: each is a process of its own, up in a fifth of the time."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.e2e import light_bot, without_model
from tests.e2e.conftest import BotProcess

import bot.cli.run

__all__ = ["ForkedBot", "ForkedCommand"]

_SECONDS = 60.0
_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload([__name__, bot.cli.run.__name__])


def _light_bot() -> None:
    sys.exit(light_bot.main())


def _command() -> None:
    without_model.run_command(["run"])


class ForkedBot(BotProcess):
    """The light bot, without the 1.2 s of processor time that its imports take."""

    program: Callable[[], None] = staticmethod(_light_bot)

    def __init__(self, environment: dict[str, str], command: Sequence[str | Path], folder: Path) -> None:
        del command  # `program` is what it names
        number = sum(1 for _ in folder.glob("*.log"))
        self._log = folder / f"{number}.log"
        self._log.touch()
        self._forked = _FORKING.Process(target=_serve, args=(self.program, environment, folder, self._log))
        self._forked.start()

    @property
    def output(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def wait(self, seconds: float = _SECONDS) -> int:
        self._forked.join(seconds)
        if self._forked.exitcode is None:
            raise TimeoutError
        return self._forked.exitcode

    def terminate(self) -> int:
        self._forked.terminate()
        return self.wait()

    def send(self, number: int) -> None:
        os.kill(self.pid, number)

    @property
    def pid(self) -> int:
        assert self._forked.pid is not None
        return self._forked.pid

    @property
    def has_ended(self) -> bool:
        return self._forked.exitcode is not None

    def kill_if_running(self) -> None:
        if not self.has_ended:
            self._forked.kill()
            self.wait()


class ForkedCommand(ForkedBot):
    """`bulletin-bot run` with character hashes in place of the model."""

    program = staticmethod(_command)


def _serve(program: Callable[[], None], environment: Mapping[str, str], folder: Path, log: Path) -> None:
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.environ.update(environment)
    os.chdir(folder)
    program()
