"""The tools that programs call: an answer or a refusal, ranked passages, one passage; in the command line's JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from bot.output import answer_json, hits_json, outline_json_lines
from bot.serving import Answerer
from bot.state import records
from retrieval.errors import BulletinBotError
from retrieval.types import Reading

LONGEST_QUESTION = 4096
"""Characters, as long as a message on Telegram."""
MOST_HITS = 50
_DEFAULT_HITS = 10
_NAMES_SHOWN = 30
_LONGEST_NAME = 60
_PASSAGE_ID = re.compile(r"(?:p_)?(?P<id>[0-9a-f]{16})")
PATTERN_EXAMPLES = ((_PASSAGE_ID, "p_00112233aabbccdd", "00112233"),)
"""For each pattern, a text that it must match as a whole and one that it must not."""

JsonObject = dict[str, Any]

Question = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST_QUESTION,
        description="The question, in Chinese (either script) or English.",
    ),
]
Words = Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION, description="The words to look for.")]
PlaceName = Annotated[
    str | None,
    Field(max_length=LONGEST_QUESTION, description="Only passages about this place, such as 重慶."),
]
BulletinLabel = Annotated[
    str | None, Field(max_length=LONGEST_QUESTION, description="Only passages of this bulletin, such as 篇3.")
]
HitCount = Annotated[int, Field(ge=1, le=MOST_HITS, description="The number of passages.")]
CollectionName = Annotated[
    str | None,
    Field(
        max_length=LONGEST_QUESTION, description="The collection that answers; without it, the default one."
    ),
]
PassageId = Annotated[
    str, Field(max_length=LONGEST_QUESTION, description="16 hexadecimal digits, from an answer or a search.")
]


@dataclass(frozen=True, slots=True)
class BulletinTools:
    """The tools over an answerer; each raises ToolError, whose sentence is what the program gets to read."""

    answerer: Answerer

    async def ask(self, question: Question, collection: CollectionName = None) -> JsonObject:
        """Answer a question in the bulletins' own words.

        `status` is `answered`, with `quotes` (verbatim, best first) and the `citations` they refer to by number, or `refused`
        with a `reason`: then the bulletins do not say it, and `hits` are only the nearest passages, no answer.
        """
        answer = await self._within(collection).answer(_written(question, "question"))
        return _object(answer_json(answer, None))

    async def search(
        self,
        query: Words,
        place: PlaceName = None,
        bulletin: BulletinLabel = None,
        top_k: HitCount = _DEFAULT_HITS,
        collection: CollectionName = None,
    ) -> JsonObject:
        """Rank whole passages for words, best first, optionally of one place and of one bulletin."""
        answerer, words = self._within(collection), _written(query, "query")
        only = records.Search(words, _place(place, answerer), _bulletin(bulletin, answerer))
        hits = await answerer.search(only)
        return _object(hits_json(query, hits[:top_k]))

    async def passage(self, passage_id: PassageId) -> JsonObject:
        """Return one passage with its whole path, by its id or an earlier one."""
        match = _PASSAGE_ID.fullmatch(passage_id.strip())
        if match is None:
            raise ToolError("passage_id must be the 16 hexadecimal digits that an answer or a search gives.")
        position = self.answerer.locate(match["id"])
        if position is None:
            raise ToolError(f"No bulletin holds the passage {match['id']}{self._successor(match['id'])}.")
        (line,) = outline_json_lines(Reading((position.passage,), ()))
        return _object(line)

    def _successor(self, passage_id: str) -> str:
        successor = self.answerer.successor(passage_id)
        return (
            f" any more; {successor.passage_id} came in its place" if successor else ": ask or search for one"
        )

    def _within(self, collection: str | None) -> Answerer:
        if collection is None:
            return self.answerer
        try:
            return self.answerer.within([collection])
        except BulletinBotError:
            known = _listed(self.answerer.collections)
            raise ToolError(f"No collection is called {_clipped(collection)}; there are: {known}.") from None


def _written(text: str, name: str) -> str:
    """The text; raises ToolError if it is blank."""
    if not text.strip():
        raise ToolError(f"{name} is blank: write what is asked or looked for.")
    return text


def _place(name: str | None, answerer: Answerer) -> str | None:
    """The shown name of the place; raises ToolError if no bulletin covers it, so that no other place answers."""
    if name is None:
        return None
    known = answerer.place_called(name) if name.strip() else None
    if known is None:
        covered = _listed(answerer.covered_places())
        raise ToolError(f"No bulletin covers the place {_clipped(name)}; covered are: {covered}.")
    return known


def _bulletin(label: str | None, answerer: Answerer) -> str | None:
    """The label of the bulletin; raises ToolError if there is none, or if several would do."""
    if label is None:
        return None
    known = answerer.bulletin_called(label) if label.strip() else None
    if known is None:
        labels = _listed(list(dict.fromkeys(bulletin.label for bulletin in answerer.catalog.bulletins)))
        raise ToolError(f"No one bulletin is called {_clipped(label)}; there are: {labels}.")
    return known


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
    return "、".join(names[:_NAMES_SHOWN]) + more


def _clipped(name: str) -> str:
    shown = " ".join(name.split())
    return f"「{shown if len(shown) <= _LONGEST_NAME else shown[:_LONGEST_NAME] + '…'}」"


def _object(line: str) -> JsonObject:
    parsed: JsonObject = json.loads(line)
    return parsed
