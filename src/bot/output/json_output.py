"""Answers and hits as lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bot.output.printable import escape_controls
from retrieval.types import Answer, Answered, Citation, Hit


def answer_json(answer: Answer, question_id: str | None) -> str:
    """One line: the answer with its quotes, citations and hits, and what applies to few answers where it does."""
    numbers = {citation.passage.passage_id: citation.number for citation in answer.citations}
    quotes = [{"text": quote.text, "citation": numbers[quote.passage.passage_id]} for quote in answer.quotes]
    return json_line(
        {
            "id": question_id,
            "question": answer.question,
            "status": answer.status,
            "reason": answer.reason,
            "confidence": round(answer.confidence, 4),
            "quotes": quotes,
            "citations": [_citation(citation) for citation in answer.citations],
            "hits": [_hit(hit) for hit in answer.hits],
            "took_ms": round(answer.took_ms, 2),
            **(_scope(answer) if isinstance(answer, Answered) else {}),
        }
    )


def hits_json(query: str, hits: tuple[Hit, ...]) -> str:
    """One line: the query and its hits."""
    return json_line({"query": query, "hits": [_hit(hit) for hit in hits]})


def _scope(answer: Answered) -> dict[str, object]:
    """The fields of an answer from some bulletins or in an order; those that do not apply are absent."""
    fields: dict[str, object] = {
        "taken_as_newest": answer.taken_as_newest,
        "places_within": answer.places_within,
        "figure_order": answer.figure_order,
    }
    return {name: value for name, value in fields.items() if value}


def _citation(citation: Citation) -> dict[str, object]:
    passage = citation.passage
    return {
        "number": citation.number,
        "passage_id": passage.passage_id,
        "bulletin": passage.bulletin,
        "place": passage.place_name,
        "section": passage.section,
        "heading": passage.heading,
        "file": passage.file,
        "recognized": passage.recognized.score if passage.recognized else None,
        "collection": passage.collection,
    }


def _hit(hit: Hit) -> dict[str, object]:
    passage = hit.passage
    return {
        "rank": hit.rank,
        "score": round(hit.score, 6),
        "passage_id": passage.passage_id,
        "bulletin": passage.bulletin,
        "place": passage.place_name,
        "section": passage.section,
        "text": passage.text,
        "recognized": passage.recognized.score if passage.recognized else None,
        "collection": passage.collection,
    }


def json_line(fields: Mapping[str, object], *, indent: int | None = None) -> str:
    """The object, on one line unless indented; what a terminal would obey, and unpaired surrogates, are escaped."""
    line = json.dumps(fields, ensure_ascii=False, indent=indent)
    return escape_controls(line, "\\u{:04x}".format)
