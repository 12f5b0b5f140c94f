"""Folders with a `collection.toml`, and what is said of a file that cannot be used."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from retrieval.errors import BulletinBotError
from retrieval.reading import find_files, read_collection
from retrieval.reading.collections import Collections
from retrieval.types import DEFAULT_COLLECTION
from tests.conftest import BULLETINS

TEXT = "一、上海開展活動\n　　上海市開展志願服務活動,吸引了5萬名市民參加。\n"


def _write(root: Path, *, name: str, toml: str) -> Path:
    folder = root / name
    folder.mkdir(parents=True)
    (folder / "collection.toml").write_text(toml, encoding="utf-8")
    (folder / "報.txt").write_text(TEXT, encoding="utf-8")
    return folder


def test_a_folder_with_a_collection_file_is_a_collection_and_the_rest_is_the_default_one(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    _write(tmp_path, name="b", toml='name = "市政簡報"\ndescription = "每月"\n')
    (tmp_path / "c.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "e.txt").write_text(TEXT, encoding="utf-8")
    reading = read_collection(tmp_path)
    assert [(passage.file, passage.collection) for passage in reading.passages] == [
        ("a.txt", DEFAULT_COLLECTION),
        ("c.txt", DEFAULT_COLLECTION),
        ("d/e.txt", DEFAULT_COLLECTION),
        ("b/報.txt", "市政簡報"),
    ]
    assert len({passage.passage_id for passage in reading.passages}) == 4
    assert not [finding for finding in reading.findings if "collection" in finding.file]


def test_the_innermost_folder_with_a_file_decides(tmp_path: Path) -> None:
    outer = _write(tmp_path, name="甲", toml='name = "甲"')
    _write(outer, name="乙", toml='name = "乙"')
    assert {passage.file: passage.collection for passage in read_collection(tmp_path).passages} == {
        "甲/報.txt": "甲",
        "甲/乙/報.txt": "乙",
    }


def test_a_collection_changes_no_id_of_the_default_one(tmp_path: Path) -> None:
    for file in BULLETINS.iterdir():
        shutil.copy(file, tmp_path / file.name)
    before = read_collection(BULLETINS).passages
    copied = tmp_path / "0-before-all-others"
    shutil.copytree(BULLETINS, copied)
    (copied / "collection.toml").write_text('name = "抄本"', encoding="utf-8")
    after = read_collection(tmp_path).passages
    assert [passage.passage_id for passage in before] == [
        passage.passage_id for passage in after if passage.collection == DEFAULT_COLLECTION
    ]
    assert {passage.collection for passage in before} == {None}
    assert len({passage.passage_id for passage in after}) == 2 * len(before)


def test_another_name_or_description_leaves_the_ids_alone(tmp_path: Path) -> None:
    folder = _write(tmp_path, name="甲", toml='name = "甲"')
    before = [passage.passage_id for passage in read_collection(tmp_path).passages]
    (folder / "collection.toml").write_text('name = "乙"\ndescription = "新"', encoding="utf-8")
    assert [passage.passage_id for passage in read_collection(tmp_path).passages] == before


def test_a_hidden_folder_and_the_root_itself_are_no_collections(tmp_path: Path) -> None:
    _write(tmp_path, name=".incoming", toml="not toml")
    (tmp_path / "collection.toml").write_text('name = "根"', encoding="utf-8")
    assert Collections.in_folder(tmp_path).all == ()


def test_a_file_that_a_windows_editor_wrote_is_read(tmp_path: Path) -> None:
    _write(tmp_path, name="甲", toml='\ufeffname = "甲"\r\ndescription = "  每月  一期 "\r\n')
    (collection,) = Collections.in_folder(tmp_path).all
    assert (collection.name, collection.description) == ("甲", "每月 一期")


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("name = 市政", "is not TOML"),
        ("", "gives no name"),
        ('name = "  "', "gives no name"),
        ("name = 5", "is no text"),
        ('name = "甲"\ndescription = ["a"]', "the description is no text"),
        ('name = "甲"\ntitel = "乙"', "the key 'titel'"),
        (f'name = "{"甲" * 41}"', "at most 40 characters"),
        ('name = "甲\\u202e乙"', "one line of at most 40"),
        ('name = "Default"', "choose another"),
    ],
)
def test_a_fault_is_one_sentence_with_the_file_and_the_remedy(tmp_path: Path, toml: str, said: str) -> None:
    file = _write(tmp_path, name="甲", toml=toml) / "collection.toml"
    with pytest.raises(BulletinBotError) as raised:
        find_files(tmp_path)
    assert said in str(raised.value)
    assert str(file) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    file = _write(tmp_path, name="甲", toml="") / "collection.toml"
    file.write_bytes('name = "市政簡報"'.encode("gb18030"))
    with pytest.raises(BulletinBotError, match="save it as UTF-8"):
        read_collection(tmp_path)


def test_two_collections_of_one_name_in_either_script_are_refused(tmp_path: Path) -> None:
    _write(tmp_path, name="甲", toml='name = "簡報"')
    _write(tmp_path, name="乙", toml='name = "简报"')
    with pytest.raises(BulletinBotError, match="give the same name"):
        read_collection(tmp_path)
