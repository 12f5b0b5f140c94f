"""`bulletin-bot rebuild` as a process that gets a signal to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

# The encoder of character hashes in place of the model, which takes seconds to load; it stops for ever at a stage.
REBUILD = """
import sys, time
from pathlib import Path
import bot.operations.rebuilding
from bot.cli.main import main
from tests.doubles import HashEncoder

class Slow(HashEncoder):
    def encode_passages(self, texts):
        if texts and (Path(sys.argv[1]) / "current").exists():
            print("embedding now", flush=True)
            time.sleep(60)
        return super().encode_passages(texts)

bot.operations.rebuilding.load_configured_encoder = lambda settings: Slow()
main(["rebuild", "--full", "--index", sys.argv[1], *sys.argv[2:]])
"""


def start(index: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", REBUILD, str(index), *arguments],
        cwd=ROOT,
        env=os.environ | {"GATE_MARGIN": "1"},  # what character hashes find of the questions says nothing
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_rebuild_that_is_told_to_stop_says_so_and_leaves_nothing(
    tmp_path: Path, number: signal.Signals, status: int
) -> None:
    first = start(tmp_path)
    assert first.wait(60) == 0
    before = sorted(tmp_path.rglob("*"))
    second = start(tmp_path)
    assert second.stdout is not None
    assert "embedding now\n" in iter(second.stdout.readline, "")
    assert (tmp_path / ".lock").exists()
    second.send_signal(number)
    _, said = second.communicate(timeout=30)
    assert second.returncode == status
    assert said == "Stopped: what was in service still is; what was embedded is kept for the next rebuild.\n"
    assert sorted(tmp_path.rglob("*")) == before


def test_a_second_rebuild_is_told_in_one_sentence_who_builds(tmp_path: Path) -> None:
    assert start(tmp_path).wait(60) == 0
    holder = start(tmp_path)
    assert holder.stdout is not None
    assert "embedding now\n" in iter(holder.stdout.readline, "")
    second = start(tmp_path)
    _, said = second.communicate(timeout=60)
    holder.kill()
    holder.communicate()
    assert second.returncode == 1
    assert said.count("\n") == 1
    assert f"process {holder.pid} on " in said
