from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from retrieval.building.builder import build_generation, write_generation
from retrieval.errors import BulletinBotError, DamagedIndexError
from retrieval.index.generations import (
    current_folder,
    generation_folders,
    has_current,
    load_current,
    load_serving,
    put_in_service,
    roll_back,
    served,
)
from retrieval.storage.current_pointer import POINTER
from retrieval.storage.manifests import CHECKSUM_FILE, FORMAT, MANIFEST_FILE
from tests.doubles import SMALL_PASSAGES, HashEncoder

ENCODER = HashEncoder()


def build(index_folder: Path, encoder: HashEncoder = ENCODER) -> str:
    """Build one more generation of the small passages; returns its name."""
    return write_generation(build_generation(SMALL_PASSAGES, encoder), encoder, index_folder, {}).name


def in_service(index_folder: Path) -> str:
    return current_folder(index_folder).name


def names(index_folder: Path) -> list[str]:
    return [folder.name for folder in generation_folders(index_folder)]


def test_a_new_generation_is_the_one_in_service(tmp_path: Path) -> None:
    first = build(tmp_path)
    assert in_service(tmp_path) == first
    second = build(tmp_path)
    assert in_service(tmp_path) == second
    assert load_current(tmp_path, ENCODER.name).name == second


def test_the_last_three_generations_are_kept(tmp_path: Path) -> None:
    built = [build(tmp_path) for _ in range(5)]
    assert names(tmp_path) == built[-3:]
    assert in_service(tmp_path) == built[-1]


def test_an_index_folder_holds_nothing_but_generations_and_the_pointer(tmp_path: Path) -> None:
    built = [build(tmp_path) for _ in range(2)]
    assert sorted(path.name for path in tmp_path.iterdir()) == [*built, POINTER]


def test_rolling_back_puts_the_generation_before_into_service(tmp_path: Path) -> None:
    first, second, third = (build(tmp_path) for _ in range(3))
    assert roll_back(tmp_path) == second
    assert in_service(tmp_path) == second
    assert roll_back(tmp_path) == first
    assert names(tmp_path) == [first, second, third]


def test_rolling_back_beyond_the_first_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    only = build(tmp_path)
    with pytest.raises(BulletinBotError, match=f"no generation before {only}"):
        roll_back(tmp_path)
    assert in_service(tmp_path) == only


def test_rolling_back_to_a_damaged_generation_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    first, second = build(tmp_path), build(tmp_path)
    (tmp_path / first / "spans.npy").write_bytes(b"")
    with pytest.raises(BulletinBotError, match=r"spans\.npy is damaged"):
        roll_back(tmp_path)
    assert in_service(tmp_path) == second


def test_the_generation_in_service_is_never_dropped(tmp_path: Path) -> None:
    built = [build(tmp_path) for _ in range(3)]
    shutil.copytree(tmp_path / built[2], tmp_path / "29990101T000000.000000Z")
    put_in_service(tmp_path, built[0])
    assert load_current(tmp_path, ENCODER.name).name == built[0]


