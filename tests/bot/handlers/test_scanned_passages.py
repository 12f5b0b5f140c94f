"""Passages that were read from pictures: their citations say so, and the picture is one tap away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.locales import EN, ZH_HANS, ZH_HANT, Texts
from bot.replies.markup import citation_path, passage_reference
from bot.serving.answerer import Answerer
from retrieval.building.builder import build_generation, write_generation
from retrieval.types import PageRegion, Passage, Recognition
from tests.chatting import Chat, new_chat
from tests.doubles import SMALL_PASSAGES, HashEncoder

RECOGNITION = Recognition(0.968, "0f" * 20, (PageRegion(0, 0.1, 0.2, 0.9, 0.3),))
SCANNED = replace(SMALL_PASSAGES[0], recognized=RECOGNITION)
PICTURE = b"\xff\xd8\xff a picture"


def cut(passage: Passage) -> bytes | None:
    return PICTURE if passage.recognized else None


@pytest.fixture
async def scans(tmp_path: Path) -> AsyncIterator[Chat]:
    """A chat about an index whose first passage was read from a scan, written and loaded back."""
    encoder = HashEncoder()
    parts = build_generation((SCANNED, *SMALL_PASSAGES[1:]), encoder)
    index = write_generation(parts, encoder, tmp_path, {}, picture_of=cut)
    answerer = Answerer(index, encoder)
    made = new_chat(answerer)
    async with made.application:
        yield made
    assert made.request.refused == []
    answerer.close()


async def test_a_deep_link_shows_the_paragraph_and_its_picture(scans: Chat) -> None:
    paragraph, picture = await scans.person.says(f"/start p_{SCANNED.passage_id}")
    assert "掃描識別 97%" in paragraph.text
    assert picture.text == citation_path(SCANNED, ZH_HANT)
    assert [file.content for file in scans.person.state.files.values()] == [PICTURE]


async def test_a_button_below_the_paragraph_sends_the_picture(scans: Chat) -> None:
    paragraph, _ = await scans.person.says(f"/start p_{SCANNED.passage_id}")
    _, (picture,) = await scans.person.presses(
        scans.person.stored(paragraph), paragraph.button(ZH_HANT.page_picture)
    )
    assert picture.text == citation_path(SCANNED, ZH_HANT)


async def test_a_paragraph_that_was_written_has_neither(scans: Chat) -> None:
    (paragraph,) = await scans.person.says(f"/start p_{SMALL_PASSAGES[2].passage_id}")
    assert "識別" not in paragraph.text
    assert ZH_HANT.page_picture not in [label for row in paragraph.labels for label in row]


@pytest.mark.parametrize(
    ("texts", "words"), [(ZH_HANT, "掃描識別"), (ZH_HANS, "扫描识别"), (EN, "read by OCR")]
)
def test_a_citation_says_that_it_was_recognised_in_every_language(texts: Texts, words: str) -> None:
    assert words in citation_path(SCANNED, texts)
    assert words not in citation_path(SMALL_PASSAGES[0], texts)


def test_a_copied_reference_says_that_it_was_recognised() -> None:
    assert "掃描識別" in passage_reference(SCANNED)
