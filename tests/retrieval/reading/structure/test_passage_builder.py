"""Bulletins to passages: the seed collection read in full, and what identifies a passage."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.reading.structure.passage_builder import read_collection, read_files
from retrieval.types import Reading
from tests.trees import EXPECTED, SEED, expected_lines, tree_lines


@pytest.fixture(scope="module")
def seed() -> Reading:
    return read_collection(SEED)


def test_the_seed_reads_as_its_expected_tree(seed: Reading) -> None:
    assert tree_lines(seed, shown=24) == expected_lines(EXPECTED / "seed.tsv")


def test_the_seed_leaves_nothing_to_look_at(seed: Reading) -> None:
    assert len(seed.passages) == 69
    assert seed.findings == ()


def test_ids_of_the_seed_stay_the_same(seed: Reading) -> None:
    ids = [passage.passage_id for passage in seed.passages]
    assert ids == expected_lines(EXPECTED / "seed_ids.txt")


def test_every_paragraph_of_the_seed_is_a_line_of_its_file(seed: Reading) -> None:
    for passage in seed.passages:
        assert passage.line is not None
        source = (SEED / passage.file).read_text(encoding="utf-8").splitlines()
        assert source[passage.line - 1].strip() == passage.text


def test_place_fields_are_official_names_in_the_script_of_the_source(seed: Reading) -> None:
    places = {passage.place.name: passage.place for passage in seed.passages if passage.place}
    baohe, dalian = places["安徽合肥包河區"], places["遼寧大連"]
    assert (baohe.province, baohe.city, baohe.district) == ("安徽省", "合肥市", "包河區")
    assert (dalian.province, dalian.city, dalian.district) == ("遼寧省", "大連市", None)
    assert (places["上海"].province, places["上海"].city) == ("上海市", None)


def test_the_name_of_a_file_is_not_part_of_an_id(tmp_path: Path, seed: Reading) -> None:
    source = next(SEED.glob("*.txt"))
    copy = tmp_path / "另一個名字.txt"
    copy.write_bytes(source.read_bytes())
    moved = read_files([copy], tmp_path)
    assert [passage.passage_id for passage in moved.passages] == [
        passage.passage_id for passage in seed.passages
    ]


def test_the_same_text_under_the_same_path_gets_ids_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("篇1\n上海市開展活動。\n上海市開展活動。\n", encoding="utf-8")
    first, second = read_collection(tmp_path).passages
    assert (first.text, first.place) == (second.text, second.place)
    assert first.passage_id != second.passage_id
