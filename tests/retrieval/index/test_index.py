from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import threadpoolctl
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.building.builder import build_generation
from retrieval.errors import BulletinBotError
from retrieval.index import index as index_module
from retrieval.index.index import Index
from retrieval.index.index_files import load_index, save_parts
from retrieval.language.sentences import sentence_spans
from retrieval.storage.manifests import Manifest, hash_parts, read_manifest, write_manifest
from retrieval.types import Passage
from tests.doubles import SMALL_PASSAGES, HashEncoder, loaded, make_passage

# What str.splitlines takes for the end of a line and JSON does not escape.
LINE_ENDS = "\x85\u2028\u2029"
ANY_LINE = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=LINE_ENDS), min_size=1, max_size=60
).filter(str.strip)


def written(passages: tuple[Passage, ...], folder: Path) -> Index:
    """The generation of the passages in memory, after it was saved to the folder with a manifest that fits."""
    encoder = HashEncoder()
    parts = build_generation(passages, encoder)
    index = loaded(parts, encoder)
    save_parts(parts, folder)
    write_manifest(folder, replace(index.manifest, parts=hash_parts(folder)))
    return index


def changed_manifest(folder: Path, **fields: int) -> Manifest:
    """The manifest of the folder with other counts and with the hashes of what is there."""
    manifest = replace(read_manifest(folder), parts=hash_parts(folder), **fields)  # type: ignore[arg-type]
    write_manifest(folder, manifest)
    return manifest


def assert_same(first: Index, second: Index) -> None:
    assert first.passages == second.passages
    assert np.array_equal(first.spans, second.spans)
    assert np.array_equal(first.paragraphs.vectors(), second.paragraphs.vectors())
    assert np.array_equal(first.sentences.vectors(), second.sentences.vectors())
    assert np.array_equal(first.sentences.owners, second.sentences.owners)
    for row in range(len(first.spans)):
        assert np.array_equal(first.tokens.vectors(row), second.tokens.vectors(row))
    assert first.bm25.scores(["北京"]).tolist() == second.bm25.scores(["北京"]).tolist()


def test_a_generation_is_loaded_as_it_was_saved(tmp_path: Path) -> None:
    assert_same(written(SMALL_PASSAGES, tmp_path), load_index(tmp_path))


@settings(max_examples=25)
@given(st.lists(ANY_LINE, min_size=1, max_size=4))
def test_whatever_the_bulletins_say_is_loaded_as_it_was_saved(texts: list[str]) -> None:
    passages = tuple(make_passage(f"{number:016x}", text) for number, text in enumerate(texts))
    with tempfile.TemporaryDirectory() as folder:
        assert_same(written(passages, Path(folder)), load_index(Path(folder)))


@pytest.mark.parametrize("line_end", LINE_ENDS, ids=ascii)
def test_a_paragraph_with_a_rare_line_end_inside_is_loaded_as_it_was_saved(
    line_end: str, tmp_path: Path
) -> None:
    passages = (make_passage("0" * 16, f"第一行{line_end}第二行。"),)
    assert_same(written(passages, tmp_path), load_index(tmp_path))


def test_every_sentence_row_belongs_to_its_passage_and_every_passage_has_its_sentences(
    index: Index,
) -> None:
    for position, passage in enumerate(index.passages):
        rows = index.sentence_rows(position)
        assert set(index.sentences.owners[rows].tolist()) == {position}
        assert [tuple(span) for span in index.spans[rows]] == list(sentence_spans(passage.text))
    assert len(index.spans) == index.manifest.sentences


def test_every_passage_is_found_by_its_id(index: Index) -> None:
    for position, passage in enumerate(index.passages):
        assert index.position(passage.passage_id) == position
    assert index.position("f" * 16) is None


def test_the_places_come_once_each_in_the_order_of_the_bulletins(small_index: Index) -> None:
    assert [place.name for place in small_index.places] == ["北京", "上海", "江蘇南京"]


def test_the_places_of_the_seven_bulletins(index: Index) -> None:
    names = "上海 江蘇南京 湖南長沙 四川成都 山東日照 安徽合肥包河區 江西瑞金 北京 浙江 山東 重慶 陝西 江蘇 遼寧大連 黑龍江"
    assert [place.name for place in index.places] == names.split()


def test_parts_that_disagree_with_the_manifest_are_refused(tmp_path: Path) -> None:
    written(SMALL_PASSAGES, tmp_path)
    changed_manifest(tmp_path, passages=7)
    with pytest.raises(
        BulletinBotError, match=r"disagree about passages \(7, 6, 6, 6, 6\): run `bulletin-bot"
    ):
        load_index(tmp_path)


def test_parts_that_disagree_with_each_other_are_refused(tmp_path: Path) -> None:
    index = written(SMALL_PASSAGES, tmp_path)
    np.save(tmp_path / "spans.npy", index.spans[:-1])
    changed_manifest(tmp_path)
    with pytest.raises(BulletinBotError, match="disagree about sentences"):
        load_index(tmp_path)


def test_no_part_is_a_pickle(seed_index: Path) -> None:
    for path in seed_index.rglob("*.npy"):
        np.load(path, allow_pickle=False)
    assert {path.suffix for path in seed_index.rglob("*.*") if path.is_file()} <= {
        ".faiss",
        ".json",
        ".jsonl",
        ".npy",
        ".sha256",
    }


def test_numpy_multiplies_in_one_thread_where_an_index_is() -> None:
    numpys_own = threadpoolctl.ThreadpoolController().select(threading_layer="pthreads")
    numpys_own.limit(limits=2)
    index_module._multiply_in_one_thread.cache_clear()
    loaded(build_generation(SMALL_PASSAGES, HashEncoder()), HashEncoder())
    assert {library["num_threads"] for library in numpys_own.info()} == {1}
