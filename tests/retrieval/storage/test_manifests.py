from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.errors import BulletinBotError, DamagedIndexError
from retrieval.storage.manifests import (
    CHECKSUM_FILE,
    FORMAT,
    MANIFEST_FILE,
    Manifest,
    check_parts,
    file_hash,
    hash_parts,
    hash_sources,
    read_manifest,
    write_manifest,
)

MANIFEST = Manifest(
    format=FORMAT,
    generation="20260101T000000.000000Z",
    built_at="2026-01-01T00:00:00+00:00",
    encoder="test/character-hashes",
    dimension=32,
    passages=6,
    sentences=9,
    sources={"工作簡報.txt": "ab"},
    parts={},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bm25").mkdir()
    (tmp_path / "passages.jsonl").write_text("{}\n", encoding="utf-8")
    (tmp_path / "bm25" / "data.npy").write_bytes(bytes(range(256)))
    return tmp_path


def test_a_manifest_is_read_as_it_was_written(folder: Path) -> None:
    write_manifest(folder, MANIFEST)
    assert read_manifest(folder) == MANIFEST


def test_a_hash_is_the_sha_256_of_the_content(folder: Path) -> None:
    content = (folder / "bm25" / "data.npy").read_bytes()
    assert file_hash(folder / "bm25" / "data.npy") == hashlib.sha256(content).hexdigest()


def test_every_file_below_the_folder_is_a_part_but_the_manifest(folder: Path) -> None:
    write_manifest(folder, MANIFEST)
    assert list(hash_parts(folder)) == ["bm25/data.npy", "passages.jsonl"]


def test_whole_parts_pass(folder: Path) -> None:
    check_parts(folder, replace(MANIFEST, parts=hash_parts(folder)))


def test_a_missing_part_is_named_with_what_to_do(folder: Path) -> None:
    manifest = replace(MANIFEST, parts=hash_parts(folder))
    (folder / "bm25" / "data.npy").unlink()
    with pytest.raises(BulletinBotError, match=r"bm25/data\.npy is missing: run `bulletin-bot rebuild`\.$"):
        check_parts(folder, manifest)


def test_a_damaged_part_is_named_with_what_to_do(folder: Path) -> None:
    manifest = replace(MANIFEST, parts=hash_parts(folder))
    (folder / "passages.jsonl").write_text("{ }", encoding="utf-8")
    with pytest.raises(BulletinBotError, match=r"passages\.jsonl is damaged: run `bulletin-bot rebuild`\.$"):
        check_parts(folder, manifest)


def test_an_index_of_another_format_is_refused_instead_of_misread(folder: Path) -> None:
    write_manifest(folder, replace(MANIFEST, format=FORMAT + 1))
    with pytest.raises(
        BulletinBotError, match=f"has format {FORMAT + 1} and this program writes {FORMAT}: run"
    ):
        read_manifest(folder)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"{}",
        json.dumps({"format": FORMAT}).encode(),
        json.dumps({"format": FORMAT, "surprise": 1}).encode(),
    ],
)
def test_what_is_no_manifest_is_refused_in_one_sentence(folder: Path, content: bytes) -> None:
    (folder / MANIFEST_FILE).write_bytes(content)
    (folder / CHECKSUM_FILE).write_text(f"{hashlib.sha256(content).hexdigest()}  {MANIFEST_FILE}\n")
    with pytest.raises(BulletinBotError, match=r"no readable manifest: run `bulletin-bot rebuild`\.$"):
        read_manifest(folder)


def test_a_folder_without_a_manifest_is_refused_in_one_sentence(folder: Path) -> None:
    with pytest.raises(BulletinBotError, match="no readable manifest"):
        read_manifest(folder)


def test_an_index_from_before_there_were_checksums_is_of_another_version_not_damaged(folder: Path) -> None:
    write_manifest(folder, replace(MANIFEST, format=1))
    (folder / CHECKSUM_FILE).unlink()
    with pytest.raises(BulletinBotError, match=r"has format 1 .*: run `bulletin-bot rebuild`\.$") as refusal:
        read_manifest(folder)
    assert not isinstance(refusal.value, DamagedIndexError)


@pytest.mark.parametrize("name", [MANIFEST_FILE, CHECKSUM_FILE])
def test_a_flipped_bit_anywhere_in_the_manifest_or_its_checksum_is_found(folder: Path, name: str) -> None:
    write_manifest(folder, MANIFEST)
    content = (folder / name).read_bytes()
    for spot in range(len(content)):
        (folder / name).write_bytes(content[:spot] + bytes([content[spot] ^ 1]) + content[spot + 1 :])
        with pytest.raises(DamagedIndexError, match=r"manifest\.json is damaged"):
            read_manifest(folder)


def test_a_missing_checksum_is_named(folder: Path) -> None:
    write_manifest(folder, MANIFEST)
    (folder / CHECKSUM_FILE).unlink()
    with pytest.raises(DamagedIndexError, match=r"manifest\.sha256 is missing"):
        read_manifest(folder)


def test_the_hashes_of_sources_name_a_file_that_is_gone(folder: Path) -> None:
    there = folder / "passages.jsonl"
    assert hash_sources({"a": there}) == {"a": file_hash(there)}
    with pytest.raises(BulletinBotError, match="gone"):
        hash_sources({"gone": folder / "gone"})
