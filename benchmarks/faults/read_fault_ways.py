"""The ways of damage that `read_faults` tries, by name."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from retrieval.embedding.bundled.tokenizer import TOKENIZER_FILE
from retrieval.index.generations import current_folder, generation_folders

_SECONDS_TO_NOTICE = 3.0


@dataclass(slots=True)
class Ground:
    """The files of one bot, and the environment it gets besides."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    _locks: list[sqlite3.Connection] = field(default_factory=list)

    @property
    def index(self) -> Path:
        return self.folder / "index"

    @property
    def state(self) -> Path:
        return self.folder / "state/bot.sqlite3"

    @property
    def model(self) -> Path:
        (folder,) = (path for path in (self.folder / "models").iterdir() if path.is_dir())
        return folder

    def part(self, name: str = "tokens/codes.npy") -> Path:
        """A file of the generation in service."""
        return current_folder(self.index) / name

    def sql(self, statement: str) -> None:
        """Change the state from outside."""
        with sqlite3.connect(self.state) as connection:
            connection.execute(statement)
        connection.close()

    def lock_state(self) -> None:
        """Hold the lock of the state as another process would."""
        self._locks.append(sqlite3.connect(self.state, isolation_level=None))
        self._locks[-1].execute("BEGIN IMMEDIATE")

    def let_go(self) -> None:
        """Release it."""
        for connection in self._locks:
            connection.close()


Damage = Callable[[Ground], object]


def _zeros(path: Path, at: int, count: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(bytes(count))


def _halved(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _everything_empty(*folders: Path) -> None:
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        path.write_bytes(b"")


def _emptied(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def _replaced_by_a_text(path: Path) -> None:
    path.unlink()
    path.write_text("notes " * 999, encoding="utf-8")


def _in_its_place(path: Path) -> None:
    """A file where a folder should be."""
    shutil.rmtree(path)
    path.write_bytes(b"")


def _setting(**environment: str) -> Damage:
    return lambda ground: ground.environment.update(environment)


def _noticed(damage: Damage) -> Damage:
    """The damage, and the time in which the bot notices it."""

    def do(ground: Ground) -> None:
        damage(ground)
        time.sleep(_SECONDS_TO_NOTICE)

    return do


def _all_rows(garbage: str) -> Damage:
    def do(ground: Ground) -> None:
        for table, column in (
            ("turns", "turn"),
            ("sent", "messages"),
            ("answers", "quotes"),
            ("answers", "turn"),
        ):
            ground.sql(f"UPDATE {table} SET {column} = '{garbage}'")  # noqa: S608 - constants

    return do


BEFORE: dict[str, Damage] = {
    "index: a part is missing": lambda ground: ground.part().unlink(),
    "index: a part is cut short": lambda ground: _halved(ground.part()),
    "index: zeros in a part": lambda ground: _zeros(ground.part(), 500, 100),
    "index: a part is empty": lambda ground: ground.part("passages/ids.npy").write_bytes(b""),
    "index: the pointer is garbage": lambda ground: (ground.index / "current").write_bytes(b"\xff\x00"),
    "index: the pointer is missing": lambda ground: (ground.index / "current").unlink(),
    "index: the generation in service is gone": lambda ground: shutil.rmtree(current_folder(ground.index)),
    "index: the manifest is missing": lambda ground: ground.part("manifest.json").unlink(),
    "index: the manifest is garbage": lambda ground: ground.part("manifest.json").write_bytes(b"{"),
    "index: every generation is empty": lambda ground: _everything_empty(*generation_folders(ground.index)),
    "index: nothing is there": lambda ground: shutil.rmtree(ground.index),
    "index: a file in its place": lambda ground: _in_its_place(ground.index),
    "state: a text": lambda ground: ground.state.write_text("notes " * 999, encoding="utf-8"),
    "state: empty": lambda ground: ground.state.write_bytes(b""),
    "state: its beginning is zeros": lambda ground: _zeros(ground.state, 0, 4096),
    "state: a page of zeros": lambda ground: _zeros(ground.state, 8192, 4096),
    "state: cut short": lambda ground: _halved(ground.state),
    "state: of a newer program": lambda ground: ground.sql("PRAGMA user_version = 99"),
    "state: of another program": lambda ground: ground.sql("PRAGMA application_id = 1"),
    "state: of another bot": lambda ground: ground.sql("UPDATE keys SET key = '1' WHERE purpose = 'bot_id'"),
    "state: rows of garbage": _all_rows("{"),
    "state: an unfinished update of garbage": lambda ground: ground.sql(
        "INSERT INTO updates VALUES (5, 'x', '{', 1, 0, NULL)"
    ),
    "state: locked": Ground.lock_state,
    "state: a file for its folder": lambda ground: _in_its_place(ground.state.parent),
    "config: no bot token": _setting(TELEGRAM_BOT_TOKEN="abc"),  # noqa: S106 - none
    "config: a name among the admins": _setting(ADMIN_IDS="me"),
    "config: a port too high": _setting(METRICS_PORT="99999"),
    "config: a webhook without encryption": _setting(WEBHOOK_URL="http://example.org"),
    "config: a folder without an index": _setting(INDEX_DIR="elsewhere"),
    "clock: rows of 400 days ahead": lambda ground: ground.sql("UPDATE answers SET at = at + 34560000"),
    "clock: pruned 400 days ahead": lambda ground: ground.sql(
        "INSERT OR REPLACE INTO keys VALUES ('pruned_at', CAST(unixepoch() + 34560000 AS TEXT))"
    ),
}
SERVING: dict[str, Damage] = {
    "index, serving: a part is cut short": _noticed(lambda ground: _halved(ground.part())),
    "index, serving: a part is gone": _noticed(lambda ground: ground.part().unlink()),
    "index, serving: every part is empty": _noticed(lambda ground: _everything_empty(ground.index)),
    "index, serving: nothing is there": _noticed(lambda ground: shutil.rmtree(ground.index)),
    "state, serving: deleted": _noticed(lambda ground: ground.state.unlink()),
    "state, serving: its folder deleted": _noticed(lambda ground: shutil.rmtree(ground.state.parent)),
    "state, serving: a text in its place": _noticed(lambda ground: _replaced_by_a_text(ground.state)),
    "state, serving: written over with zeros": _noticed(lambda ground: _zeros(ground.state, 0, 8192)),
    "state, serving: locked": Ground.lock_state,
}
MODEL: dict[str, Damage] = {
    "model: 4 MB of zeros in the weights": lambda ground: _zeros(
        ground.model / "ctranslate2/model.bin", 30_000_000, 4_000_000
    ),
    "model: the weights are cut short": lambda ground: _halved(ground.model / "ctranslate2/model.bin"),
    "model: the tokenizer is missing": lambda ground: (ground.model / TOKENIZER_FILE).unlink(),
    "model: its folder is empty": lambda ground: _emptied(ground.model),
    "model: a file for its cache": lambda ground: _in_its_place(ground.folder / "models"),
}
