"""Finds the place that a paragraph or a heading is about, among the places that it mentions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from retrieval.language import Pattern, fold, numerals
from retrieval.places import (
    Division,
    PlaceMention,
    find_places,
    local_area,
    may_open_with_place,
    opening_name,
)
from retrieval.reading.lines import LineKind, section_marks
from retrieval.reading.structure.predicates import has_predicate, is_organisation

# Patterns meet text that is folded (Simplified, half width, lower case).
_OPENING_WORDS = Pattern(
    re.compile(
        r"^(?:[【\[(〔■◆●▲★◎※*#·\s—-]|近日|日前|近期|近年来|最近|今年以来|去年以来|连日来|目前|当前|昨日|今日|据悉|为此|"
        r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}日)?|\d{4}年(?:以来)?|20xx年|讯|上午|下午|,|:|\([^)]{1,12}\))+"
    ),
    "近日,南京市实施",
    "南京市近日实施",
)
_DATELINE = Pattern(
    re.compile(
        r"^[【\[(\s]*(?:(?:本报|本台|本刊|新华社|中新社|[一-鿿]{2,6}(?:网|日报|晚报|发布))[一-鿿]{0,8}?"
        r"(?:\d{4}年)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:消息|讯|电)|据[^,。:;]{2,16}?(?:报道|消息|讯)[,:])"
        r"[】\])\s]*(?:\([^)]{1,24}\))?[\s,:]*"
    ),
    "本报太原5月8日讯 迎泽区开展",
    "太原日报社开展",
)
"""The place in a dateline is where the report was sent from or who printed it."""
_PARENT_BODY = Pattern(
    re.compile(
        r"^(?:国家电网|南方电网|国网|国家税务总局|中共|民建|民盟|民革|农工党|九三学社|致公党|共青团|"
        r"中国(?:人民|工商|农业|建设|农业发展|邮政储蓄)?银行(?:股份有限公司)?|中国(?:移动|联通|电信|邮政|铁塔|石油|石化|人寿|人保|烟草|铁路)|"
        r"(?:工商|农业|建设|交通|邮储|农发|邮政储蓄)银行)"
    ),
    "国网佳木斯供电公司",
    "中国人民热爱和平",
)
"""The nationwide body whose branch the text opens with: the name of the branch's place follows."""
_PARTNER_BEFORE = Pattern(
    re.compile(
        r"(?:与|同|和|及|跟|赴|到|往|从|自|向|对|给|为|比|像|距|经|学习|借鉴|邀请|参观|考察|前往|援助|支援|对口|来自|毗邻|结对|"
        r"籍贯|出生于|毕业于|调研|来|像|如|比如|例如|包括|带动|辐射|超过|邻近|对标|引进|引入|参照|通过|依托|获|自从|"
        r"送往|发往|寄往|远赴|奔赴|驰援|支援|专程|代表|落户|途经|按照|根据|走进)\s*[“《「]?$"
    ),
    "志愿者前往",
    "前往的志愿者",
)
"""A place behind these is a partner, a destination or a source."""
_PARTNER_AFTER = Pattern(
    re.compile(
        r"^\s*(?:等地|专家|教授|籍|客商|企业家|游客|方面|经验|模式|做法|"
        r"的(?:专家|教授|经验|做法|企业|志愿者|朋友|客商|老师|游客|嘉宾|选手|代表|同行|乡亲|客人|观众|媒体|学子)|(?:某)?[一-鿿]{0,6}(?:公司|集团|大学教授))"
    ),
    "的志愿者应邀来区",
    "志愿者走进社区",
)
"""A place before these is a partner or a source."""
_LEARNT = Pattern(re.compile("获悉|了解到|传来"), "市文明办获悉", "市文明办开展活动")
"""In 从南京市文明办获悉 the place is the subject although 从 stands before it."""
_DECIDED = Pattern(re.compile(r"^[^,。]{0,16}(?:研究|同意|批准|批复|审定)"), "文明办研究,决定", "验丰富,研究")
"""In 经恩施州文明办研究 the place is that of the office that decides."""
_COORDINATION = Pattern(re.compile(r"\s*(?:、|和|与|與|及|以及)\s*"), "、", ",")
"""Stands between the places of a list."""
_OTHER_SUBJECT = Pattern(
    re.compile(r"我(?:市|区|县|省|州|镇|乡|街道|盟|旗|办|局|校|院|行|司|社区|村)|本(?:市|区|县|省|州|局|校)"),
    "我市开展活动",
    "我们开展活动",
)
_SET_OFF = Pattern(re.compile(r"^\s*(?:[:;】)\])〕——\-|·]|$)"), ":开展宣讲", "开展宣讲")
"""Behind a name that stands alone: before a colon, at the end of a cell (地区:无锡;做法:…), in brackets."""
_AS_SUBJECT = Pattern(
    re.compile(
        r"^(?!\s*(?:的|籍|等地|专家|教授|客商|企业|公司|人(?!大|民(?:政府|法院|检察院|医院|武装部|团体))|话|菜|路|街|与|和|及|、|大学|日报|晚报|电视))"
    ),
    "开展宣讲",
    "日报报道",
)
_FULL_NAME = Pattern(re.compile(r"(?:省|市|区|县|州|盟|旗)$"), "南京市", "南京")
_QUOTATION_MARKS = (("《", "》"), ("“", "”"), ("「", "」"), ("『", "』"))
# A place that opens a paragraph ends, with the wider places before it, within so many characters.
_BEGINNING = 80


