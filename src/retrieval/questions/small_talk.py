"""Recognises messages that are small talk as a whole: greetings, thanks, goodbyes, acknowledgements, "who are you"."""

from __future__ import annotations

import re

from retrieval.language import Pattern
from retrieval.types import SmallTalk

# One row a kind: a closed list of phrases over folded text, an example that is of the kind, and one that is no small talk,
# because it says something else too. The order settles a message of two kinds (「你好,你是誰」, 「好的謝謝」): the kind
# with the fuller reply comes first. Within a list, longer phrases come first.
PHRASES: tuple[tuple[SmallTalk, str, str, str], ...] = (
    (
        SmallTalk.WHO,
        (
            r"[你您]是(?:谁|什么|哪位|机器人|真人|人)|[你您]叫(?:什么(?:名字)?|啥)|[你您](?:能|会|可以)(?:做|干|帮我做)?(?:些)?(?:什么|啥)"
            r"|你系边个|你系咩|自我介绍(?:一下)?|who(?: are|'re| r) (?:you|u)|what(?: are|'re) you|what can you do"
            r"|what'?s your name"
            r"|are you (?:a )?(?:bot|robot|human)"
        ),
        "你好,你是谁?",
        "你是北京人吗",
    ),
    (
        SmallTalk.THANKS,
        (
            r"(?:非常|十分|太|真的|真是)?(?:感谢|谢谢|多谢|谢了|谢)(?:谢)*(?:[你您](?:们)?)?(?:的(?:帮助|帮忙|回答|解答))?"
            r"|唔该(?:晒|你)*|多谢晒"
            r"|辛苦(?:了|[你您]了)?|麻烦(?:了|[你您]了)|感恩|3q|thx|tks|ty|thanks?(?: you)?(?: so much| very much| a lot)?"
            r"|cheers|much appreciated"
        ),
        "谢谢你们的帮助🙏",
        "感恩教育有哪些活动",
    ),
    (
        SmallTalk.GOODBYE,
        (
            r"再见|再会|拜拜|掰掰|拜|下次见|明天见|回头见|回见|晚安|88|good ?bye|bye(?:[- ]?bye)?"
            r"|see (?:you|ya|u)(?: later| soon)?"
            r"|good ?night|cya"
        ),
        "see you later",
        "拜年活动",
    ),
    (
        SmallTalk.GREETING,
        (
            r"[你您]好吗|最近好吗|好久不见|[你您](?:们)?好|大家好|哈[啰罗喽囉]+|嗨|嘿|喂|早上好|上午好|中午好|下午好|晚上好|早安|午安|早晨|早"
            r"|在(?:吗|不在|么)|有人(?:吗|在吗)"
            r"|hello|hi+|hey+|halo|yo|good (?:morning|afternoon|evening|day)|how are you"
            r"|how do you do|nice to meet you"
            r"|nihao|ni hao|are you there"
        ),
        "hi there",
        "history",
    ),
    (
        SmallTalk.ACKNOWLEDGEMENT,
        (
            r"好的|好吧|好滴|好嘅|好|行吧|行|可以|ok|okay|okey|okie|嗯+|恩+|哦+|噢+|喔+|哈{2,}|呵{2,}|嘻{2,}|明白|懂"
            r"|知道|收到|了解|原来如此|是的|对的|对|没错|没事|没问题"
            r"|不客气|系|得|不错|真棒|太好|厉害|赞|棒|你真棒|lol|haha+|great|good|nice|cool|perfect|awesome"
            r"|got it|i see|sure|fine|yes|yep|yeah|no problem|alright"
        ),
        "嗯嗯",
        "好的做法有哪些",
    ),
)
_FILLER = (
    r"[\s\W_]|机器人|朋友|[亲啊呀呢吧哦哈啦了喔哟呐嘛的晒先]"
    r"|\b(?:there|bot|all|everyone|again|then|so|and|but|well|oh|ah|friend|sir)\b"
)
_ANY = "|".join(phrases for _, phrases, _, _ in PHRASES)
# Latin phrases end at word boundaries: "history" does not begin with "hi". The possessive quantifier (*+) allows no
# backtracking, so that a long message is read in linear time.
_WHOLE = Pattern(
    re.compile(rf"\A(?:(?:{_ANY})(?![a-z0-9])|{_FILLER})*+\Z"),
    example="好的,谢谢你!",
    counterexample="你好,上海有什么奖?",
)
_KINDS = tuple(
    (kind, re.compile(rf"(?<![a-z0-9])(?:{phrases})(?![a-z0-9])")) for kind, phrases, _, _ in PHRASES
)

LONGEST = 40
"""Characters of the longest message that is checked."""


def small_talk(folded: str) -> SmallTalk | None:
    """The kind of small talk that a folded message is as a whole; None if it holds anything else."""
    if not folded.strip() or len(folded) > LONGEST or not _WHOLE.regex.match(folded):
        return None
    return next((kind for kind, pattern in _KINDS if pattern.search(folded)), None)
