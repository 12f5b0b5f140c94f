"""What a sentence must hold to answer a question: an amount of money, a year, a contact, a number.

A passage about the right matter that lacks what is asked for is the commonest wrong answer of a ranker by meaning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMERAL = r"(?:\d[\d,.]*|[〇零一二两三四五六七八九十百千万亿]+)"
_COUNT = re.compile(rf"(?<![x\d]){_NUMERAL}[余多几]?[\w%%]|[百千万亿]|半|倍|[一二三四五六七八九十]是")
_MASKED = re.compile(r"(?:\d{2})?[x×*]{2,}\s*[余多个名人届座条项]?(?P<behind>\w{0,6})")


@dataclass(frozen=True, slots=True)
class Expectation:
    """A kind of answer: how it is asked for, and what a text that gives it holds; both on folded text."""

    asked: re.Pattern[str]
    given: re.Pattern[str]

    def is_met_by(self, folded: str) -> bool:
        return self.given.search(folded) is not None


# The first that is asked for counts. Wide where a refusal would be wrong, narrow where a number cannot be mistaken.
_EXPECTATIONS = (
    Expectation(
        asked=re.compile(
            r"多少钱|几多钱|多少[资奖]金|(?:奖金|稿费|稿酬|定价|价格|费用|经费|预算|月薪|工资|票价|罚款)[^,。]{0,6}(?:多少|几)"
            r"|(?:多少|几)(?:万|亿)?(?:块|元|费)|how much (?:money|funding|does it cost|did .* (?:cost|raise))"
        ),
        given=re.compile(rf"{_NUMERAL}[余多]?万?亿?(?:元|块|美元|人民币)"),
    ),
    Expectation(
        asked=re.compile(r"[哪边][一个]?年(?!级|龄|轻)|何年|什么年份|几几年|(?:what|which) year"),
        given=re.compile(r"(?<!\d)\d{4}(?:年|-)|[一二三四五六七八九〇零]{4}年"),
    ),
    Expectation(
        asked=re.compile(r"电话|热线|手机号|联系方式|联络方式|网址|邮箱|phone|e-?mail|website address"),
        given=re.compile(r"\d{5,}|\d{3,4}-\d{6,}|https?://|www\.|@"),
    ),
    Expectation(
        asked=re.compile(
            r"(?:多少|几多)(?!次一律)|(?<!哪)几[个名人条支项篇次家位成点台件届岁种场块]|第几|百分之几|how many|number of"
        ),
        given=_COUNT,
    ),
)


def expectation_of(folded_question: str) -> Expectation | None:
    """What an answer to the folded question must hold; None where anything may answer."""
    return next((kind for kind in _EXPECTATIONS if kind.asked.search(folded_question)), None)


def hides_the_answer(folded_question: str, folded_sentence: str) -> bool:
    """Whether the figure asked for is masked in the source: xx個展區 for 幾個展區, 20xx年 for 哪一年."""
    if expectation_of(folded_question) is None:
        return False
    return any(_is_asked_for(mask["behind"], folded_question) for mask in _MASKED.finditer(folded_sentence))


def _is_asked_for(behind: str, folded_question: str) -> bool:
    """Whether two neighbouring characters behind the mask, or its unit after 哪, stand in the question."""
    pairs = (behind[start : start + 2] for start in range(len(behind) - 1))
    return any(pair in folded_question for pair in pairs) or (
        behind.startswith("年") and re.search(r"[哪边何][一个]?年", folded_question) is not None
    )
