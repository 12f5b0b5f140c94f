"""Lists the places whose passages mention a topic, with the number of passages of each."""

from __future__ import annotations

import functools
import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.answering.comparison import PlaceAnswers, only_at
from retrieval.answering.confidence import confidence, gather_evidence
from retrieval.answering.quote_selection import choose_quotes
from retrieval.index import Index
from retrieval.language import Pattern, segmentation
from retrieval.questions import Query, question_types
from retrieval.ranking import Ranked, rank_passages
from retrieval.storage import text_column
from retrieval.types import IntVector, PlaceAnswer, Quote

_QUOTED = Pattern(
    re.compile(r"[「『“\"《]([^」』”\"》]+)[」』”\"》]"),
    example="哪些地方喊“内容为王”",
    counterexample="哪些地方喊口号",
)
# Verbs of mentioning and doing, and the frame of such a question; closed classes.
_ABOUT = Pattern(
    re.compile(
        r"提到|提及|提过|提出|讲到|讲过|说到|说过|谈到|谈过|写到|涉及|有关|关于|用到|用过|用了|使用|做过|做了"
        r"|搞过|搞了|开展过?|推出过?|举办过?"
        r"|(?:活动|项目|品牌|节目)?的?(?:名字|名称|标题|题目)[里中]?(?:有|带有?|含有?)"
        r"|(?<![^\W])的?(?:做法|经验|工作|活动|内容)[里中]|简报|分别|都是|哪里|哪儿|哪些|哪几个|哪|边度|边啲|有没有|一共|总共|列出来?|请问|(?:这些|那些)?(?:地方|城市|省市|省份)"
        r"|\b(?:which|what|places?|cities|provinces?|mention\w*|talk\w*|about|the|a|an|of|have|has|had|do|does|did|use[ds]?|using|in|are|is|there|how|many)\b"
    ),
    example="提到二维码",
    counterexample="二维码",
)
_LOOSE_ENDS = Pattern(
    re.compile(
        r"^[一-鿿]{1,3}[了过](?=\w{2})|^[\s\W有都也讲提说谈写喊搞做用拎把过到的了是在]+|[\s\W的了吗呢啊过吧]+$"
    ),
    example="有二维码吗",
    counterexample="二维码",
)
_COMMON = 1 / 3
"""A word that this share of the passages holds (活動) does not identify a topic."""
_SHORTEST_RUN = 4
_MOST_OF_TOPIC = 0.7
"""Characters, and share of them, of a part of the topic that stands for all of it: 微信公眾號 of 微信公眾號宣傳."""
# Where no passage has the words, a passage mentions the topic if its best sentence has come this far from the
# median passage to the nearest one: at 0.5 an English "opinion leaders" finds both its places with three others, at
# 0.7 one of them with one other.
_NEAR_BEST = 0.7
_SURE = 0.7
"""The confidence that a listing by meaning needs. It is higher than for a quote, because a listing claims that a place
mentions the topic."""


def list_places(query: Query, index: Index, within: IntVector | None = None) -> PlaceAnswers | None:
    """All places whose passages mention the topic, most passages first, with one quote each; None if no passage does.

    Each passage is judged alone: it mentions the topic if it holds it word for word; where none does, the longest phrase
    of it that stands in any; then all of its words that tell it from others. If no passage does, those count of which a
    sentence is about as near to the question as the nearest of all, provided that this one is confident enough.
    """
    folded = index.folded_texts
    for phrases in _phrases_to_hold(topic_of(query.question.folded), folded):
        positions = functools.reduce(np.intersect1d, map(folded.holding, phrases))
        positions = positions if within is None else np.intersect1d(positions, within)
        if len(positions):
            ranked = rank_passages(index, query, positions)
            quote = functools.partial(_sentence_with, index, phrases)
            return _by_place(index, ranked, _Counted(positions, quote), 1.0)
    return _by_meaning(query, index, within)


def topic_of(folded: str) -> tuple[str, ...]:
    """The phrases of the topic: those in quotation marks, or else the rest of each clause without the frame."""
    quoted = tuple(phrase.strip() for phrase in _QUOTED.regex.findall(folded) if phrase.strip())
    if quoted:
        return quoted
    clauses = re.split(r"[,,。??!!;;]", folded)
    rests = (
        _LOOSE_ENDS.regex.sub(
            "", _ABOUT.regex.sub(" ", question_types.WHICH_PLACES.regex.sub(" ", clause)).strip()
        )
        for clause in clauses
    )
    return tuple(
        " ".join(rest.split()) for rest in rests if rest and not question_types.is_empty_of_topic(rest)
    )


