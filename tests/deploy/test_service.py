"""The unit file and the image: linted as far as this machine can."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "deploy" / "bulletin-bot.service"
ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")
MOST_EXPOSED = 2.5


def analyze(*arguments: str | Path) -> str:
    assert ANALYZE is not None
    result = subprocess.run([ANALYZE, *arguments], check=False, capture_output=True, text=True)
    return result.stdout + result.stderr


@needs_systemd
def test_systemd_has_nothing_to_say_about_the_unit(tmp_path: Path) -> None:
    """Unknown keys and wrong values end with status 0, so any output is a fault; a stub stands for the program."""
    program = tmp_path / "bulletin-bot"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    unit = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8")
    unit.write_text(text.replace("/opt/bulletin-bot/.venv/bin/bulletin-bot", str(program)), encoding="utf-8")
    said = [line for line in analyze("verify", "--man=no", unit).splitlines() if UNIT.name in line]
    assert said == []


@needs_systemd
def test_the_unit_is_little_exposed() -> None:
    exposure = re.search(r"exposure level for .*: ([\d.]+)", analyze("security", "--offline=true", UNIT))
    assert exposure is not None
    assert float(exposure[1]) <= MOST_EXPOSED


def test_the_image_copies_only_what_the_repository_holds_and_docker_is_sent() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    sent = [
        line[1:]
        for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line[:1] == "!"
    ]
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, flags=re.MULTILINE):
        for source in sources.split():
            assert (ROOT / source).exists(), source
            assert any(source == part or source.startswith(f"{part}/") for part in sent), source


def test_the_image_ends_as_another_user_than_root() -> None:
    stages = re.split(r"^FROM ", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    for stage in stages[3:-1]:
        assert re.findall(r"^USER (\S+)", stage, flags=re.MULTILINE)[-1] == "10001:10001"


def test_the_board_reads_only_metrics_that_the_bot_serves() -> None:
    board = json.loads((ROOT / "deploy" / "grafana-board.json").read_text(encoding="utf-8"))
    queries = " ".join(target["expr"] for panel in board["panels"] for target in panel["targets"])
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src" / "bot").rglob("*.py"))
    asked = {re.sub("_(total|bucket)$", "", name) for name in re.findall(r"bulletin_bot_(\w+)", queries)}
    assert len(asked) > 10
    for name in asked:
        assert f'"{name}"' in sources or f'{{_PREFIX}}{name}"' in sources, name
