"""The data types that the packages share: passages, hits, quotes, answers, encodings. No behaviour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

FloatMatrix = NDArray[np.float32]
IntMatrix = NDArray[np.int32]
FloatVector = NDArray[np.float32]
IntVector = NDArray[np.int64]
Mask = NDArray[np.bool_]

DEFAULT_COLLECTION = "default"
"""Name of the collection of all files that are in no other, where there are others."""

Status = Literal["answered", "refused"]
Reason = Literal["place_not_covered", "date_not_covered", "not_found", "out_of_scope"]


class QuestionType(StrEnum):
    """The way in which a question is to be answered."""

    PLAIN = "plain"
    COMPARISON = "comparison"
    COVERAGE = "coverage"
    OVERVIEW = "overview"
    """The report of a place or a bulletin, by the openings of its sections."""
    FOLLOW_UP = "follow-up"
    SMALL_TALK = "small talk"


class FigureOrder(StrEnum):
    """The order of places whose figures are compared."""

    LARGEST_FIRST = "largest first"
    SMALLEST_FIRST = "smallest first"


class SmallTalk(StrEnum):
    """Kinds of messages that ask nothing."""

    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    WHO = "who are you"
    ACKNOWLEDGEMENT = "acknowledgement"


@dataclass(frozen=True, slots=True)
class Place:
    """A place of China as specifically as the text names it; names are in the script of the source."""

    name: str
    """As people cite it: 江蘇南京, 安徽合肥包河區, 遼寧大連, 上海."""
    province: str | None = None
    city: str | None = None
    district: str | None = None


# A label that ends with one of these needs no separator between it and its title: (二)加强领导.
_CLOSED = frozenset(")]】〕\uff09是要①②③④⑤⑥⑦⑧⑨⑩㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩")


@dataclass(frozen=True, slots=True)
class Section:
    """One level of a section path."""

    label: str
    """The bare number: 二 for 「二、」 and for 「二是」; below the outermost as it looks: (二), 二是.

    Empty for a heading without a number and for the sentence that announces a list.
    """
    title: str

    @property
    def full(self) -> str:
        """The label with its title as people cite it: 二、交流了志願服務經驗."""
        if not self.title or not self.label:
            return self.label or self.title
        return f"{self.label}{self.title}" if self.label[-1] in _CLOSED else f"{self.label}、{self.title}"


@dataclass(frozen=True, slots=True)
class PageRegion:
    """A rectangle of a page; the edges are shares of its width and height, from the left and from the top."""

    page: int
    """Counts from 0."""
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Recognition:
    """The proof of a text that was read from a picture."""

    score: float
    """The lowest confidence of its printed lines, 0 to 1, as the OCR model gives it."""
    source: str
    """The key of the cached page pictures."""
    regions: tuple[PageRegion, ...]
    """The places of the text on its pages, in the order of reading."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One body paragraph with its whole path: the unit that is searched, quoted and cited."""

    passage_id: str
    """16 hexadecimal digits of a hash of path and text: it survives every rebuild that leaves both alone."""
    file: str
    line: int | None
    """Counts from 1 in the source file; None where a format has no lines."""
    collection: str | None
    """Its name; `DEFAULT_COLLECTION` for a file in none, and None where there are no others."""
    bulletin: str
    bulletin_title: str
    place: Place | None
    section_path: tuple[Section, ...]
    """Outermost first; empty for the lead paragraph of an item."""
    lead: str
    """The first sentence of the lead paragraph of its item."""
    text: str
    date: str | None = None
    """Of the bulletin, ISO as far as the source gives it: 2023-05-06, 2023-05, 2023; masked as there: 20xx-05."""
    issue: str | None = None
    """The number of the bulletin: 第12期, or 常文明〔2023〕12号."""
    recognized: Recognition | None = None
    """Set where the text was read from a picture: it is as recognised, not as written."""

    @property
    def section(self) -> str | None:
        """The outermost section label alone; None for a lead paragraph and under headings without a number."""
        return next((section.label for section in self.section_path if section.label), None)

    @property
    def heading(self) -> str:
        """The title of the innermost section; empty for a lead paragraph."""
        return self.section_path[-1].title if self.section_path else ""

    @property
    def opens_with_heading(self) -> bool:
        """Whether the text itself begins with the heading, as in 「一是多措並舉,…。」."""
        return bool(self.heading) and self.heading in self.text[: len(self.heading) + 8]

    @property
    def place_name(self) -> str | None:
        return self.place.name if self.place else None


