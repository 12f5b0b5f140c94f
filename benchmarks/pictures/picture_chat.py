"""Draws docs/chat.svg and docs/chat-dark.svg from real replies: `python -m benchmarks.pictures.picture_chat`."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.chatting import Chat, new_chat
from tests.e2e.bot_api.sent_message import SentMessage

from benchmarks.pictures.svg_phone import DARK, LIGHT, WIDTH, Colours, Said, phone
from bot.serving.answerer import open_answerer
from bot.settings import load_settings
from bot.state.sqlite import IN_MEMORY

DOCUMENTS = Path(__file__).parents[2] / "docs"
PICTURES = {"chat.svg": LIGHT, "chat-dark.svg": DARK}
_BETWEEN = 800 - 2 * WIDTH
_TITLE = "簡報問答"


async def screens(chat: Chat) -> list[list[Said | SentMessage]]:
    """Two screens of one conversation: an answer with its figure, and a refusal; the paragraph behind the citation."""
    asked, refused = "大連推出了多少個公益項目？", "深圳的垃圾分類怎麼罰？"
    answer, *_ = await chat.person.says(asked)
    opened: list[Said | SentMessage] = [
        *await chat.person.says(f"/start {answer.links[0][1].partition('=')[2]}")
    ]
    return [[Said(asked), answer, Said(refused), *await chat.person.says(refused)], opened]


async def _screens() -> list[list[Said | SentMessage]]:
    chat = new_chat(open_answerer(load_settings()), settings=load_settings(state_db=IN_MEMORY))
    async with chat.application:
        return await screens(chat)


def drawn(shown: list[list[Said | SentMessage]], colours: Colours) -> str:
    """The screens side by side as SVG, 800 pixels wide."""
    height = max(phone(_TITLE, messages, colours)[1] for messages in shown)
    columns = [
        f'<g transform="translate({number * (WIDTH + _BETWEEN)})">{phone(_TITLE, messages, colours, height)[0]}</g>'
        for number, messages in enumerate(shown)
    ]
    width = len(columns) * (WIDTH + _BETWEEN) - _BETWEEN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:.0f}" width="{width}" '
        f'height="{height:.0f}">{"".join(columns)}</svg>\n'
    )


def main() -> None:
    """Write the pictures."""
    shown = asyncio.run(_screens())
    for name, colours in PICTURES.items():
        picture = DOCUMENTS / name
        picture.write_text(drawn(shown, colours), encoding="utf-8")
        print(f"docs/{name}: {picture.stat().st_size} bytes")


if __name__ == "__main__":
    main()
