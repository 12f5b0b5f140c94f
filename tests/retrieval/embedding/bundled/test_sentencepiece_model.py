from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentencepiece import SentencePieceProcessor

from retrieval.embedding.bundled.sentencepiece_model import sentencepiece_model
from retrieval.embedding.bundled.vocabulary import Vocabulary

SPECIAL = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]


def read(words: list[tuple[str, float]]) -> SentencePieceProcessor:
    """sentencepiece on the special pieces and these."""
    vocabulary = Vocabulary([*SPECIAL, *words], begin=0, end=2, padding=1, unknown=3)
    return SentencePieceProcessor.from_proto(sentencepiece_model(vocabulary))


WORDS = st.lists(
    st.tuples(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=300),
        st.floats(-30, 0, width=32),
    ),
    min_size=1,
    max_size=200,
    unique_by=lambda word: word[0],
)


@settings(max_examples=50)
@given(words=WORDS)
def test_sentencepiece_reads_every_piece_with_its_score_in_order(words: list[tuple[str, float]]) -> None:
    words = [word for word in words if word[0] not in dict(SPECIAL)]
    model = read(words)
    pieces = [*SPECIAL, *words]
    assert model.id_to_piece(list(range(len(model)))) == [piece for piece, _ in pieces]
    np.testing.assert_array_equal(model.get_score(list(range(len(model)))), [score for _, score in pieces])
    assert model.unk_id() == 3


@pytest.mark.parametrize("text", [" a", "a ", "a  b", "Ａ①", "\u0000"])
def test_the_model_takes_a_text_as_it_is(text: str) -> None:
    assert "".join(read([("a", -1.0)]).encode(text, return_type=str)) == text


def test_the_likeliest_pieces_are_taken() -> None:
    model = read([("北", -5.0), ("京", -5.0), ("北京", -9.0), ("海", -2.0), ("上", -2.0), ("上海", -9.0)])
    assert model.encode("北京上海", return_type=str) == ["北京", "上", "海"]
