"""An upgrade that does not answer leaves environment, state and pointer as they were."""

from __future__ import annotations

import importlib.util
import sqlite3
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "deploy" / "upgrade.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("deploy_upgrade", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "version").write_text("old", encoding="utf-8")
    (tmp_path / "current").write_text("generation 1", encoding="utf-8")
    connection = sqlite3.connect(tmp_path / "state")
    connection.executescript("PRAGMA journal_mode = WAL; CREATE TABLE t (x); INSERT INTO t VALUES ('old');")
    connection.close()
    return tmp_path


def installed(folder: Path) -> bool:
    """A new version: another environment, another generation, a migrated state."""
    (folder / ".venv").mkdir()
    (folder / ".venv" / "version").write_text("new", encoding="utf-8")
    (folder / "current").write_text("generation 2", encoding="utf-8")
    connection = sqlite3.connect(folder / "state")
    connection.executescript("ALTER TABLE t ADD COLUMN y; UPDATE t SET x = 'new';")
    connection.close()
    return True


def seen(folder: Path) -> tuple[str, str, tuple[object, ...]]:
    connection = sqlite3.connect(folder / "state")
    row = connection.execute("SELECT * FROM t").fetchone()
    connection.close()
    version = (folder / ".venv" / "version").read_text(encoding="utf-8")
    return version, (folder / "current").read_text(encoding="utf-8"), row


def run(script: ModuleType, folder: Path, *, answers: bool, installs: bool = True) -> bool:
    installation = script.Installation(folder / ".venv", folder / "state", folder / "current")
    return bool(script.upgrade(installation, lambda: installed(folder) and installs, lambda: answers))


def test_an_upgrade_that_answers_stays_and_nothing_is_left_over(script: ModuleType, folder: Path) -> None:
    assert run(script, folder, answers=True)
    assert seen(folder) == ("new", "generation 2", ("new", None))
    assert not [path.name for path in folder.iterdir() if script.SUFFIX in path.name]


@pytest.mark.parametrize("installs", [True, False])
def test_an_upgrade_that_fails_restores_all_three(script: ModuleType, folder: Path, installs: bool) -> None:
    assert not run(script, folder, answers=False, installs=installs)
    assert seen(folder) == ("old", "generation 1", ("old",))
    assert not [path.name for path in folder.iterdir() if script.SUFFIX in path.name]


def test_the_new_environment_gets_the_extras_of_the_one_before(script: ModuleType, folder: Path) -> None:
    (folder / ".venv" / ".installed-postgres").touch()
    installation = script.Installation(folder / ".venv", folder / "state", folder / "current")
    added: list[str] = []

    def install() -> bool:
        added.extend(script.extras_before(installation))
        return installed(folder)

    assert script.upgrade(installation, install, lambda: True)
    assert added == ["postgres"]
    makefile = (SCRIPT.parents[1] / "Makefile").read_text(encoding="utf-8")
    assert all(f"/.installed-{extra}\n" in makefile and f"\n{extra}:" in makefile for extra in script.EXTRAS)


def test_a_first_installation_has_nothing_to_go_back_to(script: ModuleType, tmp_path: Path) -> None:
    installation = script.Installation(tmp_path / ".venv", tmp_path / "state", tmp_path / "current")
    assert not script.upgrade(installation, lambda: False, lambda: True)


def test_settings_are_read_from_the_env_file(script: ModuleType, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# STATE_DB=no\nSTATE_DB = 'a/b.sqlite3'\nINDEX_DIR=\n", encoding="utf-8")
    assert script._lines_of(tmp_path / ".env") == {"STATE_DB": "a/b.sqlite3", "INDEX_DIR": ""}
