"""The topic of a question for places: the phrases to look for, without the frame of the question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.language import Pattern, segmentation
from retrieval.questions import question_types
from retrieval.storage import text_column

_QUOTED = Pattern(
    re.compile(r"[「『“\"《]([^」』”\"》]+)[」』”\"》]"),
    example="哪些地方喊“内容为王”",
    counterexample="哪些地方喊口号",
)
# Verbs of mentioning and doing, and the frame of such a question; closed classes.
_ABOUT = Pattern(
    re.compile(
        r"提到|提及|提过|提出|讲到|讲过|说到|说过|谈到|谈过|写到|涉及|有关|关于|用到|用过|用了|使用|做过|做了"
        r"|搞过|搞了|开展过?|推出过?|举办过?|嘅(?:故仔|事)?|[咗喺啲]|别处|别的地方|其他地方"
        r"|(?:活动|项目|品牌|节目)?的?(?:名字|名称|标题|题目)[里中]?(?:有|带有?|含有?)"
        r"|(?<![^\W])的?(?:做法|经验|工作|活动|内容)[里中]|简报里?|分别|都是|哪里|哪儿|哪些|哪几个|哪个|哪|边度|边啲|有没有|一共|总共|列出来?|请问"
        r"|(?:这些|那些)?(?:地方|城市|省市|省份)"
        r"|\b(?:which|what|places?|cities|provinces?|mention\w*|talk\w*|about|the|a|an|of|have|has|had|do|does|did|use[ds]?|using|in|are|is|there|how|many)\b"
    ),
    example="提到二维码",
    counterexample="二维码",
)
_LOOSE_ENDS = Pattern(
    re.compile(
        r"^[一-鿿]{1,3}[了过](?=\w{2})|^[\s\W有都也还仲讲提说谈写喊搞做用拎把过到的了是在会请给让办要]+"
        r"|(?:(?:[的嘅](?:都|也|一共)?有|方面做得好|的(?:做法|规矩|经验|情况|事)上?|出力|帮忙)"
        r"[\s\W的了吗呢啊过吧有]*|[\s\W的了吗呢啊过吧有]+)$"
    ),
    example="有二维码吗",
    counterexample="二维码",
)
_OR = Pattern(re.compile(r"或者|或是|还是|或|、|/|\bor\b"), example="红榜或黑榜", counterexample="红榜和黑榜")
_COMMON = 1 / 3
"""A phrase that this share of the passages holds (活動) does not identify a topic."""
_PRAISE = frozenset("好新大老小")
_SHORTEST_RUN = 4
_MOST_OF_TOPIC = 0.5
"""Characters, and share of them, of a part of the topic that stands for all of it: 微信公眾號 of 微信公眾號宣傳."""


def topic_in(folded: str, texts: text_column.Texts) -> tuple[str, ...]:
    """As `topic_of`; where every quoted phrase is common in the texts (「文明」加地名), what stands around it too."""
    topic = topic_of(folded)
    if not is_quoted(folded) or any(len(texts.holding(phrase)) <= _COMMON * len(texts) for phrase in topic):
        return topic
    return topic_of(_QUOTED.regex.sub(r"\1", folded))


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


def is_quoted(folded: str) -> bool:
    """Whether the topic stands in quotation marks: it is meant word for word."""
    return bool(_QUOTED.regex.search(folded))


def words_of(topic: Sequence[str]) -> list[str]:
    """The words of the topic of two characters or more, each once; without any, its characters as typed."""
    words = (word for phrase in topic for word in segmentation.words(phrase))
    return [word for word in dict.fromkeys(words) if len(word) > 1] or list(topic)


def alternatives(topic: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The topics that each answer alone: one clause with 或 or 、 gives one for each side, any other topic itself."""
    if len(topic) != 1:
        return (tuple(topic),) if topic else ()
    sides = [_LOOSE_ENDS.regex.sub("", side.strip()) for side in _OR.regex.split(topic[0])]
    return tuple((side,) for side in sides if len(side) > 1) or (tuple(topic),)


def held_phrases(topic: Sequence[str], folded: text_column.Texts) -> tuple[str, ...]:
    """The phrases that stand for the topic in the texts: itself, or the longest part of each phrase; empty if none."""
    topic = [_without_praise(phrase) for phrase in topic]
    if all(len(folded.holding(phrase)) for phrase in topic):
        return tuple(topic)
    longest = tuple(_longest_held(phrase, folded) for phrase in topic)
    return longest if all(longest) else ()


def _without_praise(phrase: str) -> str:
    """The phrase without an adjective of one character before a word: 家風 for 好家風, but 大學生 whole."""
    is_praised = phrase[:1] in _PRAISE and not segmentation.word_count(phrase)
    return phrase[1:] if is_praised and len(phrase) > 2 and segmentation.word_count(phrase[1:]) else phrase


def _longest_held(phrase: str, folded: text_column.Texts) -> str:
    """The longest run of words of the phrase that stands in a passage and is not common; else nothing."""
    pieces = segmentation.folded_pieces(phrase)
    for length in range(len(pieces) - 1, 0, -1):
        for start in range(len(pieces) - length + 1):
            run = "".join(pieces[start : start + length]).strip()
            is_long = len(run) >= max(_SHORTEST_RUN, _MOST_OF_TOPIC * len(phrase))
            if is_long and 0 < len(folded.holding(run)) <= _COMMON * len(folded):
                return run
    return ""
