"""A large collection: every sentence coded as soon as it is embedded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.building import embed_coded as module
from retrieval.building.embed_coded import embed_coded
from retrieval.building.quantized_storage import CodedPassages
from retrieval.index.context_text import sentence_texts
from retrieval.index.vectors import TokenCodes
from retrieval.progress import Stage, no_progress
from tests.doubles import HashEncoder, make_passage

PASSAGES = tuple(
    make_passage(
        f"{number:016x}", f"第{number}條。志願者走進第{number % 7}個社區。共{number}人參加!", section="一、事"
    )
    for number in range(400)
)
TEXTS = [text for passage in PASSAGES for text in sentence_texts(passage)]


@pytest.fixture(autouse=True)
def _small_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer sentences to train on than the collection has."""
    monkeypatch.setattr(module, "_SENTENCES_TRAINED_ON", 100)


@pytest.fixture(scope="module")
def coded() -> CodedPassages:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "_SENTENCES_TRAINED_ON", 100)
        return embed_coded(PASSAGES, HashEncoder(), no_progress)


def test_every_code_is_that_of_the_text_alone_in_the_order_of_the_passages(coded: CodedPassages) -> None:
    assert len(coded.sentences) == len(TEXTS) == len(coded.starts) - 1
    for row in range(0, len(TEXTS), 37):
        alone = HashEncoder().encode_passages([TEXTS[row]])
        kept = TokenCodes.from_vectors(alone.tokens[0]).vectors  # int8 on the way
        expected = coded.quantizers.encode(alone.vectors, [kept])
        own = coded.tokens[coded.starts[row] : coded.starts[row + 1]]
        # Of equally near centroids, which few different tokens of the double have, any may be taken.
        for quantizer, codes, code_alone in (
            (coded.quantizers.sentences, coded.sentences[row : row + 1], expected.vectors),
            (coded.quantizers.tokens, own, expected.tokens),
        ):
            np.testing.assert_allclose(quantizer.decode(codes), quantizer.decode(code_alone), atol=0.02)


def test_every_text_is_embedded_once_those_of_the_sample_too() -> None:
    encoder = HashEncoder()
    embed_coded(PASSAGES, encoder, no_progress)
    assert len(encoder.passages_encoded) == len(set(encoder.passages_encoded))


@pytest.mark.parametrize("until", [1, 20, 150, 399])
def test_a_build_that_was_interrupted_goes_on_where_it_ended(
    coded: CodedPassages, until: int, tmp_path: Path
) -> None:
    def interrupt(stage: Stage, done: int, _total: int) -> None:
        if stage is Stage.EMBEDDING and done >= until:
            raise KeyboardInterrupt

    first, second = HashEncoder(), HashEncoder()
    with pytest.raises(KeyboardInterrupt):
        embed_coded(PASSAGES, first, interrupt, checkpoint_file=tmp_path / "checkpoint")
    found = embed_coded(PASSAGES, second, no_progress, checkpoint_file=tmp_path / "checkpoint")
    assert not set(first.passages_encoded) & set(second.passages_encoded)
    assert np.array_equal(found.sentences, coded.sentences)
    assert np.array_equal(found.tokens, coded.tokens)
    assert np.array_equal(found.paragraphs, coded.paragraphs)


def test_progress_goes_from_nothing_to_every_passage_without_a_step_back() -> None:
    told: list[tuple[int, int]] = []

    def note(stage: Stage, done: int, total: int) -> None:
        if stage is Stage.EMBEDDING:
            told.append((done, total))

    embed_coded(PASSAGES, HashEncoder(), note)
    assert (told[0], told[-1]) == ((0, 400), (400, 400))
    assert told == sorted(told)
