"""Parts of a question exchanged for others that the bulletins do not say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from retrieval.evaluation.dataset import EvaluationQuestion
from retrieval.language import Pattern, fold, scripts, segmentation, sentence_spans
from retrieval.places import PlaceMention, find_places
from retrieval.types import Passage


class Exchange(StrEnum):
    """The part of a question that is exchanged."""

    PLACE = "place"
    """For a place whose bulletins do not say it."""
    NOUN = "noun"
    """The noun that is counted, for one that the bulletins of the place do not name."""
    YEAR = "year"
    """For a year that no bulletin names; put in where the question has none."""
    NAME = "name"
    """The name in quotation marks, for one that the bulletins of the place do not name."""


_MEASURE = "个名位条项家座支场篇张份次件部所台处种户群块本棵封"
# Characters of verbs and particles, which end no name of a thing: a clause that holds one counts something else.
_NO_NOUN = "以建了过啊呢吗么谁的去顾管进组参可写先后"
_HAN = f"(?![{_NO_NOUN}])[一-鿿]"
_NOUN = f"[{_MEASURE}](?:{_HAN}){{2,7}}(?=[了过啊呢吗]*(?:$|[^一-鿿]))"
ASKED = Pattern(re.compile(f"(?:(?<=多少)|(?<=几)){_NOUN}"), "签下了多少个项目?", "有多少个上榜的人")
"""The measure word and the noun that a number is asked of, at the end of a clause, in folded text."""
COUNTED = Pattern(re.compile(f"(?:(?<=[0-9x])|(?<=[0-9x][余多])){_NOUN}"), "共112项公益项目。", "约10万元")
"""The measure word and the noun that the bulletins count, at the end of a clause, in folded text."""
YEAR = Pattern(re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?=年)"), "2016年的评选", "12016年")
QUOTED = Pattern(re.compile(r"(?<=[「“《『])[^「」“”《》『』]{2,12}(?=[」”》』])"), "“德耀金陵”", "德耀金陵")

# Years that are put in: the bulletins mask later ones (20xx年), which might be any of them.
_YEARS = range(1981, 2000)
# The first digits of the code of a division name its province.
_PROVINCE = 2
# A place says what was asked if one of its sentences holds this share of the question's words. With one half, none of 44
# twins read through had an answer, and each of 269 development questions about one place has a twin:
# `python -m benchmarks.quality.unanswerable_twins`.
_SAME_TOPIC = 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """A changed question."""

    text: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Pool:
    """The folded passages by place, and what may be exchanged for what."""

    texts: dict[str, tuple[str, ...]]
    nouns: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def everything(self) -> tuple[str, ...]:
        """The texts of all passages."""
        return tuple(text for texts in self.texts.values() for text in texts)

    def about(self, question: EvaluationQuestion) -> tuple[str, ...]:
        """The texts that may answer: those of the places of the golds if the question names a place, else all."""
        if not find_places(question.text):
            return self.everything
        places = dict.fromkeys(gold.place or "" for gold in question.golds)
        return tuple(text for place in places for text in self.of_place(place))

    def of_place(self, place: str) -> tuple[str, ...]:
        """The texts about the place and those of others that name it."""
        short = fold(place)[-2:]
        others = (text for name, texts in self.texts.items() if name != place for text in texts)
        return (*self.texts.get(place, ()), *(text for text in others if short in text))


def pool_of(questions: Sequence[EvaluationQuestion], passages: Sequence[Passage]) -> Pool:
    """The texts of the passages, the things that they or the questions count, and the names that they quote."""
    texts: dict[str, tuple[str, ...]] = {}
    for passage in passages:
        place = passage.place_name or ""
        texts[place] = (*texts.get(place, ()), fold(passage.text))
    nouns = (
        text[slice(*found.span())]
        for pattern, written in ((COUNTED, passages), (ASKED, questions))
        for text in (item.text for item in written)
        for found in pattern.regex.finditer(fold(text))
    )
    names = (found[0] for passage in passages for found in QUOTED.regex.finditer(passage.text))
    return Pool(texts, tuple(dict.fromkeys(nouns)), tuple(dict.fromkeys(names)))


def candidates_for(exchange: Exchange, question: EvaluationQuestion, pool: Pool) -> Iterator[Candidate]:
    """The question with that part exchanged, for each other part that leaves it without an answer in the texts."""
    return _CANDIDATES[exchange](question, pool)


def is_said(words: Iterable[str], texts: Iterable[str], answers: Iterable[str] = ()) -> bool:
    """Whether one of the folded texts holds one of the answers, or a sentence of it half of the words."""
    wanted, folded = {fold(word) for word in words}, [fold(answer) for answer in answers]
    for text in texts:
        if any(answer in text for answer in folded):
            return True
        for start, end in sentence_spans(text):
            held = sum(word in text[start:end] for word in wanted)
            if wanted and held >= _SAME_TOPIC * len(wanted):
                return True
    return False


def _other_places(question: EvaluationQuestion, pool: Pool) -> Iterator[Candidate]:
    """The question about each other place that does not say it; none unless it names exactly one place."""
    mentions = find_places(question.text)
    if len(mentions) != 1:
        return
    (mention,) = mentions
    rest = question.text[: mention.start] + " " + question.text[mention.end :]
    words, answers = segmentation.content_words(rest), [gold.answer for gold in question.golds]
    for place in pool.texts:
        if place and not _is_related(place, mention) and not is_said(words, pool.of_place(place), answers):
            yield _exchanged(question.text, (mention.start, mention.end), place)


def _is_related(place: str, mention: PlaceMention) -> bool:
    """Whether both lie in one province, so that what is said of one may be said of the other."""
    return mention.code[:_PROVINCE] in {found.code[:_PROVINCE] for found in find_places(place)}


def _other_nouns(question: EvaluationQuestion, pool: Pool) -> Iterator[Candidate]:
    """The question after other things that are counted, of which the texts about its place say nothing."""
    asked = ASKED.regex.search(fold(question.text))
    if asked is None:
        return
    texts = pool.about(question)
    for noun in pool.nouns:
        if not any(fold(noun)[1:] in text for text in texts):
            yield _exchanged(question.text, asked.span(), noun)


def _other_years(question: EvaluationQuestion, pool: Pool) -> Iterator[Candidate]:
    """The question about each year that no text names; the year comes after the place, or first."""
    named = YEAR.regex.search(question.text)
    mentions = find_places(question.text)
    start = mentions[0].end if mentions and mentions[0].start == 0 else 0
    span, suffix = (named.span(), "") if named else ((start, start), "年")
    everything = "\n".join(pool.everything)
    for year in _YEARS:
        if str(year) not in everything:
            yield _exchanged(question.text, span, f"{year}{suffix}")


def _other_names(question: EvaluationQuestion, pool: Pool) -> Iterator[Candidate]:
    """The question with each name that the texts about its place lack; none unless it names one place."""
    named = QUOTED.regex.search(question.text)
    if named is None or len(find_places(question.text)) != 1:
        return
    texts = pool.about(question)
    for name in pool.names:
        if not any(fold(name) in text for text in texts):
            yield _exchanged(question.text, named.span(), name)


def _exchanged(text: str, span: tuple[int, int], part: str) -> Candidate:
    start, end = span
    written = _in_script_of(text, part)
    return Candidate(text[:start] + written + text[end:], text[start:end], written)


def _in_script_of(text: str, part: str) -> str:
    """The part in Simplified script if the text has only such characters, else in Traditional."""
    is_simplified = scripts.to_simplified(text) == text and scripts.to_traditional(text) != text
    return scripts.to_simplified(part) if is_simplified else scripts.to_traditional(part)


_CANDIDATES = {
    Exchange.PLACE: _other_places,
    Exchange.NOUN: _other_nouns,
    Exchange.YEAR: _other_years,
    Exchange.NAME: _other_names,
}
