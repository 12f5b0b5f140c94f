"""Draws docs/chat.svg from real replies of the bot: `python -m benchmarks.pictures.picture_chat`, after the index is built."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.chatting import Chat, new_chat
from tests.e2e.bot_api.sent_message import SentMessage

from benchmarks.pictures.svg_phone import WIDTH, Said, phone
from bot.serving.answerer import open_answerer
from bot.settings import load_settings
from bot.state.database import IN_MEMORY

PICTURE = Path(__file__).parents[2] / "docs" / "chat.svg"
_BETWEEN = 24
_TITLE = "簡報問答"


async def screens(chat: Chat) -> list[list[Said | SentMessage]]:
    """Three screens of one conversation: an answer and a refusal; the cited paragraph and a follow-up; a search."""
    shown: list[list[Said | SentMessage]] = [[], [], []]
    for screen, said in (
        (0, "北京榜樣每個月評出多少人？"),
        (0, "深圳的垃圾分類怎麼罰？"),
        (2, "/search 志愿者 保险"),
    ):
        shown[screen] += [Said(said), *await chat.person.says(said)]
    answer = chat.person.shown()[0]
    opened = await chat.person.says(f"/start {answer.links[0][1].partition('=')[2]}")
    followed = await chat.person.says("那山東怎麼評？", answer)
    shown[1] = [Said("/start"), *opened, Said("那山東怎麼評？"), *followed]
    return shown


async def _draw() -> str:
    chat = new_chat(open_answerer(load_settings()), settings=load_settings(state_db=IN_MEMORY))
    async with chat.application:
        shown = await screens(chat)
    height = max(phone(_TITLE, messages)[1] for messages in shown)
    columns = [
        f'<g transform="translate({number * (WIDTH + _BETWEEN)})">{phone(_TITLE, messages, height)[0]}</g>'
        for number, messages in enumerate(shown)
    ]
    width = len(columns) * (WIDTH + _BETWEEN) - _BETWEEN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:.0f}" width="{width}" '
        f'height="{height:.0f}">{"".join(columns)}</svg>\n'
    )


def main() -> None:
    """Write the picture."""
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(asyncio.run(_draw()), encoding="utf-8")
    print(f"{PICTURE.relative_to(PICTURE.parents[1])}: {PICTURE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
