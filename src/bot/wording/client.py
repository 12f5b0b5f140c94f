"""One request to an OpenAI-compatible server, within a time and a size."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

from bot.settings import Settings
from bot.wording.prompt import Message
from retrieval.errors import BulletinBotError

if TYPE_CHECKING:
    from openai import AsyncOpenAI

SECONDS = 6.0
"""The one try ends after them: a reader has read the quotes by then."""
MOST_BYTES = 64 * 1024
"""A reply of three sentences has about 2 KB."""
MOST_TOKENS = 300


@dataclass(frozen=True, slots=True)
class Completion:
    """The reply of the model, and the tokens that the server counted for it."""

    text: str
    tokens: int


class ModelError(Exception):
    """The server gave no usable reply; the text is a kind such as "RateLimitError", nothing of the reply."""


class Model(Protocol):
    """A language model."""

    host: str

    async def complete(self, messages: Sequence[Message]) -> Completion:
        """The reply to the messages; raises ModelError."""
        ...

    async def close(self) -> None: ...


class OpenAIModel:
    """The model of the settings, by the `openai` package."""

    def __init__(self, settings: Settings, seconds: float = SECONDS) -> None:
        """The one try of a request ends after the seconds."""
        self._seconds = seconds
        self._name = settings.llm_model or ""
        self._client = _client(settings, seconds)
        self.host = self._client.base_url.host

    async def complete(self, messages: Sequence[Message]) -> Completion:
        """The reply at temperature 0, in one try; raises ModelError."""
        import httpx2  # the transport of openai, which lets its errors through while the body is read
        import openai

        try:
            async with asyncio.timeout(self._seconds):
                return _completion(await self._body(messages))
        except TimeoutError:
            raise ModelError("timeout") from None
        except (openai.OpenAIError, httpx2.HTTPError, OSError, ValueError) as error:
            raise ModelError(type(error).__name__) from None

    async def _body(self, messages: Sequence[Message]) -> bytes:
        request = self._client.chat.completions.with_streaming_response.create(
            model=self._name, messages=cast("Any", list(messages)), temperature=0, max_tokens=MOST_TOKENS
        )
        body = bytearray()
        async with request as response:
            async for part in response.iter_bytes():
                body += part
                if len(body) > MOST_BYTES:
                    raise ModelError("too long")
        return bytes(body)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()


def _completion(body: bytes) -> Completion:
    """The reply in a body; raises ModelError if it is none, was refused or was cut."""
    answer = json.loads(body)
    try:
        choice = answer["choices"][0]
        text, refusal = choice["message"]["content"], choice["message"].get("refusal")
        is_whole = choice.get("finish_reason") in (None, "stop", "length")
        tokens = (answer.get("usage") or {}).get("total_tokens", 0)
    except (KeyError, IndexError, TypeError, AttributeError):
        raise ModelError("no completion") from None
    if not isinstance(text, str) or refusal or not is_whole:
        raise ModelError("refused")
    return Completion(text, tokens if isinstance(tokens, int) else 0)


def _client(settings: Settings, seconds: float) -> AsyncOpenAI:
    try:
        from openai import AsyncOpenAI
    except ImportError:
        raise BulletinBotError(
            "LLM_BASE_URL is set, and the package openai is not installed: run `make wording`, install the wheel "
            "with the extra `wording`, or remove LLM_BASE_URL."
        ) from None
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else "none"
    return AsyncOpenAI(base_url=settings.llm_base_url, api_key=key, max_retries=0, timeout=seconds)
