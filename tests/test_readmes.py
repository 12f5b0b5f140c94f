"""Both READMEs name the same commands, and the exchange they show is what the bot prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from bot.locales import ZH_HANT
from bot.output.html_to_text import render
from bot.replies.answers import answer_reply
from bot.serving.answerer import Answerer

ROOT = Path(__file__).parent.parent
ENGLISH = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh-Hant.md").read_text(encoding="utf-8")


def _commands(text: str) -> list[str]:
    return re.findall(r"`((?:bulletin-bot|make|cp|/)[^`]*)`|^(make \w+)", text, flags=re.MULTILINE)


def test_the_two_readmes_name_the_same_commands_in_the_same_order() -> None:
    table = re.compile(r"^\| `([^`]+)`", flags=re.MULTILINE)
    assert table.findall(ENGLISH)[:12] == table.findall(CHINESE)[:12]
    assert {*_commands(ENGLISH)} >= {*_commands(CHINESE)}
    assert re.findall(r"^make \w+", ENGLISH, flags=re.MULTILINE) == re.findall(
        r"^make \w+", CHINESE, flags=re.MULTILINE
    )


@pytest.mark.parametrize("readme", [ENGLISH, CHINESE])
def test_the_exchange_on_the_first_screen_is_printed_exactly_so(answerer: Answerer, readme: str) -> None:
    first, asked, *shown = readme.split("```")[1].strip().splitlines()
    assert first == "$ make run"
    (message,) = answer_reply(
        answerer.answer_now(asked.removeprefix("> ")),
        (),
        ZH_HANT,
        lambda passage_id, _span: f"https://t.me/terminal?start=p_{passage_id}",
    ).messages
    assert shown == render(message).plain.splitlines()


def test_every_command_of_the_readme_is_one_of_the_command_line() -> None:
    from typer.main import get_command

    from bot.cli.main import app

    commands = get_command(app).commands  # type: ignore[attr-defined]
    named = set(re.findall(r"`bulletin-bot (\w+)", ENGLISH))
    assert named == set(commands)


@pytest.mark.parametrize("readme", [ENGLISH, CHINESE])
def test_the_picture_of_the_chat_is_there_and_shows_what_the_bot_says(readme: str) -> None:
    (picture,) = re.findall(r"!\[[^]]+\]\((docs/[^)]+)\)", readme)
    drawn = str(etree.parse(ROOT / picture).xpath("string()"))
    assert "10名月榜人物。" in drawn
    assert ZH_HANT.read_section in drawn
