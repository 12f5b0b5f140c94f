"""The bot under a soak as a process of its own, and rebuilds as an operator starts them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.operations.statistics import resident_bytes_of

_STOP_SECONDS = 30.0
_LINES_KEPT = 200
_MARK = "本段已作第{number}次修訂。"
MARKS = re.compile("本段已作第[0-9]+次修訂。")
"""Text that a rebuild adds to a paragraph."""
_ERROR = re.compile(
    r"\b(?:ERROR|CRITICAL)\b|\[(?:error|critical)\s*\]|\"level\": ?\"(?:error|critical)\"|^Traceback \(most"
)
_SERVED = re.compile(r"\bThe generation \S+ is in service\b")


class SoakedBot:
    """A running bot: its memory, and the log lines that an operator would look at."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.errors: list[str] = []
        self.last_lines: deque[str] = deque(maxlen=_LINES_KEPT)
        self.swaps = 0
        self._process = subprocess.Popen(
            [*command, "run"],
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, args=(log,), daemon=True)
        self._reader.start()

    def _read(self, log: Path) -> None:
        assert self._process.stdout is not None
        with log.open("w", encoding="utf-8", buffering=1) as copy:
            for line in self._process.stdout:
                copy.write(line)
                self.last_lines.append(line.rstrip())
                self.swaps += bool(_SERVED.search(line))
                if _ERROR.search(line):
                    self.errors.append(line.rstrip()[:500])

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def megabytes(self) -> float:
        """Resident memory in bytes; 0 after it has ended."""
        try:
            return resident_bytes_of(self._process.pid) / 2**20
        except (OSError, IndexError):
            return 0.0

    def stop(self) -> int:
        """Ask it to stop as an operator does; return its exit status, -9 if it had to be killed."""
        if self.is_running:
            self._process.send_signal(signal.SIGTERM)
        try:
            status = self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        self._reader.join(_STOP_SECONDS)
        return status


@dataclass(slots=True)
class Rebuilds:
    """`bulletin-bot rebuild` at low priority, each time after a change of one paragraph."""

    command: Sequence[str]
    environment: Mapping[str, str]
    bulletins: Path
    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    _started: float = 0.0
    _process: subprocess.Popen[str] | None = None

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        """Change a paragraph and start a rebuild, unless one is running."""
        if self._process is not None:
            return
        change_a_paragraph(self.bulletins, len(self.seconds) + len(self.failures) + 1)
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            ["nice", "-n", "19", *self.command, "rebuild"],  # noqa: S607 - as an operator types it
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def look(self) -> None:
        """Record how the running rebuild ended, if it has."""
        if self._process is None or self._process.poll() is None:
            return
        written = self._process.communicate()[0]
        if self._process.returncode:
            self.failures.append(f"status {self._process.returncode}: {written[-500:]}")
        else:
            self.seconds.append(round(time.monotonic() - self._started, 1))
        self._process = None

    def stop(self) -> None:
        """End the running rebuild."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(_STOP_SECONDS)
        self._process = None


def change_a_paragraph(folder: Path, number: int) -> None:
    """Write a sentence that counts the changes at the end of one paragraph, a different one each time."""
    path = next(path for path in sorted(folder.iterdir()) if path.is_file())
    lines = MARKS.sub("", path.read_text(encoding="utf-8")).split("\n")
    paragraphs = [
        number for number, line in enumerate(lines) if len(line) > 100 and line.rstrip().endswith("。")
    ]
    lines[paragraphs[number % len(paragraphs)]] += _MARK.format(number=number)
    path.write_text("\n".join(lines), encoding="utf-8")
