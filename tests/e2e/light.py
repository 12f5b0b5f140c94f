"""Starts the light bot behind the fault proxy, for tests of the connection to Telegram."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.bot_api import Emulator, Person, SentMessage
from tests.e2e.bot_api.sent_message import seen
from tests.e2e.bot_api.state import State
from tests.e2e.conftest import BotProcess
from tests.e2e.fault_proxy import FaultProxy

ROOT = Path(__file__).parents[2]
START_SECONDS = 60.0
QUESTIONS = {
    "志願者走進社區做什麼?": "教老人使用手機",
    "每月發佈多少名月榜人物?": "10名",
    "《市民修身手冊》發放多少冊?": "5萬冊",
}
QUESTION, ANSWER = next(iter(QUESTIONS.items()))


@dataclass(slots=True)
class Rig:
    """An emulated Telegram, the proxy before it, and the bots that were started behind that."""

    telegram: Emulator
    proxy: FaultProxy
    folder: Path
    process: type[BotProcess] = BotProcess
    started: list[BotProcess] = field(default_factory=list)

    def start(self, **environment: str) -> BotProcess:
        """A bot with the state of the one before it."""
        given = {
            "TELEGRAM_BOT_TOKEN": self.telegram.token,
            "TELEGRAM_BASE_URL": self.proxy.base_url,
            "TELEGRAM_BASE_FILE_URL": self.proxy.base_file_url,
            "STATE_DB": str(self.folder / "state.sqlite3"),
            "LOG_LEVEL": "INFO",
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
            "OMP_NUM_THREADS": "1",
        }
        command = [sys.executable, "-m", "tests.e2e.light_bot"]
        self.started.append(self.process({**given, **environment}, command, self.folder))
        return self.started[-1]


@contextmanager
def rig(
    folder: Path, *, flood_control: bool = False, process: type[BotProcess] = BotProcess
) -> Iterator[Rig]:
    """All of it, each bot in such a process; what still runs at the end is stopped."""
    with Emulator(flood_control=flood_control) as telegram, FaultProxy(telegram.port) as proxy:
        made = Rig(telegram, proxy, folder, process)
        try:
            yield made
        finally:
            for bot in made.started:
                bot.kill_if_running()


def answers_to(person: Person, asked: SentMessage) -> list[SentMessage]:
    """What the bot has sent since a message, as it stands now."""

    def look(state: State) -> list[SentMessage]:
        messages = state.chats[asked.chat_id].messages.items()
        return [
            seen(message)
            for number, message in messages
            if number > asked.message_id and message.sender.is_bot
        ]

    return person.telegram.look(look)


def lines(output: str, level: str) -> list[str]:
    """What the lines of a log at a level say."""
    records = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return [record["event"] for record in records if record["level"] == level]


def kill(process: BotProcess) -> None:
    """As `kill -9` does."""
    process.send(signal.SIGKILL)
    process.wait()
