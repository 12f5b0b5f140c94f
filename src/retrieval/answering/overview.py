"""Overviews of a bulletin or a place: the lead of each item and the opening of each section; lists quoted whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from retrieval.index import Index
from retrieval.language import Pattern, numerals
from retrieval.questions import Question, question_types
from retrieval.ranking import Ranked
from retrieval.types import IntVector, Passage, PlaceAnswer, Quote

MOST_QUOTES = 12
_ASKED_NUMBER = Pattern(
    re.compile(r"哪([二三四五六七八九十两\d])"), example="是哪五条", counterexample="哪些"
)
_LEADS_READ = 20
"""Passages that hold the name of a list, in which its announcement is looked for."""
_LISTS_READ = 5
"""Passages of the ranking in which a list is looked for."""
_LONGEST_LIST = 800
_PLEASE = r"(?:请|麻烦|可以|能不能|能否|给我|跟我|同我|帮我|我想|想)*"
_ALL_OF = r"(?:总的来说|总的|总共|一共|主要|具体|大概|总体|基本|都|到底|究竟|先进|先后)*"
_MATTERS = r"(?:经验|做法|情况|概况|内容|举措|措施|亮点|特色|成果|成效|工作|事情?|行动|活动|项目|方面|文章)"
# The whole question but for its place and its bulletin.
_OVERVIEW = Pattern(
    re.compile(
        rf"\A[\s\W的有是喺在]*{_PLEASE}(?:哪些|什么)?{_ALL_OF}(?:"
        r"(?:讲|说|写|介绍|提|谈|包括|涉及)(?:了|咗|的是|到)?(?:哪些|些|边啲)?(?:什么|乜嘢?|咩)?(?:内容|事情?|地方)?"
        rf"|{_MATTERS}(?:做法)?(?:是|有|系)?(?:什么|哪些|边啲|如何|怎么样|点样|介绍|总结|概述)?"
        rf"|(?:概括|总结|概述|归纳|介绍|讲讲|说说|聊聊|谈谈|说|讲)一?下?[\s的下]*{_MATTERS}?"
        rf"|(?:抓|做|干|搞|推|推进|推出|实施|采取|开展|有|办|着力|从|在)*(?:了|过|咗|好|的|是)*"
        rf"(?:哪|边)(?:[几些两二三四五六七八九十啲]|幾)(?:大?[个件项条点步招样类]|大)?(?:大|重点)?{_MATTERS}?(?:入手|做起|着手|来?做|来?抓|推进|发力)?"
        rf"|有(?:什么|哪些|乜嘢?|咩)(?:好|新)?{_MATTERS}"
        r"|是?怎么一?回事|是(?:哪个|什么)(?:地方|城市)的?[,]?(?:讲|说)了?什么(?:活动|内容)?"
        r"|what (?:is|are) .{0,12}(?:about|experience)"
        r"|what (?:did|does|has|have) +(?:do|done)(?:,? in short|,? overall|,? in general|,? altogether)?"
        r")[\s\W呢吗啊]*\Z"
        r"|\A[\s\W]*(?:(?:please )?give me |write )?an? (?:short |brief )?(?:overview|summary) of\b"
        r"|\A[\s\W]*(?:please )?(?:tell me (?:more )?about|summari[sz]e|introduce)[\s\W]*\Z"
    ),
    example="的经验有哪些?",
    counterexample="的志愿服务经验",
)
_HOW_MANY_BULLETINS = Pattern(
    re.compile(
        r"(?:哪|多少|几多?)[几些]?[篇期份](?:简报)?(?:里面?|入面|中)?(?:都|曾|有)*(?:出现|提到|提及|讲到|说到|写到|讲|写)"
    ),
    example="重庆在几篇里出现过",
    counterexample="写了几篇报道",
)
# 七掌, 四美, 五大創建: a number with what is counted, before the words that ask for it.
_LISTED = Pattern(
    re.compile(
        r"(?P<list>[二三四五六七八九十两]+(?:个|项|条|大)?[^\W\d的是有分各都叫哪什个月年天]{1,4}?|(?<!\d)\d{3,6})[」”』]?(?:的?工作)?(?:思路|工作法|工程|行动)?"
        r"(?:是|有|分别|都|各|指|即|代表|具体|的|系|说|\s)*(?:哪(?!一?[年天月日个次])|边(?!度)|什么(?!时)|叫什么|指|内容)"
    ),
    example="七掌是哪些",
    counterexample="七月",
)


def overview_of(question: Question, index: Index, within: IntVector | None) -> tuple[Quote, ...]:
    """The openings of what a bulletin or a place reports, if the question asks for no more; else none."""
    if within is None and (listed := _listed_item(question, index)):
        return listed
    covered = [place for place in question.distinct_places if index.place_index.covers(place)]
    counted = _counts_bulletins(question)
    if not question.places and within is None:
        return _overview_of_named(question, index)
    if not (counted or is_overview(question)) or len(covered) != len(question.distinct_places):
        return ()
    if not covered:
        return _overview_quotes(index, within) if within is not None else ()
    about = np.unique(np.concatenate([index.place_index.positions_about(place) for place in covered]))
    about = about if within is None else np.intersect1d(about, within)
    return _openings_by_bulletin(index, about) if counted else _overview_quotes(index, about)


def _overview_of_named(question: Question, index: Index) -> tuple[Quote, ...]:
    """The overview of places that the bulletins cover by names that are no places elsewhere (平遙, without 縣)."""
    about, rest = index.place_index.named_in(question.folded)
    return _overview_quotes(index, about) if len(about) and _asks_no_more(rest) else ()


def is_overview(question: Question) -> bool:
    """Whether a question without scope asks for no more than what a place or a bulletin reports."""
    return _asks_no_more(question_types.without_places(question.folded, question.places))


def _asks_no_more(rest: str) -> bool:
    """Whether the rest of a folded question, without its places, asks for no particular topic."""
    return bool(_OVERVIEW.regex.match(rest))


def _counts_bulletins(question: Question) -> bool:
    """Whether the question asks in how many bulletins its place stands."""
    return bool(question.places) and bool(_HOW_MANY_BULLETINS.regex.search(question.folded))


def _openings_by_bulletin(index: Index, positions: IntVector) -> tuple[Quote, ...]:
    """The opening of the first passage of each bulletin at the positions."""
    first: dict[tuple[str, str], Passage] = {}
    for passage in _passages(index, positions):
        first.setdefault((passage.file, passage.bulletin), passage)
    return tuple(_opening(index, passage) for passage in first.values())[:MOST_QUOTES]


def openings_by_place(index: Index, positions: IntVector) -> tuple[PlaceAnswer, ...]:
    """The opening of each place at the positions, in the order of the bulletins, with the number of its passages."""
    by_place: dict[str, list[Passage]] = {}
    for passage in _passages(index, positions):
        if passage.place_name:
            by_place.setdefault(passage.place_name, []).append(passage)
    return tuple(
        PlaceAnswer(name, (_opening(index, passages[0]),), len(passages))
        for name, passages in by_place.items()
    )


def _listed_item(question: Question, index: Index) -> tuple[Quote, ...]:
    """The lead and the headings of the item whose lead announces the list that is asked for: 12345 of 「12345 是哪五條」.

    The number of its sections is the one in the question. None if there is no such item.
    """
    match = _LISTED.regex.search(question.folded)
    if not match:
        return ()
    numbers = set(map(numerals.parse_numeral, _ASKED_NUMBER.regex.findall(question.folded)))
    numbers.add(len(match["list"]) if match["list"].isdigit() else numerals.parse_numeral(match["list"][:1]))
    for position in index.folded_texts.holding(match["list"])[:_LEADS_READ].tolist():
        item = index.item_of(index.passages[position])
        sections = {passage.section for passage in item if passage.section}
        if not index.passages[position].section and len(sections) > 1 and len(sections) in numbers:
            return tuple(_openings(index, item, MOST_QUOTES))
    return ()


def _overview_quotes(index: Index, positions: IntVector) -> tuple[Quote, ...]:
    """The first sentence of the lead of each item at the positions; of few items, of each outermost section too."""
    items = [tuple(group) for _, group in groupby(_passages(index, positions), key=_item_of)]
    room = MOST_QUOTES // max(len(items), 1)
    quotes = (quote for item in items for quote in _openings(index, item, max(room, 1)))
    return tuple(quotes)[:MOST_QUOTES]


def _passages(index: Index, positions: IntVector) -> Iterator[Passage]:
    return (index.passages[position] for position in positions.tolist())


def _item_of(passage: Passage) -> tuple[str, str, str | None]:
    """By the heading of an item, where there is one: its passages may be about districts of its place."""
    title = passage.section_path[0] if passage.section_path else None
    is_heading = title is not None and not title.label
    return passage.file, passage.bulletin, title.title if title and is_heading else passage.place_name


def _openings(index: Index, item: Sequence[Passage], most: int) -> list[Quote]:
    """The openings of the lead and of each outermost numbered section; without such sections, of each passage."""
    is_numbered = any(passage.section for passage in item)
    first: dict[str | None, Passage] = {}
    for passage in item:
        first.setdefault(passage.section if is_numbered else passage.passage_id, passage)
    return [_opening(index, passage) for passage in first.values()][:most]


def _opening(index: Index, passage: Passage) -> Quote:
    start, end = index.sentence_spans(passage)[0]
    return Quote(passage, start, end, 1.0)


def asks_for_list(question: Question) -> bool:
    """Whether the question asks for a list that it names by its number: 七掌是哪些."""
    return bool(_LISTED.regex.search(question.folded))


def listed_whole(index: Index, question: Question, ranked: Ranked) -> tuple[Quote, ...]:
    """Whole paragraphs that announce the list by the words of the question and give it: 七掌 of 「七掌是哪些」."""
    match = _LISTED.regex.search(question.folded)
    if not match:
        return ()
    phrase = match["list"]
    return tuple(
        Quote(index.passages[position], 0, len(index.passages[position].text), 1.0)
        for position in ranked.ranking.positions[:_LISTS_READ].tolist()
        if _gives_list(index, position, phrase)
    )


def _gives_list(index: Index, position: int, phrase: str) -> bool:
    """Whether the first sentence of the passage holds the phrase, and at least three sentences follow it."""
    text, rows = index.folded_texts[position], index.sentence_rows(position)
    start, end = (int(edge) for edge in index.spans[rows[0]])
    return phrase in text[start:end] and len(rows) > 3 and len(text) <= _LONGEST_LIST
