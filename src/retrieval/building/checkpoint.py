"""The checkpoint of a build: vectors saved as they are computed, so that a killed build continues where it ended.

One file in the index folder, which is deleted when a generation with the same vectors is written.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from retrieval.building.checkpoint_file import CheckpointFile
from retrieval.index.vectors import TokenCodes
from retrieval.types import FloatMatrix, FloatVector, IntVector, TextKeys

logger = logging.getLogger(__name__)

PREFIX = ".embedded-"
"""Prefix of the names of checkpoints and of the files that SQLite puts beside them."""

SentenceVectors = tuple[FloatVector, TokenCodes]


def checkpoint_path(index_folder: Path, encoder_name: str, *, full: bool) -> Path:
    """The file of the checkpoint of builds with the encoder.

    Full builds have a file of their own: they continue only an interrupted full build.
    """
    name = hashlib.sha256(encoder_name.encode()).hexdigest()[:16]
    return index_folder / f"{PREFIX}{name}{'-full' if full else ''}.sqlite"


def remove_checkpoints(index_folder: Path) -> None:
    """Delete all checkpoints once a generation has their vectors; the caller must hold the lock of the folder."""
    for path in index_folder.glob(f"{PREFIX}*"):
        path.unlink(missing_ok=True)


@contextmanager
def open_checkpoint(path: Path | None, dimension: int) -> Iterator[Checkpoint]:
    """The checkpoint in the file, which is created when something is added; in memory without a path.

    A damaged one is deleted with a warning: its texts are embedded again.
    """
    file = CheckpointFile(path)
    try:
        if not file.is_empty and not file.is_intact():
            logger.warning("The embedded texts in %s are damaged: they are embedded again.", path)
            file.delete()
        yield Checkpoint(file, dimension)
    finally:
        file.close()


class Checkpoint:
    """Vectors of paragraphs, vectors and tokens of sentences as they are kept in a small collection."""

    index = None

    def __init__(self, file: CheckpointFile, dimension: int) -> None:
        self.file = file
        self.dimension = dimension

    @property
    def keys(self) -> TextKeys:
        """The keys of all rows."""
        return TextKeys(self.file.keys("paragraphs"), self.file.keys("sentences"))

    def add(
        self, paragraphs: Mapping[bytes, FloatVector], sentences: Mapping[bytes, SentenceVectors]
    ) -> None:
        """Add all rows in one transaction; raises BulletinBotError if they cannot be written."""
        self.file.add(
            {
                "paragraphs": ((key, vector.tobytes()) for key, vector in paragraphs.items()),
                "sentences": (
                    (key, vector.tobytes(), tokens.scales.tobytes(), tokens.codes.tobytes())
                    for key, (vector, tokens) in sentences.items()
                ),
            }
        )

    def paragraph_vectors(self, rows: IntVector) -> FloatMatrix:
        """(rows, dimension) in the order given; rows are counted among the paragraphs."""
        return self._vectors("paragraphs", rows)

    def sentence_vectors(self, rows: IntVector) -> FloatMatrix:
        """(rows, dimension) in the order given; rows are counted among the sentences."""
        return self._vectors("sentences", rows)

    def _vectors(self, table: str, rows: IntVector) -> FloatMatrix:
        joined = b"".join(vector for (vector,) in self.file.read(table, rows, "vector"))
        return np.frombuffer(joined, np.float32).reshape(-1, self.dimension)

    def token_codes(self, rows: IntVector) -> Sequence[TokenCodes]:
        """The token vectors of each of these sentences, as int8."""
        return [
            TokenCodes(
                np.frombuffer(codes, np.int8).reshape(-1, self.dimension), np.frombuffer(scales, np.float32)
            )
            for scales, codes in self.file.read("sentences", rows, "scales", "codes")
        ]
