"""`make upgrade`: installs what the present checkout asks for, and goes back if it does not answer a question.

Kept until the new installation has answered: the environment, a copy of the state, and the pointer of the index. If it
does not answer, all three are put back. Runs on the system's Python without any package. Stop the bot first.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

SUFFIX = ".before-upgrade"
QUESTION = "簡報說到哪些地方?"
EXTRAS = ("ocr", "postgres", "wording")
"""Commands of make that add packages; each leaves a stamp in the environment."""
Step = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Installation:
    """The paths that an upgrade may change."""

    environment: Path
    state: Path
    pointer: Path


def main() -> None:
    """Upgrade the installation in the working folder; exit status 1 and a sentence if it was put back."""
    settings = {**_lines_of(Path(".env")), **os.environ}
    installation = Installation(
        Path(".venv"),
        Path(settings.get("STATE_DB") or "data/state/bot.sqlite3"),
        Path(settings.get("INDEX_DIR") or "data/index") / "current",
    )
    sys.exit(0 if upgrade(installation, partial(_install, installation), _answers) else 1)


def upgrade(installation: Installation, install: Step, answers: Step) -> bool:
    """Whether the new installation answers; if not, everything is as it was before."""
    _set_aside(installation)
    if install() and answers():
        _forget(installation)
        sys.stdout.write("The new installation answers: start the bot again.\n")
        return True
    _put_back(installation)
    sys.stderr.write(
        "The new installation does not answer, so the earlier environment, state and index are back. "
        "Check out the version that ran before, start the bot, and report the lines above.\n"
    )
    return False


def _set_aside(installation: Installation) -> None:
    """Copies first, the environment last: a failure before that leaves everything in place."""
    if installation.state.is_file():
        copy = _kept(installation.state)
        copy.unlink(missing_ok=True)
        with closing(sqlite3.connect(installation.state)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        copy.chmod(0o600)
    if installation.pointer.is_file():
        shutil.copy2(installation.pointer, _kept(installation.pointer))
    if installation.environment.exists():
        if _kept(installation.environment).exists():
            shutil.rmtree(_kept(installation.environment))
        installation.environment.rename(_kept(installation.environment))


def _put_back(installation: Installation) -> None:
    if _kept(installation.environment).exists():
        shutil.rmtree(installation.environment, ignore_errors=True)
        _kept(installation.environment).rename(installation.environment)
    if _kept(installation.state).is_file():
        for suffix in ("-wal", "-shm"):  # a log of the newer schema would be applied to the earlier file
            installation.state.with_name(installation.state.name + suffix).unlink(missing_ok=True)
        _kept(installation.state).replace(installation.state)
    if _kept(installation.pointer).is_file():
        _kept(installation.pointer).replace(installation.pointer)


def _forget(installation: Installation) -> None:
    shutil.rmtree(_kept(installation.environment), ignore_errors=True)
    _kept(installation.state).unlink(missing_ok=True)
    _kept(installation.pointer).unlink(missing_ok=True)


def _kept(path: Path) -> Path:
    return path.with_name(path.name + SUFFIX)


def _install(installation: Installation) -> bool:
    command = ["make", ".venv/.installed", *extras_before(installation)]
    return subprocess.run(command, check=False).returncode == 0


def extras_before(installation: Installation) -> list[str]:
    """The extras of the environment that was set aside: the new one gets them too."""
    return [extra for extra in EXTRAS if (_kept(installation.environment) / f".installed-{extra}").exists()]


def _answers() -> bool:
    """Whether an index of this version is there or can be built, the state opens, and a question gets an answer."""
    program = ".venv/bin/bulletin-bot"
    if subprocess.run([program, "rebuild", "--if-missing"], check=False).returncode != 0:
        return False
    if subprocess.run([program, "doctor", "--offline"], check=False).returncode != 0:
        return False
    asked = subprocess.run([program, "ask", "--json", QUESTION], check=False, capture_output=True, text=True)
    try:
        return asked.returncode == 0 and bool(json.loads(asked.stdout)["hits"])
    except (ValueError, KeyError):
        return False


def _lines_of(file: Path) -> dict[str, str]:
    """The settings of a `.env` file, as plain `NAME=value` lines."""
    if not file.is_file():
        return {}
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}


if __name__ == "__main__":
    main()
