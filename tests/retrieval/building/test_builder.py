from __future__ import annotations

import errno
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from retrieval.building.builder import Inspection, build_generation, write_generation
from retrieval.errors import BulletinBotError
from retrieval.index.context_text import paragraph_text, sentence_texts
from retrieval.index.generations import (
    current_folder,
    generation_folders,
    load_current,
    refused_folder,
    refused_folders,
)
from retrieval.index.index import Index, Parts
from retrieval.index.index_files import load_index
from retrieval.progress import Stage
from retrieval.storage.current_pointer import POINTER
from retrieval.storage.manifests import file_hash
from retrieval.types import Passage, Reading
from tests.conftest import BULLETINS
from tests.doubles import SMALL_PASSAGES, HashEncoder, loaded, make_passage


@pytest.fixture
def built(tmp_path: Path) -> Index:
    """The small passages in an index folder `index` below tmp_path."""
    encoder = HashEncoder()
    return write_generation(build_generation(SMALL_PASSAGES, encoder), encoder, tmp_path / "index", {})


def embedded_texts(passages: tuple[Passage, ...]) -> list[str]:
    """What an encoder is given for the passages: every sentence and every paragraph once, the longest first."""
    sentences = [text for passage in passages for text in sentence_texts(passage)]
    return sorted(dict.fromkeys([*sentences, *map(paragraph_text, passages)]), key=len, reverse=True)


def test_the_index_of_the_seven_bulletins_tells_what_it_holds(index: Index, seed_reading: Reading) -> None:
    manifest = index.manifest
    [source] = BULLETINS.iterdir()
    assert (manifest.passages, manifest.dimension) == (69, 384)
    assert manifest.encoder.startswith("bundled/multilingual-e5-small@")
    assert manifest.sources == {source.name: file_hash(source)}
    assert index.passages == seed_reading.passages


def test_the_same_passages_give_the_same_parts_to_the_byte(tmp_path: Path) -> None:
    encoder = HashEncoder()
    hashes = [
        write_generation(build_generation(SMALL_PASSAGES, encoder), encoder, tmp_path, {}).manifest.parts
        for _ in range(2)
    ]
    assert hashes[0] == hashes[1]


def test_everything_is_embedded_the_first_time() -> None:
    encoder = HashEncoder()
    build_generation(SMALL_PASSAGES, encoder)
    assert encoder.passages_encoded == embedded_texts(SMALL_PASSAGES)


def test_unchanged_passages_are_not_embedded_again(built: Index) -> None:
    encoder = HashEncoder()
    build_generation(SMALL_PASSAGES, encoder, reuse=[built])
    assert encoder.passages_encoded == []


def test_only_what_was_added_or_changed_is_embedded_again(built: Index) -> None:
    added = make_passage("00000000000000e1", "杭州新增一條。", place="浙江")
    changed = replace(SMALL_PASSAGES[0], passage_id="00000000000000a9", text="每月發佈12名。人人可薦。")
    encoder = HashEncoder()
    parts = build_generation((*SMALL_PASSAGES[2:], added, changed), encoder, reuse=[built])
    assert encoder.passages_encoded == embedded_texts((added, changed))
    assert_same_search(parts, build_generation(parts.passages, HashEncoder()))


def test_passages_that_moved_keep_their_own_vectors(built: Index) -> None:
    moved = tuple(reversed(SMALL_PASSAGES))
    assert_same_search(
        build_generation(moved, HashEncoder(), reuse=[built]), build_generation(moved, HashEncoder())
    )


def assert_same_search(found: Parts, expected: Parts) -> None:
    """Everything equal; token vectors as near as int8 keeps them."""
    assert found.passages == expected.passages
    assert np.array_equal(found.spans, expected.spans)
    assert np.array_equal(found.paragraphs.vectors(), expected.paragraphs.vectors())
    assert np.array_equal(found.sentences.vectors(), expected.sentences.vectors())
    assert np.array_equal(found.sentences.owners, expected.sentences.owners)
    for row in range(expected.tokens.size):
        np.testing.assert_allclose(found.tokens.vectors(row), expected.tokens.vectors(row), atol=1e-6)


