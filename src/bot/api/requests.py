"""The bodies of requests of programs, typed; a field that is not declared here is refused."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request

from bot.api.errors import ApiError

_MOST_BYTES = 65_536
_LONGEST_TEXT = 4096

_Text = Annotated[str, Field(max_length=_LONGEST_TEXT)]
_Name = Annotated[str, Field(max_length=300)]
_Collections = Annotated[list[_Name], Field(max_length=100)]


class AskRequest(BaseModel):
    """A question."""

    model_config = ConfigDict(extra="forbid", strict=True)

    question: _Text = Field(description="In Chinese, either script, or in English.")
    id: _Name | None = Field(default=None, description="Comes back with the answer.")
    collections: _Collections = Field(
        default_factory=list, description="The collections that answer; without any, the default one."
    )


class SearchRequest(BaseModel):
    """A search."""

    model_config = ConfigDict(extra="forbid", strict=True)

    query: _Text = Field(description="Words to look for.")
    place: _Name | None = Field(default=None, description="Only passages about this place.")
    bulletin: _Name | None = Field(default=None, description="Only passages of this bulletin.")
    top_k: int = Field(default=10, ge=1, le=1000)
    collections: _Collections = Field(default_factory=list, description="As for a question.")


_Body = TypeVar("_Body", bound=BaseModel)


async def body_of(request: Request, kind: type[_Body]) -> _Body:
    """The JSON body of a request; raises ApiError that says what is wrong with it."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            raise ApiError(413, f"The body is larger than {_MOST_BYTES} bytes.")
    try:
        return kind.model_validate_json(bytes(body))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ApiError(400, f"The body is wrong{f' at {where}' if where else ''}: {first['msg']}.") from None
