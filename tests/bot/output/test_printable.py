from __future__ import annotations

import contextlib
import io
import json
import logging
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table
from rich.text import Text

from bot.cli import main
from bot.observability.logging_setup import SecretsRemoved
from bot.output.json_output import json_line
from bot.output.printable import printable, terminal
from bot.settings import load_settings
from bot.state.sqlite import open_database
from tests.doubles import SMALL_PASSAGES

HOSTILE = "\x1b]0;owned\x07\x1b[31m\u202etxt.exe\u2066\x9b2J\r\x00\u2028"
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


@given(st.text())
def test_what_is_printable_commands_no_terminal_and_plain_text_is_as_it_was(text: str) -> None:
    assert not OBEYED.search(printable(text))
    assert printable(printable(text)) == printable(text)
    plain = "".join(character for character in text if character.isalnum())
    assert printable(plain) == plain
    printable(text).encode()


@given(st.text())
def test_json_is_the_same_value_without_what_a_terminal_obeys(text: str) -> None:
    line = json_line({"text": text})
    assert json.loads(line) == {"text": text}
    assert not OBEYED.search(line)
    assert "\n" not in line


def test_a_console_shows_its_own_colours_and_the_codes_of_what_strangers_wrote(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    console = terminal()
    console.file = out = io.StringIO()
    console._force_terminal = True
    table = Table(HOSTILE)
    table.add_row(Text(HOSTILE, style="red"))
    console.print(HOSTILE, style="yellow", markup=False)
    console.print(table)
    assert "<U+001B>]0;owned" in out.getvalue()
    assert not OBEYED.search(re.sub("\x1b\\[[0-9;]*m", "", out.getvalue()))


@pytest.mark.parametrize("for_people", [False, True])
def test_no_line_of_the_log_commands_a_terminal(for_people: bool) -> None:
    record = logging.LogRecord("bot", logging.ERROR, "", 0, f"said {HOSTILE}", (), None)
    try:
        raise ValueError(HOSTILE)
    except ValueError:
        record.exc_info = sys.exc_info()
    line = SecretsRemoved([], for_people=for_people).format(record)
    assert not OBEYED.search(re.sub("\x1b\\[[0-9;]*m", "", line))
    assert "owned" in line


def test_no_command_prints_what_a_stranger_wrote_raw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The name of a file, its text, the question in feedback, and what an error repeats."""
    folder = tmp_path / "bulletins"
    folder.mkdir()
    (folder / "a\x1b]0;x\x07\u202e.txt").write_text(
        f"工作簡報 篇1\n\n上海市開展活動{HOSTILE}。\n", encoding="utf-8", errors="replace"
    )
    (folder / "b\x9b.rtf").write_bytes(b"{\\rtf1 x}")
    monkeypatch.setenv("STATE_DB", str(tmp_path / "state.sqlite3"))
    with_feedback = open_database(load_settings().state_db)
    with_feedback.write(
        "INSERT INTO feedback (answer_id, person, verdict, question, generation, quotes, at) "
        "VALUES ('a', 1, 'd', ?, 'g', '[]', 0)",
        (HOSTILE.replace("\x00", ""),),
    )
    with_feedback.close()
    data = ("--data", str(folder))
    for arguments in (
        ["outline", *data],
        ["outline", "--left-out", *data],
        ["outline", "--json", *data],
        ["rebuild", "--check", *data, "--index", str(tmp_path / "index")],
        ["feedback"],
        ["feedback", "--json"],
        ["outline", *data, "/nowhere/\x1b]0;x\x07"],
        ["status", "--index", f"/nowhere/{HOSTILE[:-2]}"],
    ):
        with contextlib.suppress(SystemExit):
            main.main(arguments)
        written = capfd.readouterr()
        for text in (written.out, written.err):
            assert not OBEYED.search(text), arguments
        assert written.out + written.err


def test_the_passages_of_the_tests_are_printed_as_they_are() -> None:
    for passage in SMALL_PASSAGES:
        assert printable(passage.text) == passage.text
