"""Embedding many texts: each once, in order, and continued after an interruption."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from retrieval.building.checkpoint import checkpoint_path
from retrieval.building.embed_passages import EmbeddedTexts, embed_passages
from retrieval.index.context_text import paragraph_text, sentence_texts
from retrieval.index.generations import load_serving
from retrieval.index.index import Index
from retrieval.index.vectors.int8_tokens import TokenCodes
from retrieval.progress import no_progress
from retrieval.types import Encoder, Encoding, Passage, Reading
from tests.doubles import HashEncoder, make_passage

ROOT = Path(__file__).parents[3]

# Enough for several groups.
MANY = tuple(
    make_passage(
        f"{number:016x}",
        f"第{number}條。" + "志願者走進社區。" * (number % 9) + f"共{number}人參加!",
        section="一、事",
    )
    for number in range(400)
)


def one_by_one(passages: Sequence[Passage], encoder: Encoder) -> tuple[list[Encoding], list[Encoding]]:
    """The paragraphs and the sentences, each embedded by itself."""
    paragraphs = [encoder.encode_passages([paragraph_text(passage)]) for passage in passages]
    sentences = [encoder.encode_passages([text]) for passage in passages for text in sentence_texts(passage)]
    return paragraphs, sentences


def assert_as_one_by_one(
    found: EmbeddedTexts, passages: Sequence[Passage], encoder: Encoder, within: float
) -> None:
    paragraphs, sentences = one_by_one(passages, encoder)
    np.testing.assert_allclose(
        found.paragraphs, np.concatenate([one.vectors for one in paragraphs]), atol=within
    )
    np.testing.assert_allclose(
        found.sentences, np.concatenate([one.vectors for one in sentences]), atol=within
    )
    for row, one in enumerate(sentences):
        expected = TokenCodes.from_vectors(one.tokens[0])
        own = slice(found.starts[row], found.starts[row + 1])
        assert np.abs(found.codes[own].astype(int) - expected.codes.astype(int)).max(initial=0) <= (
            within > 0
        )
        np.testing.assert_allclose(found.scales[own], expected.scales, atol=within)


def test_every_array_is_what_each_text_alone_gives_in_the_order_of_the_passages(tmp_path: Path) -> None:
    found = embed_passages(MANY, HashEncoder(), no_progress, checkpoint_file=tmp_path / "journal")
    assert_as_one_by_one(found, MANY, HashEncoder(), 0.0)


def test_the_bundled_model_gives_what_it_gives_text_by_text(encoder: Encoder, seed_reading: Reading) -> None:
    passages = seed_reading.passages[:4]
    assert_as_one_by_one(embed_passages(passages, encoder, no_progress), passages, encoder, 1e-5)


def test_a_text_that_stands_in_many_passages_is_embedded_once() -> None:
    encoder = HashEncoder()
    repeated = tuple(make_passage(f"{number:016x}", "同一段話。只有兩句。") for number in range(3000))
    found = embed_passages(repeated, encoder, no_progress)
    assert len(encoder.passages_encoded) == 3
    assert len(found.paragraphs) == 3000
    assert (found.paragraphs == found.paragraphs[0]).all()


class Interrupted(HashEncoder):
    """Is told to stop after some calls."""

    def __init__(self, calls: int) -> None:
        super().__init__()
        self._left = calls

    def encode_passages(self, texts: Sequence[str]) -> Encoding:
        if not self._left:
            raise KeyboardInterrupt
        self._left -= 1
        return super().encode_passages(texts)


def test_what_was_embedded_before_a_build_was_broken_off_is_not_embedded_again(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    first, second, whole = Interrupted(3), HashEncoder(), HashEncoder()
    with pytest.raises(KeyboardInterrupt):
        embed_passages(MANY, first, no_progress, checkpoint_file=journal)
    found = embed_passages(MANY, second, no_progress, checkpoint_file=journal)
    expected = embed_passages(MANY, whole, no_progress)
    assert len(first.passages_encoded) > 100
    assert first.passages_encoded + second.passages_encoded == whole.passages_encoded
    assert np.array_equal(found.sentences, expected.sentences)
    assert np.array_equal(found.codes, expected.codes)


def test_a_damaged_group_is_embedded_again(tmp_path: Path) -> None:
    journal = tmp_path / "journal"
    embed_passages(MANY, HashEncoder(), no_progress, checkpoint_file=journal)
    content = bytearray(journal.read_bytes())
    content[len(content) // 2] ^= 255
    journal.write_bytes(content)
    assert_as_one_by_one(
        embed_passages(MANY, HashEncoder(), no_progress, checkpoint_file=journal), MANY, HashEncoder(), 0.0
    )


# A build that waits, once this share is embedded, until it is killed.
BUILD = """
import json, sys, time
from pathlib import Path
from bot.operations.rebuilding import build
from bot.settings import Settings
from tests.doubles import HashEncoder

folder, kill_at = Path(sys.argv[1]), float(sys.argv[2])
settings = Settings(bulletins_dir=folder / "bulletins", index_dir=folder / "index", development_questions=folder / "none")

def watch(stage, done, total):
    if stage == "embedding" and total and done / total >= kill_at:
        print(len(encoder.passages_encoded), flush=True)
        time.sleep(60)

encoder = HashEncoder()
build(settings, encoder=encoder, full="full" in sys.argv, progress=watch)
print(len(encoder.passages_encoded), flush=True)
"""


def texts_embedded(folder: Path, *words: str, kill_at: float = 2.0) -> int:
    """By a build that is a process of its own, killed where it has done that share of the embedding."""
    command = [sys.executable, "-c", BUILD, str(folder), str(kill_at), *words]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        count = int(child.stdout.readline())
        if kill_at < 1:
            child.kill()
    assert child.returncode == (-signal.SIGKILL if kill_at < 1 else 0)
    return count


@pytest.mark.parametrize("words", [(), ("full",)])
def test_a_build_that_is_killed_at_four_fifths_embeds_only_the_rest_when_it_is_run_again(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    (tmp_path / "bulletins").mkdir()
    for number in range(60):
        lines = (
            f"第{number}期第{line}件事,有{number * line}人參加。走進社區{line}次。" for line in range(12)
        )
        text = "\n\n".join((f"工作簡報 篇{number + 1}", *lines))
        (tmp_path / "bulletins" / f"{number}.txt").write_text(text, encoding="utf-8")
    first = texts_embedded(tmp_path, *words, kill_at=0.8)
    assert checkpoint_path(tmp_path / "index", HashEncoder().name, full=bool(words)).exists()
    second = texts_embedded(tmp_path, *words)
    assert 0 < second <= 0.25 * (first + second)
    assert [path.name for path in (tmp_path / "index").iterdir() if path.name.startswith(".")] == []
    embedded = load_serving(tmp_path / "index", HashEncoder().name)
    assert_served(embedded, HashEncoder())


def assert_served(index: Index, encoder: Encoder) -> None:
    """What is served has the vectors that each text alone gives."""
    paragraphs, sentences = one_by_one(index.passages, encoder)
    rows = np.arange(len(sentences))
    expected = np.concatenate([one.vectors for one in paragraphs])
    assert np.array_equal(index.paragraphs.vectors(rows[: len(expected)]), expected)
    assert np.array_equal(index.sentences.vectors(rows), np.concatenate([one.vectors for one in sentences]))
