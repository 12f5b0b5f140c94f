"""The tokenizer of the bundled model: a Unigram of 107,018 pieces (82 MB and 0.14 s to load)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retrieval.embedding.bundled.vocabulary import Vocabulary
from retrieval.types import IntMatrix

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TOKENIZER_FILE = "tokenizer.json"
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
        from tokenizers import Tokenizer

        content = (folder / TOKENIZER_FILE).read_text(encoding="utf-8")
        try:
            self.backend = Tokenizer.from_str(content)
        except Exception as error:  # tokenizers raises no narrower class
            raise ValueError(f"{TOKENIZER_FILE} cannot be read: {error}") from error
        self.backend.enable_truncation(longest)

    def tokenize(self, text: str, prompt: str = "") -> TokenizedText:
        """The tokens of the prompt and the text, cut off where the model reads no further."""
        encoded = self.backend.encode(prompt + text)
        spans = np.asarray(encoded.offsets, np.int32).reshape(-1, 2)
        return TokenizedText(encoded.ids, np.maximum(spans - len(prompt), 0))

    def tokenize_pair(self, first: str, second: str, longest: int) -> TokenizedText:
        """The tokens of both texts with the special ones around them; of the second only so many that all fit."""
        encoded = self.backend.encode(first, second)
        spans = np.asarray(encoded.offsets, np.int32).reshape(-1, 2)
        is_second = np.asarray([part == 1 for part in encoded.sequence_ids])
        spans = np.where(is_second[:, None], spans, 0)
        if len(encoded.ids) <= longest:
            return TokenizedText(encoded.ids, spans)
        end = encoded.ids[-1]
        return TokenizedText(
            [*encoded.ids[: longest - 1], end], np.vstack([spans[: longest - 1], spans[-1:]])
        )


def make_tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    """NFKC, spaces as part of the pieces, Unigram, and the marks of beginning and end."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(vocabulary.pieces, unk_id=vocabulary.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(
        replacement=_SPACE, prepend_scheme="always", split=True
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> $B </s>",
        special_tokens=[("<s>", vocabulary.begin), ("</s>", vocabulary.end)],
    )
    return tokenizer
