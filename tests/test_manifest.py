from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.manifest import (
    FORMAT,
    MANIFEST_FILE,
    Manifest,
    check_parts,
    file_hash,
    hash_parts,
    read_manifest,
    write_manifest,
)
from retrieval.types import BulletinBotError

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
    with pytest.raises(BulletinBotError, match=r"no readable manifest: run `bulletin-bot rebuild`\.$"):
        read_manifest(folder)


def test_a_folder_without_a_manifest_is_refused_in_one_sentence(folder: Path) -> None:
    with pytest.raises(BulletinBotError, match="no readable manifest"):
        read_manifest(folder)
