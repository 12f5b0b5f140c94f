from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from bot.state import ownership
from bot.state.sqlite import IN_MEMORY, open_database
from retrieval.errors import BulletinBotError

HOLD = """
import sys
from pathlib import Path
from bot.state.ownership import only_server
with only_server(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_process_that_waited_in_vain_says_who_holds_the_state(tmp_path: Path) -> None:
    path = tmp_path / "state" / "bot.sqlite3"
    first = holder(path)
    with (
        pytest.raises(
            BulletinBotError, match=rf"is still in use .* \(run, process {first.pid} on .*, since 20"
        ),
        ownership.only_server(path, seconds=0.2),
    ):
        pytest.fail("two at once")
    first.communicate()


@pytest.mark.parametrize("end", [signal.SIGKILL, None])
def test_a_second_process_says_that_it_waits_and_takes_over_when_the_first_ends(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, end: int | None
) -> None:
    path = tmp_path / "bot.sqlite3"
    first = holder(path)
    ending = threading.Timer(0.3, first.communicate if end is None else lambda: first.send_signal(end))
    ending.start()
    started = time.monotonic()
    with ownership.only_server(path, seconds=20), caplog.at_level("INFO"):
        assert time.monotonic() - started > 0.25
    first.wait()
    ending.join()
    assert caplog.text.count("waiting up to 20 s for that process to end") == 1
    assert f"process {first.pid} on " in caplog.text


def test_a_state_in_memory_is_nobody_elses(tmp_path: Path) -> None:
    with ownership.only_server(IN_MEMORY), ownership.only_server(IN_MEMORY):
        pass


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "state").write_bytes(b"")
    with (
        pytest.raises(BulletinBotError, match="set STATE_DB to a file"),
        ownership.only_server(tmp_path / "state" / "bot.sqlite3"),
    ):
        pytest.fail("held a file")


def test_a_bot_with_another_token_is_refused_and_the_same_bot_with_a_new_one_is_not(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    database = open_database(path)
    ownership.claim(database, str(path), "set STATE_DB to another file", 7)
    ownership.claim(database, str(path), "set STATE_DB to another file", 7)
    with pytest.raises(BulletinBotError, match="that of the bot 7, and TELEGRAM_BOT_TOKEN is of the bot 8"):
        ownership.claim(database, str(path), "set STATE_DB to another file", 8)
