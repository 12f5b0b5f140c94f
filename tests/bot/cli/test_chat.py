"""The bot without Telegram, as a process that reads and prints."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bot.locales import ZH_HANT
from bot.output.html_to_text import render

COMMAND = Path(sys.executable).with_name("bulletin-bot")


def _chat(index: Path, folder: Path, *lines: str, command: tuple[str, ...] = ("chat",)) -> str:
    environment = {**os.environ, "INDEX_DIR": str(index), "TELEGRAM_BOT_TOKEN": ""}
    done = subprocess.run(
        [COMMAND, *command],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
        env=environment,
    )
    assert done.stderr == ""
    return done.stdout


def test_run_without_a_token_is_the_same_conversation_in_the_terminal(
    seed_index: Path, tmp_path: Path
) -> None:
    shown = _chat(
        seed_index,
        tmp_path,
        "北京榜樣每個月評出多少人?",
        "/start p_09847808a7a6d8c9",
        "#2",
        "#5",
        "/search 志愿者 保险",
        "/quit",
        "never read",
        command=("run", "--or-chat"),
    )
    assert "每月發佈10名月榜人物。」〔1〕" in shown
    assert "〔1〕北京・篇3・二、把好“三關”,確保“北京榜樣”入選質量  /start p_09847808a7a6d8c9" in shown
    assert "[#1 ‹ 上一段] [#2 下一段 ›]\n[#3 全節] [#4 本篇目錄] [#5 複製引文]\n" in shown
    assert "北京・篇3・三、立體傳播,弘揚“北京榜樣”精神力量" in shown
    assert "\n（《精神文明建設工作簡報 篇3》，北京・三、立體傳播,弘揚“北京榜樣”精神力量）\n" in shown
    assert "1. 上海・篇1・三、着力推進學雷鋒志願服務制度化" in shown
    assert "never read" not in shown


def test_the_terminal_speaks_the_language_it_is_told(seed_index: Path, tmp_path: Path) -> None:
    assert "Hello!" in _chat(seed_index, tmp_path, command=("chat", "--language", "en"))


def test_a_number_help_and_quit_are_taken_as_a_person_means_them(seed_index: Path, tmp_path: Path) -> None:
    shown = _chat(seed_index, tmp_path, "1", "help", "quit", "never read")
    assert shown.startswith("在這裡直接打字發問")
    assert "每月發佈10名月榜人物。」〔1〕" in shown
    assert "看懂回答" in shown
    assert "never read" not in shown


def test_a_link_shows_what_to_type_to_open_it_but_once_a_line_is_enough() -> None:
    link = '<a href="https://t.me/terminal?start=p_0">'
    html = f"「引」{link}〔1〕</a> {link}〔1〕北京 &amp; 篇3</a>"
    assert render(html).plain == "「引」〔1〕 〔1〕北京 & 篇3  /start p_0"


def test_a_file_is_saved_in_the_working_folder_and_no_other_is_written_over(
    seed_index: Path, tmp_path: Path
) -> None:
    shown = _chat(seed_index, tmp_path, "北京榜樣每個月評出多少人?", "#6", "#6")
    first, second = sorted(tmp_path.glob("簡報引文*.md"), key=lambda path: len(path.name))
    assert "「把好月評關" in first.read_text(encoding="utf-8")
    assert second.stem == f"{first.stem} 2"
    assert f"→ {second}" in shown
    assert "[1 段引文，每段的出處在腳註裡。]" in shown


def test_a_pressed_verdict_is_ticked_and_its_reasons_can_be_pressed(seed_index: Path, tmp_path: Path) -> None:
    shown = _chat(seed_index, tmp_path, "北京榜樣每個月評出多少人?", "👎", "#11", "👍", "/forget")
    ticked = "[#7 👍] [#8 ✓ 👎] [#9 引用有誤]"
    assert f"{ticked}\n[#10 地方不對] [#11 答非所問]\n" in shown
    assert f"{ZH_HANT.reports.reason_kept}\n\n" in shown
    assert shown.count(ticked) == 2
    assert "[#7 ✓ 👍] [#8 👎] [#9 引用有誤]" in shown
    assert f"{ZH_HANT.about.forget_rows['feedback']} 1" in shown
