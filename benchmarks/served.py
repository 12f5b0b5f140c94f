"""The real bot on an emulated Telegram, with people who ask it; shared by the commands with crowds and outages."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.bot_api import Call, Emulator, Person
from tests.e2e.fault_proxy import FaultProxy

from bot.locales import ZH_HANT
from bot.operations.statistics import resident_bytes_of
from bot.settings import Settings

QUESTIONS = (
    ("北京榜樣每個月評出多少人?", "每月發佈10名月榜人物"),
    ("大連推出了多少個公益項目?", "112項公益項目"),
    ("深圳垃圾分類怎麼罰?", "沒有收錄「深圳」"),
)
_SAID = ZH_HANT.delivery
_NO_ANSWERS = (_SAID.wait, _SAID.too_many)
COMMAND = str(Path(sys.executable).with_name("bulletin-bot"))
_START_SECONDS = 180.0
_HELLO = 1


@dataclass(slots=True)
class Asked:
    """A question with the times of asking and of the answer."""

    person: int
    number: int
    at: float
    answered_at: float | None = None
    is_right: bool = False
    """Whether the answer in its place belongs to this question, that is, the order was preserved."""

    @property
    def wait(self) -> float:
        return (self.answered_at or float("inf")) - self.at


@dataclass(slots=True)
class Served:
    """A bot that has answered its first question, and the people who ask it."""

    telegram: Emulator
    proxy: FaultProxy
    process: subprocess.Popen[bytes]
    log: Path
    people: dict[int, Person] = field(default_factory=dict)

    def ask(self, person: int, number: int) -> Asked:
        """Let a person ask one of the questions."""
        if person not in self.people:
            self.people[person] = self.telegram.person(person)
        asked = Asked(person, number % len(QUESTIONS), time.monotonic())
        self.people[person].says(QUESTIONS[asked.number][0])
        return asked

    def wait_for(self, asked: Sequence[Asked], seconds: float) -> None:
        """Wait for as many answers as questions, and assign the answers."""
        counts = defaultdict[int, int](int)
        for one in asked:
            counts[one.person] += 1
        self.telegram.log.wait_until(lambda: self._have(counts) or None, seconds)
        self._match(asked)

    def _have(self, counts: dict[int, int]) -> bool:
        answers = self.answers()
        return all(len(answers[person]) >= count for person, count in counts.items())

    def _match(self, asked: Sequence[Asked]) -> None:
        answers = self.answers()
        assigned = defaultdict[int, int](int)
        for one in asked:
            position = assigned[one.person]
            assigned[one.person] += 1
            if position < len(answers[one.person]):
                call = answers[one.person][position]
                one.answered_at = call.finished
                one.is_right = QUESTIONS[one.number][1] in str(call.params["text"])

    def answers(self) -> defaultdict[int, list[Call]]:
        """Answers that Telegram accepted since the log was cleared, by chat."""
        by_chat = defaultdict[int, list[Call]](list)
        for call in filter(is_answer, self.telegram.calls):
            by_chat[chat_of(call)].append(call)
        return by_chat

    def notices(self, text: str) -> int:
        """Number of messages with this text."""
        return sum(call.params.get("text") == text for call in self.telegram.calls_of("sendMessage"))

    def megabytes(self) -> int:
        """Resident memory of the bot."""
        return resident_bytes_of(self.process.pid) // 2**20


def is_answer(call: Call) -> bool:
    """Whether Telegram accepted the call as an answer or as a part of one."""
    is_sent = call.method in ("sendMessage", "sendRichMessage") and bool(call.response.get("ok"))
    return is_sent and str(call.params.get("text")) not in _NO_ANSWERS


def chat_of(call: Call) -> int:
    """The chat to which a call sent something."""
    return int(str(call.params["chat_id"]))


def build_if_missing() -> None:
    """Build the index if there is none."""
    subprocess.run([COMMAND, "rebuild", "--if-missing"], check=True, capture_output=True)


@contextmanager
def served(**environment: str) -> Iterator[Served]:
    """The bot of this checkout with its index, behind the proxy; its state is empty."""
    build_if_missing()
    with running([COMMAND, "run"], environment) as bot:
        yield bot


@contextmanager
def running(
    command: Sequence[str], environment: Mapping[str, str] | None = None, *, is_direct: bool = False
) -> Iterator[Served]:
    """Any bot as a process of its own, after its first answer; behind the proxy, unless that would cost it time."""
    with tempfile.TemporaryDirectory() as folder, Emulator() as telegram, FaultProxy(telegram.port) as proxy:
        log, line = Path(folder) / "log", telegram if is_direct else proxy
        settings = {
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "TELEGRAM_BASE_URL": line.base_url,
            "TELEGRAM_BASE_FILE_URL": line.base_file_url,
            "STATE_DB": f"{folder}/state.sqlite3",
            "INDEX_DIR": str(Settings().index_dir.resolve()),
        }
        with log.open("wb") as written:
            process = subprocess.Popen(
                command,
                env={**os.environ, **settings, **(environment or {})},
                stdout=written,
                stderr=written,
            )
            try:
                bot = Served(telegram, proxy, process, log)
                bot.wait_for([bot.ask(_HELLO, 0)], _START_SECONDS)
                telegram.log.clear()
                yield bot
            finally:
                process.terminate()
                process.wait(30)


def at_times(times: Sequence[float], act: Callable[[int], Asked]) -> list[Asked]:
    """Call `act` with each number at its time in seconds from now; return the questions asked."""
    start, asked = time.monotonic(), []
    for number, at in enumerate(times):
        time.sleep(max(0.0, start + at - time.monotonic()))
        asked.append(act(number))
    return asked


def figures(asked: Sequence[Asked]) -> dict[str, object]:
    """Number of answers, of answers in order, and waiting times."""
    waits = sorted(one.wait for one in asked)
    return {
        "asked": len(asked),
        "answered": sum(one.answered_at is not None for one in asked),
        "in the order of their chat": sum(one.is_right for one in asked),
        "most waiting at once": most_at_once(asked),
        "wait p50, s": round(statistics.median(waits), 2),
        "wait p95, s": round(waits[int(len(waits) * 0.95)], 2),
        "wait max, s": round(waits[-1], 2),
    }


def most_at_once(asked: Sequence[Asked]) -> int:
    """Largest number of questions that waited at the same time."""
    changes = [(one.at, 1) for one in asked] + [(one.answered_at, -1) for one in asked if one.answered_at]
    now = most = 0
    for _, change in sorted(changes):
        now += change
        most = max(most, now)
    return most
