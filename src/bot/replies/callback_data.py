"""Callback data of buttons and payloads of deep links: ids only, at most 64 bytes, made and parsed here.

Sections, items, places, provinces and bulletins are identified by a passage in them, so that a button works after every
rebuild that does not change this passage.
"""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum

from bot.operations import uploads
from bot.state import records

_PASSAGE_ID = r"[0-9a-f]{16}"
_ANSWER_ID = r"[A-Za-z0-9_-]{1,20}"
_SEARCH_ID = r"[0-9a-f]{12}"
_NUMBER = r"[0-9]{1,5}"


class View(StrEnum):
    """A view around a passage to open, and the message to open it in."""

    PASSAGE = "p"
    PASSAGE_BELOW = "n"
    """The passage in a new message, so that the message with the button stays; so also `SECTION_BELOW`."""
    CONVERTED = "z"
    """The passage in Simplified characters."""
    SECTION = "s"
    SECTION_BELOW = "r"
    ITEM = "i"
    PLACE = "l"
    PROVINCE = "v"
    BULLETIN = "b"
    PICTURE = "f"
    """The picture from which the passage was read."""


class Choice(StrEnum):
    """Filters of a search."""

    PLACE = "l"
    BULLETIN = "b"


class BasketStep(StrEnum):
    """The action of a button of the basket."""

    OPEN = "o"
    ASK_TO_EMPTY = "e"
    EMPTY = "x"


class Choosing(StrEnum):
    """Ways to choose a collection."""

    ALONE = "a"
    TOGETHER = "t"
    """With those chosen before; one of them is taken away."""


class Example(StrEnum):
    """Commands with examples."""

    ASK = "a"
    SEARCH = "s"
    COMPARE = "c"


class ReportAct(StrEnum):
    """The action of an admin on a report."""

    OPEN = "o"
    NEXT = "n"
    """Open the next report that waits."""
    RIGHT = "r"
    WRONG = "w"
    ASK_GOLD = "q"
    """Ask for the right answer, to make a question of it."""
    GOLD_QUOTE = "g"
    GOLD_NEAR = "e"
    GOLD_FAR = "f"


HOME, HELP, LANGUAGE, ABOUT = "home", "help", "lang", "about"
SEARCH_USAGE = "search"

OPEN = re.compile(rf"(?P<view>[pnzsrilvbf]):(?P<id>{_PASSAGE_ID}):(?P<page>{_NUMBER})\Z")
PLACES = re.compile(rf"places:(?P<page>{_NUMBER})\Z")
BULLETINS = re.compile(rf"bulletins:(?P<page>{_NUMBER})\Z")
PAGE_OF_HOME = re.compile(rf"(?P<page>{HOME}|{HELP}|{LANGUAGE}|{SEARCH_USAGE})\Z")
SET_LANGUAGE = re.compile(r"g:(?P<tag>zh-hant|zh-hans|en)\Z")
EXAMPLE = re.compile(r"e:(?P<kind>[asc]):(?P<number>[0-9])\Z")
MORE = re.compile(rf"m:(?P<id>{_ANSWER_ID})\Z")
CONVERT = re.compile(rf"c:(?P<id>{_ANSWER_ID})\Z")
FEEDBACK = re.compile(rf"f:(?P<verdict>[udc]):(?P<id>{_ANSWER_ID})\Z")
REASON = re.compile(rf"fr:(?P<reason>[pnoqtm]):(?P<id>{_ANSWER_ID})\Z")
FORGET = re.compile(r"forget:(?P<choice>[yn]):(?P<owner>[0-9a-f]{12})\Z")
REPORT = re.compile(r"in:(?P<act>[onrwqgef]):(?P<id>[0-9]{1,12})\Z")
RESULTS = re.compile(rf"q:(?P<id>{_SEARCH_ID}):(?P<page>{_NUMBER})\Z")
CHOOSE = re.compile(rf"qc:(?P<choice>[lb]):(?P<id>{_SEARCH_ID}):(?P<page>{_NUMBER})\Z")
CHOSEN = re.compile(rf"qf:(?P<choice>[lb]):(?P<id>{_SEARCH_ID}):(?P<passage>{_PASSAGE_ID}|-)\Z")

