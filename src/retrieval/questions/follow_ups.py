"""Rewrites a follow-up message into a full question from the turn before it, by filling slots; no language model."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace

from retrieval.language import Pattern, fold
from retrieval.questions.question import Question, read_question
from retrieval.questions.question_types import WHICH_PLACES, has_content, is_empty_of_topic, opens_asking
from retrieval.types import Answer, QuestionType

_MORE = Pattern(
    re.compile(
        r"\A[\s\W]*(?:那么?|and)?\s*(?:还有(?:没有|冇)?(?:其他|别的|更多)?的?|仲有冇?|更多|其他的?|别的|继续|下一?[个条段]|再来|再多一?点"
        r"|(?:any(?:thing)? |what |something )?(?:more|else|others?))"
        r"\s*(?:[吗呢嘛啊呀]|什么|咩|of that|about (?:it|that))*[\s\W]*\Z"
    ),
    example="还有没有别的?",
    counterexample="还有哪些城市提到家风?",
)
_LEAD = Pattern(
    re.compile(r"^(?:那么|那|咁|还有|所以|and|so|then|what about|how about)\s*[,,]?\s*"),
    example="那重庆呢?",
    counterexample="重庆那边呢?",
)
_TAIL = re.compile(r"[\s\W]*(?:又|呢|吗|嘛|呀|啊|点样|如何|怎么样)*[\s\W]*$")  # also matches nothing
# The words that ask for a value; they leave the old question when the new message brings its own.
_QUESTION_WORDS = Pattern(
    re.compile(
        r"(?:一共|总共|到底|究竟|具体|分别|都)*(?:为[什甚]么|为啥|为何|点解|怎么样|怎么|怎样|如何|点样|是?[什甚]么时候|几时|何时|多少个?|几多个?|几[个名人条项家位次]"
        r"|有哪些|哪些|哪个|哪里|哪年|叫[什甚]么(?:名字)?|[是系][什甚]么|有[什甚]么|[什甚]么|是谁|谁|吗|呢"
        r"|[是系有叫]?(?:咩|乜嘢?)(?:名|嘢)?|[有系]?边(?:啲|个|度|年)|几多)"
        r"|\b(?:how many|how much|how|why|when|where|who|which|what)\b"
    ),
    example="大连一共多少志愿者",
    counterexample="大连的志愿者",
)
_THERE = Pattern(
    re.compile(
        r"那边|那里|那儿|当地|他们|她们|它们|该[市省区县]|这个?城市|这座城市|那个?城市|嗰边|嗰度|佢哋|\b(?:they|their|there|them)\b"
    ),
    example="他们有什么奖?",
    counterexample="这些人有什么奖?",
)
# Words that point back to the matter before: the message keeps its topic, and its place if it names none.
_SAME_MATTER = Pattern(
    re.compile(
        r"其中|^(?:这个|这些|这种|这样|这项|这位|此)|^那[个些种本项位]\w{1,8}[??]?\Z|(?:类似|同样|这样)的|(?<=[^\W])也(?:有|是|在|搞|办|做|用|设|建)"
        r"|^(?:(?:how|what|who|when|where|why)\s+)?(?:is|are|does|do|did|was|were|can)?\s*(?:this|these|those|it|they)\b|\b(?:similar|also|too)\b"
    ),
    example="重庆也有吗",
    counterexample="重庆有吗",
)
_ENGLISH_LEAD = Pattern(
    re.compile(r"^\s*(?:and|what about|how about)\b"), example="and in dalian", counterexample="android"
)
_HOW_MANY = Pattern(
    re.compile(r"多少|几多|几(?=[个名位人条项])|how many"), example="有多少人", counterexample="几乎"
)
# A time or a condition alone narrows the question before, whose topic stays: 汛期呢, 一個月呢.
_TIME = Pattern(
    re.compile(
        r"[期季年月节天晚]\Z|周[末日一二三四五六]\Z|假期?\Z|时候\Z|[上下]午\Z|早上\Z|第[一二三四五六]次\Z"
    ),
    example="汛期",
    counterexample="粉丝",
)
_LONGEST_ELLIPSIS = 12
"""Characters, or words of English, of a message that may leave its subject to the question before: 解決了多少."""
_LONGEST_NOUN = 6
"""Characters of a noun that a message leaves alone: 其中骨幹呢."""
_LINK = Pattern(
    re.compile(r"\A\s*(?:和|跟|与|同|及|、|,|/|&|and|or|比)?\s*\Z"),
    example=" 和 ",
    counterexample="的",
)
_EDGES = Pattern(
    re.compile(r"^[有\s,,。??!!、;;::的]+|[\s,,。??!!、;;::的]+$"),
    example="的志愿者",
    counterexample="志愿者的人数",
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a chat as it was resolved, and the passages quoted for it."""

    question: str
    shown: frozenset[str] = frozenset()
    """Ids of the passages quoted, also by earlier turns of the same question."""
    listed: tuple[str, ...] = ()
    """Ids of the passages of the list shown last, in its order: a bare number picks one."""
    is_refused: bool = False
    """Whether a message after this question was refused: then there is no more to ask for."""


