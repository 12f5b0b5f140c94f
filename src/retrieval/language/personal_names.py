"""Detects full Chinese personal names in a text."""

from __future__ import annotations

import functools
import itertools
import re

from retrieval.language.patterns import Pattern
from retrieval.language.segmentation import pieces, word_count

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜谢邹章苏潘葛范彭郎鲁马方俞任袁柳史唐薛雷贺倪汤罗郝安常于傅康伍余顾孟黄穆萧尹姚邵汪毛戴宋庞熊纪舒项祝董梁杜阮蓝季贾江童郭梅林徐邱骆高夏蔡田胡凌霍万柯卢莫房丁邓崔龚程邢裴陆翁段侯刘龙叶黎乔谭廖易曾关游"
)
_TITLE = (
    "主任|书记|部长|处长|局长|院长|校长|团长|会长|市长|省长|县长|区长|理事长|秘书长"
    "|教授|老师|同志|先生|女士|记者|馆长|站长|组长"
)
_BESIDE_A_TITLE = Pattern(
    re.compile(rf"(?:{_TITLE})(?P<behind>\w{{2,3}})|(?P<before>\w{{2,3}})(?:{_TITLE})"),
    "王芳老师",
    "志愿者走进社区",
)
_RARE = 300
"""A name may occur so often as a word in the dictionary's corpus: 雷锋 has 232, but 宣传部 333."""
_LONGEST = 3
# A question that asks for a person tests every candidate, and the next question the same ones: a few megabytes.
_CACHED_TEXTS = 4096
# A number is followed by a measure word, 更 by an adjective.
_BEFORE_NO_NAME = Pattern(re.compile(r"[\d一二三四五六七八九十百千万余多几更最很较]$"), "更", "学习")
_IN = "于"  # 集宣传于一体: more often "in" than a surname
_ENDS_A_WORD = Pattern(re.compile("[部院委办榜网会局处站团队子日度化的]$|[a-z0-9]"), "宣传部", "张海林")


@functools.lru_cache(_CACHED_TEXTS)
def names_a_person(folded: str) -> bool:
    """Whether the folded text holds a full name: three characters anywhere, two only beside a title."""
    for before, piece in itertools.pairwise(["", *_joined_pieces(folded)]):
        if _is_name(piece) and not _BEFORE_NO_NAME.regex.search(before):
            return True
    beside_titles = _BESIDE_A_TITLE.regex.finditer(folded)
    return any(_may_be_name(match["behind"] or match["before"]) for match in beside_titles)


def _joined_pieces(folded: str) -> list[str]:
    """The words of the text; a surname that is a word of its own joins the following words, up to three characters."""
    joined: list[str] = []
    surname_at = -1
    for piece in pieces(folded):
        is_open = surname_at == len(joined) - 1 and len(joined[-1]) < _LONGEST if joined else False
        if is_open and len(piece) <= 2 and piece.isalpha() and len(joined[-1]) + len(piece) <= _LONGEST:
            joined[-1] += piece
        else:
            surname_at = len(joined) if piece in SURNAMES and piece != _IN else -1
            joined.append(piece)
    return joined


def _is_name(word: str) -> bool:
    return len(word) == _LONGEST and _may_be_name(word)


def _may_be_name(word: str) -> bool:
    return word[0] in SURNAMES and word_count(word) <= _RARE and not _ENDS_A_WORD.regex.search(word)
