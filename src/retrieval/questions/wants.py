"""What kind of thing a question wants, and the signs of it in a text; both on folded text."""

from __future__ import annotations

import re
from enum import StrEnum


class Want(StrEnum):
    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    LIST = "list"
    REASON = "reason"
    METHOD = "method"
    ANYTHING = "anything"


# The first that matches counts. Particles of Cantonese and of English stand beside.
_ASKED: tuple[tuple[Want, re.Pattern[str]], ...] = (
    (
        Want.DATE,
        re.compile(
            r"[什甚]么时[候间]|何时|几时|[哪边何几][一个]?[年月天日](?!级|龄|轻)|多久|多长时间"
            r"|\bwhen\b|(?:what|which) (?:year|date|month|day)"
        ),
    ),
    (
        Want.NUMBER,
        re.compile(r"多少|几[个多名人条支项篇次家位成点台件]?|第几|how (?:many|much)|number of|比例|百分之"),
    ),
    (Want.REASON, re.compile(r"为什么|为啥|点解|为何|原因|目的|图个?啥|\bwhy\b")),
    (
        Want.LIST,
        re.compile(r"哪些|哪几|列[一出给]|列下|清单|分别|有什么(?:内容|活动|措施)|逐条|\bwhich\b|\blist\b"),
    ),
    (Want.METHOD, re.compile(r"怎么|怎样|如何|点样|咋|流程|办法|做法|\bhow\b")),
    (Want.NAME, re.compile(r"叫什么|叫啥|名字|名称|全名|哪个|哪本|哪份|谁|边个|\bwho\b|\bname\b|\bcalled\b")),
)
_SIGNS: dict[Want, re.Pattern[str]] = {
    Want.NUMBER: re.compile(r"\d|[百千万亿]|[一二两三四五六七八九十]+[余多]?[个名支项条家所次]"),
    Want.DATE: re.compile(
        r"\d+[年月日]|每[年月周天日季]|季度|[上下]半年|年[初底]|期间|之际|前夕|日前|小时|分钟"
    ),
    Want.NAME: re.compile(r"[《“「\"]"),
    Want.LIST: re.compile(r"(?:[^、]+、){2}|(?:\d|[一二三四五六七八九十])(?:是|、).*?[;。]"),
    Want.REASON: re.compile(r"因为|由于|为了|旨在|目的|以便|从而|针对|使得?|确保|避免|防止|满足|解决"),
    Want.METHOD: re.compile(r"通过|采[取用]|利用|建立|组织|实行|运用|依托|制定|借助|结合|以.{1,12}[为的]"),
}


def want_of(folded_question: str) -> Want:
    """What the question wants: the first kind whose words it uses."""
    return next((want for want, asked in _ASKED if asked.search(folded_question)), Want.ANYTHING)


def shows_sign_of(want: Want, folded_text: str) -> bool:
    """Whether the text has what such an answer usually has; always False for a question that may want anything."""
    sign = _SIGNS.get(want)
    return sign is not None and sign.search(folded_text) is not None