def lead_place(sentence: str, within: tuple[Division, ...] = ()) -> PlaceMention | None:
    """The place that the first sentence of an item is about: its first mention as subject or scene, or None."""
    plain = numerals.half_width(sentence)
    dateline = _DATELINE.regex.match(fold(plain))
    start = dateline.end() if dateline else 0
    mentions = [
        mention
        for mention in _outside_quotes(sentence, find_places(sentence, within))
        if mention.start >= start
    ]
    for group in _coordinated(mentions, plain):
        before, after = fold(plain[: group[0].start]), fold(plain[group[-1].end :])
        if _OTHER_SUBJECT.regex.search(before):
            return None
        if _is_named_as_subject(before, after):
            following = mentions[mentions.index(group[0]) + 1 :]
            return _narrowed(group[0], following[:1])
    return None


def _coordinated(mentions: list[PlaceMention], plain: str) -> Iterator[list[PlaceMention]]:
    """The mentions, those of one list together: 来自|北京、天津和河北|的游客."""
    group: list[PlaceMention] = []
    for mention in mentions:
        if group and not _COORDINATION.regex.fullmatch(plain[group[-1].end : mention.start]):
            yield group
            group = []
        group.append(mention)
    if group:
        yield group


def _is_named_as_subject(before: str, after: str) -> bool:
    if _PARTNER_AFTER.regex.match(after):
        return False
    return (
        not _PARTNER_BEFORE.regex.search(before)
        or (before.endswith("从") and bool(_LEARNT.regex.search(after[:40])))
        or (before.endswith("经") and bool(_DECIDED.regex.match(after)))
    )


def _narrowed(mention: PlaceMention, following: list[PlaceMention]) -> PlaceMention:
    """The mention joined with the next one, if that lies inside it and adjoins it: (湖北)武汉市, 【江苏苏州】姑苏区."""
    outer = mention.divisions[-1]
    for inner in following:
        if inner.divisions[-1].is_inside(outer) and inner.start - mention.end <= 1:
            added = tuple(division for division in inner.divisions if division.is_inside(outer))
            return PlaceMention(mention.start, inner.end, (*mention.divisions, *added))
    return mention


def opening_place(
    text: str, kind: LineKind = LineKind.PARAGRAPH, within: tuple[Division, ...] = ()
) -> PlaceMention | None:
    """The place with which a paragraph opens as its subject: 南京市鼓樓區:…, 江蘇南京實施…; or None.

    Stricter than `lead_place`: most paragraphs that open with a place name are about something else.
    """
    start = _opening_offset(text, kind)
    beginning = text[start : start + _BEGINNING]
    area = local_area(beginning)
    if area and _is_subject(_shifted(area, start), text, _after(_shifted(area, start), text)):
        return _shifted(area, start)
    if not may_open_with_place(beginning):
        return None
    mentions = [*find_places(beginning, within)]
    if not mentions or mentions[0].start > 0:
        name = opening_name(beginning)
        is_owner = name is not None and is_organisation(fold(beginning[name.end :]))
        return _shifted(name, start) if name and is_owner else None
    first = _shifted(mentions[0], start)
    if is_set_off(_after(first, text)):
        return _shifted(_narrowed(mentions[0], mentions[1:2]), start)
    return first if _is_subject(first, text, _after(first, text)) else None


def _shifted(mention: PlaceMention, start: int) -> PlaceMention:
    return PlaceMention(start + mention.start, start + mention.end, mention.divisions)


def _after(mention: PlaceMention, text: str) -> str:
    return fold(numerals.half_width(text[mention.end : mention.end + 20]))


def is_set_off(after: str) -> bool:
    """Whether a name is followed by a colon, a closing bracket, or nothing."""
    return bool(_SET_OFF.regex.match(after))


def _is_subject(mention: PlaceMention, text: str, after: str) -> bool:
    if not _AS_SUBJECT.regex.match(after) or _PARTNER_AFTER.regex.match(after):
        return False
    is_full = _FULL_NAME.regex.search(fold(text[mention.start : mention.end]))
    return len(mention.divisions) > 1 or bool(is_full) or mention.divisions[0].is_area or has_predicate(after)


def _opening_offset(text: str, kind: LineKind) -> int:
    """The offset behind the paragraph's mark, its date, or the heading of a table's first column."""
    mark = section_marks.opening_mark(text)
    start = mark.end if mark else 0
    plain = fold(numerals.half_width(text[:160]))
    if kind is LineKind.TABLE_ROW and ":" in plain:
        start = plain.index(":") + 1
    for row in (_DATELINE, _OPENING_WORDS, _PARENT_BODY):
        if opening := row.regex.match(plain[start:]):
            start += opening.end()
    return start


def heading_place(title: str, within: tuple[Division, ...] = ()) -> PlaceMention | None:
    """The place that a heading is about, by the rules of a lead sentence."""
    return lead_place(title, within)


def _outside_quotes(sentence: str, mentions: tuple[PlaceMention, ...]) -> Iterator[PlaceMention]:
    for mention in mentions:
        before = sentence[: mention.start]
        if all(before.count(opening) <= before.count(closing) for opening, closing in _QUOTATION_MARKS):
            yield mention