@dataclass(frozen=True, slots=True)
class Finding:
    """A remark for the operator about a file that was read."""

    file: str
    line: int | None
    message: str


class LeftOutReason(StrEnum):
    """Why visible text of a file is in no passage and no heading; the values are shown to operators."""

    BOILERPLATE = "boilerplate"
    """A menu, a credit, a notice, a link to another page."""
    CONTENTS = "list of contents"
    REPEATED_TITLE = "repeated title"
    HEAD = "head of the bulletin"
    """Issue number, date, issuer and the like: read as data of the bulletin."""
    PAGE_HEAD = "repeated page head"
    PAGE_NUMBER = "page number"
    WATERMARK = "watermark"
    HIDDEN = "hidden"
    STRUCK_OUT = "struck out"
    COMMENT = "comment"
    NOTE = "note"
    """A foot- or endnote of what is in no passage, such as a heading."""
    READING = "reading"
    """The sound of a character, set beside it (ruby)."""
    ILLEGIBLE = "illegible"
    """A line of a picture that was recognised with too low a confidence to be quoted."""
    NOT_PLACED = "not placed"
    """No rule says why: a fault of reading."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Visible text of a file that is in no passage and no heading, and why."""

    file: str
    line: int | None
    """Counts from 1 in the source file (for a PDF the page); None where a format has no lines."""
    text: str
    reason: LeftOutReason