@dataclass(frozen=True, slots=True)
class ResolvedMessage:
    """The full question that a follow-up message asks."""

    question: str
    description: str
    """The question for the person who asked, in their words: 重慶・志願者人數."""
    skip: frozenset[str] = frozenset()
    """Ids of passages that were quoted already; the answer leaves them out."""
    is_exhausted: bool = False
    """Whether more was asked for after a refusal, or after nothing: there is no answer to look for."""


def resolve_message(text: str, turn: Turn | None, place: str | None = None) -> ResolvedMessage | None:
    """The full question of a message after a turn; None if the message is complete in itself.

    `place` is the shown place of the answer that the message replies to: a question without a place is about that one.
    """
    message = read_question(text)
    asks_for_more = bool(_MORE.regex.match(message.folded))
    if asks_for_more and (turn is None or turn.is_refused or not turn.question):
        return ResolvedMessage("", "", is_exhausted=True)
    if turn is None or not turn.question:
        return None
    before = read_question(turn.question)
    if asks_for_more:
        return ResolvedMessage(turn.question, turn.question, turn.shown)
    if message.type is not QuestionType.COVERAGE and _SAME_MATTER.regex.search(fold(_without(message))):
        return _same_matter(message, before)
    if message.type is QuestionType.FOLLOW_UP or _only_names_places(message):
        return _carried_over(message, before)
    if message.places and _ENGLISH_LEAD.regex.search(message.folded):
        return _replaced(message, before)
    if message.is_empty or message.places or message.type is not QuestionType.PLAIN:
        return None
    if before.places and _THERE.regex.search(message.folded):
        there = _places(before)
        return ResolvedMessage(f"{there} {message.text}", f"{there}・{_without(message)}")
    return ResolvedMessage(f"{place} {message.text}", f"{place}・{message.text}") if place else None


def resolve_ellipsis(text: str, turn: Turn | None) -> ResolvedMessage | None:
    """The question of a short message that was refused by itself, about the places of the turn before; None if it is complete.

    Without a content word of its own (怎麼用) it takes the topic too. A refused turn is not carried over.
    """
    message = read_question(text)
    if turn is None or turn.is_refused or not turn.question or message.places or message.scope:
        return None
    before, words = read_question(turn.question), message.folded.strip()
    length = len(words.split()) if words.isascii() else len(words)
    is_plain = message.type is QuestionType.PLAIN and not message.is_empty
    if (
        not is_plain
        or not before.places
        or before.type is not QuestionType.PLAIN
        or length > _LONGEST_ELLIPSIS
    ):
        return None
    topic = "" if message.topic else _topic(before)
    return ResolvedMessage(
        _joined(" ", _places(before), topic, message.text),
        _joined("・", _places(before), topic, message.text),
    )


def next_turn(
    text: str, answer: Answer, resolved: ResolvedMessage | None, before: Turn | None = None
) -> Turn:
    """The turn to save after a message and its answer.

    A refusal is not followed up on: the turn before it stays, marked, or one without a question.
    """
    if answer.status == "refused" and not (resolved and resolved.skip):
        return replace(before or Turn(""), is_refused=True)
    listed = tuple(citation.passage.passage_id for citation in answer.citations)
    shown = frozenset(quote.passage.passage_id for quote in answer.quotes)
    if resolved:
        return Turn(resolved.question, resolved.skip | shown, listed)
    return Turn(answer.read_as or text, shown, listed)


