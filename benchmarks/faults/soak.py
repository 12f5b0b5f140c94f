"""Runs the bot for hours: `python -m benchmarks.faults.soak [MINUTES] [PER_SECOND]` (120 minutes, 5 a second).

The real bot as a process, with the bundled model and a copy of the bulletins, against the emulator in this process:
many people ask, search, press, go on and browse; every 5 minutes one paragraph changes and `bulletin-bot rebuild` runs
at low priority. Exit status 1 if anything was not answered, was refused by the emulator, was quoted wrongly or was
logged as an error; if a rebuild failed or was not served; or, in a run of 20 minutes and more, if memory at the end is
over 5 % above that after the first ten minutes or the 95th percentile of waits rises. Results are written every
minute, so that an interrupted run (Ctrl-C) keeps its figures.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests.e2e.bot_api import Emulator
from tests.e2e.bot_api.state import State

from benchmarks.faults.soak_bot import MARKS, Rebuilds, SoakedBot
from benchmarks.faults.soak_figures import Figures, Sample
from benchmarks.faults.soak_people import LOST_AFTER, People
from benchmarks.machine import commit
from benchmarks.rebuilds import RESULTS

ROOT = Path(__file__).parents[2]
COMMAND = (str(Path(sys.executable).with_name("bulletin-bot")),)
_START_SECONDS = 180.0
_TICK = 0.02
_SAMPLE_EVERY = 10.0
_TELL_EVERY = 60.0
_MESSAGES_KEPT = 12
# The bot takes 60 messages a minute of each person: with these many, nobody comes near.
_PEOPLE_FOR_ONE_A_SECOND = 30
_FEWEST_PEOPLE = 60


@dataclass(frozen=True, slots=True)
class Plan:
    """Duration, load and inputs of a run."""

    minutes: float = 120.0
    per_second: float = 5.0
    rebuild_minutes: float = 5.0
    command: Sequence[str] = COMMAND
    result: Path = RESULTS / "soak.json"
    bulletins: Path = ROOT / "data" / "bulletins"


@dataclass(slots=True)
class Soak:
    """A run: the bot, the people, the rebuilds and the figures so far."""

    plan: Plan
    bot: SoakedBot
    people: People
    rebuilds: Rebuilds
    figures: Figures
    source: str
    started: float = field(default_factory=time.monotonic)
    stopped: bool = False
    acts: int = 0
    rebuilds_begun: int = 0
    reported: float = 0.0
    sampled: float = 0.0

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def run(self) -> None:
        """Run until the time is over, the bot has ended or Ctrl-C; then wait for the open acts."""
        while self.seconds < self.plan.minutes * 60 and not self.stopped and self.bot.is_running:
            self._act()
            self._settle()
            self._rebuild()
            self._report()
            time.sleep(_TICK)
        end = self.seconds + LOST_AFTER + 1
        while self.people.waiting and self.seconds < end and self.bot.is_running:
            self._settle()
            time.sleep(_TICK)
        while not self.stopped and self.seconds < end and not self._is_served():
            self.rebuilds.look()
            time.sleep(_TICK)

    def _act(self) -> None:
        while self.acts < self.seconds * self.plan.per_second:
            act = self.people.act()
            if act is None:  # all wait: the bot is further behind than there are people
                return
            self.acts += 1
            self.figures.acts[act.kind] += 1

    def _settle(self) -> None:
        for act in self.people.settle():
            self.figures.add(act, (act.at - self.started) / 60, self.source)

    def _rebuild(self) -> None:
        self.rebuilds.look()
        every = self.plan.rebuild_minutes * 60
        is_late = self.plan.minutes * 60 - self.seconds < every / 3
        if self.seconds >= (self.rebuilds_begun + 1) * every and not self.rebuilds.is_running and not is_late:
            self.rebuilds_begun += 1
            self.rebuilds.start()

    def _is_served(self) -> bool:
        return not self.rebuilds.is_running and self.bot.swaps >= len(self.rebuilds.seconds)

    def _report(self) -> None:
        now = self.seconds
        if now - self.sampled >= min(_SAMPLE_EVERY, self.plan.minutes * 6):
            self.sampled = now
            answered = sum(self.figures.answered.values())
            self.figures.samples.append(
                Sample(
                    now / 60,
                    self.bot.megabytes(),
                    answered,
                    self.people.waiting,
                    round(os.getloadavg()[0], 1),
                )
            )
        if now - self.reported >= _TELL_EVERY:
            self.reported = now
            self.people.telegram.look(_forget)
            self.write("running")
            print(self._line(), flush=True)

    def _line(self) -> str:
        figures, last = self.figures, self.figures.samples[-1]
        recent = figures.p95_by_window()
        return (
            f"{self.seconds / 60:6.1f} min  {sum(figures.answered.values())} answered  {self.people.waiting} wait"
            f"  p95 {recent[-1] if recent else 0:.2f} s  {last.megabytes:.0f} MB"
            f"  {len(self.rebuilds.seconds)} rebuilds, {self.bot.swaps} served  {len(self.faults())} kinds of fault"
        )

    def faults(self) -> list[str]:
        """Violations of what must hold at any time."""
        checks = [
            (bool(self.bot.errors), f"{len(self.bot.errors)} errors in the log"),
            (bool(self.people.refused), f"{len(self.people.refused)} calls that Telegram refuses"),
            (bool(self.rebuilds.failures), f"{len(self.rebuilds.failures)} rebuilds failed"),
        ]
        return [*(fault for failed, fault in checks if failed), *self.figures.faults()]

    def write(self, state: str, failures: Sequence[str] = ()) -> dict[str, object]:
        """Write the figures so far atomically, and return them."""
        known: dict[str, object] = {
            "state": state,
            "failures": list(failures),
            **circumstances(),
            "minutes": round(self.seconds / 60, 1),
            "a second": self.plan.per_second,
            "people": self.people.count,
            "rebuilds": len(self.rebuilds.seconds),
            "seconds a rebuild": self.rebuilds.seconds,
            "rebuilds served": self.bot.swaps,
            "rebuilds failed": self.rebuilds.failures,
            "errors in the log": self.bot.errors[:20],
            "refused by the emulator": self.people.refused[:20],
            **self.figures.as_json(),
        }
        self.plan.result.parent.mkdir(exist_ok=True)
        partial = self.plan.result.with_suffix(".part")
        partial.write_text(_json(known), encoding="utf-8")
        partial.replace(self.plan.result)
        return known


def _forget(state: State) -> None:
    state.forget(_MESSAGES_KEPT)


def _json(known: dict[str, object]) -> str:
    """JSON with one figure a line: the samples are many."""
    lines = (f" {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in known.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def circumstances() -> dict[str, object]:
    """Time, machine and versions of the run."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
        "load at the end": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "commit": commit(),
    }


