"""The remedy in a sentence about a fault is followed, and the fault is gone."""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.operations import rebuilding
from bot.settings import Settings
from bot.state.sqlite import open_database
from retrieval.errors import BulletinBotError
from retrieval.index.generations import current_folder, load_current, load_serving
from retrieval.storage.current_pointer import POINTER
from retrieval.storage.manifests import write_manifest
from tests.doubles import HashEncoder


@pytest.fixture
def built(settings: Settings, tmp_path: Path) -> Settings:
    text = "工作簡報 篇1\n\n上海市開展市民修身行動。\n"
    (settings.bulletins_dir / "1.txt").write_text(text, encoding="utf-8")
    settings = settings.model_copy(update={"development_questions": tmp_path / "none"})
    rebuilding.build(settings, encoder=HashEncoder())
    return settings


def nothing_built(index: Path) -> None:
    shutil.rmtree(index)


def a_pointer_of_nothing(index: Path) -> None:
    (index / POINTER).write_bytes(b"?")


def a_pointer_to_what_is_gone(index: Path) -> None:
    shutil.rmtree(current_folder(index))


def a_part_is_missing(index: Path) -> None:
    (current_folder(index) / "spans.npy").unlink()


def a_part_is_damaged(index: Path) -> None:
    (current_folder(index) / "spans.npy").write_bytes(b"")


def no_manifest(index: Path) -> None:
    (current_folder(index) / "manifest.json").unlink()


def no_checksum(index: Path) -> None:
    (current_folder(index) / "manifest.sha256").unlink()


def another_format(index: Path) -> None:
    from retrieval.storage.manifests import Manifest

    folder = current_folder(index)
    fields = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    write_manifest(folder, Manifest(**{**fields, "format": 4}))


def another_encoder(index: Path) -> None:
    from retrieval.storage.manifests import Manifest

    folder = current_folder(index)
    fields = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    write_manifest(folder, Manifest(**{**fields, "encoder": "another/model"}))


@pytest.mark.parametrize(
    "damage",
    [
        nothing_built,
        a_pointer_of_nothing,
        a_pointer_to_what_is_gone,
        a_part_is_missing,
        a_part_is_damaged,
        no_manifest,
        no_checksum,
        another_format,
        another_encoder,
    ],
)
def test_where_a_sentence_says_to_rebuild_a_rebuild_mends_it(
    built: Settings, damage: Callable[[Path], None]
) -> None:
    damage(built.index_dir)
    with pytest.raises(BulletinBotError, match="run `bulletin-bot rebuild`"):
        load_current(built.index_dir, HashEncoder().name)
    rebuilding.build(built, encoder=HashEncoder())
    assert len(load_serving(built.index_dir, HashEncoder().name).passages) == 1


def test_where_a_sentence_says_to_remove_the_state_that_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "bot.sqlite3"
    path.write_text("no database at all " * 100, encoding="utf-8")
    with pytest.raises(BulletinBotError, match="mend or remove the file, or set STATE_DB to another"):
        open_database(path)
    open_database(tmp_path / "another.sqlite3").close()
    path.unlink()
    open_database(path).close()


def test_the_folders_of_index_and_state_are_for_their_owner_alone(built: Settings, tmp_path: Path) -> None:
    open_database(tmp_path / "state" / "bot.sqlite3").close()
    for folder in (built.index_dir, current_folder(built.index_dir), tmp_path / "state"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
