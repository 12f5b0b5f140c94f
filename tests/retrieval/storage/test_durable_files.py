from __future__ import annotations

import os
from pathlib import Path

import pytest

from retrieval.storage.durable_files import replace_text, sync_tree


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The paths that were synced, in order."""
    paths: list[Path] = []
    monkeypatch.setattr(
        os, "fsync", lambda descriptor: paths.append(Path(f"/proc/self/fd/{descriptor}").readlink())
    )
    return paths


def test_a_tree_is_synced_with_every_file_and_every_folder_the_folder_last(
    tmp_path: Path, synced: list[Path]
) -> None:
    (tmp_path / "bm25").mkdir()
    files = [tmp_path / "a.json", tmp_path / "bm25" / "b.npy"]
    for file in files:
        file.write_text("x")
    sync_tree(tmp_path)
    assert set(synced) == {*files, tmp_path / "bm25", tmp_path}
    assert synced[-1] == tmp_path
    assert synced.index(files[1]) < synced.index(tmp_path / "bm25")


def test_a_text_is_safe_before_it_takes_the_place_of_the_old_and_its_name_after(
    tmp_path: Path, synced: list[Path]
) -> None:
    (tmp_path / "current").write_text("old")
    replace_text(tmp_path / "current", "new")
    scratch, folder = synced
    assert scratch.name.startswith(".current-")
    assert folder == tmp_path
    assert [path.name for path in tmp_path.iterdir()] == ["current"]
    assert (tmp_path / "current").read_text() == "new"


def test_a_failure_leaves_the_old_text_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "current").write_text("old")

    def fails(_descriptor: int) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="gone"):
        replace_text(tmp_path / "current", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["current"]
    assert (tmp_path / "current").read_text() == "old"