@dataclass(frozen=True, slots=True)
class Reading:
    """The passages of one file or of many in the order of the text, findings to check, and the lines left out."""

    passages: tuple[Passage, ...]
    findings: tuple[Finding, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def left_out_counts(self) -> dict[str, int]:
        """The number of lines left out by reason, in the order of `LeftOutReason`."""
        counts = Counter(entry.reason for entry in self.left_out)
        return {reason.value: counts[reason] for reason in LeftOutReason if counts[reason]}


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question. Higher scores are better; ranks count from 1."""

    passage: Passage
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim span of a passage: `passage.text[start:end]`."""

    passage: Passage
    start: int
    end: int
    score: float
    marks: tuple[tuple[int, int], ...] = ()
    """The spans of the passage's text that answer (a number, a name): inside the quote, in order."""

    @property
    def text(self) -> str:
        return self.passage.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Citation:
    """The source of a quote as shown; numbers count from 1 in the order of the quotes."""

    number: int
    passage: Passage


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """The quotes about one place; empty where none is above the confidence threshold."""

    place: str
    quotes: tuple[Quote, ...]
    passages: int = 0
    """Number of passages about the place that mention the topic; 0 where they were not counted."""


@dataclass(frozen=True, slots=True)
class PlaceShift:
    """A place inside or around the one asked about, for which the bulletins answer; both as shown."""

    asked: str
    cited: str
    is_inside: bool


@dataclass(frozen=True, slots=True)
class RenamedPlace:
    """A place asked about by a name that it no longer has: the name as typed, the division's name now, since when."""

    asked: str
    current: str
    year: int
    is_merged: bool
    """Whether it became part of a division of another name."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The place asked about and the place of which the bulletins say it, both as shown."""

    asked: str
    covered: str


@dataclass(frozen=True, slots=True)
class Stages:
    """Milliseconds that each stage of an answer took; 0 for a stage that it did not need."""

    reading: float = 0.0
    embedding: float = 0.0
    ranking: float = 0.0
    extracting: float = 0.0
    """The extractor's reading of the likeliest windows."""
    quoting: float = 0.0
    comparing: float = 0.0
    """Quotes for each place of a comparison, or for every place that mentions the topic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _AnswerFields:
    """Fields of every kind of answer."""

    question: str
    """As it was typed, without control characters."""
    hits: tuple[Hit, ...] = ()
    """The ranked passages, at most 10; a refusal has them too."""
    confidence: float = 0.0
    """Probability, 0 to 1, that the first quote answers the question."""
    read_as: str | None = None
    """The question after spelling correction; None if nothing was corrected."""
    renamed_places: tuple[RenamedPlace, ...] = ()
    """The places of the question that it calls by a former name."""
    took_ms: float = 0.0
    stages: Stages = Stages()
    """Parts of `took_ms`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(_AnswerFields):
    """Quotes with their citations."""

    status: ClassVar[Literal["answered"]] = "answered"
    reason: ClassVar[None] = None
    quotes: tuple[Quote, ...]
    """Best first; those of `by_place`, in its order, for a comparison and a coverage."""
    question_type: QuestionType = QuestionType.PLAIN
    by_place: tuple[PlaceAnswer, ...] = ()
    """The quotes by place, for a comparison and a coverage; else empty."""
    place_shift: PlaceShift | None = None
    """Set if the first quote is about a place inside the one asked about (江蘇, 江蘇南京), or around it."""
    uncovered_places: tuple[str, ...] = ()
    """Places of the question that no bulletin covers, as typed."""
    is_set: bool = False
    """Whether all quotes together answer, as the points of an item do."""
    taken_as_newest: str | None = None
    """The bulletin of the highest number, which stands for the newest one where no bulletin has a date."""
    places_within: tuple[str, ...] = ()
    """The places within the scope of the question; empty if it has none."""
    figure_order: FigureOrder | None = None
    """Set if the places stand in the order of their figures: 哪個城市的志願者最多."""

    @property
    def citations(self) -> tuple[Citation, ...]:
        """One citation for each cited passage, in the order in which the quotes first cite it."""
        passages = dict.fromkeys(quote.passage for quote in self.quotes)
        return tuple(Citation(number, passage) for number, passage in enumerate(passages, start=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(_AnswerFields):
    """A refusal with its reason."""

    status: ClassVar[Literal["refused"]] = "refused"
    quotes: ClassVar[tuple[Quote, ...]] = ()
    citations: ClassVar[tuple[Citation, ...]] = ()
    reason: Reason
    question_type: QuestionType = QuestionType.PLAIN
    uncovered_places: tuple[str, ...] = ()
    """Places of the question that no bulletin covers, as typed."""
    masked: Quote | None = None
    """The sentence that would answer if the source did not mask its figure (20xx年)."""
    around: Elsewhere | None = None
    """Set if the one place asked about has no passages of its own, and the place around it has: 杭州, 浙江."""
    elsewhere: Elsewhere | None = None
    """Set if the bulletins say what was asked of another place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallTalkReply(_AnswerFields):
    """The reply to a message that asks nothing; programs see it as a refusal out of scope."""

    status: ClassVar[Literal["refused"]] = "refused"
    reason: ClassVar[Reason] = "out_of_scope"
    quotes: ClassVar[tuple[Quote, ...]] = ()
    citations: ClassVar[tuple[Citation, ...]] = ()
    question_type: ClassVar[QuestionType] = QuestionType.SMALL_TALK
    small_talk: SmallTalk


Answer = Answered | Refused | SmallTalkReply


@dataclass(frozen=True, slots=True)
class Encoding:
    """Texts as vectors, in the order of the texts."""

    vectors: FloatMatrix
    """(texts, dimension), float32, unit length."""
    tokens: tuple[FloatMatrix, ...]
    """For each text (tokens, dimension), float32, unit length; prompt and special tokens are left out."""
    spans: tuple[IntMatrix, ...]
    """For each text (tokens, 2): start and end of each token in the text."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """The span of a text that answers best, `text[start:end]`."""

    start: int
    end: int
    score: float
    """Log odds of an answer being there, not calibrated; minus infinity for a text without a span."""


class Extractor(Protocol):
    """Reads a folded question together with folded texts; threads may share it."""

    def extract(self, question: str, windows: Sequence[tuple[str, int]]) -> list[Extraction]:
        """The best span of each window, in order; a window is a text and the offset from which on it may answer."""


class Encoder(Protocol):
    """Texts to unit vectors. Queries and passages are prompted differently by some models."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    @property
    def extractor(self) -> Extractor | None:
        """The model that reads questions and texts together; only the bundled encoder has one."""

    def encode_queries(self, texts: Sequence[str]) -> Encoding: ...

    def encode_passages(self, texts: Sequence[str]) -> Encoding: ...


@dataclass(frozen=True, slots=True)
class TextKeys:
    """Hashes of the texts that were embedded: (passages, 16) and (sentences, 16) bytes."""

    paragraphs: NDArray[np.uint8]
    sentences: NDArray[np.uint8]
