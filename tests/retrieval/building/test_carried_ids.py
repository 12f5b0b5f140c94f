"""A link to a passage survives every rebuild that leaves its text alone, whatever becomes of its path."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from retrieval.building.builder import build_generation, write_generation
from retrieval.index.generations import current_folder
from retrieval.index.index import Index
from retrieval.storage.earlier_ids import EarlierId, EarlierIds
from retrieval.types import Passage, Place
from tests.doubles import SMALL_PASSAGES, HashEncoder

FIRST, SECOND, *REST = SMALL_PASSAGES
EARLIER_IDS = "passages/earlier_ids.npy"


def built(folder: Path, *passages: Passage) -> Index:
    encoder = HashEncoder()
    return write_generation(build_generation(passages, encoder), encoder, folder, {})


def moved(passage: Passage, passage_id: str, **changes: object) -> Passage:
    return replace(passage, passage_id=passage_id, **changes)  # type: ignore[arg-type]


def test_a_passage_of_another_place_and_section_answers_to_its_earlier_id(tmp_path: Path) -> None:
    built(tmp_path, *SMALL_PASSAGES)
    index = built(
        tmp_path, SECOND, moved(FIRST, "00000000000000f1", place=Place("雄安新区"), section_path=()), *REST
    )
    assert index.position(FIRST.passage_id) == index.position("00000000000000f1") == 1
    assert EARLIER_IDS in index.manifest.parts


def test_earlier_ids_are_carried_on_through_every_rebuild(tmp_path: Path) -> None:
    built(tmp_path, *SMALL_PASSAGES)
    built(tmp_path, moved(FIRST, "00000000000000f1"), SECOND, *REST)
    built(tmp_path, moved(FIRST, "00000000000000f1"), moved(SECOND, "00000000000000f2", file="b.txt"), *REST)
    index = built(
        tmp_path, moved(FIRST, "00000000000000f3"), moved(SECOND, "00000000000000f2", file="b.txt"), *REST
    )
    assert [index.position(old) for old in (FIRST.passage_id, "00000000000000f1", SECOND.passage_id)] == [
        0,
        0,
        1,
    ]


def test_two_passages_of_the_same_text_answer_each_to_its_own_earlier_id(tmp_path: Path) -> None:
    twin = moved(FIRST, "0000000000009901")
    built(tmp_path, FIRST, twin, *REST)
    index = built(tmp_path, moved(FIRST, "0000000000009902"), moved(FIRST, "00000000000000c3"), *REST)
    assert [index.position(old.passage_id) for old in (FIRST, twin)] == [0, 1]


def test_a_passage_whose_text_changed_is_gone_and_has_a_successor(tmp_path: Path) -> None:
    built(tmp_path, *SMALL_PASSAGES)
    index = built(tmp_path, moved(FIRST, "00000000000000f1", text=FIRST.text + "另有一句。"), SECOND, *REST)
    assert index.position(FIRST.passage_id) is None
    assert index.passages.successor(FIRST.passage_id) == 0


def test_an_id_that_was_never_known_has_no_successor(tmp_path: Path) -> None:
    index = built(tmp_path, *SMALL_PASSAGES)
    assert index.position("0000000000000000") is None
    assert index.passages.successor("0000000000000000") is None
    assert index.passages.successor("no id") is None
    assert EARLIER_IDS not in index.manifest.parts


def test_an_id_that_comes_back_opens_its_own_passage(tmp_path: Path) -> None:
    built(tmp_path, *SMALL_PASSAGES)
    built(tmp_path, moved(FIRST, "00000000000000f1"), SECOND, *REST)
    index = built(tmp_path, FIRST, SECOND, *REST)
    assert index.position(FIRST.passage_id) == index.position("00000000000000f1") == 0


def test_ids_are_carried_over_from_an_index_of_another_format(tmp_path: Path) -> None:
    built(tmp_path, *SMALL_PASSAGES)
    manifest = current_folder(tmp_path) / "manifest.json"
    fields = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps(fields | {"format": 4}), encoding="utf-8")
    index = built(tmp_path, moved(FIRST, "00000000000000f1"), SECOND, *REST)
    assert index.position(FIRST.passage_id) == 0


def test_an_unreadable_generation_is_passed_over(tmp_path: Path) -> None:
    built(tmp_path, *SMALL_PASSAGES)
    (current_folder(tmp_path) / "passages/ids.npy").write_bytes(b"torn")
    index = built(tmp_path, moved(FIRST, "00000000000000f1"), SECOND, *REST)
    assert index.position(FIRST.passage_id) is None


def test_earlier_ids_are_read_as_they_were_written(tmp_path: Path) -> None:
    entries = [EarlierId(3, 2**64 - 1, is_same_text=True), EarlierId(2**63, 7, is_same_text=False)]
    EarlierIds.of(reversed(entries)).save(tmp_path)
    assert EarlierIds.load(tmp_path).entries() == entries
    assert EarlierIds.load(tmp_path).find(2**63) == entries[1]
    assert EarlierIds.load(tmp_path).find(4) is None
    assert len(EarlierIds.load(tmp_path / "none")) == 0
