from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from bot.settings import Settings
from retrieval.embedding.bundled import engine
from retrieval.embedding.bundled.engine import (
    CTranslate2Engine,
    Threads,
    fastest_compute_type,
    load_engine,
    processor_flags,
)
from retrieval.embedding.bundled.model_folder import bundled_model_folder

FOLDER = bundled_model_folder(Settings().model_cache)


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("fpu sse4_2 avx2 avx512f avx512_vnni", "int8"),
        ("avx2 avx_vnni", "int8"),
        ("amx_int8 amx_tile", "int8"),
        ("fpu avx2 avx512f avx512bw", "float32"),
    ],
)
def test_int8_is_computed_where_the_processor_has_instructions_for_it(
    tmp_path: Path, flags: str, expected: str
) -> None:
    (tmp_path / "cpuinfo").write_text(f"processor\t: 0\nflags\t\t: {flags}\n", encoding="utf-8")
    assert fastest_compute_type(processor_flags(tmp_path / "cpuinfo")) == expected


def test_float32_is_computed_where_the_system_does_not_describe_its_processor(tmp_path: Path) -> None:
    assert fastest_compute_type(processor_flags(tmp_path / "none")) == "float32"


def test_the_precision_is_told_at_the_start(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        load_engine(FOLDER)
    assert (
        f"The bundled model computes in {fastest_compute_type(processor_flags())}, threads: 1"
        in caplog.messages
    )


def test_embeddings_come_in_the_order_of_the_texts_and_in_their_lengths() -> None:
    ids = [[0, number, *range(10, 10 + number % 7), 2] for number in range(4, 60)]
    embeddings = CTranslate2Engine(FOLDER, "float32").token_embeddings(ids)
    assert [rows.shape for rows in embeddings] == [(len(text), 384) for text in ids]
    alone = CTranslate2Engine(FOLDER, "float32").token_embeddings([ids[11]])
    np.testing.assert_allclose(embeddings[11], alone[0], atol=1e-5)


@pytest.mark.parametrize("compute_type", ["int8", "float32"])
@pytest.mark.parametrize("threads", [Threads(batches=2), Threads(of_a_batch=2)])
def test_embeddings_are_the_same_bytes_however_many_threads_compute_them(
    compute_type: engine.ComputeType, threads: Threads
) -> None:
    ids = [[0, number, *range(10, 10 + number % 40), 2] for number in range(4, 200)]
    one = CTranslate2Engine(FOLDER, compute_type).token_embeddings(ids)
    several = CTranslate2Engine(FOLDER, compute_type, threads).token_embeddings(ids)
    assert [rows.tobytes() for rows in several] == [rows.tobytes() for rows in one]


def test_no_texts_are_no_work_for_the_engine() -> None:
    assert CTranslate2Engine(FOLDER, "float32").token_embeddings([]) == []


def test_a_batch_holds_texts_of_one_width_and_at_most_512_tokens() -> None:
    lengths = [512, 3, 100, 3, 600, *[100] * 25]
    batches = list(engine._batches(lengths))
    assert sorted(position for batch in batches for position in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len({lengths[position] for position in batch}) == 1
        assert len(batch) == 1 or sum(lengths[position] for position in batch) <= 512
    assert max(map(len, batches)) == 5