def test_vectors_of_another_encoder_are_never_reused(built: Index) -> None:
    encoder = HashEncoder("test/another")
    build_generation(SMALL_PASSAGES, encoder, reuse=[built])
    assert encoder.passages_encoded == embedded_texts(SMALL_PASSAGES)


def test_progress_runs_from_nothing_to_all_in_every_stage() -> None:
    reports: dict[Stage, list[tuple[int, int]]] = {}
    build_generation(
        SMALL_PASSAGES,
        HashEncoder(),
        lambda stage, done, total: reports.setdefault(stage, []).append((done, total)),
        exact_up_to=len(SMALL_PASSAGES) - 1,
    )
    sentences = sum(len(sentence_texts(passage)) for passage in SMALL_PASSAGES)
    assert {stage: (told[0], told[-1]) for stage, told in reports.items()} == {
        Stage.EMBEDDING: ((0, 6), (6, 6)),
        Stage.ORDERING: ((0, sentences), (sentences, sentences)),
        Stage.INDEXING: ((0, 6), (6, 6)),
        Stage.QUANTIZING: ((0, 6), (6, 6)),
    }
    assert all(told == sorted(told) for told in reports.values())


def test_a_passage_that_was_renamed_or_moved_but_reads_the_same_is_not_embedded_again(
    built: Index,
) -> None:
    moved = replace(SMALL_PASSAGES[0], passage_id="f" * 16, bulletin="篇9", file="另一份.txt", line=77)
    encoder = HashEncoder()
    parts = build_generation((moved, *SMALL_PASSAGES[1:]), encoder, reuse=[built])
    assert encoder.passages_encoded == []
    assert_same_search(parts, build_generation(parts.passages, HashEncoder()))


def test_a_sentence_that_stays_in_a_paragraph_that_changed_is_not_embedded_again(built: Index) -> None:
    changed = replace(SMALL_PASSAGES[0], passage_id="f" * 16, text="北京市評選身邊好人。人人可薦。")
    kept = sentence_texts(SMALL_PASSAGES[0])[0]
    encoder = HashEncoder()
    build_generation((changed,), encoder, reuse=[built])
    assert kept in sentence_texts(changed)
    assert encoder.passages_encoded == [paragraph_text(changed), sentence_texts(changed)[1]]


def test_what_came_back_is_taken_from_an_older_generation(built: Index) -> None:
    newer = loaded(build_generation(SMALL_PASSAGES[1:], HashEncoder()), HashEncoder())
    encoder = HashEncoder()
    build_generation(SMALL_PASSAGES, encoder, reuse=[newer, built])
    assert encoder.passages_encoded == []


def test_no_older_generation_is_opened_once_everything_is_known(built: Index) -> None:
    older = iter([built, built])
    build_generation(SMALL_PASSAGES, HashEncoder(), reuse=older)
    assert list(older) == [built]


def test_what_is_used_again_is_the_same_to_the_byte(tmp_path: Path) -> None:
    first = write_generation(build_generation(SMALL_PASSAGES, HashEncoder()), HashEncoder(), tmp_path, {})
    parts = build_generation(SMALL_PASSAGES, HashEncoder(), reuse=[first])
    assert write_generation(parts, HashEncoder(), tmp_path, {}).manifest.parts == first.manifest.parts


def test_more_passages_than_a_batch_keep_their_own_vectors() -> None:
    passages = tuple(make_passage(f"{number:016x}", f"第{number}段。") for number in range(70))
    encoder = HashEncoder()
    index = loaded(build_generation(passages, encoder), encoder)
    for position, passage in enumerate(passages):
        expected = encoder.encode_queries([paragraph_text(passage)]).vectors[0]
        assert np.array_equal(index.paragraphs.vectors()[position], expected)


def test_nothing_to_index_is_one_sentence_that_says_what_to_do() -> None:
    with pytest.raises(BulletinBotError, match=r"^No passages to index: .*`bulletin-bot outline`\.$"):
        build_generation((), HashEncoder())


