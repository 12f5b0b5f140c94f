"""Cuts a sentence or a quote into tokens: figures, words that change the claim, content words and the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from retrieval.answering.wording_check.figures import Figure, FigureKind, find_figures
from retrieval.answering.wording_check.words import (
    CLAIM_NOTHING,
    CLASSES,
    GRAMMAR_TAGS,
    LONGEST_WORD,
    NOUN_TAGS,
    SUFFIXES,
    FaultKind,
)
from retrieval.language import fold, numerals, segmentation

_QUOTATION_MARKS = re.compile("[“”‘’「」『』\"'《》〈〉()（）【】\\[\\]·・•\\s]")
_CLAUSE_END = re.compile("[,;:。!?…—]+")
_SENTENCE_END = re.compile("[。!?…;]")
# A pause ends a clause where a figure stands before and after it: 服務站20個、志願崗50個.
_PAUSE = "、"
_SPACE = "\x00"


class Role(Enum):
    """The part of a token in the check."""

    FIGURE = "figure"
    CLAIM = "claim"
    CONTENT = "content"
    GRAMMAR = "grammar"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class Token:
    """A token at `text[start:end]` of a folded text without quotation marks."""

    start: int
    end: int
    text: str
    role: Role
    clause: int
    """Counted through the text."""
    sentence: int
    figure: Figure | None = None
    claim: tuple[FaultKind, str] | None = None
    is_noun: bool = False
    is_verb: bool = False

    @property
    def is_rate(self) -> bool:
        """Whether it says how often: 每月."""
        return self.figure is not None and self.figure.kind is FigureKind.RATE


@dataclass(frozen=True, slots=True)
class TokenizedText:
    """A folded text without quotation marks, with its tokens in order."""

    text: str
    tokens: tuple[Token, ...]

    def in_clause(self, clause: int) -> list[Token]:
        """The tokens of a clause without punctuation marks."""
        return [token for token in self.tokens if token.clause == clause and token.role is not Role.MARK]


def tokenize(text: str, *, is_quote: bool = False) -> TokenizedText:
    """The text folded, at half width, without quotation marks; and its tokens."""
    folded = numerals.half_width(fold(text))
    plain = _QUOTATION_MARKS.sub("", folded)
    figures = list(find_figures(plain, articles=is_quote))
    tokens: list[Token] = []
    clause = sentence = 0
    for start, end, figure in _spans(plain, figures):
        piece = plain[start:end]
        if figure is None and _ends_clause(plain, start, piece, figures):
            tokens.append(Token(start, end, piece, Role.MARK, clause, sentence))
            clause += 1
            sentence += bool(_SENTENCE_END.search(piece))
        else:
            tokens.append(_token(piece, start, (clause, sentence), figure))
    return TokenizedText(plain, tuple(_in_context(tokens)))


def _in_context(tokens: list[Token]) -> Iterator[Token]:
    """The tokens with 將 before a noun as a preposition, and nouns with their suffixes."""
    skipped = False
    for index, token in enumerate(tokens):
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        if skipped:
            skipped = False
        elif token.text == "将" and after and (after.is_noun or after.figure):
            yield replace(token, role=Role.GRAMMAR, claim=None)
        elif after and _is_suffixed(token, after, tokens[index + 2] if index + 2 < len(tokens) else None):
            skipped = True
            yield replace(token, end=after.end, text=token.text + after.text, is_noun=True, is_verb=False)
        else:
            yield token


def _is_suffixed(token: Token, after: Token, third: Token | None) -> bool:
    is_name = token.role is Role.CONTENT and len(token.text) > 1 and after.text in SUFFIXES
    return (
        is_name and after.figure is None and not (after.text == "所" and third is not None and third.is_verb)
    )


def _spans(plain: str, figures: list[Figure]) -> Iterator[tuple[int, int, Figure | None]]:
    position = 0
    for figure in figures:
        yield from _words(plain, position, figure.start)
        yield figure.start, figure.end, figure
        position = figure.end
    yield from _words(plain, position, len(plain))


def _words(plain: str, start: int, end: int) -> Iterator[tuple[int, int, None]]:
    """The words of a part of the text; words that together are one of `CLASSES` are joined."""
    pieces = segmentation.folded_pieces(plain[start:end])
    index = 0
    while index < len(pieces):
        count = _joined(pieces, index)
        length = sum(map(len, pieces[index : index + count]))
        yield start, start + length, None
        start, index = start + length, index + count


def _joined(pieces: list[str], index: int) -> int:
    for count in (4, 3, 2):
        word = "".join(pieces[index : index + count])
        if len(word) <= LONGEST_WORD and word in CLASSES and index + count <= len(pieces):
            return count
    return 1


def _ends_clause(plain: str, start: int, piece: str, figures: list[Figure]) -> bool:
    if _CLAUSE_END.fullmatch(piece):
        return True
    if piece != _PAUSE:
        return False
    left = max(plain.rfind(mark, 0, start) for mark in ",;。、:")
    right = min(at for mark in ",;。、:" if (at := plain.find(mark, start + 1)) >= 0 or (at := len(plain)))
    counts = [figure for figure in figures if figure.kind is not FigureKind.DATE]
    before = any(left < figure.start < start for figure in counts)
    return before and any(start < figure.start < right for figure in counts)


def _token(piece: str, start: int, place: tuple[int, int], figure: Figure | None) -> Token:
    clause, sentence = place
    end = start + len(piece)
    if figure:
        return Token(start, end, piece, Role.FIGURE, clause, sentence, figure=figure)
    if piece in CLASSES:
        return Token(start, end, piece, Role.CLAIM, clause, sentence, claim=CLASSES[piece])
    tag = segmentation.part_of_speech(piece)
    is_word = any(character.isalnum() for character in piece)
    is_grammar = not is_word or piece in CLAIM_NOTHING or tag.startswith(GRAMMAR_TAGS)
    role = Role.GRAMMAR if is_grammar else Role.CONTENT
    is_noun = role is Role.CONTENT and (not tag or tag == "vn" or tag.startswith(NOUN_TAGS))
    return Token(start, end, piece, role, clause, sentence, is_noun=is_noun, is_verb=tag.startswith("v"))
