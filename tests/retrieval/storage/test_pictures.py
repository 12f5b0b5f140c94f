"""Pictures of passages: found by position, and missing rather than fatal where their file was cut short."""

from __future__ import annotations

import os
from pathlib import Path

from retrieval.storage.pictures import Pictures, save_pictures

PICTURES = [(1, b"first"), (4, b"the second")]


def test_a_picture_is_found_by_the_position_of_its_passage(tmp_path: Path) -> None:
    save_pictures(tmp_path, PICTURES)
    pictures = Pictures.load(tmp_path)
    assert pictures is not None
    found = {position: pictures.picture(position) for position in range(6)}
    assert {position: picture for position, picture in found.items() if picture} == dict(PICTURES)


def test_without_pictures_nothing_is_written(tmp_path: Path) -> None:
    save_pictures(tmp_path, ())
    assert not [*tmp_path.iterdir()]
    assert Pictures.load(tmp_path) is None


def test_a_file_that_is_cut_short_while_it_is_served_costs_its_picture_alone(tmp_path: Path) -> None:
    save_pictures(tmp_path, PICTURES)
    pictures = Pictures.load(tmp_path)
    assert pictures is not None
    os.truncate(tmp_path / "pictures.bin", len(b"first") + 3)
    assert pictures.picture(1) == b"first"
    assert pictures.picture(4) is None
