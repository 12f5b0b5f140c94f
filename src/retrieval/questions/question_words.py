"""Question words of Mandarin, Cantonese and English, replaced by one word for each kind."""

from __future__ import annotations

import re

from retrieval.language import Pattern
from retrieval.questions.measures import COUNTER

# An English word that asks opens its clause or stands behind one of these; behind a noun (people who, the day when) it
# refers back to the noun.
_ASKS = (
    r"(?:(?<![a-z] )|(?<=\band )|(?<=\bor )|(?<=\bby )|(?<=\bto )|(?<=\bfrom )|(?<=\bfor )|(?<=\bwith )|(?<=\bof )"
    r"|(?<=\bsince )|(?<=\bknow )|(?<=\bme )|(?<=\bsay ))"
)
POINTS = (
    r"[^\W]{0,3}(?:做法|意见|建议|要求|措施|经验|体会|理由|原因|看法|想法|内容|特[点色]|启示|感[受想悟]|值得|不足|问题|思考|原则"
    r"|好处|优势|变化|收获|成[效果绩]|共识|任务|倡议|承诺|规定|希望)"
)
"""Words behind 幾點 where it counts points; before anything else it asks for a time of day: 幾點值班."""
# Other words for the same question word: of Cantonese, of everyday speech, of English. In this order.
_CANONICAL: tuple[tuple[str, Pattern], ...] = (
    ("几点", Pattern(re.compile(r"\bwhat time\b"), "what time is it", "what times")),
    (
        "多少钱",
        Pattern(
            re.compile(
                r"\bhow much (?:money|funding|does it cost|is a ticket)|\bhow much (?=.*\b(?:costs?"
                r"|paid|pay|raise|charge))"
            ),
            "how much does it cost",
            "how much rain",
        ),
    ),
    ("多大年纪", Pattern(re.compile(r"\bhow old\b|\b(?:average )?age\b"), "how old are they", "aged")),
    ("多久", Pattern(re.compile(r"几耐|\bhow long\b"), "how long does it take", "how far")),
    ("百分之几", Pattern(re.compile(r"\bwhat percentage\b"), "what percentage", "percentage")),
    ("什么时候", Pattern(re.compile(r"\bhow often\b"), "how often is it held", "how much")),
    ("多少", Pattern(re.compile(r"几多|\bhow (?:many|much)\b|\bnumber of\b"), "几多人", "几个人")),
    (
        "什么时候",
        Pattern(
            re.compile(rf"几时|何时|什么时间|什[么麽]时[候间]|{_ASKS}\bwhen\b"),
            "何时开幕",
            "the day when",
        ),
    ),
    (
        "为什么",
        Pattern(
            re.compile(r"点解|为何|为啥|为咩|为乜嘢?|干嘛(?=[^\W呢啊呀用的])|\bwhy\b"), "为何要办", "因为"
        ),
    ),
    (
        "怎么",
        Pattern(
            re.compile(r"点样|咋样?|如何|怎样|\bhow\b(?! (?:many|much|old|long))"),
            "如何评选",
            "点评",
        ),
    ),
    ("什么", Pattern(re.compile(r"甚么|咩|乜嘢?|啥子?|\bwhat\b"), "叫咩名", "什物")),
    ("谁", Pattern(re.compile(rf"{_ASKS}\bwhom?\b"), "who spoke", "people who spoke")),
    (
        "哪",
        Pattern(
            re.compile(r"边(?=一?[个位年日天间家本份几条度啲些座支]|[一两三四五六七八九十]+[个位间家])"),
            "边个画嘅",
            "身边好人",
        ),
    ),
    ("哪些", Pattern(re.compile(r"哪啲"), "哪啲名人", "哪个")),
    ("哪里", Pattern(re.compile(rf"哪度|{_ASKS}\bwhere\b"), "哪度有", "places where")),
    ("哪个", Pattern(re.compile(r"\bwhich\b"), "which city", "whichever")),
    (
        "可不可以",
        Pattern(
            re.compile(r"可唔可以|可以不可以|可否|能不能|能否|能唔能|得唔得|\b(?:can|may) i\b"),
            "能否报名",
            "功能",
        ),
    ),
    (
        "要不要",
        Pattern(
            re.compile(
                r"需不需要|需唔需要|使唔使|要唔要|用不用|是否(?:需要|必须)|\bdo i (?:need"
                r"|have) to\b"
            ),
            "需不需要预约",
            "需要",
        ),
    ),
    ("有没有", Pattern(re.compile(r"有冇|有无(?=[^,。]{0,8}[吗\W]|限)"), "有冇电话", "没有")),
)
# 幾 that asks: not that of 十幾個 and 這幾個.
_HOW_MANY = Pattern(
    re.compile(
        rf"(?<![十百千好这那哪第上近前后每])几(?={COUNTER}|[天年万千百亿]|个月|小时)(?!点(?!{POINTS}))"
    ),
    example="评出几名好人",
    counterexample="十几名好人",
)


def canonical(folded: str) -> str:
    """The folded question with one word for each kind of question word; offsets move."""
    for word, form in _CANONICAL:
        folded = form.regex.sub(word, folded)
    return _HOW_MANY.regex.sub("多少", folded)
