"""The description of the interface: OpenAPI 3.1 for programs, and a page of it for people."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import jinja2
from pydantic import BaseModel

from bot.api.requests import AskRequest, SearchRequest

Json = dict[str, object]

_PASSAGE_ID = {
    "name": "passage_id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
}


@dataclass(frozen=True, slots=True)
class Call:
    """One address of the interface."""

    method: str
    path: str
    summary: str
    answer: str
    body: type[BaseModel] | None = None
    parameters: tuple[Json, ...] = ()
    media: str = "application/json"


def _in_query(name: str, kind: str, meaning: str) -> Json:
    return {"name": name, "in": "query", "description": meaning, "schema": {"type": kind}}


CALLS = (
    Call(
        "post",
        "/ask",
        "Answer a question in the bulletins' own words, with citations, or refuse.",
        "The object of `bulletin-bot ask --json`: id, question, status, reason, confidence, quotes, citations, hits, took_ms; "
        "taken_as_newest, places_within and figure_order where they apply.",
        AskRequest,
    ),
    Call(
        "post",
        "/search",
        "Rank passages for words.",
        "The object of `bulletin-bot search --json`: query, hits.",
        SearchRequest,
    ),
    Call(
        "get",
        "/passage/{passage_id}",
        "One passage, by its id or an earlier one.",
        "A passage as a line of `bulletin-bot outline --json`.",
        parameters=(_PASSAGE_ID,),
    ),
    Call(
        "get",
        "/outline",
        "The passages in the order of the bulletins, 500 a call.",
        "A passage a line, as `bulletin-bot outline --json`; the header X-Total-Count counts them all.",
        parameters=(
            _in_query("start", "integer", "How many to pass over."),
            _in_query("count", "integer", "How many at most."),
            _in_query("collection", "string", "Only those of this collection."),
        ),
        media="application/x-ndjson",
    ),
    Call(
        "get",
        "/status",
        "What is being served.",
        "The object of `bulletin-bot status --json`.",
    ),
)


def description(base: str) -> Json:
    """The OpenAPI document; `base` is the path at which the interface is mounted."""
    bodies = [call.body for call in CALLS if call.body]
    schemas = {body.__name__: body.model_json_schema() for body in bodies}
    return {
        "openapi": "3.1.0",
        "info": {"title": "bulletin-bot", "version": version("bulletin-bot")},
        "servers": [{"url": base}],
        "security": [{"key": []}],
        "paths": {call.path: {call.method: _operation(call)} for call in CALLS},
        "components": {
            "schemas": schemas | {"Error": {"type": "object", "properties": {"error": {"type": "string"}}}},
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


def description_page(base: str) -> str:
    """The page of the interface, without scripts; its style is that of the other pages."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    bodies = {
        call.body.__name__: call.body.model_json_schema()["properties"]
        for call in CALLS
        if call.body is not None
    }
    return environment.get_template("api.html").render(
        calls=CALLS, bodies=bodies, base=base, pages=base.removesuffix("/api")
    )


def _operation(call: Call) -> Json:
    error = {
        "description": "What is wrong, in a sentence.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
    operation: Json = {
        "summary": call.summary,
        "parameters": list(call.parameters),
        "responses": {
            "200": {"description": call.answer, "content": {call.media: {"schema": {"type": "object"}}}},
            **dict.fromkeys(("400", "401", "404", "429"), error),
        },
    }
    if call.body:
        schema = {"$ref": f"#/components/schemas/{call.body.__name__}"}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return operation