def test_a_flipped_byte_in_any_part_is_found_and_named(built: Index, tmp_path: Path) -> None:
    folder = current_folder(tmp_path / "index")
    assert len(built.manifest.parts) > 10
    for name in built.manifest.parts:
        copy = tmp_path / "copy"
        shutil.copytree(folder, copy)
        content = bytearray((copy / name).read_bytes())
        content[len(content) // 2] ^= 1
        (copy / name).write_bytes(content)
        with pytest.raises(BulletinBotError) as refusal:
            load_index(copy)
        assert str(refusal.value) == f"The index part {copy / name} is damaged: run `bulletin-bot rebuild`."
        shutil.rmtree(copy)


def test_an_index_of_another_encoder_is_refused_naming_both_and_the_rebuild(seed_index: Path) -> None:
    with pytest.raises(BulletinBotError) as refusal:
        load_current(seed_index, "intfloat/multilingual-e5-large")
    for name in ("bundled/multilingual-e5-small", "intfloat/multilingual-e5-large", "`bulletin-bot rebuild`"):
        assert name in str(refusal.value)


@pytest.mark.parametrize(
    "step", ["index_files.save_parts", "manifests.write_manifest", "index_files.load_index"]
)
def test_a_failing_save_leaves_the_pointer_and_the_folder_as_they_were(
    built: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    index = tmp_path / "index"
    before = sorted(path.name for path in index.iterdir())

    def disk_is_full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(f"retrieval.building.builder.{step}", disk_is_full)
    encoder = HashEncoder()
    with pytest.raises(BulletinBotError, match=r"could not be written to \S+ \(No space left on device\): "):
        write_generation(build_generation(SMALL_PASSAGES, encoder), encoder, index, {})
    assert current_folder(index).name == built.name
    assert sorted(path.name for path in index.iterdir()) == before
    assert load_current(index, encoder.name).passages == SMALL_PASSAGES


def test_a_generation_that_does_not_load_back_is_not_put_into_service(
    built: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "retrieval.building.builder.manifests.hash_parts", lambda _folder: {"spans.npy": "0" * 64}
    )
    encoder = HashEncoder()
    with pytest.raises(BulletinBotError, match=r"spans\.npy is damaged"):
        write_generation(build_generation(SMALL_PASSAGES, encoder), encoder, tmp_path / "index", {})
    assert current_folder(tmp_path / "index").name == built.name
    assert len(generation_folders(tmp_path / "index")) == 1


def test_an_index_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file stands here", encoding="utf-8")
    encoder = HashEncoder()
    with pytest.raises(BulletinBotError, match=r"^The index could not be written to \S+ \(File exists\)"):
        write_generation(build_generation(SMALL_PASSAGES, encoder), encoder, tmp_path / "index", {})


def test_a_pointer_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / POINTER / "in the way").mkdir(parents=True)
    encoder = HashEncoder()
    with pytest.raises(BulletinBotError):
        write_generation(build_generation(SMALL_PASSAGES, encoder), encoder, tmp_path, {})


def test_a_generation_that_may_not_serve_is_kept_aside_in_place_of_the_one_before_it(
    built: Index, tmp_path: Path
) -> None:
    index = tmp_path / "index"
    encoder = HashEncoder()
    kept = [
        write_generation(
            build_generation(SMALL_PASSAGES, encoder),
            encoder,
            index,
            {},
            lambda _new: Inspection(serve=False, documents={"why.txt": "so"}),
        )
        for _ in range(2)
    ]
    assert current_folder(index).name == built.name
    assert refused_folders(index) == [refused_folder(index, kept[1].name)]
    assert (refused_folders(index)[0] / "why.txt").read_text() == "so"
    assert load_index(refused_folders(index)[0]).manifest.parts["why.txt"]


def test_what_the_inspection_raises_leaves_nothing_behind(built: Index, tmp_path: Path) -> None:
    def interrupt(_new: Index) -> Inspection:
        raise KeyboardInterrupt

    encoder = HashEncoder()
    with pytest.raises(KeyboardInterrupt):
        write_generation(
            build_generation(SMALL_PASSAGES, encoder), encoder, tmp_path / "index", {}, interrupt
        )
    assert sorted(path.name for path in (tmp_path / "index").iterdir()) == [built.name, POINTER]
