"""What buttons and deep links carry: ids only, at most 64 bytes. Made here, read here.

A section, an item, a place, a province and a bulletin are each named by the id of a passage in it, so that a button
survives every rebuild that leaves the passage alone.
"""

from __future__ import annotations

import re
from enum import StrEnum

from bot.operations import uploads
from bot.state.conversations import Verdict

_PASSAGE_ID = r"[0-9a-f]{16}"
_ANSWER_ID = r"[A-Za-z0-9_-]{1,20}"
_SEARCH_ID = r"[0-9a-f]{12}"
_NUMBER = r"[0-9]{1,5}"


class View(StrEnum):
    """What of a passage is opened, and where."""

    PASSAGE = "p"
    PASSAGE_BELOW = "n"
    """In a new message, so that the message with the button stays."""
    CONVERTED = "z"
    SECTION = "s"
    SECTION_BELOW = "r"
    ITEM = "i"
    PLACE = "l"
    PROVINCE = "v"
    BULLETIN = "b"


class Choice(StrEnum):
    """What a search is filtered by."""

    PLACE = "l"
    BULLETIN = "b"


class Example(StrEnum):
    """Which command an example is for."""

    ASK = "a"
    SEARCH = "s"
    COMPARE = "c"


HOME, HELP, LANGUAGE, ABOUT = "home", "help", "lang", "about"
SEARCH_USAGE = "search"

OPEN = re.compile(rf"(?P<view>[pnzsrilvb]):(?P<id>{_PASSAGE_ID}):(?P<page>{_NUMBER})\Z")
PLACES = re.compile(rf"places:(?P<page>{_NUMBER})\Z")
BULLETINS = re.compile(rf"bulletins:(?P<page>{_NUMBER})\Z")
PAGE_OF_HOME = re.compile(rf"(?P<page>{HOME}|{HELP}|{LANGUAGE}|{SEARCH_USAGE})\Z")
SET_LANGUAGE = re.compile(r"g:(?P<tag>zh-hant|zh-hans|en)\Z")
EXAMPLE = re.compile(r"e:(?P<kind>[asc]):(?P<number>[0-9])\Z")
MORE = re.compile(rf"m:(?P<id>{_ANSWER_ID})\Z")
CONVERT = re.compile(rf"c:(?P<id>{_ANSWER_ID})\Z")
FEEDBACK = re.compile(rf"f:(?P<verdict>[udc]):(?P<id>{_ANSWER_ID})\Z")
RESULTS = re.compile(rf"q:(?P<id>{_SEARCH_ID}):(?P<page>{_NUMBER})\Z")
CHOOSE = re.compile(rf"qc:(?P<choice>[lb]):(?P<id>{_SEARCH_ID}):(?P<page>{_NUMBER})\Z")
CHOSEN = re.compile(rf"qf:(?P<choice>[lb]):(?P<id>{_SEARCH_ID}):(?P<passage>{_PASSAGE_ID}|-)\Z")

PAGE_OF_ABOUT = re.compile(rf"{ABOUT}\Z")
REBUILD_DATA = "rebuild"
REBUILD = re.compile(rf"{REBUILD_DATA}\Z")
UPLOAD = re.compile(r"u:(?P<placing>[prkx]):(?P<id>[0-9a-f]{16})\Z")

PAYLOAD = re.compile(rf"p_(?P<id>{_PASSAGE_ID})(?:_(?P<start>[0-9]{{1,7}})_(?P<end>[0-9]{{1,7}}))?\Z")


def opens(view: View, passage_id: str, page: int = 0) -> str:
    """Open a view of a passage."""
    return f"{view}:{passage_id}:{page}"


def lists_places(page: int = 0) -> str:
    """List the provinces."""
    return f"places:{page}"


def lists_bulletins(page: int = 0) -> str:
    """List the bulletins."""
    return f"bulletins:{page}"


def sets_language(tag: str) -> str:
    """Change the language of the interface."""
    return f"g:{tag}"


def runs_example(kind: Example, number: int) -> str:
    """Run an example as if it had been typed."""
    return f"e:{kind}:{number}"


def shows_more(answer_id: str) -> str:
    """Search for the question of an answer."""
    return f"m:{answer_id}"


def converts_answer(answer_id: str) -> str:
    """Show the quotes of an answer in Simplified characters."""
    return f"c:{answer_id}"


def judges(verdict: Verdict, answer_id: str) -> str:
    """Say what one thinks of an answer."""
    return f"f:{verdict}:{answer_id}"


def shows_results(search_id: str, page: int = 0) -> str:
    """A page of the results of a search."""
    return f"q:{search_id}:{page}"


def chooses_filter(choice: Choice, search_id: str, page: int = 0) -> str:
    """A page of the places or bulletins that a search can be limited to."""
    return f"qc:{choice}:{search_id}:{page}"


def sets_filter(choice: Choice, search_id: str, passage_id: str | None) -> str:
    """Limit a search to the place or bulletin of a passage, or lift the limit."""
    return f"qf:{choice}:{search_id}:{passage_id or '-'}"


def places_upload(placing: uploads.Placing, upload_id: str) -> str:
    """Add an uploaded file to the bulletins, or drop it."""
    return f"u:{placing}:{upload_id}"


def payload(passage_id: str, span: tuple[int, int] | None = None) -> str:
    """The payload of the deep link to a passage, and to a quote in it."""
    return f"p_{passage_id}" if span is None else f"p_{passage_id}_{span[0]}_{span[1]}"
