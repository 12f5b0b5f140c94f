from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from retrieval.building.checkpoint import checkpoint_path, open_checkpoint, remove_checkpoints
from retrieval.building.coded_checkpoint import CodedCheckpoint, keep_quantizers, kept_quantizers
from retrieval.errors import BulletinBotError
from retrieval.index.quantized import ProductQuantizer, Quantizers
from retrieval.index.vectors.int8_tokens import TokenCodes
from retrieval.storage.row_ranges import unit_rows
from retrieval.types import FloatVector

WIDTH = 8
KEYS = [bytes([number]) * 16 for number in range(1, 6)]


def vector(number: int) -> FloatVector:
    return np.random.default_rng(number).standard_normal(WIDTH).astype(np.float32)


def codes(tokens: int) -> TokenCodes:
    return TokenCodes.from_vectors(
        np.random.default_rng(tokens).standard_normal((tokens, WIDTH)).astype(np.float32)
    )


def fill(path: Path) -> None:
    """Two paragraphs and three sentences, the last one without a token, in two groups."""
    with open_checkpoint(path, WIDTH) as checkpoint:
        checkpoint.add({KEYS[0]: vector(0)}, {KEYS[2]: (vector(2), codes(3))})
        checkpoint.add({KEYS[1]: vector(1)}, {KEYS[3]: (vector(3), codes(1)), KEYS[4]: (vector(4), codes(0))})


def test_what_was_added_is_there_to_the_bit_when_it_is_opened_again(tmp_path: Path) -> None:
    fill(tmp_path / "checkpoint")
    with open_checkpoint(tmp_path / "checkpoint", WIDTH) as checkpoint:
        assert checkpoint.keys.paragraphs.tobytes() == b"".join(KEYS[:2])
        assert checkpoint.keys.sentences.tobytes() == b"".join(KEYS[2:])
        assert np.array_equal(checkpoint.paragraph_vectors(np.asarray([1, 0])), [vector(1), vector(0)])
        assert np.array_equal(checkpoint.sentence_vectors(np.asarray([2, 0])), [vector(4), vector(2)])
        found = checkpoint.token_codes(np.asarray([0, 2]))
        for tokens, expected in zip(found, (codes(3), codes(0)), strict=True):
            assert np.array_equal(tokens.codes, expected.codes)
            assert np.array_equal(tokens.scales, expected.scales)


def test_a_checkpoint_to_which_nothing_was_added_makes_no_file(tmp_path: Path) -> None:
    with open_checkpoint(tmp_path / "checkpoint", WIDTH) as checkpoint:
        assert len(checkpoint.keys.sentences) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_group_is_added_whole_or_not_at_all(tmp_path: Path) -> None:
    class Stopped(dict[bytes, tuple[FloatVector, TokenCodes]]):
        def items(self):  # type: ignore[no-untyped-def]
            yield KEYS[2], (vector(2), codes(3))
            raise KeyboardInterrupt

    with open_checkpoint(tmp_path / "checkpoint", WIDTH) as checkpoint:
        with pytest.raises(KeyboardInterrupt):
            checkpoint.add({KEYS[0]: vector(0)}, Stopped())
        assert len(checkpoint.keys.paragraphs) == len(checkpoint.keys.sentences) == 0


@pytest.mark.parametrize("harm", ["cut off", "flipped", "emptied", "another file"])
def test_a_damaged_checkpoint_is_dropped_with_a_warning(
    tmp_path: Path, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "checkpoint"
    fill(path)
    content = bytearray(path.read_bytes())
    spot = content.index(vector(3).tobytes())
    content[spot] ^= 1
    harmed = {
        "cut off": path.read_bytes()[: len(content) // 2],
        "flipped": bytes(content),
        "emptied": b"",
        "another file": b"no database" * 1000,
    }
    path.write_bytes(harmed[harm])
    with caplog.at_level(logging.WARNING), open_checkpoint(path, WIDTH) as checkpoint:
        assert len(checkpoint.keys.paragraphs) == len(checkpoint.keys.sentences) == 0
    assert ("are damaged: they are embedded again" in caplog.text) == (harm != "emptied")
    fill(path)


def test_a_full_disk_is_one_sentence_and_keeps_what_was_added(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint"
    fill(path)
    with open_checkpoint(path, WIDTH) as checkpoint:
        checkpoint.file._connection.execute("PRAGMA max_page_count = 1")
        large = {bytes([number]) * 16: (vector(number), codes(4000)) for number in range(10, 20)}
        with pytest.raises(
            BulletinBotError, match=r"could not be written to \S+ \(No space left on device\): "
        ):
            checkpoint.add({}, large)
    with open_checkpoint(path, WIDTH) as checkpoint:
        assert len(checkpoint.keys.sentences) == 3


def test_each_encoder_has_a_checkpoint_and_a_full_build_one_of_its_own(tmp_path: Path) -> None:
    paths = {
        checkpoint_path(tmp_path, name, full=full) for name in ("one", "two/three") for full in (True, False)
    }
    assert len(paths) == 4
    assert {path.parent for path in paths} == {tmp_path}


def test_removing_leaves_nothing_of_any_checkpoint_and_all_else(tmp_path: Path) -> None:
    for full in (True, False):
        fill(checkpoint_path(tmp_path, "one", full=full))
    checkpoint_path(tmp_path, "one", full=True).with_suffix(".sqlite-journal").touch()
    (tmp_path / "current").touch()
    remove_checkpoints(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["current"]


def test_codes_and_their_quantizers_are_there_when_it_is_opened_again(tmp_path: Path) -> None:
    chance = np.random.default_rng(3)
    rows = unit_rows(chance.standard_normal((600, 2 * WIDTH)).astype(np.float32))
    quantizers = Quantizers(ProductQuantizer.train(rows, 8, 4), ProductQuantizer.train(rows, 16, 2))
    texts = {key: (rows[number], TokenCodes.from_vectors(rows[:number])) for number, key in enumerate(KEYS)}
    with open_checkpoint(tmp_path / "checkpoint", 2 * WIDTH) as checkpoint:
        assert kept_quantizers(checkpoint) is None
        keep_quantizers(checkpoint, quantizers)
        CodedCheckpoint(checkpoint, quantizers).add({}, texts)
    with open_checkpoint(tmp_path / "checkpoint", 2 * WIDTH) as checkpoint:
        kept = kept_quantizers(checkpoint)
        assert kept
        assert kept.codes_as(quantizers)
        coded = CodedCheckpoint(checkpoint, kept).coded(np.asarray([4, 0, 2]))
        assert coded.counts.tolist() == [4, 0, 2]
        assert np.array_equal(coded.vectors, quantizers.sentences.encode(rows[[4, 0, 2]]))
        expected = [tokens.vectors for _, tokens in texts.values()]
        tokens = np.concatenate([expected[4], expected[0], expected[2]])
        assert np.array_equal(coded.tokens, quantizers.tokens.encode(tokens))