def _same_matter(message: Question, before: Question) -> ResolvedMessage:
    """The message under the place and the topic of the question before; a place that it names replaces the old one."""
    place = _places(message) or _places(before)
    words = _own_words(message) if message.places else _without(message)
    return _asked_on(place, _topic(before), words, before)


def _replaced(message: Question, before: Question) -> ResolvedMessage:
    """An English message that names another place and another thing: they replace those of the question before."""
    lead = _ENGLISH_LEAD.regex.search(message.folded)
    words = message.text[lead.end() :].strip() if lead else message.text
    return ResolvedMessage(f"{words} {_topic(before)}", _joined("・", _places(message), _without(message)))


def _asked_on(place: str, topic: str, words: str, before: Question) -> ResolvedMessage:
    """The parts as one question; after a count, a bare noun asks for its count."""
    folded = fold(words).rstrip("呢? ")
    is_bare = len(folded) <= _LONGEST_NOUN and not _QUESTION_WORDS.regex.search(folded)
    asked = "有多少" if is_bare and _HOW_MANY.regex.search(before.folded) else ""
    return ResolvedMessage(
        _joined(" ", place, topic, words, asked), _joined("・", place, topic, words, asked)
    )


def _only_names_places(message: Question) -> bool:
    return message.type is QuestionType.COMPARISON and is_empty_of_topic(fold(_without(message)))


def _carried_over(message: Question, before: Question) -> ResolvedMessage | None:
    """The slots that the message leaves empty (place, topic, question words) filled from the question before."""
    place = _places(message) or _places(before)
    own_words = _own_words(message)
    own_topic = _without(read_question(own_words), _QUESTION_WORDS) if own_words else ""
    if not own_words and not message.places:
        return None
    has_topic = own_topic and not is_empty_of_topic(fold(own_topic)) and has_content(fold(own_topic))
    if has_topic and not opens_asking(fold(own_words)):
        return _about_new_topic(own_words, place, before)
    topic = _topic(before) if own_words else _without(before, WHICH_PLACES)
    return ResolvedMessage(_joined(" ", place, topic, own_words), _joined("・", place, topic, own_words))


def _about_new_topic(words: str, place: str, before: Question) -> ResolvedMessage:
    if before.type is QuestionType.COVERAGE:
        return ResolvedMessage(f"哪些地方提到{words}", f"哪些地方・{words}")
    if _TIME.regex.search(fold(words)):
        return _asked_on(place, _topic(before), words, before)
    return _asked_on(place or _topic(before), "", words, before)


def _own_words(message: Question) -> str:
    """The message without its places, the words that lead it in (那) and those that end it (呢)."""
    rest = _without(message)
    lead = _LEAD.regex.match(fold(rest))
    rest = rest[lead.end() :] if lead else rest
    tail = _TAIL.search(fold(rest))
    return rest[: tail.start()].strip() if tail else rest.strip()


def _topic(question: Question) -> str:
    """The question without its places and its question words."""
    return _without(question, WHICH_PLACES, _QUESTION_WORDS)


def _places(question: Question) -> str:
    return "、".join(question.text[place.start : place.end] for place in question.distinct_places)


def _without(question: Question, *patterns: Pattern) -> str:
    """The text as typed without places and matches; the links between places (北京和山東) go with them."""
    removed = {offset for place in question.places for offset in range(place.start, place.end)}
    for left, right in itertools.pairwise(question.places):
        if _LINK.regex.match(question.folded[left.end : right.start]):
            removed.update(range(left.end, right.start))
    for pattern in patterns:
        for match in pattern.regex.finditer(question.folded):
            removed.update(range(*match.span()))
    rest = "".join(character for offset, character in enumerate(question.text) if offset not in removed)
    return _EDGES.regex.sub("", " ".join(rest.split()))


def _joined(separator: str, *parts: str) -> str:
    return separator.join(part for part in parts if part)
