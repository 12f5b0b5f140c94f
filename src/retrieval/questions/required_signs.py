"""Signs that an answer must show besides what fills the slot: a cause, a comparison, a list, the time that is asked about.

A text about the right matter without them does not answer: 「男的多還是女的多」 of a text that compares nothing. Each sign is
wide, so that its lack is telling.
"""

from __future__ import annotations

import re

from retrieval.language import Pattern
from retrieval.questions.asked_slot import AskedSlot
from retrieval.questions.slot_forms import SlotKind

_CAUSE = Pattern(
    re.compile(
        r"因|由于|鉴于|为(?:[了让使防避解破把保]|的是|方便|确保|\w{2,14}(?:[,、]|提供))|旨在|目的|以[便防免]|免得|从而|针对|避免|防止"
        r"|方便|便[于利]|有利于|理由|[怕让]|考虑|难题|问题|情况|状况|得益|归功|源于|出于|不[足便]|使(?!用)|鼓励|激发|扩大|[增加]强|借|[顺大之优]势"
        r"|强化|提[升高]|突出|确保|营造|吸引|监督|解决|满足|觉得|主要是|实现|成为"
    ),
    example="因巷子窄、游客多",
    counterexample="每周六上午开课",
)
# Why this and nothing else (為什麼只…, 為什麼不…) is answered by a cause in so many words, not by a purpose.
_CONTRAST = Pattern(
    re.compile(r"只|不|没|\b(?:only|not|instead)\b"), example="为什么只收十人", counterexample="为什么开课"
)
_CAUSE_IN_WORDS = Pattern(
    re.compile(
        r"因|由于|鉴于|为(?:了|避|防|的是|\w{2,14}[,、])|针对|避免|防止|以[便防免]|旨在|[怕让]|考虑|理由|难|问题|不[足便]|觉得|主要是|于是"
    ),
    example="为了让更多人有机会",
    counterexample="提升活力",
)
_CHOICE_ASKED = Pattern(
    re.compile(
        r"(?:哪|谁|边)[^,。?]{0,8}(?:更|比较|较)?(?:多|少|高|低|(?<!十)大|小|快|慢|好|强|贵|便宜)(?!少|大)[\s\W呢啊吗的些一点]*\Z"
        r"|[多高大快]还是.{0,6}[多少高低大小快慢]|比(?![例如赛重])[^,。?]{1,10}(?:多|少|高|低|大|小|强|好|快|贵)(?!少)"
        r"|\b(?:more|fewer|less|larger|higher|better|older)\b.*\bthan\b"
    ),
    example="男的多还是女的多",
    counterexample="哪些人多次获奖",
)
_COMPARISON = Pattern(
    re.compile(r"比|较|[高低多少大小]于|超|不[及如]|相差|倍|最|居|首|反|[同一]样|都|占|成(?!立|员|果|为)"),
    example="东区比西区多八处",
    counterexample="东区设八处",
)
_SAME_MEASURE = Pattern(  # two figures that anybody can compare
    re.compile(
        r"[\d一二两三四五六七八九十百千万]([^\W\d一二两三四五六七八九十百千万是]).*[\d一二两三四五六七八九十百千万]\1"
    ),
    example="东区71所、西区58所",
    counterexample="东区71所、西区58人",
)
# 28 個鄉鎮 of which the names are asked: a list, or a quote for each, holds three of them at least.
_LIST_ASKED = Pattern(
    re.compile(
        r"(?P<number>\d+|[三四五六七八九十百]+)(?:多|余)?(?:个|位|名|家|项|处|条|支|所|座|篇|本|部|类|种|户|件)"
        r"(?=.*(?:分别|哪些|是哪|叫什么|叫啥|是谁|有谁))|哪(?P<asked>[三四五六七八九十]|\d+)"
    ),
    example="198个专题分别叫什么",
    counterexample="哪个专题",
)
_LISTED = Pattern(
    re.compile(r"[^、。;]、[^、。;]+(?:[、和及与等]|[,。;]|\Z)|[”》」][和及]?[“《「]|;|[二三]是"),
    "甲、乙、丙",
    "甲和乙",
)
# A time of the question, and the words of a text that may mean it.
_TIMES = (
    (
        Pattern(re.compile(r"前年|前一年|上上|\bthe year before\b"), "前年多少", "去年多少"),
        Pattern(re.compile(r"前年|前一年|上年|上上|\d{4}|比"), "比上年多", "去年多"),
    ),
    (
        Pattern(re.compile(r"去年|上一?年(?!级)|\blast year\b"), "去年多少", "今年多少"),
        Pattern(re.compile(r"年|同[期比]"), "同比增加", "增加"),
    ),
    (
        Pattern(
            re.compile(r"明年|后年|下一?[年届期次]|下(?:半年|学期|个月)|\bnext (?:year|month|term)\b"),
            "下一届在哪里",
            "下班",
        ),
        Pattern(re.compile(r"明年|后年|下一?[年届期次半学个]|\d{4}|将|拟|[次翌]年|第二[年届期次]"), "拟于", "举办"),
    ),
    (  # a text of what is done each day, or at an hour, tells of tomorrow too
        Pattern(
            re.compile(r"明[天晚]|(?<!先天)后天|听[日晚](?!证)|\btomorrow\b"), "明天开放吗", "明年"
        ),
        Pattern(
            re.compile(r"[明后][天晚]|明日|今晚|[次翌]日|第二天|每[天日晚周月]|天天|全天|\d[时点]|[上下]午|周[一二三四五六日末]|长[期年]|常年|随时"),
            "每天开放",
            "暴雨天气多",
        ),
    ),
    *(
        (
            Pattern(re.compile(rf"第(?:{han}|{digit})(?=[年次届期季批轮回])"), f"第{han}次", f"{han}次"),
            Pattern(re.compile(rf"第?(?:{han}|{digit})[年次届期季批轮回]|每[次年届期]|{others}"), f"第{digit}次", "多次"),
        )
        for han, digit, others in (
            ("一", 1, "首|初|头"),
            ("二", 2, "再|又|两|次年"),
            ("三", 3, "三犯"),
            ("四", 4, "四犯"),
        )
    ),
    *(
        (
            Pattern(re.compile(rf"{han}季度"), f"{han}季度多少", "季度"),
            Pattern(re.compile(rf"[{han}{digit}]季度"), f"第{digit}季度", "每季度"),
        )
        for han, digit in zip("一二三四", range(1, 5), strict=True)
    ),
)  # fmt: skip


def lacks_sign(slot: AskedSlot, folded_question: str, folded_quotes: str) -> bool:
    """Whether the question needs a cause, a list or a comparison that the quotes do not show."""
    if slot.kind is SlotKind.REASON:
        cause = _CAUSE_IN_WORDS if _CONTRAST.regex.search(folded_question) else _CAUSE
        return not cause.regex.search(folded_quotes)
    if _LIST_ASKED.regex.search(folded_question):
        return "\n" not in folded_quotes and not _LISTED.regex.search(folded_quotes)
    is_choice = bool(_CHOICE_ASKED.regex.search(folded_question))
    is_compared = _COMPARISON.regex.search(folded_quotes) or _SAME_MEASURE.regex.search(folded_quotes)
    return is_choice and not is_compared


def is_of_other_time(folded_question: str, folded_text: str) -> bool:
    """Whether the question names a time, such as 前年 or 二季度, that the text does not."""
    return any(
        asked.regex.search(folded_question) and not given.regex.search(folded_text) for asked, given in _TIMES
    )
