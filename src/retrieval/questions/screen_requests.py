"""Messages that ask for a screen, not for a sentence: the places, the contents, the newest bulletin, help, a number of a list."""

from __future__ import annotations

import re
from enum import StrEnum

from retrieval.language import Pattern, fold, numerals


class Screen(StrEnum):
    """A screen of the bot that a message asks for in words."""

    HELP = "help"
    PLACES = "places"
    BULLETINS = "bulletins"
    NEWEST = "newest"
    """The newest bulletin."""


_ASK = r"(?:请问|我想知道|告诉我|列出|看看?|显示|show(?: me)?|list)?\s*"
_YOU = (
    r"(?:你们?|您|呢啲简报|呢度|简报|这里|这[些批份个]简报|机器人|目前|现在|都|一共|总共|合共|里面?|入面|收录|包括|涵盖|知道|覆盖"
    r"|提到|提及|讲到|涉及|有|了|咗|的|嘅|中)*"
)
_IN_ALL = r"(?: (?:in (?:total|all|here|(?:the|these|this|your) (?:bulletins?|collection))|altogether))?"
_TAIL = r"[\s\W]*(?:呢|吗|啊|呀|please)?[\s\W]*"
# The whole collection, in words that name it.
_OF_ALL = (
    r"(?:(?:这|呢|那)(?:些|批|啲|几[篇期份])|所有|全部|整个|你们?的?)(?:的|嘅)?(?:简报|文件|资料|材料|合集)"
    r"(?:里面?|入面|中)?"
)
_ALL_IN_ENGLISH = r"(?:all )?(?:of )?(?:the|these|this|your)?(?: entire| whole)? ?(?:bulletins|collection|documents|everything)"
# The whole message, folded; a topic in it (有哪些地方提到志願者) makes it a question.
_FORMS: tuple[tuple[Screen, Pattern], ...] = (
    (
        Screen.HELP,
        Pattern(
            re.compile(
                rf"\A[\s\W]*(?:help|帮助|帮忙|使用说明|说明|怎么[使用]用?|如何使用|怎样使用|点用|"
                rf"(?:你|您|机器人)?(?:能|会|可以)(?:做|干|问|查|帮我做)(?:些|点)?(?:什么|哪些)(?:问题|事情?)?|"
                rf"what can (?:you|i) (?:do|ask)|how (?:do i|to) use (?:this|you)(?: bot)?){_TAIL}\Z"
            ),
            "怎么用?",
            "怎么用微信宣传",
        ),
    ),
    (
        Screen.PLACES,
        Pattern(
            re.compile(
                rf"\A[\s\W]*{_ASK}{_YOU}(?:(?:哪些|边啲|边几个|什么|多少个?|几多个?|几个|所有的?|全部的?)(?:地方|城市|省市|省份|地区)|地方|地方列表)"
                rf"(?:的?简报|可以[看问查]|可选)?{_TAIL}\Z"
                rf"|\A[\s\W]*{_ASK}(?:which |what |how many |all )?(?:of )?(?:the )?(?:places|cities|provinces)"
                rf"(?: (?:are|is) (?:there|covered|included|mentioned)| (?:do|can) you (?:cover|know|have))?{_IN_ALL}{_TAIL}\Z"
            ),
            "有哪些地方?",
            "有哪些地方提到志愿者?",
        ),
    ),
    (
        Screen.NEWEST,
        Pattern(
            re.compile(
                rf"\A[\s\W]*{_ASK}{_YOU}最[新近](?:的|这|那)?一?[期份篇个]?(?:简报)?(?:(?:是|讲|说|写)?(?:的|了)?(?:哪一?[期篇份]|什么|哪些)?(?:内容)?)?{_TAIL}\Z"
                rf"|\A[\s\W]*{_ASK}(?:what is )?(?:the )?(?:latest|newest|most recent) (?:issue|bulletin){_TAIL}\Z"
            ),
            "最新一期",
            "最新一期里志愿者有多少",
        ),
    ),
    (
        Screen.BULLETINS,
        Pattern(
            re.compile(
                rf"\A[\s\W]*{_ASK}{_YOU}(?:(?:哪些|什么|多少|几|所有的?|全部的?)(?:[篇期份](?:简报)?|简报|内容)|(?:简报)?目录|(?:哪|多少|几)[几些]?[篇期份](?:简报)?)"
                rf"{_TAIL}\Z"
                rf"|\A[\s\W]*{_ASK}(?:which |what |how many |all )?(?:the )?(?:bulletins|issues|contents)"
                rf"(?: (?:are there|do you have))?{_IN_ALL}{_TAIL}\Z"
                rf"|\A[\s\W]*(?:请|麻烦)?{_OF_ALL}(?:主要|大概|到底|究竟|都|总的来说|是|系)*(?:讲|说|写|介绍|关于|讲述)(?:了|咗|的|的是)?"
                rf"(?:哪些|边啲)?(?:什么|乜嘢?|咩)?(?:内容|嘢)?(?:的|嘅)?{_TAIL}\Z"
                rf"|\A[\s\W]*(?:请|麻烦|帮我)?(?:概括|总结|概述|介绍|归纳)一?下?{_OF_ALL}(?:的?(?:主要)?内容)?{_TAIL}\Z"
                r"|\A[\s\W]*(?:please )?(?:(?:give me |write )?an? (?:short |brief )?(?:overview|summary)"
                rf"(?: of (?:{_ALL_IN_ENGLISH}))?"
                rf"|what (?:is|are) (?:{_ALL_IN_ENGLISH}) about|summari[sz]e (?:{_ALL_IN_ENGLISH})){_TAIL}\Z"
            ),
            "有哪些简报?",
            "有哪些简报提到志愿者?",
        ),
    ),
)
_NUMBER = Pattern(
    re.compile(
        r"\A[\s#\[(〔【]*(?:第)?(\d{1,3}|[一二三四五六七八九十]{1,3})(?:[个条项段]|号)?[\s\])〕】.。、]*\Z"
    ),
    "第2条",
    "2016年",
)
_KEYCAP = re.compile("\ufe0f?\u20e3")


def requested_screen(text: str) -> Screen | None:
    """The screen that the message asks for as a whole; None for any other message."""
    folded = fold(text.strip())
    if not any(character.isalnum() for character in folded):
        return None
    return next((screen for screen, form in _FORMS if form.regex.match(folded)), None)


def picked_number(text: str) -> int | None:
    """The number that the message is as a whole (2, 2️⃣, 〔2〕, 第二條); None for any other message."""
    match = _NUMBER.regex.match(fold(_KEYCAP.sub("", text)))
    return numerals.parse_numeral(match[1]) if match else None
