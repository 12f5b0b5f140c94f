from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.settings import Settings
from retrieval.embedding.bundled.bert import BertEncoder, multiplies_bfloat16
from retrieval.embedding.bundled.encoder import BundledEncoder
from retrieval.embedding.bundled.tokenizer import BundledTokenizer
from retrieval.embedding.bundled.weights import bundled_model_folder
from retrieval.embedding.encoder import SentenceEncoder, load_encoder
from retrieval.errors import BulletinBotError
from retrieval.types import Encoder, Encoding
from tests.doubles import HashEncoder

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
SHORT_AND_LONG = ["北京", "每月發佈10名月榜人物。" * 80, "上海市民修身行動", "", "How many?"]


@pytest.fixture(scope="module")
def plain() -> SentenceEncoder:
    """The bundled model loaded as any model of the hub is, by sentence-transformers."""
    found = load_encoder(str(bundled_model_folder(Settings().model_cache)), Path(), threads=1)
    assert isinstance(found, SentenceEncoder)
    return found


@pytest.fixture(params=["bundled", "plain", "double"])
def any_encoder(request: pytest.FixtureRequest, encoder: Encoder, plain: SentenceEncoder) -> Encoder:
    """The bundled model, the same by sentence-transformers, and a stand-in, which must all promise the same."""
    return {"bundled": encoder, "plain": plain, "double": HashEncoder()}[request.param]


def assert_nearly_the_same(found: Encoding, known: Encoding) -> None:
    assert (found.vectors * known.vectors).sum(axis=1).min() > 0.9999
    for tokens, spans, others, their_spans in zip(
        found.tokens, found.spans, known.tokens, known.spans, strict=True
    ):
        np.testing.assert_array_equal(spans, their_spans)
        assert not len(tokens) or (tokens * others).sum(axis=1).min() > 0.9995


@pytest.mark.parametrize("is_packed", [True, False])
def test_the_bundled_model_says_what_sentence_transformers_says_on_any_processor(
    plain: SentenceEncoder, *, is_packed: bool
) -> None:
    if is_packed and not multiplies_bfloat16():
        pytest.skip("this processor does not multiply bfloat16")
    folder = bundled_model_folder(Settings().model_cache)
    model = BertEncoder(folder, packed=is_packed)
    found = BundledEncoder(model, BundledTokenizer(folder, model.longest))
    texts = [*SHORT_AND_LONG, "Я читаю по-русски 北京", "ｆｕｌｌ　ｗｉｄｔｈ ①½ 🙂", "北" * 5000]
    assert_nearly_the_same(found.encode_queries(texts), plain.encode_queries(texts))
    assert_nearly_the_same(found.encode_passages(texts), plain.encode_passages(texts))


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
    for spot, text in enumerate(SHORT_AND_LONG):
        alone = any_encoder.encode_passages([text])
        np.testing.assert_allclose(together.vectors[spot], alone.vectors[0], atol=1e-4)
        np.testing.assert_allclose(together.tokens[spot], alone.tokens[0], atol=1e-3)


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
    wanted = [["北京"], ["每月發佈10名月榜人物。" * 8, "上海", "北京榜樣"]] * 8
    alone = [any_encoder.encode_passages(texts) for texts in wanted[:2]]
    with ThreadPoolExecutor(2) as threads:
        together = list(threads.map(any_encoder.encode_passages, wanted))
    for spot, encoding in enumerate(together):
        expected = alone[spot % 2]
        np.testing.assert_allclose(encoding.vectors, expected.vectors, atol=1e-4)
        for found, known in zip(encoding.spans, expected.spans, strict=True):
            np.testing.assert_array_equal(found, known)


def test_queries_and_passages_are_prompted_differently(encoder: Encoder) -> None:
    asked, searched = encoder.encode_queries(["北京"]), encoder.encode_passages(["北京"])
    assert not np.allclose(asked.vectors, searched.vectors, atol=1e-3)


def test_the_bundled_model_goes_by_one_name_however_it_is_asked_for(encoder: Encoder) -> None:
    assert (encoder.name, encoder.dimension) == ("bundled/multilingual-e5-small", 384)
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
    with pytest.raises(BulletinBotError, match="'bundled' cannot be loaded"):
        load_encoder("bundled", tmp_path / "cache")


@pytest.mark.usefixtures("encoder")
def test_a_damaged_file_of_the_unpacked_model_is_one_sentence(tmp_path: Path) -> None:
    whole = bundled_model_folder(Settings().model_cache)
    damaged = tmp_path / whole.name
    damaged.mkdir()
    for path in whole.iterdir():
        (damaged / path.name).symlink_to(path)
    (damaged / "model.safetensors").unlink()
    (damaged / "model.safetensors").write_bytes((whole / "config.json").read_bytes())
    with pytest.raises(BulletinBotError):
        load_encoder("bundled", tmp_path)