WHOLE = re.compile(rf"w:(?P<id>{_ANSWER_ID})\Z")
COLLECTION = re.compile(r"k:(?P<how>[at]):(?P<id>[0-9a-f]{8})\Z")

COLLECT = re.compile(rf"b(?:p:(?P<passage>{_PASSAGE_ID})|a:(?P<answer>{_ANSWER_ID}))\Z")
BASKET = re.compile(rf"bs:(?P<step>[oex]):(?P<page>{_NUMBER})\Z")
REMOVE = re.compile(
    rf"br:(?P<page>{_NUMBER}):(?P<id>{_PASSAGE_ID}):(?P<start>[0-9]{{1,7}})-(?P<end>[0-9]{{1,7}})\Z"
)
EXPORT = re.compile(rf"bx:(?P<kind>[wm]):(?P<id>(?:{_ANSWER_ID})?)\Z")

PAGE_OF_ABOUT = re.compile(rf"{ABOUT}\Z")
REBUILD_DATA = "rebuild"
REBUILD = re.compile(rf"{REBUILD_DATA}\Z")
UPLOAD = re.compile(r"u:(?P<placing>[prkx]):(?P<id>[0-9a-f]{16})\Z")

WHOLE_PAYLOAD = re.compile(rf"a_(?P<id>{_ANSWER_ID})\Z")
PAYLOAD = re.compile(rf"p_(?P<id>{_PASSAGE_ID})(?:_(?P<start>[0-9]{{1,7}})_(?P<end>[0-9]{{1,7}}))?\Z")

PATTERN_EXAMPLES = (
    (OPEN, "p:00112233aabbccdd:0", "p:00112233AABBCCDD:0"),
    (PLACES, "places:2", "places:"),
    (BULLETINS, "bulletins:0", "bulletins:123456"),
    (PAGE_OF_HOME, "help", "helpful"),
    (SET_LANGUAGE, "g:zh-hans", "g:zh"),
    (EXAMPLE, "e:s:1", "e:s:10"),
    (MORE, "m:Ab_-1234xyz0", "m:"),
    (CONVERT, "c:Ab_-1234xyz0", "c:a b"),
    (FEEDBACK, "f:u:Ab_-1234xyz0", "f:x:Ab_-1234xyz0"),
    (REASON, "fr:p:Ab_-1234xyz0", "fr:x:Ab_-1234xyz0"),
    (FORGET, "forget:y:00112233aabb", "forget:y"),
    (REPORT, "in:o:17", "in:x:17"),
    (RESULTS, "q:00112233aabb:0", "q:00112233:0"),
    (CHOOSE, "qc:b:00112233aabb:1", "qc:x:00112233aabb:1"),
    (CHOSEN, "qf:l:00112233aabb:-", "qf:l:00112233aabb:"),
    (WHOLE, "w:Ab_-1234xyz0", "w:"),
    (COLLECTION, "k:t:00112233", "k:x:00112233"),
    (COLLECT, "ba:Ab_-1234xyz0", "bq:Ab_-1234xyz0"),
    (BASKET, "bs:o:0", "bs:q:0"),
    (REMOVE, "br:0:00112233aabbccdd:0-12", "br:0:00112233aabbccdd:0"),
    (EXPORT, "bx:w:", "bx:q:"),
    (PAGE_OF_ABOUT, "about", "about:0"),
    (REBUILD, "rebuild", "rebuild --full"),
    (UPLOAD, "u:p:00112233aabbccdd", "u:p:00112233aabb"),
    (WHOLE_PAYLOAD, "a_Ab_-1234xyz0", "p_00112233aabbccdd"),
    (PAYLOAD, "p_00112233aabbccdd_0_12", "p_00112233aabbccdd_0"),
)
"""For each pattern, data that it must match from the start and data that it must not."""


def opens(view: View, passage_id: str, page: int = 0) -> str:
    """Data that opens a view of a passage."""
    return f"{view}:{passage_id}:{page}"


