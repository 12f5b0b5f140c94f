"""The power cuts of `benchmarks.faults.power_cut` on a small index; they detect a missing fsync."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# In a process of its own: what watches its steps cannot be taken out of a process again.
CUT = """
import json, sys
from pathlib import Path
import retrieval.storage.durable_files, retrieval.building.builder
from benchmarks.faults.power_cut import cut_during_rebuild
from bot.settings import Settings

folder = Path(sys.argv[1])
(folder / "bulletins").mkdir()
text = "精神文明建設工作簡報 篇1\\n\\n北京市評選身邊好人,每月發佈10名。\\n"
(folder / "bulletins" / "1.txt").write_text(text, encoding="utf-8")
if sys.argv[2] == "parts not synced":
    retrieval.storage.durable_files.sync_tree = lambda folder: None
if sys.argv[2] == "names not synced":
    retrieval.building.builder.sync = retrieval.storage.durable_files.sync = lambda path: None
settings = Settings(bulletins_dir=folder / "bulletins", index_dir=folder / "index", development_questions=folder / "none")
print(json.dumps(cut_during_rebuild(settings, float(sys.argv[3]))))
"""


def cut(folder: Path, sabotage: str, share: float) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CUT, str(folder), sabotage, str(share)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )


def test_whatever_the_power_leaves_the_pointer_names_a_whole_generation(tmp_path: Path) -> None:
    done = cut(tmp_path, "", 0.06)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["disks tried"] == 3 * figures["cuts"]
    assert figures["cuts"] > 5


@pytest.mark.parametrize("sabotage", ["parts not synced", "names not synced"])
def test_a_build_that_syncs_too_little_would_be_found_out(tmp_path: Path, sabotage: str) -> None:
    done = cut(tmp_path, sabotage, 0.05)
    assert done.returncode == 1
    assert "DamagedIndexError" in done.stderr
