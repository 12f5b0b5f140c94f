"""A short message read in the light of the question before it: slots, no language model."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from retrieval.language import fold
from retrieval.questions.question import Question, read_question
from retrieval.questions.question_types import WHICH_PLACES, apart, is_empty_of_topic
from retrieval.types import Answer, QuestionType

_MORE = re.compile(
    r"[\s\W]*(?:那么?|and)?\s*(?:还有(?:没有|冇)?(?:其他|别的|更多)?的?|仲有冇?|更多|其他的?|别的|继续|下一?[个条段]|再来|再多一?点"
    r"|(?:any(?:thing)? |what |something )?(?:more|else|others?))\s*(?:[吗呢嘛啊呀]|什么|咩|of that|about (?:it|that))*[\s\W]*"
)
_LEAD = re.compile(r"^(?:那么|那|咁|还有|所以|and|so|then|what about|how about)\s*[,,]?\s*")
_TAIL = re.compile(r"[\s\W]*(?:又|呢|吗|嘛|呀|啊|点样|如何|怎么样)*[\s\W]*$")
# What asks for a value; taken out of the old question when the new message brings its own.
_QUESTION_WORDS = re.compile(
    r"(?:一共|总共|到底|究竟|具体|分别|都)*(?:为[什甚]么|为啥|为何|点解|怎么样|怎么|怎样|如何|点样|是?[什甚]么时候|几时|何时|多少个?|几多个?|几[个名人条项家位次]"
    r"|有哪些|哪些|哪个|哪里|哪年|叫[什甚]么(?:名字)?|是[什甚]么|有[什甚]么|[什甚]么|是谁|谁|吗|呢)"
    r"|\b(?:how many|how much|how|why|when|where|who|which|what)\b"
)
_THERE = re.compile(
    r"那边|那里|那儿|当地|他们|她们|它们|该[市省区县]|这个?城市|这座城市|那个?城市|嗰边|嗰度|佢哋|\b(?:they|their|there|them)\b"
)
_LINK = re.compile(r"\s*(?:和|跟|与|同|及|、|,|/|&|and|or|比)?\s*")
_EDGES = re.compile(r"^[有\s,,。??!!、;;::的]+|[\s,,。??!!、;;::的]+$")


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a chat as it was read, and what was shown for it."""

    question: str
    shown: frozenset[str] = frozenset()
    """The ids of the passages quoted, also by the turns of the same question before."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message is read as."""

    question: str
    description: str
    """For the person, in their words: 重慶・志願者人數."""
    skip: frozenset[str] = frozenset()
    """Passages that were shown already and are not wanted again."""


def next_turn(question: str, answer: Answer, reading: Reading | None) -> Turn:
    """What to remember of an answer."""
    shown = frozenset(quote.passage.passage_id for quote in answer.quotes)
    if reading:
        return Turn(reading.question, reading.skip | shown)
    return Turn(answer.read_as or question, shown)


def read_follow_up(text: str, turn: Turn | None) -> Reading | None:
    """What the message asks in the light of the last turn; None if it stands alone."""
    if turn is None:
        return None
    message, before = read_question(text), read_question(turn.question)
    if _MORE.fullmatch(message.folded):
        return Reading(turn.question, turn.question, turn.shown)
    if message.kind is QuestionType.FOLLOW_UP or _only_names_places(message):
        return _carried_over(message, before)
    if (
        message.kind is QuestionType.PLAIN
        and not message.places
        and before.places
        and _THERE.search(message.folded)
    ):
        place = _places(before)
        return Reading(f"{place} {message.text}", f"{place}・{_without(message)}")
    return None


def read_reply(text: str, turn: Turn, place: str | None) -> Reading | None:
    """What a message in reply to an answer asks: as a follow-up, or else of the place the answer is about."""
    reading = read_follow_up(text, turn)
    if reading or place is None:
        return reading
    message = read_question(text)
    if message.is_empty or message.places or message.kind is not QuestionType.PLAIN:
        return None
    return Reading(f"{place} {message.text}", f"{place}・{message.text}")


def _only_names_places(message: Question) -> bool:
    return message.kind is QuestionType.COMPARISON and is_empty_of_topic(fold(_without(message)))


def _carried_over(message: Question, before: Question) -> Reading | None:
    """The slots that the message leaves empty (place, topic, what is asked) filled from the question before."""
    place = _places(message) or _places(before)
    own_words = _own_words(message)
    own_topic = _without(read_question(own_words), _QUESTION_WORDS) if own_words else ""
    if not own_words and not message.places:
        return None
    if own_topic and not is_empty_of_topic(fold(own_topic)):
        return _about_new_topic(own_words, place, before)
    topic = _topic(before) if own_words else _without(before, WHICH_PLACES)
    return Reading(_joined(" ", place, topic, own_words), _joined("・", place, topic, own_words))


def _about_new_topic(words: str, place: str, before: Question) -> Reading:
    if before.kind is QuestionType.COVERAGE:
        return Reading(f"哪些地方提到{words}", f"哪些地方・{words}")
    if not place:
        return Reading(f"{_topic(before)} {words}", _joined("・", _topic(before), words))
    return Reading(f"{place} {words}", f"{place}・{words}")


def _own_words(message: Question) -> str:
    """The message without its places, what leads it in (那) and what ends it (呢)."""
    rest = _without(message)
    lead = _LEAD.match(fold(rest))
    rest = rest[lead.end() :] if lead else rest
    tail = _TAIL.search(fold(rest))
    return rest[: tail.start()].strip() if tail else rest.strip()


def _topic(question: Question) -> str:
    """What the question is about: without its places and its question words."""
    return _without(question, WHICH_PLACES, _QUESTION_WORDS)


def _places(question: Question) -> str:
    return "、".join(question.text[place.start : place.end] for place in apart(question.places))


def _without(question: Question, *patterns: re.Pattern[str]) -> str:
    """The text as written, a place or a match less; what linked the places (北京和山東) goes with them."""
    gone = {spot for place in question.places for spot in range(place.start, place.end)}
    for left, right in itertools.pairwise(question.places):
        if _LINK.fullmatch(question.folded[left.end : right.start]):
            gone.update(range(left.end, right.start))
    for pattern in patterns:
        for match in pattern.finditer(question.folded):
            gone.update(range(*match.span()))
    kept = "".join(character for spot, character in enumerate(question.text) if spot not in gone)
    return _EDGES.sub("", " ".join(kept.split()))


def _joined(separator: str, *parts: str) -> str:
    return separator.join(part for part in parts if part)
