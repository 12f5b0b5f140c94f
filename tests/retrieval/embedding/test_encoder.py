from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from benchmarks.plain_model import save_plain_model
from hypothesis import given, settings
from hypothesis import strategies as st
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Transformer
from sentence_transformers.sentence_transformer.modules import Pooling
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from bot.settings import Settings
from retrieval.answering.answerer import search
from retrieval.building.builder import build_generation, write_generation
from retrieval.embedding import encoder as encoder_module
from retrieval.embedding.bundled.encoder import BundledEncoder
from retrieval.embedding.bundled.engine import ComputeType, CTranslate2Engine
from retrieval.embedding.bundled.model_folder import bundled_model_folder
from retrieval.embedding.bundled.tokenizer import TOKENIZER_FILE, BundledTokenizer
from retrieval.embedding.encoder import SentenceEncoder, load_encoder, load_rebuild_encoder
from retrieval.errors import BulletinBotError
from retrieval.index.generations import load_current
from retrieval.storage.manifests import model_name
from retrieval.types import Encoder, Encoding, Passage
from tests.doubles import HashEncoder

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
SHORT_AND_LONG = ["北京", "每月發佈10名月榜人物。" * 80, "上海市民修身行動", "", "How many?"]
MIXED = [*SHORT_AND_LONG, "Я читаю по-русски 北京", "ｆｕｌｌ　ｗｉｄｔｈ ①½ 🙂", "北" * 5000]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> SentenceEncoder:
    """The bundled model loaded as any model of the hub is: its transformer is transformers' own."""
    folder = tmp_path_factory.mktemp("plain")
    save_plain_model(folder)
    loaded = load_encoder(str(folder), Path(), threads=1)
    assert isinstance(loaded, SentenceEncoder)
    return loaded


@pytest.fixture(scope="module")
def rebuild_encoder() -> SentenceEncoder:
    """The bundled model as a rebuild loads it."""
    loaded = load_rebuild_encoder("bundled", Settings().model_cache, threads=1)
    assert isinstance(loaded, SentenceEncoder)
    return loaded


@pytest.fixture(params=["bundled", "rebuild", "plain", "double"])
def any_encoder(
    request: pytest.FixtureRequest, encoder: Encoder, rebuild_encoder: SentenceEncoder, plain: SentenceEncoder
) -> Encoder:
    """The bundled model in three ways and a stand-in, which must all keep the same promises."""
    encoders = {"bundled": encoder, "rebuild": rebuild_encoder, "plain": plain, "double": HashEncoder()}
    return encoders[request.param]


def assert_nearly_the_same(encoding: Encoding, expected: Encoding, *, text: float, token: float) -> None:
    """Least cosines of the vectors of texts and of tokens; the spans are equal."""
    assert (encoding.vectors * expected.vectors).sum(axis=1).min() > text
    for tokens, spans, others, their_spans in zip(
        encoding.tokens, encoding.spans, expected.tokens, expected.spans, strict=True
    ):
        np.testing.assert_array_equal(spans, their_spans)
        assert not len(tokens) or (tokens * others).sum(axis=1).min() > token


@pytest.mark.parametrize(
    ("compute_type", "text", "token"), [("float32", 0.999, 0.9985), ("int8", 0.997, 0.995)]
)
def test_the_engine_says_what_transformers_says_in_either_precision(
    plain: SentenceEncoder, compute_type: ComputeType, text: float, token: float
) -> None:
    folder = bundled_model_folder(Settings().model_cache)
    engine = CTranslate2Engine(folder, compute_type)
    encoder = BundledEncoder(engine, BundledTokenizer(folder, engine.longest))
    for encoding, expected in (
        (encoder.encode_queries(MIXED), plain.encode_queries(MIXED)),
        (encoder.encode_passages(MIXED), plain.encode_passages(MIXED)),
    ):
        assert_nearly_the_same(encoding, expected, text=text, token=token)


def test_a_rebuild_embeds_with_sentence_transformers_what_questions_are_embedded_with(
    encoder: Encoder, rebuild_encoder: SentenceEncoder
) -> None:
    assert isinstance(rebuild_encoder._model, SentenceTransformer)
    assert [type(module).__name__ for module in rebuild_encoder._model] == [
        "BundledTransformer",
        "Pooling",
        "Normalize",
    ]
    assert (rebuild_encoder.name, rebuild_encoder.dimension) == (encoder.name, encoder.dimension)
    for light, complete in (
        (encoder.encode_queries(MIXED), rebuild_encoder.encode_queries(MIXED)),
        (encoder.encode_passages(MIXED), rebuild_encoder.encode_passages(MIXED)),
    ):
        assert_nearly_the_same(light, complete, text=0.9999, token=0.9999)
        for tokens, others in zip(light.tokens, complete.tokens, strict=True):
            np.testing.assert_array_equal(tokens, others)


