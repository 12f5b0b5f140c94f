from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.errors import BulletinBotError, DamagedIndexError
from retrieval.storage.current_pointer import POINTER, read_pointer, write_pointer

NAMES = ("20260103T000000.000000Z", "20260102T000000.000000Z", "20260101T000000.000000Z")


@pytest.mark.parametrize("names", [NAMES[:1], NAMES[:2], NAMES])
def test_the_names_are_read_as_they_were_written(tmp_path: Path, names: tuple[str, ...]) -> None:
    write_pointer(tmp_path, names)
    assert read_pointer(tmp_path) == names
    assert [path.name for path in tmp_path.iterdir()] == [POINTER]


def test_a_name_that_a_person_wrote_alone_is_understood(tmp_path: Path) -> None:
    (tmp_path / POINTER).write_text(NAMES[0], encoding="utf-8")
    assert read_pointer(tmp_path) == NAMES[:1]


@pytest.mark.parametrize("bit", [1, 2, 64, 128])
def test_a_flipped_bit_anywhere_is_found_and_the_file_is_named(tmp_path: Path, bit: int) -> None:
    write_pointer(tmp_path, NAMES)
    content = (tmp_path / POINTER).read_bytes()
    for spot in range(len(content)):
        (tmp_path / POINTER).write_bytes(content[:spot] + bytes([content[spot] ^ bit]) + content[spot + 1 :])
        with pytest.raises(DamagedIndexError, match=f"{POINTER} names no generation"):
            read_pointer(tmp_path)


@pytest.mark.parametrize("length", [0, 1, 23, 24, 48, 100])
def test_a_part_of_it_is_not_taken_for_the_whole(tmp_path: Path, length: int) -> None:
    write_pointer(tmp_path, NAMES)
    content = (tmp_path / POINTER).read_bytes()[:length]
    (tmp_path / POINTER).write_bytes(content)
    if content.strip() == NAMES[0].encode():
        assert read_pointer(tmp_path) == NAMES[:1]
    else:
        with pytest.raises(DamagedIndexError):
            read_pointer(tmp_path)


def test_no_pointer_is_no_damage(tmp_path: Path) -> None:
    with pytest.raises(BulletinBotError, match="No index in") as refusal:
        read_pointer(tmp_path)
    assert not isinstance(refusal.value, DamagedIndexError)
