"""Every dependency is locked with its hashes; secrets, the index and the state are ignored by git."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
_PACKAGE = re.compile(r"^([a-z0-9][a-z0-9.-]*)==(\S+)(.*\n(?:[ \t].*\n)*)", flags=re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def locked(lock: Path) -> dict[str, tuple[str, str]]:
    """The version of each package and all that follows it."""
    return {
        name: (version, rest) for name, version, rest in _PACKAGE.findall(lock.read_text(encoding="utf-8"))
    }


def wanted(requirements: list[str]) -> set[str]:
    """The names of requirements as an index has them."""
    found = (_NAME.match(requirement) for requirement in requirements)
    return {re.sub(r"[-_.]+", "-", name[0]).lower() for name in found if name}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_locked_package_has_its_version_and_hashes(lock: Path) -> None:
    lines = lock.read_text(encoding="utf-8").splitlines()
    names = [line for line in lines if line and not line.startswith((" ", "#"))]
    found = locked(lock)
    assert len(found) == len(names) > 0
    for name, (_, rest) in found.items():
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", rest), name


def test_what_the_project_asks_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    everything = locked(ROOT / "requirements/run.lock") | locked(ROOT / "requirements/torch.lock")
    assert wanted(project["project"]["dependencies"]) <= everything.keys()
    for group, requirements in project["dependency-groups"].items():
        assert wanted(requirements) <= locked(ROOT / f"requirements/{group}.lock").keys(), group


def test_a_package_has_one_version_wherever_it_is_locked() -> None:
    versions: dict[str, set[str]] = {}
    for lock in LOCKS:
        for name, (version, _) in locked(lock).items():
            versions.setdefault(name, set()).add(version.partition("+")[0])
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        "data/index/current",
        "data/index/20260101T000000.000000Z/manifest.json",
        "data/state/bot.sqlite3",
    ],
)
def test_secrets_the_index_and_the_state_are_ignored_by_git(path: str, tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_bytes((ROOT / ".gitignore").read_bytes())
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)  # noqa: S607 - whichever git is there
    asked = ["git", "-C", str(tmp_path), "check-ignore", "--quiet"]
    assert subprocess.run([*asked, path], check=False).returncode == 0
    assert subprocess.run([*asked, ".env.example"], check=False).returncode == 1


STUB = """#!/bin/sh
case "$*" in
*torch-cpu.lock*) echo "ERROR: $WHY" >&2; exit 1 ;;
esac
echo "$*"
"""


@pytest.mark.parametrize(
    ("why", "is_shown"),
    [
        ("No matching distribution found for torch==2.13.0+cpu", False),
        ("Could not install packages due to an OSError: [Errno 28] No space left on device", True),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", True),
    ],
)
def test_make_shows_why_the_first_installer_failed_unless_there_is_only_no_wheel(
    tmp_path: Path, why: str, is_shown: bool
) -> None:
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin/python").write_text(STUB, encoding="utf-8")
    (venv / "bin/python").chmod(0o755)
    done = subprocess.run(
        ["make", f"VENV={venv}", str(venv / ".installed")],  # noqa: S607
        cwd=ROOT,
        env=os.environ | {"WHY": why},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (why in done.stderr) is is_shown
    assert "--requirement requirements/torch.lock" in done.stdout