def test_the_bundled_model_gives_the_same_bytes_alone_among_others_and_again(
    encoder: Encoder, rebuild_encoder: SentenceEncoder
) -> None:
    texts = [f"{text}{number}" for text in MIXED for number in (1, 10, 1000)]
    for model in (encoder, rebuild_encoder):
        together = model.encode_passages(texts)
        again = model.encode_passages(texts[::-1])
        np.testing.assert_array_equal(again.vectors[::-1], together.vectors)
        for position in range(0, len(texts), 5):
            alone = model.encode_passages([texts[position]])
            np.testing.assert_array_equal(alone.vectors[0], together.vectors[position])
            np.testing.assert_array_equal(alone.tokens[0], together.tokens[position])


def test_the_light_encoder_loads_neither_torch_nor_transformers_nor_sentence_transformers() -> None:
    script = (
        "import sys\n"
        "from bot.settings import Settings\n"
        "from retrieval.embedding import load_encoder\n"
        "load_encoder('bundled', Settings().model_cache, 1).encode_queries(['北京'])\n"
        "print({'torch', 'sentence_transformers', 'transformers'} & sys.modules.keys())\n"
    )
    run = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert run.stdout == "set()\n"


def assert_keeps_the_protocol(encoding: Encoding, texts: list[str], dimension: int) -> None:
    assert encoding.vectors.shape == (len(texts), dimension)
    assert len(encoding.tokens) == len(encoding.spans) == len(texts)
    for text, vector, tokens, spans in zip(
        texts, encoding.vectors, encoding.tokens, encoding.spans, strict=True
    ):
        assert vector.dtype == tokens.dtype == np.float32
        assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)
        np.testing.assert_allclose(np.linalg.norm(tokens, axis=1), 1.0, atol=1e-5)
        assert tokens.shape == (len(spans), dimension)
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert spans[:, 0].tolist() == sorted(spans[:, 0])


def test_every_text_has_a_unit_vector_and_every_token_one_with_its_span(any_encoder: Encoder) -> None:
    for encode in (any_encoder.encode_queries, any_encoder.encode_passages):
        assert_keeps_the_protocol(encode(SHORT_AND_LONG), SHORT_AND_LONG, any_encoder.dimension)


def test_no_texts_have_no_vectors(any_encoder: Encoder) -> None:
    for encode in (any_encoder.encode_queries, any_encoder.encode_passages):
        assert encode([]).vectors.shape == (0, any_encoder.dimension)


def test_a_text_has_the_same_vectors_alone_and_among_others(any_encoder: Encoder) -> None:
    together = any_encoder.encode_passages(SHORT_AND_LONG)
    for position, text in enumerate(SHORT_AND_LONG):
        alone = any_encoder.encode_passages([text])
        np.testing.assert_allclose(together.vectors[position], alone.vectors[0], atol=1e-4)
        np.testing.assert_allclose(together.tokens[position], alone.tokens[0], atol=1e-3)


@settings(max_examples=40)
@given(text=TEXT)
def test_any_text_is_encoded(encoder: Encoder, text: str) -> None:
    assert_keeps_the_protocol(encoder.encode_queries([text]), [text], 384)


def test_the_spans_of_the_tokens_make_up_the_text(encoder: Encoder) -> None:
    text = "北京榜樣每月發佈10名月榜人物"
    for encoding in (encoder.encode_queries([text]), encoder.encode_passages([text])):
        assert "".join(text[start:end] for start, end in encoding.spans[0]) == text


def test_a_text_longer_than_the_model_reads_is_cut_not_refused(encoder: Encoder) -> None:
    encoding = encoder.encode_passages(["北" * 5000])
    assert 400 < len(encoding.tokens[0]) < 512


def test_reading_spans_leaves_the_tokenizer_as_the_model_uses_it(plain: SentenceEncoder) -> None:
    """Threads share it: were it set otherwise for the spans, a batch of another thread would go unpadded."""
    tokenizer = plain._model.tokenizer.backend_tokenizer
    plain._model.preprocess(SHORT_AND_LONG)
    of_the_model = tokenizer.padding, tokenizer.truncation
    plain.encode_queries(["北京"])
    assert (tokenizer.padding, tokenizer.truncation) == of_the_model
    assert tokenizer.padding is not None


def test_two_threads_get_what_each_gets_alone(any_encoder: Encoder) -> None:
    batches = [["北京"], ["每月發佈10名月榜人物。" * 8, "上海", "北京榜樣"]] * 8
    alone = [any_encoder.encode_passages(texts) for texts in batches[:2]]
    with ThreadPoolExecutor(2) as threads:
        together = list(threads.map(any_encoder.encode_passages, batches))
    for position, encoding in enumerate(together):
        expected = alone[position % 2]
        np.testing.assert_allclose(encoding.vectors, expected.vectors, atol=1e-4)
        for spans, expected_spans in zip(encoding.spans, expected.spans, strict=True):
            np.testing.assert_array_equal(spans, expected_spans)