def lists_places(page: int = 0) -> str:
    """Data that lists the provinces."""
    return f"places:{page}"


def lists_bulletins(page: int = 0) -> str:
    """Data that lists the bulletins."""
    return f"bulletins:{page}"


def sets_language(tag: str) -> str:
    """Data that sets the language of the interface."""
    return f"g:{tag}"


def runs_example(kind: Example, number: int) -> str:
    """Data that runs an example as if it had been typed."""
    return f"e:{kind}:{number}"


def shows_more(answer_id: str) -> str:
    """Data that searches for the question of an answer."""
    return f"m:{answer_id}"


def converts_answer(answer_id: str) -> str:
    """Data that shows the quotes of an answer in Simplified characters."""
    return f"c:{answer_id}"


def opens_whole(answer_id: str) -> str:
    """Data that shows the whole of a short answer in its place."""
    return f"w:{answer_id}"


def whole_payload(answer_id: str) -> str:
    """Payload of the deep link to a whole answer."""
    return f"a_{answer_id}"


def judges(verdict: records.Verdict, answer_id: str) -> str:
    """Data that gives a verdict on an answer."""
    return f"f:{verdict}:{answer_id}"


def gives_reason(reason: records.Reason, answer_id: str) -> str:
    """Data that says why an answer got a thumbs-down."""
    return f"fr:{reason}:{answer_id}"


def acts_on_report(act: ReportAct, feedback_id: int) -> str:
    """Data that does something with a report of the inbox."""
    return f"in:{act}:{feedback_id}"


def forgets(pseudonym: str, *, is_sure: bool) -> str:
    """Data that deletes the data of the person with the pseudonym, or leaves it."""
    return f"forget:{'y' if is_sure else 'n'}:{pseudonym}"


def shows_results(search_id: str, page: int = 0) -> str:
    """Data that opens a page of the results of a search."""
    return f"q:{search_id}:{page}"


def chooses_filter(choice: Choice, search_id: str, page: int = 0) -> str:
    """Data that opens a page of the places or bulletins to filter a search by."""
    return f"qc:{choice}:{search_id}:{page}"


def sets_filter(choice: Choice, search_id: str, passage_id: str | None) -> str:
    """Data that filters a search by the place or bulletin of a passage; None removes the filter."""
    return f"qf:{choice}:{search_id}:{passage_id or '-'}"


def chooses_collection(how: Choosing, collection_id: str) -> str:
    """Data that ties the chat to a collection alone, or adds it to the others or takes it from them."""
    return f"k:{how}:{collection_id}"


def collection_id(name: str) -> str:
    """The id of a collection in callback data: 8 hexadecimal digits of a hash of its name, which may be long."""
    return hashlib.sha256(name.encode()).hexdigest()[:8]


def collects_answer(answer_id: str) -> str:
    """Data that puts the quotes of an answer into the basket."""
    return f"ba:{answer_id}"


def collects_passage(passage_id: str) -> str:
    """Data that puts a whole passage into the basket."""
    return f"bp:{passage_id}"


def opens_basket(page: int = 0, step: BasketStep = BasketStep.OPEN) -> str:
    """Data that shows a page of the basket, or empties it."""
    return f"bs:{step}:{page}"


def removes_quote(quote: records.QuotedSpan, page: int) -> str:
    """Data that takes a quote out of the basket and shows the page again."""
    return f"br:{page}:{quote.passage_id}:{quote.start}-{quote.end}"


def exports(kind: str, answer_id: str = "") -> str:
    """Data that sends the quotes of an answer, or of the basket, as a file; the kind is an `ExportFormat`."""
    return f"bx:{kind}:{answer_id}"


def places_upload(placing: uploads.Placing, upload_id: str) -> str:
    """Data that adds an uploaded file to the bulletins or discards it."""
    return f"u:{placing}:{upload_id}"


def payload(passage_id: str, span: tuple[int, int] | None = None) -> str:
    """Payload of the deep link to a passage, or to a quote in it."""
    return f"p_{passage_id}" if span is None else f"p_{passage_id}_{span[0]}_{span[1]}"