def _phrases_to_hold(topic: tuple[str, ...], folded: text_column.Texts) -> Iterator[tuple[str, ...]]:
    """The phrases that a passage must hold, all of them: the topic; its longest phrases that are held; its telling words."""
    if topic:
        yield topic
    longest = tuple(_longest_held(phrase, folded) for phrase in topic)
    if longest and all(longest):
        yield longest
    words = [
        word
        for word in dict.fromkeys(itertools.chain.from_iterable(map(segmentation.words, topic)))
        if len(word) > 1
    ]
    counts = {word: len(folded.holding(word)) for word in words}
    rare = tuple(word for word in words if counts[word] <= _COMMON * len(folded))
    if rare and all(counts[word] for word in rare):
        yield rare


def _longest_held(phrase: str, folded: text_column.Texts) -> str:
    """The longest run of two words or more of the phrase that stands in a passage and is not common; else nothing."""
    pieces = segmentation.folded_pieces(phrase)
    for length in range(len(pieces) - 1, 1, -1):
        for start in range(len(pieces) - length + 1):
            run = "".join(pieces[start : start + length]).strip()
            is_long = len(run) >= max(_SHORTEST_RUN, _MOST_OF_TOPIC * len(phrase))
            if is_long and 0 < len(folded.holding(run)) <= _COMMON * len(folded):
                return run
    return ""


def _sentence_with(index: Index, phrases: Sequence[str], position: int) -> Quote:
    """The first sentence with the most of the phrases."""
    passage, text = index.passages[position], index.folded_texts[position]
    spans = [index.spans[row] for row in index.sentence_rows(position)]
    counts = [sum(phrase in text[start:end] for phrase in phrases) for start, end in spans]
    best = int(np.argmax(counts))
    return Quote(passage, int(spans[best][0]), int(spans[best][1]), float(counts[best]))


def _by_meaning(query: Query, index: Index, within: IntVector | None) -> PlaceAnswers | None:
    """The places whose passages are near to the question; in a large collection, of the ranked passages only."""
    everything = np.arange(len(index.passages), dtype=np.int64)
    ranked = rank_passages(index, query, everything if within is None else within)
    first, *_ = choose_quotes(index, query, ranked)
    probability = confidence(gather_evidence(index, query, ranked, first))
    if probability < _SURE:
        return None
    nearest = {position: float(scores.max()) for position, scores in ranked.sentence_scores.items()}
    median, best = float(np.median(list(nearest.values()))), max(nearest.values())
    least = median + _NEAR_BEST * (best - median)
    near = [position for position in map(int, ranked.ranking.positions) if nearest[position] >= least]
    positions = np.asarray(near, np.int64)
    quote = functools.partial(_nearest_sentence, index, ranked)
    return _by_place(index, only_at(ranked, positions), _Counted(positions, quote), probability)


def _nearest_sentence(index: Index, ranked: Ranked, position: int) -> Quote:
    scores = ranked.sentence_scores[position]
    start, end = index.spans[index.sentence_rows(position)[int(np.argmax(scores))]]
    return Quote(index.passages[position], int(start), int(end), float(scores.max()))


@dataclass(frozen=True, slots=True)
class _Counted:
    """The passages that mention the topic, in the order of the bulletins, and the quote of each."""

    positions: IntVector
    quote: Callable[[int], Quote]


def _by_place(index: Index, ranked: Ranked, counted: _Counted, probability: float) -> PlaceAnswers | None:
    """The passages counted by place, the best-ranked of each place quoted; None if no passage is about a place.

    Of very many passages not all are ranked: a place without a ranked passage is quoted by its first one.
    """
    best_first = ranked.ranking.positions
    order = [*best_first.tolist(), *np.setdiff1d(counted.positions, best_first).tolist()]
    codes, known = index.passages.place_codes, index.passages.places
    by_name: dict[str, list[int]] = defaultdict(list)
    for position, code in zip(order, codes[order].tolist(), strict=True):
        if code >= 0:
            by_name[known[code].name].append(position)
    places = [
        PlaceAnswer(name, (counted.quote(positions[0]),), len(positions))
        for name, positions in sorted(by_name.items(), key=lambda pair: -len(pair[1]))
    ]
    hits = ranked.hits(index, len(best_first))
    return PlaceAnswers(tuple(places), probability, hits) if places else None