def test_queries_and_passages_are_prompted_differently(encoder: Encoder) -> None:
    asked, searched = encoder.encode_queries(["北京"]), encoder.encode_passages(["北京"])
    assert not np.allclose(asked.vectors, searched.vectors, atol=1e-3)


def test_the_bundled_model_goes_by_one_name_however_it_is_asked_for(encoder: Encoder) -> None:
    assert (model_name(encoder.name), encoder.dimension) == ("bundled/multilingual-e5-small", 384)
    again = load_encoder("", Settings().model_cache, threads=1)
    assert again.name == encoder.name


def test_a_question_is_nearer_to_its_answer_than_to_another_paragraph(encoder: Encoder) -> None:
    question = encoder.encode_queries(["北京榜样每月评出多少人?"]).vectors[0]
    near, far = encoder.encode_passages(["每月发布10名月榜人物。", "大连开展助学、扶贫、环保行动。"]).vectors
    assert question @ near > question @ far + 0.03


@pytest.mark.parametrize("kind", ["missing", "empty", "broken"])
def test_a_model_that_cannot_be_loaded_is_one_sentence_that_names_the_setting(
    tmp_path: Path, kind: str
) -> None:
    folder = tmp_path / kind
    if kind != "missing":
        folder.mkdir()
    if kind == "broken":
        (folder / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(
        BulletinBotError, match=r"cannot be loaded .* set EMBEDDING_MODEL to another"
    ) as refusal:
        load_encoder(str(folder), tmp_path)
    assert str(folder) in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_cache_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file stands here", encoding="utf-8")
    with pytest.raises(BulletinBotError, match="set MODEL_CACHE to another folder"):
        load_encoder("bundled", tmp_path / "cache")


@pytest.mark.usefixtures("encoder")
@pytest.mark.parametrize("name", ["ctranslate2/model.bin", TOKENIZER_FILE, "bundled_config.json"])
@pytest.mark.parametrize("size", [0, 100, 5000])
def test_a_file_that_is_damaged_after_it_was_checked_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, size: int
) -> None:
    whole = bundled_model_folder(Settings().model_cache)
    damaged = tmp_path / whole.name
    shutil.copytree(whole, damaged)
    (damaged / name).write_bytes((whole / TOKENIZER_FILE).read_bytes()[:size])
    monkeypatch.setattr(encoder_module, "bundled_model_folder", lambda _cache: damaged)
    with pytest.raises(BulletinBotError):
        load_encoder("bundled", tmp_path)


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ordinary model of sentence-transformers: a BERT of two layers with random weights, a word a character.

    Like many of the hub, it does not normalize its vectors.
    """
    folder = tmp_path_factory.mktemp("tiny")
    characters = sorted(set("北京榜樣每月發佈10名月榜人物。上海市民修身行動How many?"))
    words = Tokenizer(
        models.WordPiece(
            {word: number for number, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *characters])},
            unk_token="[UNK]",
        )
    )
    words.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    words.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=words.get_vocab_size(),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(folder / "bert")
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=words, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]"
    ).save_pretrained(folder / "bert")
    modules = [Transformer(str(folder / "bert"), max_seq_length=64), Pooling(16)]
    SentenceTransformer(modules=modules, prompts={"query": "How?"}, device="cpu").save(str(folder / "model"))
    return folder / "model"


@pytest.mark.parametrize("load", [load_encoder, load_rebuild_encoder])
def test_any_other_model_of_sentence_transformers_keeps_the_protocol(
    tiny_model: Path, load: Callable[..., Encoder]
) -> None:
    other = load(str(tiny_model), Path(), threads=1)
    assert (model_name(other.name), other.dimension) == (str(tiny_model), 16)
    for encode in (other.encode_queries, other.encode_passages):
        assert_keeps_the_protocol(encode(SHORT_AND_LONG), SHORT_AND_LONG, 16)
    text = "北京榜樣"
    for encoding in (other.encode_queries([text]), other.encode_passages([text])):
        assert [text[start:end] for start, end in encoding.spans[0]] == list(text)
    assert not np.allclose(
        other.encode_queries([text]).vectors, other.encode_passages([text]).vectors, atol=1e-3
    )


def test_other_files_in_the_folder_of_a_model_are_another_encoder(tiny_model: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_model, folder)
    before = load_encoder(str(folder), Path(), threads=1).name
    with (folder / "model.safetensors").open("r+b") as weights:
        weights.seek(-40, os.SEEK_END)
        weights.write(bytes(40))
    assert load_encoder(str(folder), Path(), threads=1).name != before


def test_an_index_is_built_and_searched_with_another_model(
    tiny_model: Path, small_passages: tuple[Passage, ...], tmp_path: Path
) -> None:
    other = load_rebuild_encoder(str(tiny_model), Path(), threads=1)
    write_generation(build_generation(small_passages, other), other, tmp_path, {})
    index = load_current(tmp_path, other.name)
    hits = search(small_passages[0].text, index, load_encoder(str(tiny_model), Path(), threads=1), top_k=1)
    assert hits[0].passage == small_passages[0]