def test_a_folder_without_an_index_is_refused_in_one_sentence_that_names_the_rebuild(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        assert not has_current(folder)
        with pytest.raises(
            BulletinBotError, match=r"^No index in \S+ yet: run `bulletin-bot rebuild` first\.$"
        ):
            load_current(folder, ENCODER.name)


def test_an_index_of_another_version_is_as_good_as_none_and_a_damaged_one_is_not(tmp_path: Path) -> None:
    manifest = tmp_path / build(tmp_path) / MANIFEST_FILE
    assert has_current(tmp_path)
    written = manifest.read_text(encoding="utf-8")
    manifest.write_text(written.replace(f'"format": {FORMAT}', f'"format": {FORMAT - 1}'), encoding="utf-8")
    (manifest.parent / CHECKSUM_FILE).unlink()
    assert not has_current(tmp_path)
    manifest.write_text("{", encoding="utf-8")
    assert has_current(tmp_path)


@pytest.mark.parametrize("pointed", ["", "..", "../elsewhere", "20990101T000000.000000Z", "/", "\x00"])
def test_a_pointer_to_nothing_is_refused_in_one_sentence(tmp_path: Path, pointed: str) -> None:
    build(tmp_path)
    (tmp_path / POINTER).write_text(pointed, encoding="utf-8")
    assert not has_current(tmp_path)
    with pytest.raises(
        BulletinBotError, match=r"names no generation that is there: run `bulletin-bot rebuild`"
    ):
        current_folder(tmp_path)


def test_an_index_of_another_encoder_is_refused_naming_both_and_the_rebuild(tmp_path: Path) -> None:
    build(tmp_path, HashEncoder("test/old"))
    with pytest.raises(BulletinBotError) as refusal:
        load_current(tmp_path, "test/new")
    sentence = str(refusal.value)
    assert "test/old" in sentence
    assert "test/new" in sentence
    assert "`bulletin-bot rebuild`" in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_folders_with_other_names_are_no_generations(tmp_path: Path) -> None:
    (tmp_path / ".building-x").mkdir()
    (tmp_path / "backup").mkdir()
    built = build(tmp_path)
    assert names(tmp_path) == [built]
    assert (tmp_path / "backup").is_dir()


@pytest.mark.parametrize(
    "name", ["manifest.json", "manifest.sha256", "passages/texts/content.npy", "tokens/codes.npy"]
)
def test_a_flipped_bit_is_named_and_the_generation_before_is_served(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    first, second = build(tmp_path), build(tmp_path)
    path = tmp_path / second / name
    content = path.read_bytes()
    path.write_bytes(content[:-2] + bytes([content[-2] ^ 4]) + content[-1:])
    assert load_serving(tmp_path, ENCODER.name).name == first
    (said,) = [line.getMessage() for line in caplog.records if line.levelname == "ERROR"]
    assert name.replace("sha256", "json") in said
    assert f"The generation {first} is served instead." in said


def test_with_a_damaged_pointer_the_last_whole_generation_is_served(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    build(tmp_path)
    second = build(tmp_path)
    (tmp_path / POINTER).write_bytes(b"\x00" * 40)
    assert load_serving(tmp_path, ENCODER.name).name == second
    assert str(tmp_path / POINTER) in caplog.text
    third = build(tmp_path)
    assert roll_back(tmp_path) == second
    assert third != second


def test_with_nothing_whole_the_damage_is_said(tmp_path: Path) -> None:
    only = build(tmp_path)
    (tmp_path / only / "spans.npy").unlink()
    with pytest.raises(DamagedIndexError, match=r"spans\.npy is missing: run `bulletin-bot rebuild`"):
        load_serving(tmp_path, ENCODER.name)


def test_an_index_of_another_encoder_is_never_replaced_by_an_older_one_in_silence(tmp_path: Path) -> None:
    build(tmp_path)
    build(tmp_path, HashEncoder("test/another"))
    with pytest.raises(BulletinBotError, match="test/another"):
        load_serving(tmp_path, ENCODER.name)


def test_rolling_back_passes_over_a_damaged_generation_to_a_whole_one(tmp_path: Path) -> None:
    first, second, _ = (build(tmp_path) for _ in range(3))
    (tmp_path / second / "spans.npy").write_bytes(b"")
    assert roll_back(tmp_path) == first


def test_what_was_rolled_back_does_not_come_back_with_the_next_rollback(tmp_path: Path) -> None:
    first, second = build(tmp_path), build(tmp_path)
    roll_back(tmp_path)
    third = build(tmp_path)
    assert served(tmp_path) == (third, first)
    assert roll_back(tmp_path) == first
    assert second not in names(tmp_path)


def test_an_index_from_before_digests_is_served_and_none_of_its_vectors_is_reused(tmp_path: Path) -> None:
    now = HashEncoder("bundled/a-model@0123456789ab")
    name = build(tmp_path, HashEncoder("bundled/a-model"))
    earlier = load_serving(tmp_path, now.name)
    assert earlier.name == name
    build_generation(SMALL_PASSAGES, now, reuse=[earlier])
    assert now.passages_encoded


def test_an_index_of_other_weights_of_the_same_model_is_refused(tmp_path: Path) -> None:
    build(tmp_path, HashEncoder("bundled/a-model@0123456789ab"))
    with pytest.raises(
        BulletinBotError, match="@0123456789ab but bundled/a-model@ba9876543210 is configured"
    ):
        load_serving(tmp_path, "bundled/a-model@ba9876543210")
