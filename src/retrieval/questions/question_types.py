"""The type of a question, by its structure and its closed-class words."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from retrieval.language import Pattern, segmentation
from retrieval.places import PlaceMention
from retrieval.types import QuestionType

_PLACE_NOUN = r"(?:地方|城市|省市区?|省份|直辖市|地区|单位所在地|市县|区县|省|市|地(?![铁址点位]))"
_MENTION = r"(?:提到|提及|提过|讲到|说到|谈到|写到|讲过|说过|讲|提|mention\w*|talk about)"
# 「哪些城市」, 「有幾個地方」, 「邊幾個地方」, "which places": asks which of the places, more than one expected.
WHICH_PLACES = Pattern(
    re.compile(
        rf"(?<![在去往])(?:(?<!到)|(?<=[讲提说谈写]到))(?:哪些|哪几个?|有几个|几多个|几个|多少个?|边几个|边啲|边些)(?:不同的?)?{_PLACE_NOUN}"
        rf"|[在喺](?:哪几个|边几个|边啲)(?:地方|城市|省市?)(?:都|也|曾|有)*(?:派上|用上|出现|见到|看到)"
        rf"|{_PLACE_NOUN}[,]?(?:都|一共|总共|分别)*(?:有|是)(?:哪些|哪几个|边几个|边啲|多少个?|几多个?|几个)[\s\W]*\Z"
        rf"|(?:别处|别的{_PLACE_NOUN}|其他{_PLACE_NOUN}|哪里|哪儿|边度)(?:都|也|还|仲|曾)+(?:有|在|{_MENTION})"
        rf"|(?:哪些|哪几个?|几个|多少个?|边几个){_PLACE_NOUN}(?:都|也|曾|有)*{_MENTION}"
        rf"|(?:哪里|哪儿|边度|哪边)(?:都|也|曾|有)*{_MENTION}"
        r"|\b(?:which|what|how many)(?: \w+)? (?:places|cities|provinces|regions|municipalities)\b"
        r"|\bwhere (?:is|are) .* mentioned\b"
    ),
    example="边几个地方有斑马线?",
    counterexample="山东在哪些地方开展评议?",
)
# 「各地」 asks place by place; 「各地」 of a place that is named (「山東怎麼讓各地…」) does not.
_EVERY_PLACE = Pattern(
    re.compile(
        r"各(?:个)?(?:地方?|省市?|城市|市|处地方)(?!区|面)|(?:所有|每个|每一个|每)(?:的)?(?:地方|城市|省市?|省份)"
        r"|不同(?:的)?(?:地方|城市|省市|省份|地区)|\b(?:each|every|all(?: the)?|different) (?:place|cit|province|region)\w*"
    ),
    example="各地怎么宣传好人?",
    counterexample="各地区有多少人?",
)
_EACH = Pattern(
    re.compile(
        r"各|分别|对比|比较|比一比|比一下|相比|两[边地市省个者]|三[地市省个者]|都|区别|差别|差异|差在|不同|异同|唔同|一样|谁更"
        r"|(?:谁|[哪边](?:个|里|边|家|一个|一家|度)?).{0,10}?(?:更|比较)?[多少高低大小长短早晚快慢贵强](?:一?些|一?点|啲)?[\s\W呢啊吗嘅的]*\Z"
        r"|\bwhich\b.*\b(?:more|fewer|less|larger|higher|longer|older|earlier)\b"
        r"|\b(?:each|both|compare|compared|comparison|differ\w*|respectively|versus|vs|than)\b"
    ),
    example="志愿服务差在哪",
    counterexample="江苏的南京有什么活动?",
)
_LINK = Pattern(
    re.compile(
        r"\A[市省区县]?\s*(?:和|跟|与|同|及|以及|还有|还是|或者?|、|,|/|&|\+|对比|比|vs\.?|versus|and|or)\s*\Z"
    ),
    example="市和",
    counterexample="的",
)
_MARK = r"[\s\W_]"
_FOLLOW_UP_WORDS = (
    # leads
    r"那么|那|还有|再|另外|其他|别的|其它|更多|继续|然后|接着|所以|咁|仲有|what about|how about|and|then"
    r"|so|any|anything|more|else|other|others"
    # question words
    r"|为[什甚]么|为啥|为何|点解|怎么样|怎么|怎样|如何|点样|咋|[什甚]么时候|几时|何时|哪年|哪天|[什甚]么|啥"
    r"|咩|多少|几个|几多|谁|哪里|哪儿|边度|哪个|哪些"
    r"|why|how|when|where|who|what|many|much|did|do|does|is|are|was|were|it|they|that|this|for|in|there"
    # verbs and particles that carry nothing of their own
    r"|呢个|具体|详细|原因|目的|办法|做法|方法|做|弄|搞|办|来|到|是|没有|有|会|能|在|的|了|吗|呢|嘛|呀|啊|吧"
    r"|么|冇|啲|嗰边|嗰|这样|那样|这么|人|一点|点|些|也|都"
)
_EMPTY_OF_TOPIC = Pattern(
    re.compile(rf"\A(?:{_MARK}|(?:{_FOLLOW_UP_WORDS})(?![a-z0-9]))*+\Z"),
    example="那是为什么呢?",
    counterexample="那奖金呢?",
)
_ASKS_ON = Pattern(
    re.compile(
        r"^(?:那么?(?![个本位些份种次场条家])|咁|还有|其中|and\b|what about|how about)|呢[\s\W]*$|^(?:so|then)\b"
    ),
    example="奖金呢?",
    counterexample="奖金有多少?",
)
_ASKING = Pattern(
    re.compile(
        r"[什甚]么|多少|几[个多名人]|[哪边]|谁|怎么|如何|吗|为何|\b(?:what|who|when|where|why|how|which)\b"
    ),
    example="谁出的",
    counterexample="奖金呢",
)
# Its subject is that of the question before: 什麼時候開通的.
_OPENS_ASKING = Pattern(
    re.compile(
        r"\A(?:是|在|由|从)?(?:[什甚]么时候|几时|何时|哪|边|谁|怎么|怎样|如何|点样|为[什甚]么|点解|多少|几[个多])"
    ),
    example="什么时候开通的",
    counterexample="奖金",
)
# A thing of its own is looked for: the question before has nothing to do with it.
_WHERE_IS = Pattern(
    re.compile(r"\A(?:哪里|哪儿|哪度|哪边|边度)(?:会|先)?有(?!得|份|[没冇])(?P<thing>\w{2,})"),
    example="边度有医院",
    counterexample="边度有得报名",
)
_WORD = re.compile(r"\w")
_TOKEN = re.compile(r"[a-z0-9'-]+|[^\W a-z0-9]")
_MOST_CONTENT_WORDS = 3
"""A message with a question word and so many content words is complete, whatever it begins or ends with."""
_SHORTEST_COMPLETE = 4
"""Characters of a message that asks without a content word and is no complete question: 誰出的."""
_LONGEST_NEW_TOPIC = 12
"""Words of the longest topic that a follow-up may bring; a Han character is one."""


_WHERE = Pattern(
    re.compile(r"[的嘅](?:是|系)(?:哪里|哪儿|哪边|边度|哪个(?:城市|地方|省|市|县|区))[\s\W呢啊呀的]*\Z"),
    example="讲垃圾分类的是哪里",
    counterexample="哪里讲垃圾分类",
)


def asks_where(folded: str, places: Sequence[PlaceMention]) -> bool:
    """Whether a question that names no place asks in the end which place it is."""
    return not places and bool(_WHERE.regex.search(folded))


def question_type_of(folded: str, places: Sequence[PlaceMention]) -> QuestionType:
    """The type of a folded question that is no small talk and names these places, covered or not."""
    if _is_follow_up(folded, places):
        return QuestionType.FOLLOW_UP
    if not places and WHICH_PLACES.regex.search(folded):
        return QuestionType.COVERAGE
    if is_about_several(folded, places) or (not places and _EVERY_PLACE.regex.search(folded)):
        return QuestionType.COMPARISON
    return QuestionType.PLAIN


def is_about_several(folded: str, places: Sequence[PlaceMention]) -> bool:
    """Whether two of the places are linked (「北京和山東」), or set apart by 「各」, 「分別」, 「哪邊不同」."""
    if len(distinct_places(places)) < 2:
        return False
    gaps = (folded[left.end : right.start] for left, right in itertools.pairwise(places))
    is_linked = any(_LINK.regex.match(gap) or not gap.strip() for gap in gaps)
    return is_linked or bool(_EACH.regex.search(folded))


def distinct_places(places: Sequence[PlaceMention]) -> tuple[PlaceMention, ...]:
    """Each place once, in order, without those that lie around another of them (江蘇 beside 南京)."""
    first = {place.code: place for place in reversed(places)}
    around = {code for code in first for other in first if code != other and _lies_in(other, code)}
    return tuple(place for place in places if place is first[place.code] and place.code not in around)


def _lies_in(inner: str, outer: str) -> bool:
    significant = outer[:2] if outer.endswith("0000") else outer[:4] if outer.endswith("00") else outer
    return inner.startswith(significant)


def _is_follow_up(folded: str, places: Sequence[PlaceMention]) -> bool:
    """Whether the text needs the question before it: it has no topic, or goes on (「那獎金呢?」) with a short one."""
    rest = without_places(folded, places)
    if not _WORD.search(folded) or len(distinct_places(places)) > 1:
        return False
    if is_empty_of_topic(rest):
        return bool(_WORD.search(rest)) or bool(re.search(r"[??]", folded))
    if places or WHICH_PLACES.regex.search(rest) or len(_TOKEN.findall(rest)) > _LONGEST_NEW_TOPIC:
        return False
    if (where := _WHERE_IS.regex.match(rest.strip())) and segmentation.content_words(where["thing"]):
        return False
    content = (
        () if rest.isascii() else segmentation.content_words(_OPENS_ASKING.regex.sub("", rest.strip(), 1))
    )
    is_asked = bool(_ASKING.regex.search(rest))
    if is_asked and not rest.isascii() and len(content) <= (1 if opens_asking(rest) else 0):
        return opens_asking(rest) or len(rest.strip()) <= _SHORTEST_COMPLETE
    return bool(_ASKS_ON.regex.search(rest.strip())) and not (
        is_asked and len(content) >= _MOST_CONTENT_WORDS
    )


def without_places(folded: str, places: Sequence[PlaceMention]) -> str:
    """The folded text with a space in place of each place."""
    for place in reversed(places):
        folded = f"{folded[: place.start]} {folded[place.end :]}"
    return folded


def opens_asking(folded: str) -> bool:
    """Whether the text begins with a question word in Chinese, so that its subject is left out."""
    return bool(_OPENS_ASKING.regex.match(folded.strip()))


def has_content(folded: str) -> bool:
    """Whether the text holds a content word, in Chinese of two characters or more."""
    return folded.isascii() or bool(segmentation.content_words(folded))


def is_empty_of_topic(folded: str) -> bool:
    """Whether the text holds nothing but question words, particles and punctuation."""
    return bool(_EMPTY_OF_TOPIC.regex.match(folded))
