"""The tokenizer of the bundled model: a Unigram of 107,018 pieces in sentencepiece (15 MB and 0.1 s to load)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.embedding.bundled.normalized_text import NormalizedText
from retrieval.types import IntMatrix

TOKENIZER_FILE = "sentencepiece.model"
_SPACE = "\u2581"  # of the pieces


@dataclass(frozen=True, slots=True)
class TokenizedText:
    """The tokens of a text with the special ones around them."""

    ids: Sequence[int]
    spans: IntMatrix
    """(tokens, 2): start and end of each in the text; empty for the special ones and those of the prompt.

    Of a pair, in its second text; empty for the tokens of the first.
    """


class BundledTokenizer:
    """Texts to tokens, at most `longest` each; immutable, so any number of threads may share it."""

    def __init__(self, folder: Path, longest: int) -> None:
        """Raises OSError or ValueError if the tokenizer in the folder cannot be read."""
        from sentencepiece import SentencePieceProcessor

        content = (folder / TOKENIZER_FILE).read_bytes()
        try:
            self._processor = SentencePieceProcessor.from_proto(content)
        except RuntimeError as error:
            raise ValueError(f"{TOKENIZER_FILE} cannot be read: {error}") from error
        self._begin, self._end = self._processor.piece_to_id(["<s>", "</s>"])
        self._longest = longest

    def tokenize(self, text: str, prompt: str = "") -> TokenizedText:
        """The tokens of the prompt and the text, cut off where the model reads no further."""
        ids, spans = self._pieces(prompt + text)
        return self._between_marks(ids, np.maximum(spans - len(prompt), 0), self._longest)

    def tokenize_pair(self, first: str, second: str, longest: int) -> TokenizedText:
        """The tokens of both texts with the special ones around them; of the second only so many that all fit."""
        (first_ids, _), (second_ids, spans) = self._pieces(first), self._pieces(second)
        before = [*first_ids, self._end]
        no_spans = np.zeros((len(before), 2), np.int32)
        return self._between_marks([*before, *second_ids], np.concatenate([no_spans, spans]), longest)

    def _between_marks(self, ids: Sequence[int], spans: IntMatrix, longest: int) -> TokenizedText:
        """So many of the tokens that they fit between the marks of beginning and end."""
        read = ids[: longest - 2]
        padded = np.zeros((len(read) + 2, 2), np.int32)
        padded[1:-1] = spans[: len(read)]
        return TokenizedText([self._begin, *read, self._end], padded)

    def _pieces(self, text: str) -> tuple[list[int], IntMatrix]:
        """Ids and spans; the space that the first word gets has the span of the first character."""
        normalized = NormalizedText.of(text)
        if not normalized.text:
            return [], np.zeros((0, 2), np.int32)
        written = normalized.text.replace(" ", _SPACE)
        prefix = "" if written.startswith(_SPACE) else _SPACE
        encoded = self._processor.encode(prefix + written, return_type="offset_mapping")
        offsets = np.asarray(encoded["offsets"], np.int32) - len(prefix)
        firsts, lasts = np.maximum(offsets[:, 0], 0), np.maximum(offsets[:, 1] - 1, 0)
        return encoded["ids"], np.stack([normalized.spans[firsts, 0], normalized.spans[lasts, 1]], axis=1)
