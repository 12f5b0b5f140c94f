"""What the rankers see of a passage: its folded text under its path."""

from __future__ import annotations

import functools

from retrieval.text import fold, sentence_spans
from retrieval.types import Passage


def path_context(passage: Passage) -> str:
    """Place and heading, folded: every text that is embedded stands under it."""
    return _fold_path(f"{passage.place_name or ''} {passage.heading}".strip())


# Folding took four fifths of the time that the texts of 100,000 passages took: a path is that of many passages, and a
# passage's text is asked for twice, for the paragraph and for its sentences.
_fold_path = functools.lru_cache(maxsize=4096)(fold)
_fold_text = functools.lru_cache(maxsize=8)(fold)


def paragraph_text(passage: Passage) -> str:
    """The paragraph under its path, as the encoder gets it."""
    return f"{path_context(passage)}\n{_fold_text(passage.text)}"


def sentence_texts(passage: Passage) -> list[str]:
    """Each sentence under the path of its passage, in the order of `sentence_spans`."""
    context = path_context(passage)
    folded = _fold_text(passage.text)
    return [f"{context}\n{folded[start:end]}" for start, end in sentence_spans(passage.text)]


def keyword_text(passage: Passage) -> str:
    """The paragraph with its whole path and its item's lead sentence, as BM25 gets it."""
    path = (passage.bulletin, passage.place_name or "", passage.heading, passage.lead)
    return " ".join((*path, passage.text))
