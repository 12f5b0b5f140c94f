"""Parses the reply of a model: one to three sentences that end in the numbers of quotes; everything else is dropped."""

from __future__ import annotations

import re

from retrieval.answering.wording_check import WordedSentence
from retrieval.language import Pattern

MOST_SENTENCES = 3
LONGEST_SENTENCE = 200
"""Characters: three such sentences still fit above an answer on a phone."""

_CITATIONS = r"(?:\s*[\[〔【\uff3b][0-9]{1,2}[\]〕】\uff3d])+"
# The full stop stands before or behind the citations.
_SENTENCE = Pattern(
    re.compile(rf"(?P<text>[^\[\]〔〕【】\uff3b\uff3d\n]+?)(?P<cites>{_CITATIONS})\s*[。.]?\s*$"),
    "每月發佈10名月榜人物。[1]",
    "每月發佈10名月榜人物。",
)
_NUMBER = re.compile("[0-9]+")
# What a sentence of a bulletin never holds: markup, addresses, control characters, and words to a model or to a reader.
_FOREIGN = Pattern(
    re.compile(
        r"https?:|www\.|[<>{}|`\\@#*_~\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]"
        "|[忽無无][略視视]|指令|提示[詞词]|[語语]言模型|[你您]|[點点][擊击]|回[覆复]"
    ),
    "見 https://a.b",
    "每月",
)
_INNER_END = re.compile("[。!?\uff01\uff1f](?=.)")
_LINE = re.compile(rf"[^\n]*?{_CITATIONS}\s*[。.]?|[^\n]+")


def parse_reply(reply: str) -> tuple[tuple[WordedSentence, ...], int]:
    """The sentences of a reply that have the form, at most three, and the number of pieces dropped."""
    pieces = [piece.strip() for piece in _LINE.findall(reply) if piece.strip(" 。.\r\t")]
    sentences = [sentence for piece in pieces if (sentence := _sentence(piece))]
    return tuple(sentences[:MOST_SENTENCES]), len(pieces) - len(sentences[:MOST_SENTENCES])


def _sentence(piece: str) -> WordedSentence | None:
    match = _SENTENCE.regex.fullmatch(piece)
    if match is None or len(piece) > LONGEST_SENTENCE:
        return None
    text = match["text"].strip()
    if not text or _FOREIGN.regex.search(text) or _INNER_END.search(text):
        return None
    cites = tuple(dict.fromkeys(int(number) for number in _NUMBER.findall(match["cites"])))
    return WordedSentence(text, cites)