def development_questions() -> list[str]:
    """Every question of data/eval, answerable or not."""
    files = sorted((ROOT / "data" / "eval").glob("questions*.jsonl"))
    lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines())
    return [str(json.loads(line)["q"]) for line in lines if line.strip()]


def soak(plan: Plan) -> dict[str, object]:
    """Run everything; return the figures and the failures."""
    with tempfile.TemporaryDirectory() as name, Emulator() as telegram:
        folder = Path(name)
        shutil.copytree(plan.bulletins, folder / "bulletins")
        environment = _environment(telegram, folder)
        subprocess.run([*plan.command, "rebuild"], env={**os.environ, **environment}, check=True)
        bot = SoakedBot(plan.command, environment, folder / "bot.log")
        rebuilds = Rebuilds(plan.command, environment, folder / "bulletins")
        try:
            _wait_until_it_polls(telegram, bot)
            count = max(_FEWEST_PEOPLE, round(plan.per_second * _PEOPLE_FOR_ONE_A_SECOND))
            people = People(telegram, development_questions(), count)
            run = Soak(plan, bot, people, rebuilds, Figures(plan.minutes), _source(folder / "bulletins"))
            return _run(run)
        finally:
            rebuilds.stop()
            bot.stop()


def _run(run: Soak) -> dict[str, object]:
    def stop(_number: int, _frame: object) -> None:
        run.stopped = True

    before = [(number, signal.signal(number, stop)) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        run.run()
        failures = [*run.faults(), *run.figures.trends()]
        if not run.bot.is_running:
            failures.append(f"the bot ended by itself: {' | '.join([*run.bot.last_lines][-5:])}")
        elif not run.stopped and run.bot.swaps < len(run.rebuilds.seconds):
            failures.append("not every rebuild was served")
        status = run.bot.stop()
        if status:
            failures.append(f"the bot ended with status {status} when it was asked to stop")
        state = "broken off" if run.stopped else "failed" if failures else "passed"
        return run.write(state, failures)
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _source(folder: Path) -> str:
    texts = (path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()) if path.is_file())
    return MARKS.sub("", "\n".join(texts))


def _environment(telegram: Emulator, folder: Path) -> dict[str, str]:
    return {
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_BASE_URL": telegram.base_url,
        "TELEGRAM_BASE_FILE_URL": telegram.base_file_url,
        "BULLETINS_DIR": str(folder / "bulletins"),
        "INDEX_DIR": str(folder / "index"),
        "STATE_DB": str(folder / "state.sqlite3"),
        "LOG_LEVEL": "INFO",
    }


def _wait_until_it_polls(telegram: Emulator, bot: SoakedBot) -> None:
    end = time.monotonic() + _START_SECONDS
    while not any(call.method == "getMe" for call in telegram.calls):
        if not bot.is_running or time.monotonic() > end:
            raise SystemExit(f"The bot has not started: {' | '.join([*bot.last_lines][-5:])}")
        time.sleep(0.1)


def main() -> int:
    minutes, per_second = (
        float(sys.argv[position]) if len(sys.argv) > position else default
        for position, default in ((1, 120.0), (2, 5.0))
    )
    figures = soak(Plan(minutes, per_second))
    print(_json({name: value for name, value in figures.items() if name != "samples"}))
    return 0 if figures["state"] == "passed" else 1


if __name__ == "__main__":
    sys.exit(main())
