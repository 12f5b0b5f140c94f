"""The engine of the bundled model: CTranslate2, in int8 where the processor multiplies it fast."""

from __future__ import annotations

import itertools
import json
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np

from retrieval.types import FloatMatrix

ComputeType = Literal["int8", "float32"]

logger = logging.getLogger(__name__)

ENGINE_FOLDER = "ctranslate2"
CONFIG_FILE = "bundled_config.json"
# Processor flags of instructions for products of int8. CTranslate2 lists int8 as supported on every processor.
_INT8_FLAGS = frozenset({"avx512_vnni", "avx_vnni", "amx_int8"})
# Those that CTranslate2's own AVX-512 code needs. It takes that code only on processors of Intel by itself; on one of AMD
# (EPYC with avx512_vnni) it takes 6 % off the time of a question.
_WIDE_FLAGS = frozenset({"avx512f", "avx512cd", "avx512dq", "avx512bw", "avx512vl"})
_INSTRUCTIONS = "CT2_FORCE_CPU_ISA"
_PROCESSOR = Path("/proc/cpuinfo")
# Of a batch. Milliseconds of processor time a text in int8, two batches side by side: at 34 tokens 5.2 alone, 3.7 in batches of
# 512 tokens, 3.9 of 1,024, 5.3 of 2,048; at 160 tokens 16.2, 15.7, 16.6, 21.1 (memory that the C library gives back each time).
_TOKENS_AT_ONCE = 512
# Tokens to whose multiple a text is padded. Processor time of a question among six others, relative to alone, with 1: .89,
# with 4: .74, with 8: .65; alone it is 1 to 2 % more with 8 and 5 % more with 16.
_WIDTH = 8


@dataclass(frozen=True, slots=True)
class Threads:
    """How many threads share the work: of one batch, which answers a question sooner, or of several batches.

    Of a rebuild, two threads that share a batch take 6 to 20 % more processor time than one, two batches at once 3 to 5 %.
    """

    of_a_batch: int = 1
    batches: int = 1


ONE_THREAD = Threads()


class Engine(Protocol):
    """A transformer encoder; threads may share it."""

    @property
    def dimension(self) -> int: ...

    @property
    def longest(self) -> int:
        """Most tokens of a text."""

    def token_embeddings(self, ids: Sequence[Sequence[int]]) -> list[FloatMatrix]:
        """For each text of at least one token id (tokens, dimension), float32, not normalized, in order."""


class CTranslate2Engine:
    """An `Engine` on CTranslate2.

    A text is padded to a multiple of `_WIDTH` tokens, alone and in a batch, and only texts of one width share a batch: so
    it has the same embeddings, byte for byte, alone and among any others.
    """

    def __init__(
        self,
        folder: Path,
        compute_type: ComputeType,
        threads: Threads = ONE_THREAD,
        model: str = ENGINE_FOLDER,
    ) -> None:
        """Raises OSError, ValueError or RuntimeError if the model in the folder cannot be read."""
        from ctranslate2 import Encoder

        config = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
        self.dimension = int(config["dimension"])
        self.longest = int(config["max_seq_length"])
        self._encoder = Encoder(
            str(folder / model),
            compute_type=compute_type,
            intra_threads=threads.of_a_batch,
            inter_threads=threads.batches,
        )
        self._batches_at_once = threads.batches

    def token_embeddings(self, ids: Sequence[Sequence[int]]) -> list[FloatMatrix]:
        batches = list(_batches([self._width(len(text)) for text in ids]))
        rows = self._forward_all([[ids[position] for position in batch] for batch in batches])
        embeddings = dict(
            zip(itertools.chain.from_iterable(batches), itertools.chain.from_iterable(rows), strict=True)
        )
        return [embeddings[position] for position in range(len(ids))]

    def _forward_all(self, batches: Sequence[Sequence[Sequence[int]]]) -> Iterable[list[FloatMatrix]]:
        if self._batches_at_once == 1 or len(batches) == 1:
            return map(self._forward, batches)
        with ThreadPoolExecutor(self._batches_at_once) as pool:
            return list(pool.map(self._forward, batches))

    def _forward(self, texts: Sequence[Sequence[int]]) -> list[FloatMatrix]:
        """The embeddings of texts of one width, in one pass."""
        lengths = [len(text) for text in texts]
        padded = np.zeros((len(texts), self._width(lengths[0])), np.int32)
        for row, text in zip(padded, texts, strict=True):
            row[: len(text)] = text
        from ctranslate2 import StorageView

        output = self._encoder.forward_batch(
            StorageView.from_array(padded), StorageView.from_array(np.array(lengths, np.int32))
        )
        rows = np.asarray(output.last_hidden_state)
        return [row[:length] for row, length in zip(rows, lengths, strict=True)]

    def _width(self, length: int) -> int:
        return min(-(-length // _WIDTH) * _WIDTH, self.longest)


def load_engine(folder: Path, threads: Threads = ONE_THREAD, model: str = ENGINE_FOLDER) -> Engine:
    """The engine on a model in the folder, in the precision that is fastest on this processor."""
    flags = processor_flags()
    if flags >= _WIDE_FLAGS:
        os.environ.setdefault(_INSTRUCTIONS, "AVX512")  # read when the library is loaded
    compute_type = fastest_compute_type(flags)
    logger.info(
        "The bundled model computes in %s, threads: %d", compute_type, threads.of_a_batch * threads.batches
    )
    return CTranslate2Engine(folder, compute_type, threads, model)


def processor_flags(processor: Path = _PROCESSOR) -> frozenset[str]:
    """The words in the file that describes the processor; none where there is no such file."""
    try:
        return frozenset(processor.read_text(encoding="utf-8").split())
    except OSError:
        return frozenset()


def fastest_compute_type(flags: frozenset[str]) -> ComputeType:
    """int8 if the processor has instructions for it, else float32."""
    return "int8" if flags & _INT8_FLAGS else "float32"


def _batches(widths: Sequence[int]) -> Iterator[list[int]]:
    """Positions of texts of one width, as many as make up a batch."""
    ordered = sorted(range(len(widths)), key=widths.__getitem__)
    for width, group in itertools.groupby(ordered, key=widths.__getitem__):
        positions = list(group)
        most = max(1, _TOKENS_AT_ONCE // width)
        for start in range(0, len(positions), most):
            yield positions[start : start + most]
