"""The bot as a process, while its index is damaged, rebuilt and rolled back beside it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from bot.operations.rebuilding import build
from bot.settings import Settings
from retrieval.index.generations import current_folder, roll_back
from retrieval.types import Encoder
from tests.conftest import BULLETINS
from tests.e2e.bot_api import Emulator
from tests.e2e.conftest import BotProcess, StartBot

QUESTION = "北京榜樣每個月評出多少人?"
FIRST_REPLY_SECONDS = 90.0
SWAP_SECONDS = 30.0


def test_a_damaged_index_a_rebuild_and_a_rollback_never_stop_the_answers(
    telegram: Emulator, start_bot: StartBot, seed_index: Path, tmp_path: Path, encoder: Encoder
) -> None:
    shutil.copytree(seed_index, tmp_path / "index")
    shutil.copytree(BULLETINS, tmp_path / "bulletins")
    settings = Settings(
        index_dir=tmp_path / "index",
        bulletins_dir=tmp_path / "bulletins",
        development_questions=tmp_path / "none",
    )
    build(settings, encoder=encoder)
    flip_a_bit(current_folder(settings.index_dir) / "sentences.faiss")

    bot = start_bot(INDEX_DIR=str(settings.index_dir))
    person = telegram.person(7)
    person.says(QUESTION)
    assert "每月發佈10名月榜人物" in person.waits_for_message(timeout=FIRST_REPLY_SECONDS).text
    assert "sentences.faiss is damaged" in bot.output
    assert "is served instead." in bot.output

    (file,) = settings.bulletins_dir.iterdir()
    changed = file.read_text(encoding="utf-8").replace("每月發佈10名", "每月發佈12名")
    file.write_text(changed, encoding="utf-8")
    newer = build(settings, encoder=encoder)
    assert newer.embedded == 1
    waits_until(bot, lambda output: f"The generation {newer.generation} is in service" in output)
    person.says(QUESTION)
    assert "每月發佈12名月榜人物" in person.waits_for_message().text

    earlier = roll_back(settings.index_dir)
    waits_until(bot, lambda output: f"The generation {earlier} is in service" in output)
    person.says(QUESTION)
    assert "每月發佈10名月榜人物" in person.waits_for_message().text
    assert telegram.refused == []
    assert bot.terminate() == 0


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def waits_until(bot: BotProcess, holds: Callable[[str], bool]) -> None:
    """Until what the process has written holds."""
    end = time.monotonic() + SWAP_SECONDS
    while not holds(bot.output):
        assert time.monotonic() < end, bot.output
        time.sleep(0.05)
