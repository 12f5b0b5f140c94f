"""Both READMEs name the same commands, show output as it is printed, and link to files that exist."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
from lxml import etree

from bot.locales import ZH_HANT
from bot.output.html_to_text import render
from bot.replies.answers import answer_reply
from bot.serving.answerer import Answerer
from bot.settings import Settings
from retrieval.answering import for_chat

ROOT = Path(__file__).parent.parent
ENGLISH = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh-Hant.md").read_text(encoding="utf-8")
OPERATING = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
MOST_LINES = 120
BUILT = {"data/index", "data/state/bot.sqlite3"}
"""Paths that are there once the program has run."""


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
        for_chat(answerer.answer_now(asked.removeprefix("> "))),
        (),
        ZH_HANT,
        lambda passage_id, _span: f"https://t.me/terminal?start=p_{passage_id}",
    ).messages
    assert shown == render(message).plain.splitlines()


def commands_of_the_program() -> set[str]:
    from typer.main import get_command

    from bot.cli.main import app

    return set(get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("readme", [ENGLISH, CHINESE])
def test_every_command_of_the_readme_is_one_of_the_command_line(readme: str) -> None:
    assert set(re.findall(r"`bulletin-bot ([\w-]+)", readme)) == commands_of_the_program()


def test_the_readme_fits_one_page() -> None:
    assert len(ENGLISH.splitlines()) <= MOST_LINES


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if target.startswith(("https://", "http://")):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        if anchor:
            assert anchor in anchors_of(file), target


def anchors_of(page: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_and_file_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for module in re.findall(r"python -m (benchmarks[\w.]*\w)", text):
        assert importlib.util.find_spec(module), module
        assert (ROOT / module.replace(".", "/") / "__init__.py").exists() == (module == "benchmarks.peers"), (
            module
        )
    assert set(re.findall(r"`(?:\.venv/bin/)?bulletin-bot ([\w-]+)", text)) <= commands_of_the_program()
    for path in re.findall(r"(?:pytest |`)((?:tests|src|benchmarks|docs|requirements|data)/[\w./-]+)", text):
        assert (ROOT / path).exists() or path in BUILT, path
    for target in re.findall(r"^make ([\w-]+)|`make ([\w-]+)`", text, flags=re.MULTILINE):
        assert f"\n{''.join(target)}:" in (ROOT / "Makefile").read_text(encoding="utf-8"), target


def test_every_setting_is_once_in_the_example_and_in_a_row_of_the_page_for_operators() -> None:
    settings = sorted(name.upper() for name in Settings.model_fields)
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^([A-Z_]+)=", example, flags=re.MULTILINE)) == settings
    rows = re.findall(r"^\| (`[A-Z][^|]+`) \|", OPERATING.partition("## Settings")[2], flags=re.MULTILINE)
    assert sorted(name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)) == settings


def test_every_command_has_a_row_on_the_page_for_operators_with_its_options() -> None:
    """But --data and --index, which a sentence below the table has for all of them."""
    from typer.main import get_command

    from bot.cli.main import app

    rows = re.findall(
        r"^\| (`bulletin-bot .+) \|$",
        OPERATING.partition("## Command line")[2].partition("## Settings")[0],
        re.MULTILINE,
    )
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        (row,) = [row for row in rows if re.search(rf"`(?:bulletin-bot )?{name}\b[^|]*`[^|]*\|", row)]
        for option in {
            option for given in command.params for option in given.opts if option.startswith("--")
        }:
            assert option in {"--data", "--index"} or option in row, f"{name} {option}"


@pytest.mark.parametrize("readme", [ENGLISH, CHINESE])
def test_the_picture_of_the_chat_is_there_and_shows_what_the_bot_says(readme: str) -> None:
    pictures = re.findall(r'<(?:source|img) [^>]*(?:srcset|src)="(docs/[^"]+)"', readme)
    assert pictures == ["docs/chat-dark.svg", "docs/chat.svg"]
    for picture in pictures:
        tree = etree.parse(ROOT / picture)
        drawn = str(tree.xpath("string()"))
        assert tree.getroot().get("width") == "800"
        assert "112項" in {bold.text for bold in tree.iterfind(".//*[@font-weight='600']")}
        assert "簡報沒有收錄「深圳」。" in drawn
        assert "/start" not in drawn
        assert ZH_HANT.read_section in drawn
