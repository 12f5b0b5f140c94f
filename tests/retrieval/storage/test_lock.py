from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.errors import BulletinBotError
from retrieval.storage.lock import LOCK_FILE, IndexBusyError, holder_of, only_builder

HOLD = """
import sys
from pathlib import Path
from retrieval.storage.lock import only_builder
with only_builder(Path(sys.argv[1]), "rebuild"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_nobody_holds_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert holder_of(tmp_path / "nowhere") is None


def test_a_second_builder_is_told_who_builds_and_nothing_is_left_at_the_end(tmp_path: Path) -> None:
    with only_builder(tmp_path, "rebuild"):
        holder = holder_of(tmp_path)
        assert holder is not None
        assert (holder.pid, holder.work) == (os.getpid(), "rebuild")
        with (
            pytest.raises(
                IndexBusyError, match=rf"rebuild, process {os.getpid()} on .*, since 20"
            ) as refusal,
            only_builder(tmp_path, "rollback"),
        ):
            pytest.fail("two builders at once")
        assert refusal.value.holder == holder
    assert holder_of(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_a_builder_that_is_killed_leaves_no_lock(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    holder = holder_of(tmp_path)
    assert holder is not None
    assert holder.pid == process.pid
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert holder_of(tmp_path) is None
    with only_builder(tmp_path, "rebuild"):
        assert (tmp_path / LOCK_FILE).exists()
    assert list(tmp_path.iterdir()) == []


def test_what_is_raised_while_it_is_held_lets_go_of_it(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), only_builder(tmp_path, "rebuild"):
        raise KeyboardInterrupt
    with only_builder(tmp_path, "rebuild"):
        pass


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file stands here", encoding="utf-8")
    with (
        pytest.raises(BulletinBotError, match=r"^The index folder \S+ cannot be written \("),
        only_builder(tmp_path / "index", "rebuild"),
    ):
        pytest.fail("held a file")
