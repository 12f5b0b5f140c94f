"""The texts of a passage that are embedded and indexed: folded, under its path."""

from __future__ import annotations

from retrieval.language import fold, sentence_spans
from retrieval.types import Passage


def path_context(passage: Passage) -> str:
    """Place and heading, folded: the first line of every text that is embedded."""
    return fold(f"{passage.place_name or ''} {passage.heading}".strip())


def paragraph_text(passage: Passage) -> str:
    """The paragraph under its path, as the encoder gets it."""
    return f"{path_context(passage)}\n{fold(passage.text)}"


def sentence_texts(passage: Passage) -> list[str]:
    """Each sentence under the path of its passage, in the order of `sentence_spans`."""
    context = path_context(passage)
    folded = fold(passage.text)
    return [f"{context}\n{folded[start:end]}" for start, end in sentence_spans(passage.text)]


def keyword_text(passage: Passage) -> str:
    """The paragraph with its whole path and its item's lead sentence, as BM25 gets it."""
    path = (passage.bulletin, passage.place_name or "", passage.heading, passage.lead)
    return " ".join((*path, passage.text))
